// collections/<name>/fields:* and the flat fields:* (rest-api.md 9.1, 9.3).
#include <algorithm>

#include "api/resource/collections_apply.h"
#include "api/resource/definition_documents.h"
#include "api/resource/meta_actions.h"
#include "api/services.h"

namespace renkei::api {
namespace {

// The collection of collections/<name>/fields; empty for the flat form.
std::string Owner(const Call& call) {
  if (!call.params.association) return {};
  const json::value& key = call.params.association->source_key;
  return key.is_string() ? std::string(View(key.get_string())) : ToJson(key);
}

std::vector<json::object> Documents(const Call& call) {
  const schema::CatalogRef catalog = call.services.catalog.Current();
  const std::string owner = Owner(call);
  std::vector<json::object> documents;
  for (const schema::CollectionRef& collection : catalog->all()) {
    if (call.params.association && collection->name != owner) continue;
    for (const schema::Field* field : DeclaredFields(*collection)) {
      documents.push_back(FieldDocument(*field, *collection, catalog.get()));
    }
  }
  return documents;
}

struct FieldName {
  std::string collection, field;
};

// What filterByTk or filter selects; below a collection the key is the name (or the field's key),
// else the key.
Result<std::vector<FieldName>> Selected(const Call& call) {
  if (!call.params.filter_by_tk && !call.params.filter) {
    return Fail(InvalidArgument(
        "FILTER_REQUIRED", "to do " + call.action + " action, filter or filterByTk is required",
        "Pass filterByTk=<name>"));
  }
  const std::vector<std::string_view> keys = call.params.association
                                                 ? std::vector<std::string_view>{"name", "key"}
                                                 : std::vector<std::string_view>{"key"};
  RK_TRY(documents, SelectDocuments(Documents(call), call.params, keys));
  std::vector<FieldName> names;
  for (const json::object& document : documents) {
    names.push_back({std::string(FindString(document, "collectionName")),
                     std::string(FindString(document, "name"))});
  }
  return names;
}

json::value AnswerFor(const Call& call, const std::string& collection, const std::string& name) {
  const schema::CatalogRef catalog = call.services.catalog.Current();
  const schema::Collection* owner = catalog->Find(collection);
  const schema::Field* field = owner == nullptr ? nullptr : owner->FindField(name);
  return field == nullptr ? json::value()
                          : json::value(FieldDocument(*field, *owner, catalog.get()));
}

Result<std::string> DemandOwner(const Call& call, const json::object& body) {
  std::string owner = Owner(call);
  if (owner.empty()) owner = FindString(body, "collectionName");
  if (!owner.empty()) return owner;
  return Fail(
      InvalidArgument("PARAMETER_REQUIRED", "collectionName is required", {}, "collectionName"));
}

}  // namespace

Task<Result<records::Output>> FieldsList(Call& call) {
  co_return ListDocuments(Documents(call), call.params, {});
}

Task<Result<records::Output>> FieldsGet(Call& call) {
  const std::vector<std::string_view> keys = call.params.association
                                                 ? std::vector<std::string_view>{"name", "key"}
                                                 : std::vector<std::string_view>{"key"};
  RK_CO_TRY(documents, SelectDocuments(Documents(call), call.params, keys));
  if (documents.empty()) co_return Answer(nullptr);
  PickMembers(documents.front(), call.params);
  co_return Answer(documents.front());
}

Task<Result<records::Output>> FieldsCreate(Call& call) {
  RK_CO_TRY(body, DefinitionBody(call));
  RK_CO_TRY(owner, DemandOwner(call, body));
  SchemaChange change = [&](SchemaEditor& editor) -> Task<Result<std::string>> {
    json::object copy = body;
    co_return co_await editor.CreateField(owner, std::move(copy));
  };
  RK_CO_TRY(name, co_await ChangeSchema(call, std::move(change)));
  co_return Answer(AnswerFor(call, owner, name));
}

Task<Result<records::Output>> FieldsUpdate(Call& call) {
  RK_CO_TRY(body, DefinitionBody(call));
  RK_CO_TRY(names, Selected(call));
  SchemaChange change = [&](SchemaEditor& editor) -> Task<Result<std::string>> {
    for (const FieldName& name : names) {
      json::object copy = body;
      RK_CO_CHECK_OK(co_await editor.UpdateField(name.collection, name.field, std::move(copy)));
    }
    co_return names.empty() ? std::string() : names.front().collection + "." + names.front().field;
  };
  RK_CO_CHECK_OK(co_await ChangeSchema(call, std::move(change)));
  json::array answer;
  for (const FieldName& name : names)
    answer.push_back(AnswerFor(call, name.collection, name.field));
  co_return Answer(answer);
}

Task<Result<records::Output>> FieldsDestroy(Call& call) {
  RK_CO_TRY(names, Selected(call));
  SchemaChange change = [&](SchemaEditor& editor) -> Task<Result<std::string>> {
    for (const FieldName& name : names)
      RK_CO_CHECK_OK(co_await editor.DestroyField(name.collection, name.field));
    co_return names.empty() ? std::string() : names.front().collection + "." + names.front().field;
  };
  RK_CO_CHECK_OK(co_await ChangeSchema(call, std::move(change)));
  if (call.params.association) co_return Answer(true);
  co_return Answer(static_cast<std::int64_t>(names.size()));
}

Task<Result<records::Output>> FieldsMove(Call& call) {
  const std::string owner = Owner(call);
  const std::string source = Parameter(call, "sourceId");
  std::string target = Parameter(call, "targetId");
  const std::string method = Parameter(call, "method");
  if (Parameter(call, "sticky") == "true") target.clear();
  if (source.empty())
    co_return Fail(InvalidArgument("PARAMETER_REQUIRED", "sourceId is required", {}, "sourceId"));
  SchemaChange change = [&](SchemaEditor& editor) -> Task<Result<std::string>> {
    RK_CO_CHECK_OK(co_await editor.MoveField(owner, source, target, method));
    co_return owner + "." + source;
  };
  RK_CO_CHECK_OK(co_await ChangeSchema(call, std::move(change)));
  co_return Answer("ok");
}

Task<Result<records::Output>> FieldsApply(Call& call) {
  RK_CO_TRY(body, DefinitionBody(call));
  RK_CO_TRY(owner, DemandOwner(call, body));
  const schema::CatalogRef catalog = call.services.catalog.Current();
  const schema::Collection* collection = catalog->Find(owner);
  if (collection == nullptr)
    co_return Fail(NotFound("COLLECTION_NOT_FOUND", "Collection '" + owner + "' does not exist"));
  const bool verify = FindBool(body, "verify", true);
  body.erase("verify");
  body.erase("collectionName");
  RK_CO_CHECK_OK(CompleteForApply(body, owner, collection));
  const std::string name(FindString(body, "name"));
  SchemaChange change = [&](SchemaEditor& editor) -> Task<Result<std::string>> {
    json::array fields;
    fields.push_back(body);
    RK_CO_CHECK_OK(co_await editor.SetFields(owner, std::move(fields), false));
    co_return owner + "." + name;
  };
  RK_CO_CHECK_OK(co_await ChangeSchema(call, std::move(change)));
  json::value made = AnswerFor(call, owner, name);
  json::object wrapped;
  if (verify)
    wrapped["verify"] =
        json::object{{"ok", !made.is_null()}, {"collectionName", owner}, {"name", name}};
  wrapped["data"] = std::move(made);
  co_return Answer(wrapped);
}

}  // namespace renkei::api
