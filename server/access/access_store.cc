#include <utility>

#include "access/access_rules.h"
#include "access/role.h"
#include "access/statement.h"

namespace renkei::access {
namespace {

// Text of a JSON column as a document; null for NULL and for what cannot be read.
json::value Document(const db::Cell& cell) {
  if (cell.is_null()) return nullptr;
  auto parsed = ParseJson(cell.view());
  return parsed ? std::move(*parsed) : json::value(nullptr);
}

std::vector<std::string> Strings(const json::value& value) {
  std::vector<std::string> out;
  if (!value.is_array()) return out;
  for (const json::value& item : value.get_array()) {
    if (item.is_string()) out.emplace_back(View(item.get_string()));
  }
  return out;
}

bool IsEmptyFilter(const json::value& filter) {
  return filter.is_null() || (filter.is_object() && filter.get_object().empty()) ||
         (filter.is_array() && filter.get_array().empty());
}

void ReadRoles(const db::Rows& rows, AccessRules::Impl& impl) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Role role;
    role.name = rows.at(i, 0).ToText();
    role.title = rows.at(i, 1).ToText();
    role.is_default = rows.at(i, 2).ToBool();
    role.hidden = rows.at(i, 3).ToBool();
    role.allow_configure = rows.at(i, 4).ToBool();
    role.allow_new_menu = rows.at(i, 5).ToBool();
    role.strategy = Document(rows.at(i, 6));
    role.snippets = Strings(Document(rows.at(i, 7)));
    SettleRole(role);
    if (role.is_default && impl.default_role.empty()) impl.default_role = role.name;
    std::string name = role.name;
    impl.roles.insert_or_assign(std::move(name), std::move(role));
  }
}

// Columns: role, resource, using, action, fields, scope id, scope key, scope filter. Actions are
// null without any.
void ReadEntries(const db::Rows& rows, AccessRules::Impl& impl) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto role = impl.roles.find(rows.at(i, 0).view());
    if (role == impl.roles.end()) continue;
    ResourceRule& entry = role->second.resources[rows.at(i, 1).ToText()];
    entry.using_actions_config = rows.at(i, 2).ToBool();
    if (rows.at(i, 3).is_null()) continue;
    ActionRule rule;
    if (json::value fields = Document(rows.at(i, 4)); fields.is_array())
      rule.fields = Strings(fields);
    rule.own = rows.at(i, 6).view() == "own";
    json::value filter = Document(rows.at(i, 7));
    // A scope that is gone must not open every row.
    const bool lost = !rows.at(i, 5).is_null() && rows.at(i, 8).is_null();
    if (lost) continue;
    if (!rule.own && rows.at(i, 6).view() != "all" && !IsEmptyFilter(filter))
      rule.filter = std::move(filter);
    entry.actions.insert_or_assign(std::string(AccessRules::FoldAction(rows.at(i, 3).view())),
                                   std::move(rule));
  }
}

constexpr std::string_view kRoles =
    R"(SELECT "name", "title", "default", "hidden", "allowConfigure", "allowNewMenu", "strategy", "snippets"
       FROM "roles" ORDER BY "sort", "name")";
constexpr std::string_view kEntries =
    R"(SELECT r."roleName", r."name", r."usingActionsConfig", a."name", a."fields", a."scopeId", s."key", s."scope", s."id"
       FROM "dataSourcesRolesResources" r
       LEFT JOIN "dataSourcesRolesResourcesActions" a ON a."rolesResourceId" = r."id"
       LEFT JOIN "dataSourcesRolesResourcesScopes" s ON s."id" = a."scopeId"
       WHERE r."dataSourceKey" = 'main' ORDER BY r."id", a."id")";

}  // namespace

AccessStore::AccessStore(db::Database& database)
    : database_(database),
      current_(std::make_shared<const AccessRules>(std::make_shared<const AccessRules::Impl>())) {}

Task<Result<void>> AccessStore::Load(Deadline deadline) {
  std::vector<db::Statement> statements;
  statements.push_back(Prepare(database_.dialect(), "access.roles", kRoles));
  statements.push_back(Prepare(database_.dialect(), "access.entries", kEntries));
  RK_CO_TRY(rows,
            co_await database_.Read(std::move(statements), db::ReadCost::kUnbounded, deadline));
  auto impl = std::make_shared<AccessRules::Impl>();
  ReadRoles(rows[0], *impl);
  ReadEntries(rows[1], *impl);
  AccessRulesRef next = std::make_shared<const AccessRules>(std::move(impl));
  std::atomic_store(&current_, std::move(next));
  co_return Result<void>();
}

}  // namespace renkei::access
