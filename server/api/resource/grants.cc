#include "api/resource/grants.h"

#include <algorithm>
#include <utility>

#include "access/role.h"
#include "api/resource/identity_actions.h"
#include "api/resource/identity_support.h"

namespace renkei::api {
namespace {

Error TooMuch(std::string_view what) {
  return Forbidden(
      "GRANT_EXCEEDS_OWN_RIGHTS", "No permissions",
      std::string(what) + " has rights that you do not have yourself; ask somebody who has them");
}

std::vector<std::string> Texts(const json::value* value) {
  std::vector<std::string> out;
  if (value != nullptr && value->is_array()) {
    for (const json::value& item : value->get_array()) {
      if (item.is_string()) out.emplace_back(View(item.get_string()));
    }
  }
  return out;
}

}  // namespace

Result<void> CheckGrant(const Call& call, const std::vector<std::string>& roles) {
  for (const std::string& role : roles) {
    if (!access::MayGrant(*call.context.rules, call.context.identity, role))
      return Fail(TooMuch("The role '" + role + "'"));
  }
  return {};
}

Result<void> CheckRoleContent(const Call& call, const json::value* strategy,
                              const json::value* snippets) {
  access::Role wanted;
  if (strategy != nullptr) wanted.strategy = *strategy;
  wanted.snippets = Texts(snippets);
  access::SettleRole(wanted);
  if (!access::Covers(*call.context.rules, call.context.identity, wanted))
    return Fail(TooMuch("This role"));
  return {};
}

Result<void> CheckResourceContent(const Call& call, std::string_view collection,
                                  const json::value* actions) {
  if (actions == nullptr || !actions->is_array()) return {};
  access::Role wanted;
  access::ResourceRule& entry = wanted.resources[std::string(collection)];
  entry.using_actions_config = true;
  for (const json::value& item : actions->get_array()) {
    if (!item.is_object()) continue;
    access::ActionRule rule;
    const json::value* fields = Find(item.get_object(), "fields");
    if (fields != nullptr && fields->is_array()) rule.fields = Texts(fields);
    entry.actions.insert_or_assign(
        std::string(access::AccessRules::FoldAction(FindString(item.get_object(), "name"))),
        std::move(rule));
  }
  if (!access::Covers(*call.context.rules, call.context.identity, wanted))
    return Fail(TooMuch("This permission"));
  return {};
}

Task<Result<void>> CheckMayActOn(db::Connection& connection, const Call& call,
                                 const std::vector<std::int64_t>& users) {
  if (call.context.identity.is_root) co_return Result<void>();
  for (const std::int64_t user : users) {
    if (user == call.context.identity.user_id) continue;
    db::Statement statement =
        Sql(call, "user.roles", R"(SELECT "roleName" FROM "rolesUsers" WHERE "userId" = ?)",
            {db::Value::Int(user)});
    RK_CO_TRY(rows, co_await connection.Run(std::move(statement)));
    std::vector<std::string> roles;
    for (std::size_t i = 0; i < rows.size(); ++i) roles.push_back(rows.at(i, 0).ToText());
    RK_CO_CHECK_OK(CheckGrant(call, roles));
  }
  co_return Result<void>();
}

Task<Result<void>> CheckRootRemains(db::Connection& connection, const Call& call) {
  db::Statement statement = Sql(
      call, "root.any",
      R"(SELECT 1 FROM "rolesUsers" l JOIN "users" u ON u."id" = l."userId" WHERE l."roleName" = 'root' LIMIT 1)");
  RK_CO_TRY(rows, co_await connection.Run(std::move(statement)));
  if (rows.empty()) {
    co_return Fail(Forbidden("LAST_ROOT_USER", "The last user with the role root cannot lose it",
                             "Give the role to somebody else first"));
  }
  co_return Result<void>();
}

Task<Result<std::vector<std::string>>> RolesOfUser(const Call& call, std::int64_t user_id) {
  RK_CO_TRY(rows, co_await ReadRows(call, "user.roles",
                                    R"(SELECT "roleName" FROM "rolesUsers" WHERE "userId" = ?)",
                                    Values(db::Value::Int(user_id))));
  std::vector<std::string> roles;
  for (std::size_t i = 0; i < rows.size(); ++i) roles.push_back(rows.at(i, 0).ToText());
  co_return std::move(roles);
}

std::vector<std::string> KeyTexts(const json::value& value, std::string_view key_name) {
  std::vector<std::string> out;
  if (value.is_array()) {
    for (const json::value& item : value.get_array()) {
      // [key, {through values}] is one link (rest-api.md 5.8).
      const json::value& link =
          item.is_array() && !item.get_array().empty() ? item.get_array().front() : item;
      for (std::string& text : KeyTexts(link, key_name)) out.push_back(std::move(text));
    }
  } else if (value.is_string()) {
    out.emplace_back(View(value.get_string()));
  } else if (value.is_number()) {
    out.push_back(ToJson(value));
  } else if (value.is_object()) {
    if (const json::value* key = Find(value.get_object(), key_name))
      return KeyTexts(*key, key_name);
  }
  return out;
}

namespace {

// What add, set, remove and toggle are about: query first, then the body (rest-api.md 5.8).
std::vector<std::string> LinkKeys(const Call& call, std::string_view key_name) {
  std::vector<std::string> keys;
  const auto append = [&](const json::value& value) {
    for (std::string& text : KeyTexts(value, key_name)) keys.push_back(std::move(text));
  };
  if (call.params.filter_by_tk) append(*call.params.filter_by_tk);
  for (const json::value& key : call.params.filter_by_tks) append(key);
  if (call.body.is_array()) append(call.body);
  if (call.body.is_object()) {
    for (const std::string_view member : {"tk", "filterByTk", "filterByTks"}) {
      if (const json::value* value = Find(call.body.get_object(), member)) append(*value);
    }
  }
  return keys;
}

bool IsLink(std::string_view action) {
  return action == "add" || action == "set" || action == "remove" || action == "toggle";
}

bool Holds(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// users/<id>/roles:…: every role that changes hands must be within the caller's rights.
Task<Result<void>> GuardRolesOfUser(Call& call) {
  const std::int64_t user = std::strtoll(SourceKey(call).c_str(), nullptr, 10);
  RK_CO_TRY(held, co_await RolesOfUser(call, user));
  const std::vector<std::string> asked = LinkKeys(call, "name");
  std::vector<std::string> changed;
  if (call.action == "set") {
    for (const std::string& role : asked)
      if (!Holds(held, role)) changed.push_back(role);
    for (const std::string& role : held)
      if (!Holds(asked, role)) changed.push_back(role);
  } else {
    changed = asked;
  }
  RK_CO_CHECK_OK(CheckGrant(call, changed));
  const bool loses_root =
      Holds(held, access::kRootRole) &&
      (call.action == "set" ? !Holds(asked, access::kRootRole)
                            : call.action != "add" && Holds(asked, access::kRootRole));
  if (!loses_root) co_return Result<void>();
  RK_CO_TRY(others,
            co_await ReadRows(
                call, "root.others",
                R"(SELECT 1 FROM "rolesUsers" WHERE "roleName" = 'root' AND "userId" <> ? LIMIT 1)",
                Values(db::Value::Int(user))));
  if (others.empty()) {
    co_return Fail(Forbidden("LAST_ROOT_USER", "The last user with the role root cannot lose it",
                             "Give the role to somebody else first"));
  }
  co_return Result<void>();
}

// roles/<name>/users:…
Task<Result<void>> GuardUsersOfRole(Call& call) {
  const std::string role = SourceKey(call);
  std::vector<std::string> roles;
  roles.push_back(role);
  RK_CO_CHECK_OK(CheckGrant(call, roles));
  if (role != access::kRootRole || call.action == "add") co_return Result<void>();
  const std::vector<std::string> keys = LinkKeys(call, "id");
  RK_CO_TRY(rows,
            co_await ReadRows(call, "root.users",
                              R"(SELECT "userId" FROM "rolesUsers" WHERE "roleName" = 'root')"));
  bool remains = call.action == "set" && !keys.empty();
  for (std::size_t i = 0; i < rows.size() && call.action != "set"; ++i)
    remains |= !Holds(keys, rows.at(i, 0).ToText());
  if (!remains) {
    co_return Fail(Forbidden("LAST_ROOT_USER", "The last user with the role root cannot lose it",
                             "Give the role to somebody else first"));
  }
  co_return Result<void>();
}

}  // namespace

namespace {

// users/<id>/roles:… and roles/<name>/users:…: the guard, then the plain change with the source's
// permission settled.
template <records::LinkChange change>
Task<Result<records::Output>> ChangeGuardedLinks(Call& call) {
  RK_CO_CHECK_OK(co_await GuardIdentityWrite(call));
  records::Context context = call.context;
  const bool may = call.context.rules->MayCall(context.identity, call.resource, call.action);
  if (!may) co_return Fail(PermissionDenied("Ask an administrator to give your role this right"));
  context.granted = call.params.association->source_collection;
  auto output = co_await records::ChangeLinks(context, call.params, change, call.body);
  co_return std::move(output);
}

using records::LinkChange;
constexpr Action kLinkActions[] = {
    {"users.roles", "add", ChangeGuardedLinks<LinkChange::kAdd>},
    {"users.roles", "set", ChangeGuardedLinks<LinkChange::kSet>},
    {"users.roles", "remove", ChangeGuardedLinks<LinkChange::kRemove>},
    {"users.roles", "toggle", ChangeGuardedLinks<LinkChange::kToggle>},
    {"roles.users", "add", ChangeGuardedLinks<LinkChange::kAdd>},
    {"roles.users", "set", ChangeGuardedLinks<LinkChange::kSet>},
    {"roles.users", "remove", ChangeGuardedLinks<LinkChange::kRemove>},
    {"roles.users", "toggle", ChangeGuardedLinks<LinkChange::kToggle>},
};

}  // namespace

ActionList RoleLinkActions() { return kLinkActions; }

Task<Result<void>> GuardIdentityWrite(Call& call) {
  const access::Identity& identity = call.context.identity;
  const std::string_view source = call.params.association
                                      ? std::string_view(call.params.association->source_collection)
                                      : std::string_view();
  const std::string_view association = call.params.association
                                           ? std::string_view(call.params.association->association)
                                           : std::string_view();
  if (source == "users" && association == "roles" && IsLink(call.action)) {
    auto guarded = co_await GuardRolesOfUser(call);
    co_return std::move(guarded);
  }
  if (source == "roles" && association == "users" && IsLink(call.action)) {
    auto guarded = co_await GuardUsersOfRole(call);
    co_return std::move(guarded);
  }
  // Everything else that is not an action of ours (firstOrCreate on users, rows of rolesUsers by
  // hand, nested creates) would have to repeat every rule above; nobody but root has a use for it.
  // Ordering roles is harmless.
  if (identity.is_root || call.action == "move" || (IsLink(call.action) && association != "roles"))
    co_return Result<void>();
  co_return Fail(PermissionDenied("Use the actions create, update and destroy of users and roles"));
}

}  // namespace renkei::api
