// roles:* (rest-api.md 12.4, 12.5): what a role is, and what the caller's roles add up to.
#include <algorithm>
#include <set>
#include <utility>

#include "access/role.h"
#include "api/resource/grants.h"
#include "api/resource/identity_support.h"
#include "base/id.h"
#include "records/write_guard.h"

namespace renkei::api {
namespace {

using access::Role;
using db::Value;
using records::Output;

constexpr std::string_view kBuiltIn[] = {"root", "admin", "member"};

// What permissions there are, in the order of the screens.
struct Available {
  std::string_view name, title, type;
  std::vector<std::string_view> aliases;
  bool on_new_record, configures_fields;
};
const std::vector<Available>& AvailableActions() {
  static const std::vector<Available> all = {
      {"create",
       "{{t(\"Add new\")}}",
       "new-data",
       {"create", "firstOrCreate", "updateOrCreate"},
       true,
       true},
      {"import", "{{t(\"Import\")}}", "new-data", {"importXlsx"}, true, true},
      {"export", "{{t(\"Export\")}}", "old-data", {"export", "exportAttachments"}, false, true},
      {"view", "{{t(\"View\")}}", "old-data", {"get", "list", "query"}, false, true},
      {"update", "{{t(\"Edit\")}}", "old-data", {"update", "move"}, false, true},
      {"destroy", "{{t(\"Delete\")}}", "old-data", {"destroy"}, false, false},
  };
  return all;
}
std::string_view PermissionName(const Available& action) {
  return action.name == "import" ? "importXlsx" : action.name;
}

Task<Result<Output>> ListAvailableActions(Call&) {
  json::array rows;
  for (const Available& action : AvailableActions()) {
    json::array aliases;
    for (const std::string_view alias : action.aliases) aliases.emplace_back(alias);
    rows.emplace_back(json::object{{"name", PermissionName(action)},
                                   {"displayName", action.title},
                                   {"type", action.type},
                                   {"aliases", std::move(aliases)},
                                   {"onNewRecord", action.on_new_record},
                                   {"allowConfigureFields", action.configures_fields}});
  }
  co_return Answer(rows);
}

// -------------------------------------------------------------------------------------------------------
// roles:check

std::vector<const Role*> EffectiveRoles(const Call& call) {
  std::vector<const Role*> out;
  for (const std::string& name : call.context.identity.roles) {
    if (const Role* role = call.context.rules->impl().Find(name)) out.push_back(role);
  }
  return out;
}

// One role's own list; under union the positive ones of all, and negations that no role
// contradicts.
json::array EffectiveSnippets(const std::vector<const Role*>& roles) {
  std::set<std::string> names;
  for (const Role* role : roles) names.insert(role->snippets.begin(), role->snippets.end());
  json::array out;
  for (const std::string& name : names) {
    const bool contradicted =
        roles.size() > 1 && name.starts_with('!') && names.contains(name.substr(1));
    if (!contradicted) out.emplace_back(name);
  }
  return out;
}

json::value EffectiveStrategy(const std::vector<const Role*>& roles) {
  if (roles.size() == 1)
    return roles.front()->strategy.is_null() ? json::value(json::object())
                                             : roles.front()->strategy;
  std::map<std::string, bool> merged;
  for (const Role* role : roles) {
    for (const auto& [action, own] : role->strategy_actions) {
      const auto [entry, fresh] = merged.try_emplace(action, own);
      if (!fresh && !own) entry->second = false;
    }
  }
  json::array actions;
  for (const auto& [action, own] : merged)
    actions.emplace_back(own ? action + std::string(access::kOwnSuffix) : action);
  return json::object{{"actions", std::move(actions)}};
}

// "books:view" → {fields, filter} for every collection with an entry in one of the roles.
json::object EffectiveActions(const Call& call, const std::vector<const Role*>& roles,
                              json::array& resources) {
  std::set<std::string> names;
  for (const Role* role : roles) {
    for (const auto& [name, entry] : role->resources) {
      if (entry.using_actions_config) names.insert(name);
    }
  }
  json::object actions;
  for (const std::string& name : names) {
    const schema::Collection* collection = call.context.catalog->Find(name);
    if (collection == nullptr) continue;
    resources.emplace_back(name);
    for (const Available& action : AvailableActions()) {
      access::Permission permission = access::Permission::None();
      for (const Role* role : roles) {
        permission = access::Union(std::move(permission),
                                   access::CheckRole(*role, call.context.identity.user_id,
                                                     *collection, PermissionName(action)));
      }
      if (!permission.allowed) continue;
      json::object rights;
      if (permission.fields)
        rights["fields"] = json::array(permission.fields->begin(), permission.fields->end());
      if (permission.filter) rights["filter"] = std::move(*permission.filter);
      actions[name + ":" + std::string(PermissionName(action))] = std::move(rights);
    }
  }
  return actions;
}

Task<Result<Output>> Check(Call& call) {
  const access::Identity& identity = call.context.identity;
  const std::vector<const Role*> roles = EffectiveRoles(call);
  json::array names(identity.roles.begin(), identity.roles.end()), available, resources;
  for (const Available& action : AvailableActions()) available.emplace_back(PermissionName(action));
  json::object actions = EffectiveActions(call, roles, resources);
  const bool configure =
      std::ranges::any_of(roles, [](const Role* role) { return role->allow_configure; });
  json::object data{
      {"roles", std::move(names)},
      {"role", identity.current_role},
      {"roleMode", call.services.settings.Current()->role_mode},
      {"strategy", EffectiveStrategy(roles)},
      {"actions", std::move(actions)},
      {"snippets", EffectiveSnippets(roles)},
      {"resources", std::move(resources)},
      {"availableActions", std::move(available)},
      {"actionAlias", json::object{{"create", "create"},
                                   {"get", "view"},
                                   {"list", "view"},
                                   {"query", "view"},
                                   {"update", "update"},
                                   {"move", "update"},
                                   {"destroy", "destroy"}}},
      {"allowAll", identity.is_root},
      {"allowConfigure", configure},
      {"allowMenuItemIds", json::array()},
      {"allowAnonymous", call.context.rules->impl().Find(auth::kAnonymousRole) != nullptr},
      {"uiButtonSchemasBlacklist", json::array()}};
  co_return Answer(data, json::object{{"dataSources", json::object()}});
}

// --------------------------------------------------------------------------------------------------------------
// CRUD

// The anonymous role has no users and its own rules; it is listed on request only.
Task<Result<Output>> List(Call& call) {
  records::Params params = call.params;
  const json::value* shown = Find(call.query, "showAnonymous");
  if (shown == nullptr || !shown->is_string() || shown->get_string() == "false") {
    json::array parts;
    if (params.filter) parts.push_back(std::move(*params.filter));
    parts.push_back(json::object{{"name", json::object{{"$ne", auth::kAnonymousRole}}}});
    params.filter = json::object{{"$and", std::move(parts)}};
  }
  auto output = co_await records::List(call.context, SystemCollection(call, "roles"), params);
  co_return std::move(output);
}

Result<json::object> ReadValues(const Call& call, const json::value& body) {
  if (!body.is_object())
    return Fail(InvalidArgument("INVALID_BODY", "A role must be a JSON object"));
  json::object values = body.get_object();
  values.erase("users");  // roles/<name>/users:add asks who may
  const json::value *strategy = Find(values, "strategy"), *snippets = Find(values, "snippets");
  if (strategy != nullptr && !strategy->is_null() && !strategy->is_object()) {
    return Fail(InvalidArgument("INVALID_VALUE",
                                "strategy must be an object such as {\"actions\":[\"view\"]}", {},
                                "strategy"));
  }
  if (snippets != nullptr && !snippets->is_null() && !snippets->is_array()) {
    return Fail(
        InvalidArgument("INVALID_VALUE", "snippets must be a list of names", {}, "snippets"));
  }
  RK_CHECK_OK(CheckRoleContent(call, strategy, snippets));
  return values;
}

bool IsReserved(std::string_view name) {
  return name == auth::kUnionRole || name.find(':') != std::string_view::npos ||
         name.find('/') != std::string_view::npos;
}

Task<Result<Output>> Create(Call& call) {
  RK_CO_TRY(values, ReadValues(call, call.body));
  const json::value* name = Find(values, "name");
  if (name == nullptr || name->is_null() || (name->is_string() && name->get_string().empty())) {
    values["name"] = "r_" + RandomUid();
  } else if (!name->is_string() || IsReserved(View(name->get_string()))) {
    co_return Fail(InvalidArgument("INVALID_VALUE", "Role UID: invalid value",
                                   "A name without ':' and '/'", "name"));
  }
  const json::value body = std::move(values);
  auto output =
      co_await records::Create(call.context, SystemCollection(call, "roles"), call.params, body);
  co_return std::move(output);
}

Task<Result<Output>> Update(Call& call) {
  RK_CO_TRY(values, ReadValues(call, call.body));
  values.erase("name");
  const std::string target = TargetKey(call);
  if (!target.empty()) {
    std::vector<std::string> roles;
    roles.push_back(target);
    RK_CO_CHECK_OK(CheckGrant(call, roles));
    // One role is the default one; another has to take its place before it can stop being it.
    if (target == call.context.rules->impl().default_role && !FindBool(values, "default", true))
      values.erase("default");
  } else if (!call.context.identity.is_root) {
    co_return Fail(PermissionDenied("Name the role with filterByTk"));
  }
  const json::value body = std::move(values);
  auto output =
      co_await records::Update(call.context, SystemCollection(call, "roles"), call.params, body);
  co_return std::move(output);
}

std::vector<db::Statement> DropStatements(const Call& call, const std::string& role) {
  const auto key = [&] { return std::vector<Value>{Value::Text(role)}; };
  std::vector<db::Statement> out;
  out.push_back(Sql(call, "role.dropActions",
                    R"(DELETE FROM "dataSourcesRolesResourcesActions" WHERE "rolesResourceId" IN
         (SELECT "id" FROM "dataSourcesRolesResources" WHERE "roleName" = ?))",
                    key()));
  out.push_back(Sql(call, "role.dropEntries",
                    R"(DELETE FROM "dataSourcesRolesResources" WHERE "roleName" = ?)", key()));
  out.push_back(Sql(call, "role.dropSources",
                    R"(DELETE FROM "dataSourcesRoles" WHERE "roleName" = ?)", key()));
  out.push_back(
      Sql(call, "role.dropUsers", R"(DELETE FROM "rolesUsers" WHERE "roleName" = ?)", key()));
  return out;
}

Task<Result<Output>> Destroy(Call& call) {
  RK_CO_CHECK_OK(records::CheckWriteGuard("destroy", call.params));
  const schema::Collection& roles = SystemCollection(call, "roles");
  std::int64_t count = 0;
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    const access::Permission permission = call.context.Check(roles, "destroy");
    if (!permission.allowed) co_return Fail(PermissionDenied());
    RK_CO_TRY(keys, co_await records::SelectKeysIn(connection, call.context, roles, call.params,
                                                   permission));
    const std::vector<std::string> names = KeyTexts(json::value(keys), "name");
    for (const std::string& name : names) {
      if (std::ranges::find(kBuiltIn, name) != std::end(kBuiltIn)) {
        co_return Fail(Forbidden("PROTECTED_ROLE", "The role " + name + " cannot be deleted",
                                 "root, admin and member are part of the system"));
      }
      if (name == call.context.rules->impl().default_role) {
        co_return Fail(Forbidden("PROTECTED_ROLE", "The default role cannot be deleted",
                                 "Make another role the default one first"));
      }
    }
    RK_CO_CHECK_OK(CheckGrant(call, names));
    RK_CO_TRY(destroyed, co_await records::DestroyIn(connection, call.context, roles, call.params));
    count = destroyed;
    for (const std::string& name : names) {
      auto statements = DropStatements(call, name);
      RK_CO_CHECK_OK(co_await connection.RunAll(std::move(statements)));
    }
    co_return Result<void>();
  };
  db::TransactionBody work = body;
  RK_CO_CHECK_OK(co_await call.services.database.Transact(std::move(work), call.context.deadline));
  co_return Answer(json::value(count));
}

