// users:* where users are more than records: passwords are hashed, roles are granted, the first
// user stays (rest-api.md 10.1, 12.4, 17).
#include <algorithm>
#include <utility>

#include "api/resource/grants.h"
#include "api/resource/identity_actions.h"
#include "api/resource/identity_support.h"
#include "api/resource/sign_in.h"
#include "auth/accounts.h"
#include "auth/password.h"
#include "base/text.h"
#include "records/write_guard.h"

namespace renkei::api {
namespace {

using db::Value;
using records::Output;

constexpr std::int64_t kFirstUser = 1;
// What makes an account; whoever changes these on somebody else's could sign in as them.
constexpr std::string_view kAccountFields[] = {"password", "username", "email", "phone", "roles"};
constexpr std::string_view kProfileFields[] = {"nickname", "username", "email", "phone", "appLang"};

Result<void> CheckUsername(const json::object& values) {
  const json::value* username = Find(values, "username");
  if (username == nullptr || username->is_null()) return {};
  const std::string_view text =
      username->is_string() ? View(username->get_string()) : std::string_view();
  if (username->is_string() && text.empty()) return {};  // no user name
  if (auth::IsValidUsername(text)) return {};
  return Fail(InvalidArgument("INVALID_USERNAME", "Please enter a valid username",
                              "1 to 50 characters, none of @ < > \" ' /", "username"));
}

// What the caller's permission, whitelist and blacklist leave of a key that never reaches records.
bool Accepts(const Call& call, const access::Permission& permission, std::string_view key) {
  const auto in = [&](const std::vector<std::string>& names) {
    return std::ranges::find(names, key) != names.end();
  };
  if (!call.params.whitelist.empty() && !in(call.params.whitelist)) return false;
  return !in(call.params.blacklist) && permission.MayField(key);
}

// Values without `password` and `roles`, which are returned apart.
struct TakenApart {
  json::object values;
  std::string password;
  std::optional<std::vector<std::string>> roles;
};

// Associations of users with users, roles and the like (a field "manager", say) may be linked here, but not written through:
// a nested user would escape every check of this file.
void LinksOnly(const schema::Collection& users, json::object& values) {
  for (auto& member : values) {
    const schema::Field* field = users.FindField(member.key());
    if (field == nullptr || !field->is_relation() || !TouchesAccess(field->relation->target)) continue;
    const std::string key = field->relation->target_key.empty() ? "id" : field->relation->target_key;
    const std::vector<std::string> keys = KeyTexts(member.value(), key);
    if (field->relation->to_many()) member.value() = json::array(keys.begin(), keys.end());
    else if (keys.empty()) member.value() = nullptr;
    else member.value() = keys.front();
  }
}

Result<TakenApart> TakeApart(const Call& call, const json::value& body, std::string_view action) {
  TakenApart out;
  if (!body.is_object())
    return Fail(InvalidArgument("INVALID_BODY", "A user must be a JSON object"));
  const access::Permission permission = call.context.Check(SystemCollection(call, "users"), action);
  out.values = body.get_object();
  if (const json::value* password = out.values.if_contains("password")) {
    if (password->is_string() && Accepts(call, permission, "password"))
      out.password = std::string(View(password->get_string()));
    out.values.erase("password");
  }
  if (const json::value* roles = out.values.if_contains("roles")) {
    if (Accepts(call, permission, "roles")) out.roles = KeyTexts(*roles, "name");
    out.values.erase("roles");
  }
  for (const std::string_view secret : {"resetToken", "passwordChangedAt"})
    out.values.erase(secret);
  if (!call.context.identity.is_root) LinksOnly(SystemCollection(call, "users"), out.values);
  RK_CHECK_OK(CheckUsername(out.values));
  return out;
}

Task<Result<json::value>> CreateOne(Call& call, const json::value& body) {
  RK_CO_TRY(parts, TakeApart(call, body, "create"));
  if (parts.roles) RK_CO_CHECK_OK(CheckGrant(call, *parts.roles));
  const bool with_roles = parts.roles.has_value();
  NewUser user;
  user.values = std::move(parts.values);
  user.password = std::move(parts.password);
  user.roles = std::move(parts.roles);
  user.enforce_access = true;
  RK_CO_TRY(made, co_await CreateUserRecord(call, std::move(user)));
  if (!with_roles || !made.is_object()) co_return std::move(made);
  std::vector<std::string> appends;
  appends.emplace_back("roles");
  json::value id = made.get_object()["id"];
  RK_CO_TRY(full, co_await FetchOne(call, "users", std::move(id), std::move(appends)));
  if (full.is_object()) made.get_object()["roles"] = full.get_object()["roles"];
  co_return std::move(made);
}

Task<Result<Output>> Create(Call& call) {
  if (!call.body.is_array()) {
    RK_CO_TRY(made, co_await CreateOne(call, call.body));
    co_return Answer(made);
  }
  json::array all;
  for (const json::value& item : call.body.get_array()) {
    RK_CO_TRY(made, co_await CreateOne(call, item));
    all.push_back(std::move(made));
  }
  co_return Answer(all);
}

std::vector<std::int64_t> Ids(const json::array& keys) {
  std::vector<std::int64_t> out;
  for (const json::value& key : keys) {
    if (key.is_number())
      out.push_back(key.to_number<std::int64_t>());
    else if (key.is_string())
      out.push_back(std::strtoll(std::string(View(key.get_string())).c_str(), nullptr, 10));
  }
  return out;
}

// Whatever `permission_name` lets the caller select.
Task<Result<std::vector<std::int64_t>>> SelectIds(db::Connection& connection, const Call& call,
                                                  const records::Params& params,
                                                  std::string_view permission_name) {
  const schema::Collection& users = SystemCollection(call, "users");
  const access::Permission permission = call.context.Check(users, permission_name);
  if (!permission.allowed) co_return Fail(PermissionDenied());
  RK_CO_TRY(keys,
            co_await records::SelectKeysIn(connection, call.context, users, params, permission));
  co_return Ids(keys);
}

Task<Result<Output>> Update(Call& call) {
  RK_CO_CHECK_OK(records::CheckWriteGuard("update", call.params));
  RK_CO_TRY(parts, TakeApart(call, call.body, "update"));
  const bool touches_account = std::ranges::any_of(
      kAccountFields, [&](std::string_view name) { return BodyMembers(call).contains(name); });
  std::string hash;
  if (!parts.password.empty()) {
    RK_CO_TRY(made, co_await auth::HashPasswordAsync(parts.password));
    hash = std::move(made);
  }
  const schema::Collection& users = SystemCollection(call, "users");
  const json::value values = parts.values;
  const bool read_back =
      parts.values.empty();  // nothing for records to write: the rows are only read
  json::value document;
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    RK_CO_TRY(ids, co_await SelectIds(connection, call, call.params, "update"));
    if (touches_account) RK_CO_CHECK_OK(co_await CheckMayActOn(connection, call, ids));
    if (!read_back) {
      RK_CO_TRY(rows,
                co_await records::UpdateIn(connection, call.context, users, call.params, values));
      document = std::move(rows);
    }
    for (const std::int64_t id : ids) {
      if (parts.roles) {
        if (id != call.context.identity.user_id || !call.context.identity.is_root)
          RK_CO_CHECK_OK(CheckGrant(call, *parts.roles));
        RK_CO_CHECK_OK(co_await SetUserRoles(connection, call, id, *parts.roles));
      }
      if (hash.empty()) continue;
      RK_CO_CHECK_OK(auth::CheckPasswordPolicy(parts.password, FindString(parts.values, "username"),
                                               FindString(parts.values, "email")));
      const bool self = id == call.context.identity.user_id;
      auto statements =
          auth::PasswordStatements(call.services.database, id, hash,
                                   self ? call.context.identity.session_id : std::string());
      statements.push_back(JournalStatement(call, "changePassword", "users", std::to_string(id)));
      RK_CO_CHECK_OK(co_await connection.RunAll(std::move(statements)));
    }
    if (parts.roles) RK_CO_CHECK_OK(co_await CheckRootRemains(connection, call));
    if (read_back) {
      records::Params rows_wanted;
      json::array keys(ids.begin(), ids.end());
      rows_wanted.filter_by_tk = std::move(keys);
      rows_wanted.paginate = false;
      const records::Context own = OwnContext(call);
      RK_CO_TRY(rows, co_await records::FetchIn(connection, own, users, rows_wanted));
      document = std::move(rows);
    }
    co_return Result<void>();
  };
  db::TransactionBody work = body;
  RK_CO_CHECK_OK(co_await call.services.database.Transact(std::move(work), call.context.deadline));
  co_return Answer(document);
}

Task<Result<Output>> Destroy(Call& call) {
  RK_CO_CHECK_OK(records::CheckWriteGuard("destroy", call.params));
  const schema::Collection& users = SystemCollection(call, "users");
  std::int64_t count = 0;
  std::vector<std::int64_t> gone;
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    RK_CO_TRY(ids, co_await SelectIds(connection, call, call.params, "destroy"));
    if (std::ranges::find(ids, kFirstUser) != ids.end()) {
      co_return Fail(Forbidden("PROTECTED_USER", "The first user cannot be deleted",
                               "Take away its roles or change its password instead"));
    }
    RK_CO_CHECK_OK(co_await CheckMayActOn(connection, call, ids));
    RK_CO_TRY(destroyed, co_await records::DestroyIn(connection, call.context, users, call.params));
    count = destroyed;
    gone = ids;
    for (const std::int64_t id : ids) {
      std::vector<db::Statement> statements;
      statements.push_back(Sql(call, "user.clearRoles",
                               R"(DELETE FROM "rolesUsers" WHERE "userId" = ?)", {Value::Int(id)}));
      statements.push_back(Sql(call, "user.clearBindings",
                               R"(DELETE FROM "usersAuthenticators" WHERE "userId" = ?)",
                               {Value::Int(id)}));
      statements.push_back(Sql(call, "user.clearKeys", R"(DELETE FROM "apiKeys" WHERE "createdById" = ?)",
                               {Value::Int(id)}));
      statements.push_back(Sql(call, "user.clearResets",
                               R"(DELETE FROM "passwordResets" WHERE "userId" = ?)",
                               {Value::Int(id)}));
      db::Statement notify =
          call.services.database.NotifyStatement(auth::kSessionTopic, "user:" + std::to_string(id));
      if (!notify.sql.empty()) statements.push_back(std::move(notify));
      RK_CO_CHECK_OK(co_await connection.RunAll(std::move(statements)));
    }
    if (!ids.empty()) RK_CO_CHECK_OK(co_await CheckRootRemains(connection, call));
    co_return Result<void>();
  };
  db::TransactionBody work = body;
  RK_CO_CHECK_OK(co_await call.services.database.Transact(std::move(work), call.context.deadline));
  for (const std::int64_t id : gone) call.services.sessions.ForgetUser(id);
  co_return Answer(json::value(count));
}

