// What a role may do on single collections: strategy per data source, entries with actions, fields
// and scopes (rest-api.md 12.5). The older addresses roles/<r>/resources and roles/<r>/collections
// mean the main data source.
#include <algorithm>
#include <utility>

#include "access/role.h"
#include "api/resource/grants.h"
#include "api/resource/identity_support.h"
#include "base/id.h"
#include "schema/parse_definition.h"

namespace renkei::api {
namespace {

using db::Value;
using records::Output;

constexpr std::string_view kMain = "main";
constexpr std::size_t kMaxResourcesPerCall = 1000;  // applyDataPermissions: TOO_MANY_RESOURCES
constexpr int kDefaultPage = 20;

// ------------------------------------------------------------------------------------ strategy of
// a role in a source

Task<Result<json::value>> ReadStrategy(const Call& call, std::string source, std::string role) {
  json::object out{{"dataSourceKey", source}, {"roleName", role}};
  if (source == kMain) {
    RK_CO_TRY(rows, co_await ReadRows(call, "role.strategy",
                                      R"(SELECT "strategy" FROM "roles" WHERE "name" = ?)",
                                      Values(Value::Text(role))));
    if (rows.empty()) co_return json::value(nullptr);
    out["strategy"] = ParseOr(rows.at(0, 0), nullptr);
  } else {
    RK_CO_TRY(
        rows,
        co_await ReadRows(
            call, "role.sourceStrategy",
            R"(SELECT "strategy" FROM "dataSourcesRoles" WHERE "dataSourceKey" = ? AND "roleName" = ?)",
            Values(Value::Text(source), Value::Text(role))));
    out["strategy"] = rows.empty() ? json::value(nullptr) : ParseOr(rows.at(0, 0), nullptr);
  }
  co_return json::value(std::move(out));
}

Task<Result<Output>> GetStrategy(Call& call) {
  RK_CO_TRY(document, co_await ReadStrategy(call, SourceKey(call), TargetKey(call)));
  co_return Answer(document);
}

Result<void> CheckRoleName(const Call& call, const std::string& role) {
  if (call.context.rules->impl().Find(role) == nullptr) {
    return Fail(InvalidArgument("ROLE_NOT_FOUND", "Role not found: " + role,
                                "Name the role with filterByTk", "filterByTk"));
  }
  std::vector<std::string> roles;
  roles.push_back(role);
  return CheckGrant(call, roles);
}

Task<Result<Output>> UpdateStrategy(Call& call) {
  const std::string source = SourceKey(call), role = TargetKey(call);
  RK_CO_CHECK_OK(CheckRoleName(call, role));
  const json::value* strategy = Find(BodyMembers(call), "strategy");
  if (strategy != nullptr && !strategy->is_null() && !strategy->is_object()) {
    co_return Fail(InvalidArgument("INVALID_VALUE",
                                   "strategy must be an object such as {\"actions\":[\"view\"]}",
                                   {}, "strategy"));
  }
  RK_CO_CHECK_OK(CheckRoleContent(call, strategy, nullptr));
  if (strategy != nullptr) {
    const std::string text = ToJson(*strategy);
    auto body = [&](db::Connection& connection) -> Task<Result<void>> {
      std::vector<db::Statement> statements;
      if (source == kMain) {
        statements.push_back(
            Sql(call, "role.setStrategy",
                R"(UPDATE "roles" SET "strategy" = ?, "updatedAt" = ? WHERE "name" = ?)",
                {Value::Text(text), NowValue(), Value::Text(role)}));
      }
      statements.push_back(Sql(
          call, "role.setSourceStrategy",
          R"(INSERT INTO "dataSourcesRoles" ("id","strategy","dataSourceKey","roleName") VALUES (?,?,?,?)
             ON CONFLICT ("dataSourceKey","roleName") DO UPDATE SET "strategy" = excluded."strategy")",
          {Value::Text(RandomUid()), Value::Text(text), Value::Text(source), Value::Text(role)}));
      statements.push_back(
          JournalStatement(call, "update", "dataSources.roles", source + "/" + role));
      RK_CO_CHECK_OK(co_await connection.RunAll(std::move(statements)));
      co_return Result<void>();
    };
    db::TransactionBody work = body;
    RK_CO_CHECK_OK(
        co_await call.services.database.Transact(std::move(work), call.context.deadline));
  }
  RK_CO_TRY(document, co_await ReadStrategy(call, source, role));
  json::array rows;
  rows.push_back(std::move(document));
  co_return Answer(rows);
}

Task<Result<Output>> ListStrategies(Call& call) {
  call.params.association.reset();
  const records::Context own = OwnContext(call);
  auto output = co_await records::List(own, SystemCollection(call, "roles"), call.params);
  co_return std::move(output);
}

// -------------------------------------------------------------------------------------------
// entries per collection

struct EntryKey {
  std::string source, role, name;
};

// From the address, the filter, the key and the body, in this order.
EntryKey KeyOf(const Call& call) {
  EntryKey key{FilterText(call, "dataSourceKey"), SourceKey(call), FilterText(call, "name")};
  if (key.source.empty()) key.source = BodyText(call, "dataSourceKey");
  if (key.source.empty()) key.source = kMain;
  if (key.name.empty()) key.name = BodyText(call, "name");
  if (key.name.empty()) key.name = TargetKey(call);
  return key;
}

Task<Result<json::value>> ReadEntry(const Call& call, EntryKey key,
                                    std::vector<std::string> appends) {
  const records::Context own = OwnContext(call);
  records::Params params;
  params.filter =
      json::object{{"dataSourceKey", key.source}, {"roleName", key.role}, {"name", key.name}};
  params.appends = std::move(appends);
  params.page_size = 1;
  RK_CO_TRY(rows, co_await records::Fetch(own, SystemCollection(call, "dataSourcesRolesResources"),
                                          params));
  if (rows.empty()) co_return json::value(nullptr);
  co_return std::move(rows.front());
}

std::vector<std::string> EntryAppends() {
  std::vector<std::string> appends;
  appends.emplace_back("actions");
  appends.emplace_back("actions.scope");
  return appends;
}

// A scope by {"id":1}, 1, scopeId or scopeKey: null for every row. Unknown ones are refused, for
// they would open all.
Task<Result<Value>> ScopeOf(db::Connection& connection, const Call& call,
                            const json::object& action) {
  const json::value* scope = Find(action, "scope");
  if (scope == nullptr || scope->is_null()) scope = Find(action, "scopeId");
  if (scope != nullptr && scope->is_object()) {
    const json::value* id = Find(scope->get_object(), "id");
    scope = id != nullptr ? id : Find(scope->get_object(), "key");
  }
  const std::string_view key = FindString(action, "scopeKey");
  if ((scope == nullptr || scope->is_null()) && key.empty()) co_return Value::Null();
  const bool by_key =
      scope == nullptr || scope->is_null() ||
      (scope->is_string() && (scope->get_string() == "all" || scope->get_string() == "own"));
  std::string text = by_key ? std::string(key) : std::string();
  if (scope != nullptr && scope->is_string()) text = std::string(View(scope->get_string()));
  if (scope != nullptr && scope->is_number()) text = ToJson(*scope);
  db::Statement find = Sql(
      call, "scope.find",
      by_key
          ? R"(SELECT "id" FROM "dataSourcesRolesResourcesScopes" WHERE "key" = ? ORDER BY "id" LIMIT 1)"
          : R"(SELECT "id" FROM "dataSourcesRolesResourcesScopes" WHERE "id" = ?)",
      {by_key ? Value::Text(text) : Value::Int(std::strtoll(text.c_str(), nullptr, 10))});
  RK_CO_TRY(rows, co_await connection.Run(std::move(find)));
  if (rows.empty()) {
    co_return Fail(InvalidArgument("SCOPE_NOT_FOUND", "Scope not found: " + text,
                                   "dataSources/main/rolesResourcesScopes:list names them",
                                   "scope"));
  }
  co_return Value::Int(rows.at(0, 0).ToInt());
}

Task<Result<void>> WriteActions(db::Connection& connection, const Call& call, std::int64_t entry,
                                const json::array& actions) {
  db::Statement clear =
      Sql(call, "entry.clear",
          R"(DELETE FROM "dataSourcesRolesResourcesActions" WHERE "rolesResourceId" = ?)",
          {Value::Int(entry)});
  RK_CO_CHECK_OK(co_await connection.Run(std::move(clear)));
  for (const json::value& item : actions) {
    if (!item.is_object()) continue;
    const json::object& action = item.get_object();
    const std::string name(FindString(action, "name"));
    if (name.empty())
      co_return Fail(InvalidArgument("INVALID_VALUE", "Each action needs a name",
                                     "For example view or create", "actions"));
    RK_CO_TRY(scope, co_await ScopeOf(connection, call, action));
    const json::value* fields = Find(action, "fields");
    const Value now = NowValue();
    db::Statement insert = Sql(
        call, "entry.action",
        R"(INSERT INTO "dataSourcesRolesResourcesActions" ("name","fields","scopeId","rolesResourceId","createdAt","updatedAt")
         VALUES (?,?,?,?,?,?))",
        {Value::Text(name),
         fields != nullptr && fields->is_array() ? Value::Text(ToJson(*fields)) : Value::Null(),
         scope, Value::Int(entry), now, now});
    RK_CO_CHECK_OK(co_await connection.Run(std::move(insert)));
  }
  co_return Result<void>();
}

