#include "records/write_errors.h"

#include "base/text.h"
#include "db/errors.h"
#include "schema/messages.h"

namespace renkei::records {
namespace {

enum class Text { kExists, kNull, kInvalid };

std::string_view English(Text text) {
  switch (text) {
    case Text::kExists:
      return "{0} already exists";
    case Text::kNull:
      return "{0} cannot be null";
    case Text::kInvalid:
      return "{0}: invalid value";
  }
  return "{0}: invalid value";
}

const schema::Collection& OwnerOf(const Error& error, const schema::Catalog& catalog,
                                  const schema::Collection& fallback) {
  constexpr std::string_view kPrefix = "table:";
  const std::size_t start = error.hint.find(kPrefix);
  if (start == std::string::npos) return fallback;
  const std::string_view table = std::string_view(error.hint).substr(start + kPrefix.size());
  if (table == fallback.table) return fallback;
  for (const schema::CollectionRef& collection : catalog.all()) {
    if (collection->table == table) return *collection;
  }
  return fallback;
}

Error Entry(const Error& error, Text text, const schema::Collection& collection,
            std::string_view column, std::string_view locale) {
  const schema::Field* field = nullptr;
  for (const schema::Field& candidate : collection.fields) {
    if (candidate.has_column() && candidate.column == column) field = &candidate;
  }
  const std::string_view title = field == nullptr       ? column
                                 : field->title.empty() ? std::string_view(field->name)
                                                        : field->title;
  Error out = error;
  out.kind = ErrorKind::kInvalidArgument;
  out.message = schema::Localize(locale, English(text), {title});
  out.field = field == nullptr ? std::string(column) : field->name;
  out.also.clear();
  switch (text) {
    case Text::kExists:
      out.hint = "Choose another value, or change the record that has it";
      break;
    case Text::kNull:
      out.hint = "Give a value";
      break;
    case Text::kInvalid:
      out.hint = "Give a value that fits the type and length of the field";
      break;
  }
  out.detail.clear();  // an expected outcome, nothing for the operator's log
  return out;
}

}  // namespace

Error RewriteWriteError(Error error, const schema::Catalog& catalog,
                        const schema::Collection& collection, std::string_view locale) {
  Text text;
  if (error.code == db::codes::kUnique) {
    text = Text::kExists;
  } else if (error.code == db::codes::kNotNull) {
    text = Text::kNull;
  } else if (error.code == db::codes::kInvalidValue && !error.field.empty()) {
    text = Text::kInvalid;
  } else {
    return error;
  }
  const schema::Collection& owner = OwnerOf(error, catalog, collection);
  const std::vector<std::string> columns = SplitComma(error.field);
  if (columns.empty())
    return Entry(error, text, owner, owner.title.empty() ? owner.name : owner.title, locale);
  Error out = Entry(error, text, owner, columns.front(), locale);
  for (std::size_t i = 1; i < columns.size(); ++i)
    out.also.push_back(Entry(error, text, owner, columns[i], locale));
  return out;
}

}  // namespace renkei::records
