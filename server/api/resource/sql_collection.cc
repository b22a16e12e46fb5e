// sqlCollection:* (rest-api.md 9.1): collections that stand for a SELECT, never written.
#include "api/resource/db_views_columns.h"
#include "api/resource/definition_documents.h"
#include "api/resource/meta_actions.h"
#include "api/services.h"
#include "schema/sql_check.h"

namespace renkei::api {
namespace {

Task<Result<records::Output>> Save(Call& call, bool fields_demanded) {
  RK_CO_TRY(body, DefinitionBody(call));
  std::string name;
  if (call.params.filter_by_tk && call.params.filter_by_tk->is_string())
    name = View(call.params.filter_by_tk->get_string());
  const schema::CatalogRef before = call.services.catalog.Current();
  const schema::Collection* known = before->Find(name);
  if (known == nullptr ||
      (known->kind != schema::CollectionKind::kSql && known->template_name != "sql")) {
    co_return Fail(NotFound("COLLECTION_NOT_FOUND", "There is no SQL collection '" + name + "'",
                            "Pass filterByTk=<name>"));
  }
  json::value fields = nullptr;
  if (json::value* given = body.if_contains("fields")) fields = std::move(*given);
  body.erase("fields");
  if (fields_demanded && !fields.is_array()) {
    co_return Fail(InvalidArgument("PARAMETER_REQUIRED", "fields must be a list", {}, "fields"));
  }
  SchemaChange change = [&](SchemaEditor& editor) -> Task<Result<std::string>> {
    json::object copy = body;
    RK_CO_CHECK_OK(co_await editor.UpdateCollection(name, std::move(copy)));
    if (fields.is_array()) {
      json::array list = fields.get_array();
      RK_CO_CHECK_OK(co_await editor.SetFields(name, std::move(list), true));
    }
    co_return name;
  };
  RK_CO_CHECK_OK(co_await ChangeSchema(call, std::move(change)));
  const schema::CatalogRef after = call.services.catalog.Current();
  const schema::Collection* made = after->Find(name);
  json::array answer;
  if (made != nullptr) answer.push_back(CollectionDocument(*made, true));
  co_return Answer(answer);
}

}  // namespace

Task<Result<records::Output>> SqlCollectionExecute(Call& call) {
  const std::string sql = Parameter(call, "sql");
  RK_CO_CHECK_OK(schema::CheckSelect(sql));
  PreviewRequest request;
  request.select = schema::WithoutSemicolon(sql);
  request.tables = schema::ReferencedTables(sql);
  schema::CatalogRef catalog = call.services.catalog.Current();
  RK_CO_TRY(preview, co_await RunPreview(call.services.database, catalog, std::move(request),
                                         call.context.deadline));
  json::array sources;
  for (const std::string& source : preview.sources) sources.emplace_back(source);
  json::object answer;
  answer["data"] = std::move(preview.rows);
  answer["fields"] = std::move(preview.fields);
  answer["sources"] = std::move(sources);
  co_return Answer(answer);
}

Task<Result<records::Output>> SqlCollectionSetFields(Call& call) {
  co_return co_await Save(call, true);
}

Task<Result<records::Output>> SqlCollectionUpdate(Call& call) {
  co_return co_await Save(call, false);
}

}  // namespace renkei::api
