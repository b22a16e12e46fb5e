#include "api/resource/definition_documents.h"

#include <algorithm>

#include "access/permission_changes.h"
#include "api/resource/document_filter.h"
#include "api/services.h"
#include "audit/journal.h"
#include "base/text.h"
#include "db/errors.h"
#include "schema/field_type.h"

namespace renkei::api {
namespace {

constexpr std::string_view kCatalogTopic = "catalog";
constexpr std::size_t kMaxPayload = 4000;  // PostgreSQL takes 8000 bytes a notification
constexpr std::int64_t kDefaultPageSize = 20;

bool Names(const std::vector<std::string>& list, std::string_view wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

json::value TargetKey(const schema::Collection& collection) {
  if (collection.filter_target_key.empty()) return nullptr;
  if (collection.filter_target_key.size() == 1)
    return json::value(collection.filter_target_key.front());
  json::array keys;
  for (const std::string& key : collection.filter_target_key) keys.emplace_back(key);
  return keys;
}

std::vector<std::string> Payloads(const std::set<std::string>& names) {
  std::vector<std::string> payloads;
  for (const std::string& name : names) {
    if (payloads.empty() || payloads.back().size() + name.size() > kMaxPayload) {
      payloads.push_back(name);
    } else {
      payloads.back() += "," + name;
    }
  }
  return payloads;
}

audit::Entry JournalEntry(const Call& call, std::string key) {
  audit::Entry entry;
  entry.action = call.action;
  entry.resource = call.resource;
  entry.record_key = std::move(key);
  entry.identity = &call.context.identity;
  entry.trace_id = call.context.trace_id;
  entry.remote_address = call.context.remote_address;
  entry.user_agent = call.context.user_agent;
  return entry;
}

// What the database refused while tables changed, said for the person who changed them.
Error Explained(Error error) {
  if (error.code == db::codes::kUnique) {
    error.message = "Values or names that must be distinct are not";
    error.hint = "Reload and try again";
  }
  return error;
}

}  // namespace

std::vector<const schema::Field*> DeclaredFields(const schema::Collection& collection) {
  std::vector<const schema::Field*> fields;
  for (const schema::Field& field : collection.fields) {
    if (!field.implicit && !field.inherited) fields.push_back(&field);
  }
  std::stable_sort(fields.begin(), fields.end(),
                   [](const schema::Field* a, const schema::Field* b) {
                     return FindInt(a->options, "sort") < FindInt(b->options, "sort");
                   });
  return fields;
}

json::object FieldDocument(const schema::Field& field, const schema::Collection& collection,
                           const schema::Catalog* catalog) {
  json::object document = field.options;
  document["collectionName"] = collection.name;
  for (const std::string_view member :
       {"key", "interface", "description", "parentKey", "reverseKey"}) {
    if (!document.contains(member)) document[member] = nullptr;
  }
  if (catalog == nullptr || !field.relation) return document;
  const std::string_view reverse_key = FindString(field.options, "reverseKey");
  const schema::Collection* target =
      reverse_key.empty() ? nullptr : catalog->Find(field.relation->target);
  if (target == nullptr) return document;
  for (const schema::Field& other : target->fields) {
    if (other.key == reverse_key) document["reverseField"] = FieldDocument(other, *target);
  }
  return document;
}

json::object CollectionDocument(const schema::Collection& collection, bool with_fields) {
  json::object document = collection.options;
  document.erase("system");
  for (const std::string_view member : {"title", "description"}) {
    if (!document.contains(member)) document[member] = nullptr;
  }
  for (const std::string_view flag : {"inherit", "hidden"}) {
    if (!document.contains(flag)) document[flag] = false;
  }
  for (const std::string_view stamp : {"createdAt", "createdBy", "updatedAt", "updatedBy"}) {
    if (!document.contains(stamp)) document[stamp] = collection.FindField(stamp) != nullptr;
  }
  if (collection.system) {
    document["origin"] = "system";
    document["from"] = "system";
  }
  document["filterTargetKey"] = TargetKey(collection);
  json::array unavailable;
  if (!collection.writable) {
    unavailable = {"create", "update", "destroy", "importXlsx", "destroyMany", "updateMany"};
  }
  document["unavailableActions"] = std::move(unavailable);
  if (!with_fields) return document;
  json::array fields;
  for (const schema::Field* field : DeclaredFields(collection))
    fields.push_back(FieldDocument(*field, collection));
  document["fields"] = std::move(fields);
  return document;
}

void PickMembers(json::object& document, const records::Params& params) {
  if (params.fields) {
    json::object picked;
    for (const std::string& path : *params.fields) {
      const std::string name = path.substr(0, path.find('.'));
      if (json::value* value = document.if_contains(name)) picked.emplace(name, *value);
    }
    for (const std::string& name : params.appends) {
      if (json::value* value = document.if_contains(name)) picked.emplace(name, *value);
    }
    document = std::move(picked);
  }
  for (const std::string& name : params.except) document.erase(name);
}

Result<std::vector<json::object>> SelectDocuments(std::vector<json::object> documents,
                                                  const records::Params& params,
                                                  const std::vector<std::string_view>& keys) {
  std::vector<json::object> selected;
  for (json::object& document : documents) {
    if (params.filter_by_tk) {
      const json::value& wanted = *params.filter_by_tk;
      const bool named = std::any_of(keys.begin(), keys.end(), [&](std::string_view key) {
        const json::value* value = Find(document, key);
        if (value == nullptr) return false;
        if (!wanted.is_array()) return *value == wanted;
        return std::find(wanted.get_array().begin(), wanted.get_array().end(), *value) !=
               wanted.get_array().end();
      });
      if (!named) continue;
    }
    if (params.filter) {
      RK_TRY(matches, MatchesFilter(document, *params.filter));
      if (!matches) continue;
    }
    selected.push_back(std::move(document));
  }
  return selected;
}

Result<records::Output> ListDocuments(std::vector<json::object> documents,
                                      const records::Params& params,
                                      std::vector<std::string> default_sort) {
  if (params.filter) {
    std::vector<json::object> selected;
    for (json::object& document : documents) {
      RK_TRY(matches, MatchesFilter(document, *params.filter));
      if (matches) selected.push_back(std::move(document));
    }
    documents = std::move(selected);
  }
  const std::vector<std::string>& sort = params.sort.empty() ? default_sort : params.sort;
  if (!sort.empty()) SortDocuments(documents, sort);

  const auto count = static_cast<std::int64_t>(documents.size());
  const std::int64_t page = params.page.value_or(1),
                     size = params.page_size.value_or(kDefaultPageSize);
  if (page < 1 || size < 0)
    return Fail(InvalidArgument("INVALID_PAGE", "page and pageSize must be positive", {}, "page"));
  std::int64_t from = 0, to = count;
  if (params.paginate) {
    from = size == 0 || page - 1 > count / size ? count : std::min(count, (page - 1) * size);
    to = std::min(count, from + std::min(size, count));
  }
  json::array rows;
  for (std::int64_t i = from; i < to; ++i) {
    json::object& document = documents[static_cast<std::size_t>(i)];
    PickMembers(document, params);
    rows.push_back(std::move(document));
  }
  records::Output output = Answer(rows);
  if (!params.paginate) return output;
  json::object meta = {
      {"count", count}, {"page", page}, {"pageSize", size}, {"totalPage", nullptr}};
  if (size > 0) meta["totalPage"] = (count + size - 1) / size;
  AppendJson(output.meta, meta);
  return output;
}

Result<json::object> DefinitionBody(const Call& call) {
  if (call.body.is_object()) return call.body.get_object();
  if (call.body.is_null()) return json::object();
  return Fail(InvalidArgument("INVALID_BODY", "The body must be one JSON object"));
}

std::string Parameter(const Call& call, std::string_view name) {
  const json::value* value = Find(call.query, name);
  if (value == nullptr && call.body.is_object()) value = Find(call.body, name);
  if (value == nullptr || value->is_null()) return {};
  return value->is_string() ? std::string(View(value->get_string())) : ToJson(*value);
}

Task<Result<std::string>> ChangeSchema(Call& call, SchemaChange change) {
  db::Database& database = call.services.database;
  const schema::CatalogRef catalog = call.services.catalog.Current();
  std::set<std::string> touched;
  std::string key;
  bool access_changed = false;
  db::TransactionBody body = [&](db::Connection& connection) -> Task<Result<void>> {
    SchemaEditor editor(connection, database, catalog);
    RK_CO_TRY(changed, co_await change(editor));
    key = changed;
    touched = editor.touched();
    access_changed = editor.access_changed();
    if (touched.empty()) co_return Result<void>();
    db::Statement journal = audit::AppendStatement(database.dialect(), JournalEntry(call, key));
    RK_CO_CHECK_OK(co_await connection.Run(std::move(journal)));
    for (const std::string& payload : Payloads(touched)) {
      db::Statement notify = database.NotifyStatement(kCatalogTopic, payload);
      RK_CO_CHECK_OK(co_await connection.Run(std::move(notify)));
    }
    if (access_changed) {
      db::Statement notify = database.NotifyStatement(access::kAccessTopic, "schema");
      RK_CO_CHECK_OK(co_await connection.Run(std::move(notify)));
    }
    co_return Result<void>();
  };
  auto done = co_await database.Transact(std::move(body), call.context.deadline);
  if (!done) co_return Fail(Explained(std::move(done).error()));
  if (touched.empty()) co_return key;
  std::vector<std::string> names(touched.begin(), touched.end());
  RK_CO_CHECK_OK(co_await call.services.catalog.Reload(std::move(names), call.context.deadline));
  if (access_changed) RK_CO_CHECK_OK(co_await call.services.access.Load(call.context.deadline));
  co_return key;
}

}  // namespace renkei::api