// -----------------------------------------------------------------------------------------------------------
// oneself

Task<Result<void>> UpdateSelf(Call& call, json::object values) {
  records::Context own = OwnContext(call);
  const schema::Collection& users = SystemCollection(call, "users");
  records::Params params;
  params.filter_by_tk = json::value(call.context.identity.user_id);
  const json::value body = std::move(values);
  auto updated = co_await records::Update(own, users, params, body);
  if (!updated) co_return Fail(std::move(updated).error());
  co_return Result<void>();
}

Task<Result<Output>> UpdateProfile(Call& call) {
  if (!call.services.settings.Current()->enable_edit_profile) {
    co_return Fail(Forbidden("PROFILE_EDIT_DISABLED", "User profile is not allowed to be edited",
                             "Ask an administrator"));
  }
  json::object values;
  for (const std::string_view name : kProfileFields) {
    if (const json::value* value = Find(BodyMembers(call), name)) values[name] = *value;
  }
  if (const json::value* username = Find(values, "username")) {
    const bool emptied = username->is_null() ||
                         (username->is_string() && Trim(View(username->get_string())).empty());
    if (emptied)
      co_return Fail(InvalidArgument("INVALID_USERNAME", "Please enter a valid username",
                                     "A user name cannot be taken away", "username"));
  }
  RK_CO_CHECK_OK(CheckUsername(values));
  if (!values.empty()) RK_CO_CHECK_OK(co_await UpdateSelf(call, std::move(values)));
  RK_CO_TRY(user, co_await FetchOne(call, "users", call.context.identity.user_id));
  co_return Answer(user);
}

