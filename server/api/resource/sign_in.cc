#include "api/resource/sign_in.h"

#include <utility>

#include "api/resource/identity_support.h"
#include "auth/accounts.h"
#include "auth/password.h"

namespace renkei::api {

using db::Value;

Task<Result<records::Output>> AnswerSignedIn(Call& call, std::int64_t user_id,
                                             std::string authenticator) {
  auth::SessionStore& sessions = call.services.sessions;
  const bool cookie = auth::UsesCookieMode(call.request);
  auth::NewSession wanted;
  wanted.user_id = user_id;
  wanted.kind = cookie ? auth::SessionKind::kCookie : auth::SessionKind::kBearer;
  wanted.authenticator = authenticator;
  wanted.remote_address = std::string(call.request.remote_address);
  wanted.user_agent = std::string(call.request.user_agent.substr(0, 512));
  RK_CO_TRY(issued, co_await sessions.Issue(std::move(wanted), call.context.deadline));
  RK_CO_TRY(user, co_await FetchOne(call, "users", user_id));
  call.context.identity.kind = access::Identity::Kind::kUser;
  call.context.identity.user_id = user_id;
  call.context.identity.session_id = issued.family;
  co_await Journal(call, "signIn", "auth", std::to_string(user_id));
  json::object data{{"user", std::move(user)}};
  if (cookie) {
    auth::SetBrowserCookies(call.request, call.answer, issued.token,
                            sessions.CsrfValue(issued.family));
  } else {
    data["token"] = issued.token;
    const auth::SettingsRef settings = call.services.settings.Current();
    auth::SetLegacyCookies(call.request, call.answer, sessions.FileCookie(issued.family),
                           authenticator, {}, settings->token_policy.session_life);
  }
  co_return Answer(std::move(data));
}

Task<Result<void>> StorePassword(Call& call, std::int64_t user_id, std::string hash,
                                 std::string keep_family, std::string_view action) {
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    auto statements = auth::PasswordStatements(call.services.database, user_id, hash, keep_family);
    statements.push_back(JournalStatement(call, action, "users", std::to_string(user_id)));
    RK_CO_CHECK_OK(co_await connection.RunAll(std::move(statements)));
    co_return Result<void>();
  };
  db::TransactionBody work = body;
  auto done = co_await call.services.database.Transact(std::move(work), call.context.deadline);
  call.services.sessions.ForgetUser(user_id);
  co_return std::move(done);
}

Task<Result<void>> SetUserRoles(db::Connection& connection, const Call& call, std::int64_t user_id,
                                const std::vector<std::string>& roles) {
  db::Statement clear =
      Sql(call, "user.clearRoles", R"(DELETE FROM "rolesUsers" WHERE "userId" = ?)",
          {Value::Int(user_id)});
  RK_CO_CHECK_OK(co_await connection.Run(std::move(clear)));
  std::int64_t now = NowMs();
  for (const std::string& role : roles) {
    // A millisecond apart, so that their order is the order in which they were given.
    const std::string stamp = IsoUtc(now++);
    db::Statement insert =
        Sql(call, "user.addRole",
            R"(INSERT INTO "rolesUsers" ("userId","roleName","default","createdAt","updatedAt")
         SELECT ?, "name", ?, ?, ? FROM "roles" WHERE "name" = ? ON CONFLICT ("userId","roleName") DO NOTHING)",
            {Value::Int(user_id), Value::Bool(false), Value::Text(stamp), Value::Text(stamp),
             Value::Text(role)});
    RK_CO_CHECK_OK(co_await connection.Run(std::move(insert)));
    db::Statement look = Sql(call, "user.hasRole",
                             R"(SELECT 1 FROM "rolesUsers" WHERE "userId" = ? AND "roleName" = ?)",
                             {Value::Int(user_id), Value::Text(role)});
    RK_CO_TRY(held, co_await connection.Run(std::move(look)));
    if (held.empty()) {
      co_return Fail(InvalidArgument("ROLE_NOT_FOUND", "Role not found: " + role,
                                     "roles:list names those that exist", "roles"));
    }
  }
  co_return Result<void>();
}

namespace {

Task<Result<void>> GiveDefaultRole(db::Connection& connection, const Call& call,
                                   std::int64_t user_id) {
  const Value now = NowValue();
  db::Statement insert =
      Sql(call, "user.defaultRole",
          R"(INSERT INTO "rolesUsers" ("userId","roleName","default","createdAt","updatedAt")
         SELECT ?, "name", ?, ?, ? FROM "roles" WHERE "default" = ? ON CONFLICT ("userId","roleName") DO NOTHING)",
          {Value::Int(user_id), Value::Bool(false), now, now, Value::Bool(true)});
  RK_CO_CHECK_OK(co_await connection.Run(std::move(insert)));
  co_return Result<void>();
}

}  // namespace

Task<Result<json::value>> CreateUserRecord(Call& call, NewUser user) {
  std::string hash;
  if (!user.password.empty()) {
    RK_CO_TRY(made, co_await auth::HashPasswordAsync(user.password));
    hash = std::move(made);
  }
  records::Context context = call.context;
  context.enforce_access = user.enforce_access;
  const schema::Collection& users = SystemCollection(call, "users");
  records::Params params;
  params.whitelist = call.params.whitelist;
  params.blacklist = call.params.blacklist;
  params.update_association_values = call.params.update_association_values;
  json::value document;
  const json::value values = user.values;
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    RK_CO_TRY(made, co_await records::CreateIn(connection, context, users, params, values));
    document = std::move(made);
    const std::int64_t id = document.is_object() ? FindInt(document.get_object(), "id") : 0;
    if (!user.password.empty()) {
      RK_CO_CHECK_OK(auth::CheckPasswordPolicy(user.password, FindString(user.values, "username"),
                                               FindString(user.values, "email")));
      db::Statement set =
          Sql(call, "user.password",
              R"(UPDATE "users" SET "password" = ?, "passwordChangedAt" = ? WHERE "id" = ?)",
              {Value::Text(hash), NowValue(), Value::Int(id)});
      RK_CO_CHECK_OK(co_await connection.Run(std::move(set)));
    }
    if (user.roles && !user.roles->empty())
      RK_CO_CHECK_OK(co_await SetUserRoles(connection, call, id, *user.roles));
    else
      RK_CO_CHECK_OK(co_await GiveDefaultRole(connection, call, id));
    co_return Result<void>();
  };
  db::TransactionBody work = body;
  RK_CO_CHECK_OK(co_await call.services.database.Transact(std::move(work), call.context.deadline));
  co_return std::move(document);
}

}  // namespace renkei::api