Task<Result<Output>> SetSystemRoleMode(Call& call) {
  const std::string mode = BodyText(call, "roleMode");
  if (mode != auth::kRoleModeDefault && mode != auth::kRoleModeAllowUnion &&
      mode != auth::kRoleModeOnlyUnion) {
    co_return Fail(InvalidArgument("INVALID_ROLE_MODE", "Unknown role mode",
                                   "default, allow-use-union or only-use-union", "roleMode"));
  }
  db::Statement statement = Sql(call, "settings.roleMode",
                                R"(UPDATE "systemSettings" SET "roleMode" = ?, "updatedAt" = ?)",
                                {Value::Text(mode), NowValue()});
  RK_CO_CHECK_OK(
      co_await call.services.database.Write(std::move(statement), call.context.deadline));
  co_await Journal(call, "setSystemRoleMode", "roles", mode);
  co_return NoAnswer();
}

constexpr Action kActions[] = {
    {"availableActions", "list", ListAvailableActions, false},
    {"roles", "check", Check, false},
    {"roles", "list", List, false},
    {"roles", "create", Create},
    {"roles", "update", Update},
    {"roles", "destroy", Destroy},
    {"roles", "setSystemRoleMode", SetSystemRoleMode},
};

}  // namespace

ActionList RoleActions() { return kActions; }

}  // namespace renkei::api
