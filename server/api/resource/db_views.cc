// dbViews:list, get, query (rest-api.md 9.1): the views of the database, to make collections of.
#include <algorithm>

#include "api/resource/db_views_columns.h"
#include "api/resource/definition_documents.h"
#include "api/resource/meta_actions.h"
#include "api/services.h"
#include "schema/sql_check.h"
#include "schema/statement_text.h"

namespace renkei::api {
namespace {

constexpr std::int64_t kPreviewRows = 10;
constexpr std::int64_t kMaxPreviewRows = 200;

struct View {
  std::string name, schema, definition;
};

Task<Result<std::vector<View>>> ReadViews(Call& call) {
  const db::Dialect& dialect = call.services.database.dialect();
  schema::StatementText text(dialect, "views.list");
  if (dialect.has_schemas()) {
    text.Sql(
        "SELECT viewname, schemaname, definition FROM pg_views WHERE schemaname NOT IN "
        "('pg_catalog', 'information_schema') "
        "UNION ALL SELECT matviewname, schemaname, definition FROM pg_matviews ORDER BY 2, 1");
  } else {
    text.Sql("SELECT name, '', sql FROM sqlite_master WHERE type = 'view' ORDER BY name");
  }
  db::Statement statement = text.Build();
  RK_CO_TRY(rows, co_await call.services.database.ReadOne(
                      std::move(statement), db::ReadCost::kUnbounded, call.context.deadline));
  std::vector<View> views;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    views.push_back({std::string(rows.at(i, 0).view()), std::string(rows.at(i, 1).view()),
                     std::string(rows.at(i, 2).view())});
  }
  co_return views;
}

Task<Result<View>> FindView(Call& call) {
  std::string name;
  if (call.params.filter_by_tk && call.params.filter_by_tk->is_string())
    name = renkei::View(call.params.filter_by_tk->get_string());
  const std::string schema = Parameter(call, "schema");
  RK_CO_TRY(views, co_await ReadViews(call));
  for (View& view : views) {
    const bool in_schema = schema.empty() || view.schema.empty() || view.schema == schema;
    if (view.name == name && in_schema) co_return std::move(view);
  }
  co_return Fail(NotFound("VIEW_NOT_FOUND", "There is no view '" + name + "'", "See dbViews:list"));
}

PreviewRequest RequestFor(const db::Dialect& dialect, const View& view) {
  PreviewRequest request;
  request.select = "SELECT * FROM ";
  if (!view.schema.empty()) {
    dialect.AppendIdentifier(request.select, view.schema);
    request.select += '.';
  }
  dialect.AppendIdentifier(request.select, view.name);
  request.tables = schema::ReferencedTables(view.definition);
  return request;
}

std::int64_t NumberOr(const std::string& text, std::int64_t fallback) {
  const std::int64_t number = std::strtoll(text.c_str(), nullptr, 10);
  return number > 0 ? number : fallback;
}

}  // namespace

Task<Result<records::Output>> DbViewsList(Call& call) {
  RK_CO_TRY(views, co_await ReadViews(call));
  json::array answer;
  for (const View& view : views) {
    json::object item = {{"name", view.name}, {"definition", view.definition}};
    if (!view.schema.empty()) item["schema"] = view.schema;
    answer.push_back(std::move(item));
  }
  co_return Answer(answer);
}

Task<Result<records::Output>> DbViewsGet(Call& call) {
  RK_CO_TRY(view, co_await FindView(call));
  PreviewRequest request = RequestFor(call.services.database.dialect(), view);
  schema::CatalogRef catalog = call.services.catalog.Current();
  RK_CO_TRY(preview, co_await RunPreview(call.services.database, catalog, std::move(request),
                                         call.context.deadline));
  json::array sources;
  for (const std::string& source : preview.sources) sources.emplace_back(source);
  json::object answer;
  answer["name"] = view.name;
  answer["schema"] = view.schema;
  answer["fields"] = std::move(preview.fields);
  answer["sources"] = std::move(sources);
  answer["unsupportedFields"] = json::array();
  co_return Answer(answer);
}

Task<Result<records::Output>> DbViewsQuery(Call& call) {
  RK_CO_TRY(view, co_await FindView(call));
  PreviewRequest request = RequestFor(call.services.database.dialect(), view);
  const std::int64_t page = call.params.page.value_or(NumberOr(Parameter(call, "page"), 1));
  request.limit =
      std::clamp<std::int64_t>(call.params.page_size.value_or(kPreviewRows), 1, kMaxPreviewRows);
  request.offset = (std::max<std::int64_t>(page, 1) - 1) * request.limit;
  schema::CatalogRef catalog = call.services.catalog.Current();
  RK_CO_TRY(preview, co_await RunPreview(call.services.database, catalog, std::move(request),
                                         call.context.deadline));
  co_return Answer(preview.rows);
}

}  // namespace renkei::api
