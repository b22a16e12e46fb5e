// mainDataSource:refresh and syncFields (rest-api.md 9.1): definitions read anew; columns that
// another program added become fields.
#include <algorithm>

#include "api/resource/db_views_columns.h"
#include "api/resource/definition_documents.h"
#include "api/resource/meta_actions.h"
#include "api/services.h"
#include "schema/statement_text.h"

namespace renkei::api {
namespace {

struct Column {
  std::string table, name, raw_type;
};

Task<Result<std::vector<Column>>> ReadTableColumns(Call& call) {
  const db::Dialect& dialect = call.services.database.dialect();
  schema::StatementText text(dialect, "sync.columns");
  if (dialect.has_schemas()) {
    text.Sql(
        "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a "
        "JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = "
        "current_schema()::regnamespace "
        "AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND a.attinhcount = 0 "
        "ORDER BY 1, a.attnum");
  } else {
    text.Sql(
        "SELECT m.name, c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c "
        "WHERE m.type = 'table' ORDER BY 1, c.cid");
  }
  db::Statement statement = text.Build();
  RK_CO_TRY(rows, co_await call.services.database.ReadOne(
                      std::move(statement), db::ReadCost::kUnbounded, call.context.deadline));
  std::vector<Column> columns;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    columns.push_back({std::string(rows.at(i, 0).view()), std::string(rows.at(i, 1).view()),
                       std::string(rows.at(i, 2).view())});
  }
  co_return columns;
}

// "a,b" or ["a","b"] in query or body; empty: all.
std::vector<std::string> WantedCollections(const Call& call) {
  std::vector<std::string> names;
  const json::value* given = Find(call.query, "collections");
  if (given == nullptr && call.body.is_object()) given = Find(call.body, "collections");
  if (given != nullptr && given->is_string()) names.emplace_back(View(given->get_string()));
  if (given != nullptr && given->is_array()) {
    for (const json::value& item : given->get_array()) {
      if (item.is_string()) names.emplace_back(View(item.get_string()));
    }
  }
  return names;
}

bool Knows(const schema::Collection& collection, const std::string& column) {
  return std::any_of(
      collection.fields.begin(), collection.fields.end(),
      [&](const schema::Field& field) { return field.column == column || field.name == column; });
}

}  // namespace

Task<Result<records::Output>> MainDataSourceRefresh(Call& call) {
  RK_CO_CHECK_OK(co_await call.services.catalog.Load(call.context.deadline));
  co_return Answer(json::object{{"status", "loaded"}});
}

Task<Result<records::Output>> MainDataSourceSyncFields(Call& call) {
  RK_CO_TRY(columns, co_await ReadTableColumns(call));
  const std::vector<std::string> wanted = WantedCollections(call);
  const schema::CatalogRef catalog = call.services.catalog.Current();
  json::array added;
  SchemaChange change = [&](SchemaEditor& editor) -> Task<Result<std::string>> {
    added.clear();
    for (const schema::CollectionRef& collection : catalog->all()) {
      const bool asked = wanted.empty() ||
                         std::find(wanted.begin(), wanted.end(), collection->name) != wanted.end();
      if (!asked || collection->system || collection->kind != schema::CollectionKind::kTable)
        continue;
      for (const Column& column : columns) {
        if (column.table != collection->table || Knows(*collection, column.name)) continue;
        json::object field = FieldForColumn(column.name, column.raw_type);
        field["from"] = "dbsync";
        if (field["possibleTypes"].get_array().empty()) continue;
        RK_CO_TRY(name, co_await editor.CreateField(collection->name, std::move(field)));
        added.push_back(json::object{{"collectionName", collection->name}, {"name", name}});
      }
    }
    co_return std::string("main");
  };
  RK_CO_CHECK_OK(co_await ChangeSchema(call, std::move(change)));
  co_return Answer(json::object{{"added", added}});
}

}  // namespace renkei::api
