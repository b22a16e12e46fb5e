// Role is one role with everything it may do, parsed once from its rows (rest-api.md 12). Immutable
// inside AccessRules.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/access_rules.h"
#include "base/json.h"
#include "schema/collection.h"

namespace renkei::access {

inline constexpr std::string_view kRootRole = "root";
inline constexpr std::string_view kOwnSuffix = ":own";

struct ActionRule {
  std::optional<std::vector<std::string>> fields;  // nullopt: all
  std::optional<json::value> filter;               // the scope's; nullopt: every row
  bool own = false;                                // preset scope "own"
};

struct ResourceRule {
  bool using_actions_config = false;
  std::map<std::string, ActionRule, std::less<>> actions;  // by folded name
};

struct Role {
  std::string name;
  std::string title;
  bool is_default = false;
  bool hidden = false;
  bool allow_configure = false;
  bool allow_new_menu = false;
  json::value strategy;                                       // as stored
  std::map<std::string, bool, std::less<>> strategy_actions;  // folded name → own only
  bool strategy_all = false;                                  // actions: "*"
  std::vector<std::string> snippets;                          // as stored
  std::vector<std::string_view> allowed_snippets;             // names of the table in snippets.h
  schema::NameMap<ResourceRule> resources;                    // of the main data source

  bool AllowsEndpoint(std::string_view resource, std::string_view action) const;
};

// Fills strategy_actions and allowed_snippets from the stored forms.
void SettleRole(Role& role);

struct AccessRules::Impl {
  schema::NameMap<Role> roles;
  std::string default_role;  // of new users; empty: none

  const Role* Find(std::string_view name) const {
    auto found = roles.find(name);
    return found == roles.end() ? nullptr : &found->second;
  }
};

// One role's answer. `user_id` fills ":own".
Permission CheckRole(const Role& role, std::int64_t user_id, const schema::Collection& collection,
                     std::string_view permission_name);
// Rows of either, fields of either.
Permission Union(Permission a, Permission b);

// Does the caller have everything that `wanted` would give?
bool Covers(const AccessRules& rules, const Identity& identity, const Role& wanted);
// Would holding `role` give the caller anything they may not do already? (F: no grant above one's
// own rights.)
bool MayGrant(const AccessRules& rules, const Identity& identity, std::string_view role_name);

}  // namespace renkei::access