Task<Result<Output>> UpdateLang(Call& call) {
  json::object values;
  const std::string language = BodyText(call, "appLang");
  if (language.empty())
    values["appLang"] = nullptr;
  else
    values["appLang"] = language;
  RK_CO_CHECK_OK(co_await UpdateSelf(call, std::move(values)));
  co_return NoAnswer();
}

Task<Result<Output>> SetDefaultRole(Call& call) {
  const std::string role = BodyText(call, "roleName");
  const std::int64_t user = call.context.identity.user_id;
  const bool all = role == auth::kUnionRole;
  if (all && call.services.settings.Current()->role_mode == auth::kRoleModeDefault) {
    co_return Fail(InvalidArgument("UNION_NOT_ALLOWED", "Roles cannot be combined on this system",
                                   "roles:setSystemRoleMode changes that", "roleName"));
  }
  if (!all && std::ranges::find(call.context.identity.all_roles, role) ==
                  call.context.identity.all_roles.end()) {
    co_return Fail(InvalidArgument("ROLE_NOT_FOUND", "Role not found",
                                   "Choose one of your own roles", "roleName"));
  }
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    std::vector<db::Statement> statements;
    statements.push_back(
        Sql(call, "role.noUnion",
            R"(DELETE FROM "rolesUsers" WHERE "userId" = ? AND "roleName" = '__union__')",
            {Value::Int(user)}));
    statements.push_back(
        Sql(call, "role.default",
            R"(UPDATE "rolesUsers" SET "default" = ("roleName" = ?) WHERE "userId" = ?)",
            {Value::Text(role), Value::Int(user)}));
    if (all) {
      const Value now = NowValue();
      statements.push_back(Sql(
          call, "role.union",
          R"(INSERT INTO "rolesUsers" ("userId","roleName","default","createdAt","updatedAt") VALUES (?,?,?,?,?))",
          {Value::Int(user), Value::Text(role), Value::Bool(true), now, now}));
    }
    RK_CO_CHECK_OK(co_await connection.RunAll(std::move(statements)));
    co_return Result<void>();
  };
  db::TransactionBody work = body;
  RK_CO_CHECK_OK(co_await call.services.database.Transact(std::move(work), call.context.deadline));
  call.services.sessions.ForgetUser(user);
  co_return Answer(json::value("ok"));
}

