// Dropping a collection with everything that hangs on it. One part of SchemaEditor.
#include <fmt/format.h>

#include <algorithm>

#include "access/permission_changes.h"
#include "api/resource/collections_editor.h"
#include "schema/ddl.h"
#include "schema/definition_row.h"
#include "schema/sql_check.h"
#include "schema/statement_text.h"

namespace renkei::api {
namespace {

using schema::StatementText;

Error Protected(std::string_view name) {
  Error error = PermissionDenied(fmt::format("'{}' belongs to the system", name));
  error.code = "PROTECTED_COLLECTION";
  return error;
}

}  // namespace

Task<Result<bool>> SchemaEditor::DestroyCollection(std::string name, bool cascade) {
  const schema::Collection* known = FindParsed(name);
  if (known == nullptr) co_return false;
  if (known->system) co_return Fail(Protected(name));
  const bool is_table = known->kind == schema::CollectionKind::kTable;
  const std::string table = known->table;
  const std::vector<const schema::Collection*> children = catalog_->Descendants(name);
  if (!children.empty() && !cascade) {
    co_return Fail(InvalidArgument(
        "COLLECTION_IN_USE",
        fmt::format("Collection '{}' is inherited by '{}'", name, children.front()->name),
        "Destroy those first, or pass cascade=true"));
  }
  for (auto child = children.rbegin(); child != children.rend(); ++child) {
    RK_CO_CHECK_OK(co_await RemoveCollection((*child)->name, true, cascade));
  }
  if (is_table && cascade) RK_CO_CHECK_OK(co_await RemoveViewsOn(table));
  RK_CO_CHECK_OK(co_await RemoveCollection(std::move(name), is_table, cascade));
  co_return true;
}

Task<Result<void>> SchemaEditor::RemoveCollection(std::string name, bool drop_table, bool cascade) {
  const schema::Collection* known = FindParsed(name);
  if (known == nullptr) co_return Result<void>();
  if (drop_table)
    RK_CO_CHECK_OK(co_await RunAll(schema::DropTableStatements(database_, *known, cascade)));
  RK_CO_CHECK_OK(co_await Run(schema::DeleteFieldRowsOf(dialect_, name)));
  RK_CO_CHECK_OK(co_await Run(schema::DeleteCollectionRow(dialect_, name)));
  db::Statement links = StatementText(dialect_, "schema.delete_categories")
                            .Sql("DELETE FROM ")
                            .Name("collectionCategory")
                            .Sql(" WHERE ")
                            .Equals("collectionName", db::Value::Text(name))
                            .Build();
  RK_CO_CHECK_OK(co_await Run(std::move(links)));
  RK_CO_CHECK_OK(co_await access::CollectionRemoved(connection_, dialect_, name));
  access_changed_ = true;
  drafts_[name] = nullptr;
  touched_.insert(std::move(name));
  co_return Result<void>();
}

// View collections that read the table go with it when asked (cascade). PostgreSQL drops the views
// themselves.
Task<Result<void>> SchemaEditor::RemoveViewsOn(std::string table) {
  for (const schema::CollectionRef& view : catalog_->all()) {
    if (view->kind != schema::CollectionKind::kView || view->system) continue;
    StatementText text(dialect_, "schema.view_definition");
    if (dialect_.has_schemas()) {
      text.Sql(
              "SELECT pg_get_viewdef(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = "
              "c.relnamespace "
              "WHERE c.relkind IN ('v', 'm') AND c.relname = ")
          .Param(db::Value::Text(view->table))
          .Sql(" AND n.nspname = COALESCE(NULLIF(")
          .Param(db::Value::Text(view->schema_name))
          .Sql("::text, ''), current_schema())");
    } else {
      text.Sql("SELECT sql FROM sqlite_master WHERE type = 'view' AND name = ")
          .Param(db::Value::Text(view->table));
    }
    db::Statement statement = text.Build();
    RK_CO_TRY(rows, co_await connection_.Run(std::move(statement)));
    if (rows.empty()) continue;
    const std::vector<std::string> tables = schema::ReferencedTables(rows.at(0, 0).view());
    if (std::find(tables.begin(), tables.end(), table) == tables.end()) continue;
    if (!dialect_.has_schemas()) {
      db::Statement drop = StatementText(dialect_, "schema.drop_view")
                               .Sql("DROP VIEW IF EXISTS ")
                               .Name(view->table)
                               .Build();
      RK_CO_CHECK_OK(co_await Run(std::move(drop)));
    }
    RK_CO_CHECK_OK(co_await RemoveCollection(view->name, false, true));
  }
  co_return Result<void>();
}

}  // namespace renkei::api