// Makes or changes one entry; what the body leaves out stays.
Task<Result<void>> WriteEntry(db::Connection& connection, const Call& call, EntryKey key,
                              const json::object& body) {
  const json::value* use = Find(body, "usingActionsConfig");
  const Value now = NowValue();
  const Value using_config =
      use != nullptr && use->is_bool() ? Value::Bool(use->get_bool()) : Value::Null();
  db::Statement upsert = Sql(
      call, "entry.upsert",
      R"(INSERT INTO "dataSourcesRolesResources" ("dataSourceKey","roleName","name","usingActionsConfig","createdAt","updatedAt")
         VALUES (?,?,?,?,?,?) ON CONFLICT ("dataSourceKey","roleName","name") DO UPDATE SET
         "usingActionsConfig" = COALESCE(excluded."usingActionsConfig", "dataSourcesRolesResources"."usingActionsConfig"),
         "updatedAt" = excluded."updatedAt" RETURNING "id")",
      {Value::Text(key.source), Value::Text(key.role), Value::Text(key.name), using_config, now,
       now});
  RK_CO_TRY(rows, co_await connection.Run(std::move(upsert)));
  const json::value* actions = Find(body, "actions");
  if (actions != nullptr && actions->is_array()) {
    RK_CO_CHECK_OK(
        co_await WriteActions(connection, call, rows.at(0, 0).ToInt(), actions->get_array()));
  }
  db::Statement journal = JournalStatement(call, "update", "roles.dataSourceResources",
                                           key.role + "/" + key.source + "/" + key.name);
  RK_CO_CHECK_OK(co_await connection.Run(std::move(journal)));
  co_return Result<void>();
}

