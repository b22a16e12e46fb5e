#include "access/access_rules.h"

#include <algorithm>
#include <utility>

#include "access/role.h"
#include "access/snippets.h"

namespace renkei::access {
namespace {

constexpr std::pair<std::string_view, std::string_view> kFolds[] = {
    {"list", "view"},
    {"get", "view"},
    {"query", "view"},
    {"firstOrCreate", "create"},
    {"updateOrCreate", "create"},
    {"move", "update"},
    {"add", "update"},
    {"set", "update"},
    {"remove", "update"},
    {"toggle", "update"},
    {"exportAttachments", "export"},
};

// What a strategy ("view", "update:own" …) reaches besides the collections people made: the
// directory of users may be looked at, files may be worked with; roles, settings and the rest need
// their snippet.
bool StrategyApplies(const schema::Collection& collection, std::string_view permission_name) {
  if (!collection.system) return true;
  if (collection.name == "users") return permission_name == "view" || permission_name == "export";
  return collection.name == "attachments";
}

// Entries for single collections reach the same, and users fully: granting them is an act of its
// own.
bool EntryApplies(const schema::Collection& collection) {
  return !collection.system || collection.name == "users" || collection.name == "attachments";
}

Permission OwnRows(std::int64_t user_id, const schema::Collection& collection) {
  if (collection.FindField("createdById") == nullptr) return Permission::None();
  Permission permission = Permission::All();
  permission.filter = json::object{{"createdById", user_id}};
  return permission;
}

// Rows that decide who may do what. They are changed by the actions of their own resources only,
// which check every grant; never in passing, as values nested in another record. Whoever reaches
// those actions has Context::granted.
constexpr std::string_view kIdentityCollections[] = {
    "users",
    "roles",
    "rolesUsers",
    "usersAuthenticators",
    "authenticators",
    "tokenControlConfig",
    "systemSettings",
    "dataSourcesRoles",
    "dataSourcesRolesResources",
    "dataSourcesRolesResourcesActions",
    "dataSourcesRolesResourcesScopes",
};
bool IsIdentity(const schema::Collection& collection) {
  return collection.system &&
         std::ranges::find(kIdentityCollections, collection.name) != std::end(kIdentityCollections);
}
bool IsReading(std::string_view permission_name) {
  return permission_name == "view" || permission_name == "export";
}

// What an entry for `users` may write: everything but what would make it an account of somebody's.
std::vector<std::string> WithoutAccount(const schema::Collection& users,
                                        const std::optional<std::vector<std::string>>& fields) {
  constexpr std::string_view kAccount[] = {"password", "username", "email", "phone", "roles"};
  std::vector<std::string> out;
  for (const schema::Field& field : users.fields) {
    const bool wanted = !fields || std::ranges::find(*fields, field.name) != fields->end();
    if (wanted && std::ranges::find(kAccount, field.name) == std::end(kAccount))
      out.push_back(field.name);
  }
  return out;
}

bool SnippetOpens(const Role& role, const schema::Collection& collection,
                  std::string_view permission_name) {
  if (role.AllowsEndpoint(collection.name, permission_name)) return true;
  for (const auto& [action, folded] : kFolds) {
    if (folded == permission_name && role.AllowsEndpoint(collection.name, action)) return true;
  }
  return false;
}

}  // namespace

std::string_view AccessRules::FoldAction(std::string_view action) {
  for (const auto& [name, folded] : kFolds) {
    if (name == action) return folded;
  }
  return action;
}

bool Role::AllowsEndpoint(std::string_view resource, std::string_view action) const {
  if (allowed_snippets.empty()) return false;
  std::string endpoint;
  endpoint.reserve(resource.size() + action.size() + 1);
  endpoint.append(resource).append(1, ':').append(action);
  for (const std::string_view snippet : allowed_snippets) {
    for (const std::string_view pattern : FindSnippet(snippet)->endpoints) {
      // "roles.*" stands for every association of roles.
      if (GlobMatches(pattern, endpoint)) return true;
    }
  }
  return false;
}

void SettleRole(Role& role) {
  role.strategy_actions.clear();
  role.strategy_all = false;
  if (const json::value* actions =
          role.strategy.is_object() ? Find(role.strategy, "actions") : nullptr) {
    if (actions->is_string()) role.strategy_all = View(actions->get_string()) == "*";
    if (actions->is_array()) {
      for (const json::value& item : actions->get_array()) {
        if (!item.is_string()) continue;
        std::string_view action = View(item.get_string());
        const bool own = action.ends_with(kOwnSuffix);
        if (own) action.remove_suffix(kOwnSuffix.size());
        const auto [entry, fresh] =
            role.strategy_actions.try_emplace(std::string(AccessRules::FoldAction(action)), own);
        if (!fresh && !own) entry->second = false;
      }
    }
  }
  role.allowed_snippets.clear();
  for (const Snippet& snippet : AllSnippets()) {
    bool allowed = false, refused = false;
    for (const std::string& rule : role.snippets) {
      const bool negated = rule.starts_with('!');
      if (GlobMatches(std::string_view(rule).substr(negated ? 1 : 0), snippet.name))
        (negated ? refused : allowed) = true;
    }
    if (allowed && !refused) role.allowed_snippets.push_back(snippet.name);
  }
}

Permission CheckRole(const Role& role, std::int64_t user_id, const schema::Collection& collection,
                     std::string_view permission_name) {
  if (role.name == kRootRole) return Permission::All();
  const bool guarded = IsIdentity(collection) && !IsReading(permission_name);
  if (collection.system && !guarded && SnippetOpens(role, collection, permission_name))
    return Permission::All();
  const auto entry = role.resources.find(collection.name);
  if (entry != role.resources.end() && entry->second.using_actions_config &&
      EntryApplies(collection)) {
    const auto action = entry->second.actions.find(permission_name);
    if (action == entry->second.actions.end()) return Permission::None();
    Permission permission = action->second.own ? OwnRows(user_id, collection) : Permission::All();
    if (!permission.allowed) return permission;
    if (action->second.filter) permission.filter = action->second.filter;
    permission.fields = action->second.fields;
    if (guarded) permission.fields = WithoutAccount(collection, action->second.fields);
    return permission;
  }
  if (!StrategyApplies(collection, permission_name)) return Permission::None();
  if (role.strategy_all) return Permission::All();
  const auto action = role.strategy_actions.find(permission_name);
  if (action == role.strategy_actions.end()) return Permission::None();
  return action->second ? OwnRows(user_id, collection) : Permission::All();
}

Permission Union(Permission a, Permission b) {
  if (!a.allowed) return b;
  if (!b.allowed) return a;
  if (!a.filter || !b.filter) {
    a.filter.reset();
  } else if (*a.filter != *b.filter) {
    a.filter = json::object{{"$or", json::array{std::move(*a.filter), std::move(*b.filter)}}};
  }
  if (!a.fields || !b.fields) {
    a.fields.reset();
  } else {
    for (std::string& field : *b.fields) {
      if (std::ranges::find(*a.fields, field) == a.fields->end())
        a.fields->push_back(std::move(field));
    }
  }
  return a;
}

Permission AccessRules::Check(const Identity& identity, const schema::Catalog& catalog,
                              const schema::Collection& collection,
                              std::string_view permission_name) const {
  (void)catalog;
  if (identity.is_root || identity.kind == Identity::Kind::kSystem) return Permission::All();
  Permission permission = Permission::None();
  for (const std::string& name : identity.roles) {
    if (const Role* role = impl_->Find(name)) {
      permission = Union(std::move(permission),
                         CheckRole(*role, identity.user_id, collection, permission_name));
    }
  }
  return permission;
}

bool AccessRules::MayCall(const Identity& identity, std::string_view resource,
                          std::string_view action) const {
  if (identity.is_root || identity.kind == Identity::Kind::kSystem || IsPublic(resource, action))
    return true;
  if (identity.kind == Identity::Kind::kAnonymous) return false;
  if (IsForEverySignedIn(resource, action)) return true;
  return std::ranges::any_of(identity.roles, [&](const std::string& name) {
    const Role* role = impl_->Find(name);
    return role != nullptr && role->AllowsEndpoint(resource, action);
  });
}

bool AccessRules::IsPublic(std::string_view resource, std::string_view action) {
  return IsPublicEndpoint(std::string(resource).append(1, ':').append(action));
}

bool AccessRules::IsForEverySignedIn(std::string_view resource, std::string_view action) {
  return IsEndpointForEverySignedIn(std::string(resource).append(1, ':').append(action));
}

bool MayGrant(const AccessRules& rules, const Identity& identity, std::string_view role_name) {
  if (identity.is_root || identity.kind == Identity::Kind::kSystem) return true;
  if (role_name == kRootRole) return false;
  const Role* wanted = rules.impl().Find(role_name);
  // An unknown role gives nothing; the write itself reports it. New users get the default role
  // anyway.
  if (wanted == nullptr || role_name == rules.impl().default_role) return true;
  return Covers(rules, identity, *wanted);
}

bool Covers(const AccessRules& rules, const Identity& identity, const Role& wanted) {
  if (identity.is_root || identity.kind == Identity::Kind::kSystem) return true;
  for (const std::string_view snippet : wanted.allowed_snippets) {
    const bool held = std::ranges::any_of(identity.roles, [&](const std::string& name) {
      const Role* role = rules.impl().Find(name);
      return role != nullptr &&
             std::ranges::find(role->allowed_snippets, snippet) != role->allowed_snippets.end();
    });
    if (!held) return false;
  }
  schema::Collection any;  // stands for a collection without an entry of its own
  any.fields.emplace_back();
  any.fields.back().name = "createdById";
  any.field_index.emplace("createdById", 0);
  const auto covers = [&](const schema::Collection& collection, std::string_view action,
                          const Permission& target) {
    if (!target.allowed) return true;
    Permission mine = Permission::None();
    for (const std::string& name : identity.roles) {
      const Role* role = rules.impl().Find(name);
      if (role != nullptr)
        mine = Union(std::move(mine), CheckRole(*role, identity.user_id, collection, action));
    }
    if (!mine.allowed) return false;
    if (mine.filter && (!target.filter || *mine.filter != *target.filter)) return false;
    if (!mine.fields) return true;
    return target.fields && std::ranges::all_of(*target.fields, [&](const std::string& f) {
             return mine.MayField(f);
           });
  };
  if (wanted.strategy_all && !covers(any, "view", Permission::All())) return false;
  constexpr std::string_view kEvery[] = {"create",  "view",   "update",
                                         "destroy", "export", "importXlsx"};
  for (const std::string_view action : kEvery) {
    if (!covers(any, action, CheckRole(wanted, identity.user_id, any, action))) return false;
  }
  for (const auto& [name, entry] : wanted.resources) {
    if (!entry.using_actions_config) continue;
    any.name = name;
    for (const auto& [action, rule] : entry.actions) {
      if (!covers(any, action, CheckRole(wanted, identity.user_id, any, action))) return false;
    }
  }
  return true;
}

}  // namespace renkei::access
