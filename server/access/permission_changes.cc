#include "access/permission_changes.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "access/statement.h"
#include "base/json.h"

namespace renkei::access {
namespace {

constexpr std::string_view kActionsOf =
    R"(SELECT a."id", a."fields" FROM "dataSourcesRolesResourcesActions" a
       JOIN "dataSourcesRolesResources" r ON r."id" = a."rolesResourceId"
       WHERE r."dataSourceKey" = 'main' AND r."name" = ? AND a."fields" IS NOT NULL)";
constexpr std::string_view kSetFields =
    R"(UPDATE "dataSourcesRolesResourcesActions" SET "fields" = ? WHERE "id" = ?)";

Task<Result<void>> ChangeFields(db::Connection& connection, const db::Dialect& dialect,
                                std::string collection, std::string field, bool add) {
  db::Statement select =
      Prepare(dialect, "access.fields", kActionsOf, {db::Value::Text(std::move(collection))});
  RK_CO_TRY(rows, co_await connection.Run(std::move(select)));
  std::vector<db::Statement> updates;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto parsed = ParseJson(rows.at(i, 1).view());
    if (!parsed || !parsed->is_array()) continue;
    json::array& names = parsed->get_array();
    const auto found = std::find(names.begin(), names.end(), json::value(field));
    if ((found != names.end()) == add) continue;
    if (add)
      names.emplace_back(field);
    else
      names.erase(found);
    updates.push_back(
        Prepare(dialect, "access.setFields", kSetFields,
                {db::Value::Text(ToJson(*parsed)), db::Value::Int(rows.at(i, 0).ToInt())}));
  }
  if (!updates.empty()) RK_CO_CHECK_OK(co_await connection.RunAll(std::move(updates)));
  co_return Result<void>();
}

}  // namespace

Task<Result<void>> FieldAdded(db::Connection& connection, const db::Dialect& dialect,
                              std::string collection, std::string field) {
  return ChangeFields(connection, dialect, std::move(collection), std::move(field), true);
}

Task<Result<void>> FieldRemoved(db::Connection& connection, const db::Dialect& dialect,
                                std::string collection, std::string field) {
  return ChangeFields(connection, dialect, std::move(collection), std::move(field), false);
}

Task<Result<void>> CollectionRemoved(db::Connection& connection, const db::Dialect& dialect,
                                     std::string collection) {
  std::vector<db::Statement> statements;
  statements.push_back(
      Prepare(dialect, "access.dropActions",
              R"(DELETE FROM "dataSourcesRolesResourcesActions" WHERE "rolesResourceId" IN
       (SELECT "id" FROM "dataSourcesRolesResources" WHERE "dataSourceKey" = 'main' AND "name" = ?))",
              {db::Value::Text(collection)}));
  statements.push_back(Prepare(
      dialect, "access.dropEntries",
      R"(DELETE FROM "dataSourcesRolesResources" WHERE "dataSourceKey" = 'main' AND "name" = ?)",
      {db::Value::Text(collection)}));
  statements.push_back(
      Prepare(dialect, "access.dropScopes",
              R"(DELETE FROM "dataSourcesRolesResourcesScopes" WHERE "dataSourceKey" = 'main'
       AND "resourceName" = ? AND "key" NOT IN ('all', 'own'))",
              {db::Value::Text(std::move(collection))}));
  RK_CO_CHECK_OK(co_await connection.RunAll(std::move(statements)));
  co_return Result<void>();
}

}  // namespace renkei::access