Task<Result<void>> StoreEntry(Call& call, EntryKey key, const json::object& values) {
  RK_CO_CHECK_OK(CheckRoleName(call, key.role));
  if (key.name.empty())
    co_return Fail(
        InvalidArgument("MISSING_NAME", "name is required", "Name the collection", "name"));
  RK_CO_CHECK_OK(CheckResourceContent(call, key.name, Find(values, "actions")));
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    return WriteEntry(connection, call, key, values);
  };
  db::TransactionBody work = body;
  auto done = co_await call.services.database.Transact(std::move(work), call.context.deadline);
  co_return std::move(done);
}

Task<Result<Output>> CreateEntry(Call& call) {
  const EntryKey key = KeyOf(call);
  RK_CO_CHECK_OK(co_await StoreEntry(call, key, BodyMembers(call)));
  RK_CO_TRY(entry, co_await ReadEntry(call, key, EntryAppends()));
  co_return Answer(entry);
}

Task<Result<Output>> UpdateEntry(Call& call) {
  const EntryKey key = KeyOf(call);
  RK_CO_CHECK_OK(co_await StoreEntry(call, key, BodyMembers(call)));
  RK_CO_TRY(entry, co_await ReadEntry(call, key, EntryAppends()));
  json::array rows;
  rows.push_back(std::move(entry));
  co_return Answer(rows);
}

