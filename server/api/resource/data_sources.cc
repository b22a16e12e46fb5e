// dataSources:* and dataSources/<key>/collections:* (rest-api.md 15) for the main data source.
#include <fmt/format.h>

#include "api/resource/definition_documents.h"
#include "api/resource/meta_actions.h"
#include "api/services.h"

namespace renkei::api {
namespace {

constexpr std::string_view kMain = "main";

json::object MainDocument() {
  return {{"key", kMain},         {"displayName", "Main"},
          {"type", kMain},        {"options", json::object()},
          {"enabled", true},      {"fixed", true},
          {"status", "loaded"},   {"isDBInstance", true},
          {"createdAt", nullptr}, {"updatedAt", nullptr}};
}

std::string KeyOf(const Call& call) {
  if (call.params.association) {
    const json::value& key = call.params.association->source_key;
    return key.is_string() ? std::string(View(key.get_string())) : ToJson(key);
  }
  if (call.params.filter_by_tk && call.params.filter_by_tk->is_string())
    return std::string(View(call.params.filter_by_tk->get_string()));
  return {};
}

Result<void> DemandMain(const Call& call) {
  const std::string key = KeyOf(call);
  if (key == kMain) return {};
  return Fail(NotFound("DATA_SOURCE_NOT_FOUND", fmt::format("data source {} does not exist", key)));
}

Error UnknownType(std::string_view type) {
  return InvalidArgument("DATA_SOURCE_TYPE_UNKNOWN",
                         fmt::format("Data source type \"{}\" not found", type),
                         "This server works on its main database", "type");
}

std::vector<json::object> Collections(const Call& call) {
  std::vector<json::object> documents;
  const schema::CatalogRef catalog = call.services.catalog.Current();
  for (const schema::CollectionRef& collection : catalog->all())
    documents.push_back(CollectionDocument(*collection, true));
  return documents;
}

}  // namespace

Task<Result<records::Output>> DataSourcesList(Call& call) {
  std::vector<json::object> documents;
  documents.push_back(MainDocument());
  co_return ListDocuments(std::move(documents), call.params, {});
}

Task<Result<records::Output>> DataSourcesListEnabled(Call& call) {
  co_return Answer(json::array());
}

Task<Result<records::Output>> DataSourcesGet(Call& call) {
  const std::string key = KeyOf(call);
  if (!key.empty() && key != kMain) co_return Answer(nullptr);
  json::object document = MainDocument();
  for (const std::string& path : call.params.appends) {
    if (path != "collections") continue;
    json::array collections;
    for (json::object& collection : Collections(call)) collections.push_back(std::move(collection));
    document["collections"] = std::move(collections);
  }
  PickMembers(document, call.params);
  co_return Answer(document);
}

Task<Result<records::Output>> DataSourcesCreate(Call& call) {
  co_return Fail(UnknownType(Parameter(call, "type")));
}

// update and destroy
Task<Result<records::Output>> DataSourcesChange(Call& call) {
  const std::string key = KeyOf(call);
  if (key != kMain) {
    if (call.action == "destroy") co_return Answer(0);
    co_return Answer(json::array());
  }
  Error error = PermissionDenied("The main data source is the server's own database");
  error.code = "PROTECTED_DATA_SOURCE";
  co_return Fail(std::move(error));
}

Task<Result<records::Output>> DataSourcesTestConnection(Call& call) {
  Error error = UnknownType(Parameter(call, "type"));
  error.code = "TEST_CONNECTION_FAILED";
  error.message = "Test connection failed: " + error.message;
  co_return Fail(std::move(error));
}

Task<Result<records::Output>> DataSourcesRefresh(Call& call) {
  RK_CO_CHECK_OK(DemandMain(call));
  RK_CO_CHECK_OK(co_await call.services.catalog.Load(call.context.deadline));
  co_return Answer(json::object{{"status", "loaded"}});
}

Task<Result<records::Output>> DataSourceCollectionsList(Call& call) {
  RK_CO_CHECK_OK(DemandMain(call));
  co_return ListDocuments(Collections(call), call.params, {});
}

Task<Result<records::Output>> DataSourceCollectionsGet(Call& call) {
  RK_CO_CHECK_OK(DemandMain(call));
  RK_CO_TRY(selected, SelectDocuments(Collections(call), call.params, {"name"}));
  if (selected.empty()) co_return Answer(nullptr);
  PickMembers(selected.front(), call.params);
  co_return Answer(selected.front());
}

// Overrides of the main data source are its definitions.
Task<Result<records::Output>> DataSourceCollectionsUpdate(Call& call) {
  RK_CO_CHECK_OK(DemandMain(call));
  co_return co_await CollectionsUpdate(call);
}

}  // namespace renkei::api