// ------------------------------------------------------------------------------------------------------
// for managers

Task<Result<Output>> ListExcludeRole(Call& call) {
  RK_CO_TRY(rows, co_await ReadRows(call, "role.users",
                                    R"(SELECT "userId" FROM "rolesUsers" WHERE "roleName" = ?)",
                                    Values(Value::Text(ParameterText(call, "roleName")))));
  json::array held;
  for (std::size_t i = 0; i < rows.size(); ++i) held.emplace_back(rows.at(i, 0).ToInt());
  records::Params params = call.params;
  if (!held.empty()) {
    json::value outside = json::object{{"id", json::object{{"$notIn", std::move(held)}}}};
    json::array parts;
    if (params.filter) parts.push_back(std::move(*params.filter));
    parts.push_back(std::move(outside));
    params.filter = json::object{{"$and", std::move(parts)}};
  }
  const records::Context own = OwnContext(call);
  auto output = co_await records::List(own, SystemCollection(call, "users"), params);
  co_return std::move(output);
}

Task<Result<Output>> GetSystemSettings(Call& call) {
  const auth::SettingsRef settings = call.services.settings.Current();
  co_return Answer(json::object{{"enableEditProfile", settings->enable_edit_profile},
                                {"enableChangePassword", settings->enable_change_password}});
}

Task<Result<Output>> UpdateSystemSettings(Call& call) {
  for (const std::string_view name : {"enableEditProfile", "enableChangePassword"}) {
    const json::value* value = Find(BodyMembers(call), name);
    if (value == nullptr || !value->is_bool()) continue;
    db::Statement statement =
        Sql(call, "settings.users",
            std::string(R"(UPDATE "systemSettings" SET ")").append(name).append(R"(" = ?)"),
            {Value::Bool(value->get_bool())});
    RK_CO_CHECK_OK(
        co_await call.services.database.Write(std::move(statement), call.context.deadline));
  }
  co_await Journal(call, "updateSystemSettings", "users", {});
  co_return NoAnswer();
}

constexpr Action kActions[] = {
    {"users", "create", Create},
    {"users", "update", Update},
    {"users", "destroy", Destroy},
    {"users", "updateProfile", UpdateProfile},
    {"users", "updateLang", UpdateLang},
    {"users", "setDefaultRole", SetDefaultRole},
    {"users", "listExcludeRole", ListExcludeRole, false},
    {"users", "getSystemSettings", GetSystemSettings, false},
    {"users", "updateSystemSettings", UpdateSystemSettings},
};

}  // namespace

ActionList UserActions() { return kActions; }

}  // namespace renkei::api
