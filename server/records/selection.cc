#include "records/selection.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "query/filter_parse.h"

namespace renkei::records {
namespace {

// "comments(sort=-id)" -> name and options.
struct Segment {
  std::string_view name, options;
};

// Splits at dots outside parentheses.
std::vector<Segment> Segments(std::string_view path) {
  std::vector<Segment> segments;
  std::size_t start = 0, depth = 0;
  for (std::size_t i = 0; i <= path.size(); ++i) {
    char c = i < path.size() ? path[i] : '.';
    if (c == '(') ++depth;
    if (c == ')' && depth > 0) --depth;
    if (c != '.' || (depth > 0 && i < path.size())) continue;
    std::string_view text = Trim(path.substr(start, i - start));
    Segment segment{text, {}};
    std::size_t open = text.find('(');
    if (open != std::string_view::npos && text.ends_with(')')) {
      segment.name = text.substr(0, open);
      segment.options = text.substr(open + 1, text.size() - open - 2);
    }
    segments.push_back(segment);
    start = i + 1;
  }
  return segments;
}

void ApplyOptions(Selection& selection, std::string_view options) {
  while (!options.empty()) {
    std::size_t end = options.find('&');
    std::string_view pair = options.substr(0, end);
    std::size_t equals = pair.find('=');
    std::string_view name = pair.substr(0, equals);
    std::string_view value = equals == std::string_view::npos ? "" : pair.substr(equals + 1);
    if (name == "sort" || name == "sort[]") {
      for (std::string& term : SplitComma(value)) selection.sort.push_back(std::move(term));
    }
    if (name == "recursively") selection.recursively = value == "true" || value == "1";
    options = end == std::string_view::npos ? "" : options.substr(end + 1);
  }
}

class SelectionParser {
 public:
  explicit SelectionParser(const schema::Catalog& catalog) : catalog_(catalog) {}

  Result<Selection*> Enter(Selection& from, const schema::Field& association,
                           std::string_view path) {
    if (Selection* known = from.Find(association)) return known;
    if (++associations_ > kMaxAssociations) {
      return Fail(InvalidArgument("TOO_MANY_APPENDS", "Too many associations in one request",
                                  fmt::format("Append at most {}", kMaxAssociations),
                                  std::string(path)));
    }
    from.associations.emplace_back(&association, std::make_unique<Selection>());
    return from.associations.back().second.get();
  }

  Error TooDeep(std::string_view path) {
    return InvalidArgument("APPEND_TOO_DEEP", "The association path is too long",
                           fmt::format("Paths may have {} levels", kMaxAppendDepth),
                           std::string(path));
  }

  Result<void> Field(Selection& root, const schema::Collection& collection, std::string_view path) {
    Selection* selection = &root;
    const schema::Collection* at = &collection;
    std::vector<Segment> segments = Segments(path);
    if (segments.size() > kMaxAppendDepth) return Fail(TooDeep(path));
    for (std::size_t i = 0; i < segments.size(); ++i) {
      bool last = i + 1 == segments.size();
      if (last && segments[i].name.starts_with("__")) {
        selection->columns.emplace_back(segments[i].name);
        return {};
      }
      const schema::Field* field = at->FindField(segments[i].name);
      if (!field || (!last && !field->is_relation())) {
        return Fail(query::UnknownName(*at, segments[i].name, path));
      }
      if (!field->is_relation()) {
        selection->columns.push_back(field->name);
        return {};
      }
      RK_TRY(next, Enter(*selection, *field, path));
      ApplyOptions(*next, segments[i].options);
      if (last) next->all = true;
      const schema::Collection* target = catalog_.Find(field->relation->target);
      if (!target) return {};
      selection = next;
      at = target;
    }
    return {};
  }

  Result<void> Append(Selection& root, const schema::Collection& collection,
                      std::string_view path) {
    Selection* selection = &root;
    const schema::Collection* at = &collection;
    std::vector<Segment> segments = Segments(path);
    if (segments.size() > kMaxAppendDepth) return Fail(TooDeep(path));
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const schema::Field* field = at->FindField(segments[i].name);
      if (!field || !field->is_relation()) return {};
      const schema::Collection* target = catalog_.Find(field->relation->target);
      if (!target) return {};
      RK_TRY(next, Enter(*selection, *field, path));
      ApplyOptions(*next, segments[i].options);
      if (i + 1 == segments.size()) next->all = true;
      selection = next;
      at = target;
    }
    return {};
  }

  void Except(Selection& root, const schema::Collection& collection, std::string_view path) {
    Selection* selection = &root;
    const schema::Collection* at = &collection;
    std::vector<Segment> segments = Segments(path);
    for (std::size_t i = 0; i < segments.size(); ++i) {
      if (i + 1 == segments.size()) {
        selection->except.emplace_back(segments[i].name);
        return;
      }
      const schema::Field* field = at->FindField(segments[i].name);
      Selection* next = field && field->is_relation() ? selection->Find(*field) : nullptr;
      at = next ? catalog_.Find(field->relation->target) : nullptr;
      if (!at) return;
      selection = next;
    }
  }

 private:
  const schema::Catalog& catalog_;
  std::size_t associations_ = 0;
};

void DropExcepted(Selection& selection) {
  auto& associations = selection.associations;
  std::erase_if(associations, [&](const auto& association) {
    return std::find(selection.except.begin(), selection.except.end(), association.first->name) !=
           selection.except.end();
  });
  for (auto& [field, inner] : associations) DropExcepted(*inner);
}

}  // namespace

Selection* Selection::Find(const schema::Field& association) {
  for (auto& [field, selection] : associations) {
    if (field == &association) return selection.get();
  }
  return nullptr;
}

Result<Selection> ParseSelection(const Params& params, const schema::Collection& collection,
                                 const schema::Catalog& catalog) {
  SelectionParser parser(catalog);
  Selection root;
  root.all = !params.fields.has_value();
  if (params.fields) {
    for (const std::string& path : *params.fields)
      RK_CHECK_OK(parser.Field(root, collection, path));
  }
  for (const std::string& path : params.appends) RK_CHECK_OK(parser.Append(root, collection, path));
  for (const std::string& path : params.except) parser.Except(root, collection, path);
  if (!params.except.empty()) DropExcepted(root);
  return root;
}

}  // namespace renkei::records