Task<Result<Output>> GetEntry(Call& call) {
  RK_CO_TRY(entry, co_await ReadEntry(call, KeyOf(call), call.params.appends));
  co_return Answer(entry);
}

Task<Result<Output>> ListEntries(Call& call) {
  records::Params params = call.params;
  params.association.reset();
  json::array parts;
  if (params.filter) parts.push_back(std::move(*params.filter));
  parts.push_back(json::object{{"roleName", SourceKey(call)}});
  params.filter = json::object{{"$and", std::move(parts)}};
  const records::Context own = OwnContext(call);
  auto output =
      co_await records::List(own, SystemCollection(call, "dataSourcesRolesResources"), params);
  co_return std::move(output);
}

Task<Result<Output>> DestroyEntry(Call& call) {
  const EntryKey key = KeyOf(call);
  RK_CO_CHECK_OK(CheckRoleName(call, key.role));
  std::int64_t count = 0;
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    db::Statement actions = Sql(
        call, "entry.dropActions",
        R"(DELETE FROM "dataSourcesRolesResourcesActions" WHERE "rolesResourceId" IN (SELECT "id" FROM
           "dataSourcesRolesResources" WHERE "dataSourceKey" = ? AND "roleName" = ? AND "name" = ?))",
        {Value::Text(key.source), Value::Text(key.role), Value::Text(key.name)});
    RK_CO_CHECK_OK(co_await connection.Run(std::move(actions)));
    db::Statement entry = Sql(
        call, "entry.drop",
        R"(DELETE FROM "dataSourcesRolesResources" WHERE "dataSourceKey" = ? AND "roleName" = ? AND "name" = ?)",
        {Value::Text(key.source), Value::Text(key.role), Value::Text(key.name)});
    RK_CO_TRY(dropped, co_await connection.Run(std::move(entry)));
    count = dropped.affected();
    co_return Result<void>();
  };
  db::TransactionBody work = body;
  RK_CO_CHECK_OK(co_await call.services.database.Transact(std::move(work), call.context.deadline));
  co_return Answer(json::value(count));
}

Task<Result<Output>> ApplyDataPermissions(Call& call) {
  const std::string role = TargetKey(call);
  std::string source = BodyText(call, "dataSourceKey");
  if (source.empty()) source = kMain;
  RK_CO_CHECK_OK(CheckRoleName(call, role));
  const json::value* resources = Find(BodyMembers(call), "resources");
  if (resources == nullptr || !resources->is_array()) {
    co_return Fail(InvalidArgument("MISSING_RESOURCES", "resources is required",
                                   "A list of {name, usingActionsConfig, actions}", "resources"));
  }
  if (resources->get_array().size() > kMaxResourcesPerCall) {
    co_return Fail(InvalidArgument("TOO_MANY_RESOURCES",
                                   "resources names more than 1000 collections",
                                   "Send several calls", "resources"));
  }
  for (const json::value& item : resources->get_array()) {
    if (!item.is_object() || FindString(item.get_object(), "name").empty()) {
      co_return Fail(InvalidArgument("MISSING_NAME", "Each resource needs a name",
                                     "Name the collection", "resources"));
    }
    RK_CO_CHECK_OK(CheckResourceContent(call, FindString(item.get_object(), "name"),
                                        Find(item.get_object(), "actions")));
  }
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    for (const json::value& item : resources->get_array()) {
      EntryKey key{source, role, std::string(FindString(item.get_object(), "name"))};
      RK_CO_CHECK_OK(co_await WriteEntry(connection, call, key, item.get_object()));
    }
    co_return Result<void>();
  };
  db::TransactionBody work = body;
  RK_CO_CHECK_OK(co_await call.services.database.Transact(std::move(work), call.context.deadline));
  json::array entries;
  for (const json::value& item : resources->get_array()) {
    EntryKey key{source, role, std::string(FindString(item.get_object(), "name"))};
    RK_CO_TRY(entry, co_await ReadEntry(call, key, EntryAppends()));
    entries.push_back(std::move(entry));
  }
  co_return Answer(entries);
}

// Every collection people can grant rights on, with where a role's rights on it come from.
Task<Result<Output>> ListCollections(Call& call) {
  const EntryKey key = KeyOf(call);
  json::array rows;
  const access::Role* role = call.context.rules->impl().Find(key.role);
  const std::string wanted = FilterText(call, "name");
  for (const schema::CollectionRef& collection : call.context.catalog->all()) {
    if (key.source != kMain || collection->hidden) continue;
    if (collection->system && collection->name != "users") continue;
    if (!wanted.empty() && collection->name != wanted) continue;
    const auto entry = role != nullptr ? role->resources.find(collection->name)
                                       : decltype(role->resources.end())();
    const bool exists = role != nullptr && entry != role->resources.end();
    const bool own = exists && entry->second.using_actions_config;
    json::array fields;
    for (const schema::Field& field : collection->fields) {
      if (!field.hidden && !field.implicit) fields.emplace_back(field.name);
    }
    rows.emplace_back(
        json::object{{"type", "collection"},
                     {"name", collection->name},
                     {"collectionName", collection->name},
                     {"title", collection->title.empty() ? collection->name
                                                         : schema::PlainTitle(collection->title)},
                     {"roleName", key.role},
                     {"usingConfig", own ? "resourceAction" : "strategy"},
                     {"exists", exists},
                     {"fields", std::move(fields)}});
  }
  if (!call.params.paginate) co_return Answer(rows);
  const std::int64_t size = std::max<std::int64_t>(1, call.params.page_size.value_or(kDefaultPage)),
                     page = call.params.page.value_or(1);
  const std::int64_t count = static_cast<std::int64_t>(rows.size()),
                     from = std::min(count, (page - 1) * size);
  json::array shown(rows.begin() + from, rows.begin() + std::min(count, from + size));
  co_return Answer(shown, json::object{{"count", count},
                                       {"page", page},
                                       {"pageSize", size},
                                       {"totalPage", (count + size - 1) / size}});
}

constexpr Action kActions[] = {
    {"dataSources.roles", "get", GetStrategy, false},
    {"dataSources.roles", "list", ListStrategies, false},
    {"dataSources.roles", "update", UpdateStrategy},
    {"roles.dataSourceResources", "get", GetEntry, false},
    {"roles.dataSourceResources", "list", ListEntries, false},
    {"roles.dataSourceResources", "create", CreateEntry},
    {"roles.dataSourceResources", "update", UpdateEntry},
    {"roles.dataSourceResources", "destroy", DestroyEntry},
    {"roles.resources", "get", GetEntry, false},
    {"roles.resources", "list", ListEntries, false},
    {"roles.resources", "create", CreateEntry},
    {"roles.resources", "update", UpdateEntry},
    {"roles.resources", "destroy", DestroyEntry},
    {"roles.dataSourcesCollections", "list", ListCollections, false},
    {"roles.collections", "list", ListCollections, false},
    {"roles", "applyDataPermissions", ApplyDataPermissions},
};

}  // namespace

ActionList RoleResourceActions() { return kActions; }

}  // namespace renkei::api
