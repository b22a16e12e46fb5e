// auth:* (rest-api.md 10.1, auth.md 1.3, 2.1, 3.2).
#include <utility>

#include "api/resource/identity_support.h"
#include "api/resource/sign_in.h"
#include "auth/accounts.h"
#include "auth/login_guard.h"
#include "auth/password.h"
#include "auth/token.h"
#include "base/id.h"
#include "base/observe.h"
#include "base/text.h"

namespace renkei::api {
namespace {

using auth::Authenticator;
using records::Output;

constexpr std::string_view kWrongCredentials =
    "The username/email or password is incorrect, please re-enter";
constexpr std::size_t kMaxTriedPassword = 1024;  // bytes; longer ones are wrong without a hash
constexpr std::chrono::minutes kResetTokenLife{30};

Error Unauthenticated(std::string_view code, std::string_view message) {
  return Error{ErrorKind::kUnauthenticated, code, std::string(message), {}, {}, {}, {}};
}

std::string RequestedAuthenticator(const Call& call) {
  const std::string_view name = Trim(call.request.x_authenticator);
  return name.empty() ? "basic" : std::string(name);
}

// For sign-in an unknown name means the first enabled one, if that takes passwords (auth.md 1.1);
// elsewhere it is 404.
Result<Authenticator> FindPasswordAuthenticator(const Call& call, bool fall_back) {
  const auth::SettingsRef settings = call.services.settings.Current();
  const std::string name = RequestedAuthenticator(call);
  const Authenticator* found = settings->FindAuthenticator(name);
  if (found == nullptr && fall_back) {
    for (const Authenticator& candidate : settings->authenticators) {
      if (!candidate.enabled) continue;
      if (candidate.type == auth::kPasswordAuthType) found = &candidate;
      break;
    }
  }
  if (found == nullptr || !found->enabled || found->type != auth::kPasswordAuthType) {
    return Fail(NotFound("AUTHENTICATOR_NOT_FOUND", "Authenticator '" + name + "' is not available",
                         "authenticators:publicList names those that are"));
  }
  return *found;
}

// The lock of an account lives in the database, so that a restart does not lift it and every node
// sees it.
Task<Result<void>> RestoreLock(Call& call, std::string account) {
  auth::LoginGuard& guard = call.services.login_guard;
  if (!guard.enabled()) co_return Result<void>();
  std::vector<db::Value> params = Values(db::Value::Text(ToLowerAscii(account)));
  RK_CO_TRY(rows,
            co_await ReadRows(call, "lockout.find",
                              R"(SELECT "lockedUntil","locks" FROM "lockouts" WHERE "account" = ?)",
                              std::move(params)));
  std::optional<auth::LoginGuard::Lock> kept;
  if (!rows.empty()) {
    kept = auth::LoginGuard::Lock{rows.at(0, 0).ToInt(), static_cast<int>(rows.at(0, 1).ToInt())};
  }
  guard.Restore(account, kept);
  co_return Result<void>();
}

Task<void> KeepLock(Call& call, std::string account, auth::LoginGuard::Lock lock) {
  db::Statement statement =
      Sql(call, "lockout.keep",
          R"(INSERT INTO "lockouts" ("account","lockedUntil","locks") VALUES (?,?,?)
         ON CONFLICT ("account") DO UPDATE SET "lockedUntil" = excluded."lockedUntil", "locks" = excluded."locks")",
          {db::Value::Text(ToLowerAscii(account).substr(0, 255)), db::Value::Int(lock.until_ms),
           db::Value::Int(lock.locks)});
  auto written = co_await call.services.database.Write(std::move(statement), call.context.deadline);
  (void)written;  // the lock holds in this process all the same
}

Task<Result<Output>> SignIn(Call& call) {
  if (auth::IsForeignOrigin(call.request, call.services.cors_origins)) {
    co_return Fail(Forbidden("INVALID_ORIGIN", "Invalid sign-in origin",
                             "Sign in from a page of this server"));
  }
  RK_CO_TRY(authenticator, FindPasswordAuthenticator(call, true));
  std::string account = BodyText(call, "account");
  const bool email_only = account.empty();
  if (email_only) account = BodyText(call, "email");
  account = std::string(Trim(account));
  if (account.empty()) {
    co_return Fail(InvalidArgument("MISSING_ACCOUNT", "Please enter your username or email",
                                   "Send account and password", "account"));
  }
  auth::LoginGuard& guard = call.services.login_guard;
  const std::string address(call.request.remote_address);
  RK_CO_CHECK_OK(co_await RestoreLock(call, account));
  if (auto may = guard.MayTry(account, address); !may) {
    Emit(SignInTried{account, address, may.error().code});
    co_return Fail(std::move(may).error());
  }
  RK_CO_TRY(found, co_await auth::FindAccount(call.services.database, account, email_only,
                                              call.context.deadline));
  std::string password = BodyText(call, "password");
  if (password.size() > kMaxTriedPassword) password.clear();
  std::string stored = found ? found->password_hash : std::string();
  RK_CO_TRY(check, co_await auth::VerifyPasswordAsync(stored, password));
  if (!found || !check.matches) {
    if (const auto lock = guard.Failed(account, address)) co_await KeepLock(call, account, *lock);
    Emit(SignInTried{account, address, "WRONG_CREDENTIALS"});
    std::string who;
    if (found) who = std::to_string(found->id);
    co_await Journal(call, "signIn", "auth", std::move(who), "WRONG_CREDENTIALS");
    co_return Fail(Unauthenticated("WRONG_CREDENTIALS", kWrongCredentials));
  }
  guard.Succeeded(account, address);
  if (guard.enabled()) {
    db::Statement forget =
        Sql(call, "lockout.forget", R"(DELETE FROM "lockouts" WHERE "account" = ?)",
            {db::Value::Text(ToLowerAscii(account))});
    RK_CO_CHECK_OK(co_await call.services.database.Write(std::move(forget), call.context.deadline));
  }
  if (check.needs_rehash) {
    RK_CO_TRY(hash, co_await auth::HashPasswordAsync(std::move(password)));
    db::Statement upgrade = auth::RehashStatement(call.services.database.dialect(), found->id,
                                                  found->password_hash, std::move(hash));
    RK_CO_CHECK_OK(
        co_await call.services.database.Write(std::move(upgrade), call.context.deadline));
  }
  Emit(SignInTried{account, address, "ok"});
  auto answer = co_await AnswerSignedIn(call, found->id, authenticator.name);
  co_return std::move(answer);
}

Task<Result<Output>> SignOut(Call& call) {
  RK_CO_CHECK_OK(co_await call.services.sessions.End(
      call.context.identity.session_id, auth::kReasonSignedOut, call.context.deadline));
  auth::ClearCookies(call.request, call.answer);
  co_await Journal(call, "signOut", "auth", std::to_string(call.context.identity.user_id));
  co_return NoAnswer();
}

Task<Result<Output>> SignOutEverywhere(Call& call) {
  const std::int64_t user = call.context.identity.user_id;
  RK_CO_CHECK_OK(co_await call.services.sessions.EndUser(user, {}, auth::kReasonSignedOut,
                                                         call.context.deadline));
  auth::ClearCookies(call.request, call.answer);
  co_await Journal(call, "signOutEverywhere", "auth", std::to_string(user));
  co_return NoAnswer();
}

Task<Result<Output>> Check(Call& call) {
  std::vector<std::string> appends;
  appends.emplace_back("roles");
  RK_CO_TRY(user,
            co_await FetchOne(call, "users", call.context.identity.user_id, std::move(appends)));
  co_return Answer(user);
}

Task<Result<Output>> SyncCookies(Call& call) {
  const auth::SettingsRef settings = call.services.settings.Current();
  auth::SetLegacyCookies(call.request, call.answer,
                         call.services.sessions.FileCookie(call.context.identity.session_id),
                         RequestedAuthenticator(call), call.context.identity.current_role,
                         settings->token_policy.session_life);
  co_return Answer(json::object{{"synced", true}});
}

Task<Result<Output>> ChangePassword(Call& call) {
  if (!call.services.settings.Current()->enable_change_password) {
    co_return Fail(Forbidden("PASSWORD_CHANGE_DISABLED", "Password is not allowed to be changed",
                             "Ask an administrator"));
  }
  const std::string fresh = BodyText(call, "newPassword");
  if (fresh.empty() || fresh != BodyText(call, "confirmPassword")) {
    co_return Fail(InvalidArgument("PASSWORD_MISMATCH",
                                   "The password is inconsistent, please re-enter",
                                   "Send the same text twice", "confirmPassword"));
  }
  RK_CO_TRY(found,
            co_await auth::FindAccountById(call.services.database, call.context.identity.user_id,
                                           call.context.deadline));
  if (!found)
    co_return Fail(
        Unauthenticated("NOT_EXIST_USER", "User not found. Please sign in again to continue."));
  const std::string address(call.request.remote_address);
  const std::string account =
      "#" + std::to_string(found->id);  // guesses at the old password count by user, not by name
  RK_CO_CHECK_OK(call.services.login_guard.MayTry(account, address));
  RK_CO_TRY(check, co_await auth::VerifyPasswordAsync(found->password_hash,
                                                      BodyText(call, "oldPassword")));
  if (!check.matches) {
    call.services.login_guard.Failed(account, address);
    co_await Journal(call, "changePassword", "auth", std::to_string(found->id), "WRONG_PASSWORD");
    co_return Fail(Unauthenticated("WRONG_PASSWORD", "The password is incorrect, please re-enter"));
  }
  call.services.login_guard.Succeeded(account, address);
  RK_CO_CHECK_OK(auth::CheckPasswordPolicy(fresh, found->username, found->email));
  RK_CO_TRY(hash, co_await auth::HashPasswordAsync(fresh));
  RK_CO_CHECK_OK(co_await StorePassword(call, found->id, hash, call.context.identity.session_id,
                                        "changePassword"));
  RK_CO_TRY(user, co_await FetchOne(call, "users", found->id));
  co_return Answer(user);
}

// ------------------------------------------------------------------------------------------------
// forgotten passwords

// Byte for byte the same for every address: no trace id inside (the header X-Request-Id has it).
Output AnswerResetDisabled(Call& call) {
  call.raw = true;
  call.answer.status = 403;
  call.answer.body =
      R"({"errors":[{"message":"Not allowed to reset password","code":"PASSWORD_RESET_DISABLED","hint":"Ask an administrator for a new password"}]})";
  return {};
}

// The answer is the same for every address. A newer request voids the older ones.
Task<Result<Output>> LostPassword(Call& call) {
  if (Trim(call.request.x_authenticator).empty()) {
    co_return Fail(InvalidArgument("MISSING_AUTHENTICATOR",
                                   "Missing X-Authenticator in request header",
                                   "Send X-Authenticator: basic"));
  }
  RK_CO_TRY(authenticator, FindPasswordAuthenticator(call, false));
  if (!authenticator.allow_password_reset()) co_return AnswerResetDisabled(call);
  RK_CO_CHECK_OK(
      call.services.login_guard.CountPublicAction("lostPassword", call.request.remote_address));
  RK_CO_TRY(found, co_await auth::FindAccount(call.services.database, BodyText(call, "email"), true,
                                              call.context.deadline));
  if (found) {
    const std::string token = RandomToken(32);
    const std::string hash = Sha256Hex(token), password = Sha256Hex(found->password_hash);
    const std::int64_t user = found->id,
                       expires = NowMs() + std::chrono::milliseconds(kResetTokenLife).count();
    auto body = [&](db::Connection& connection) -> Task<Result<void>> {
      std::vector<db::Statement> statements;
      statements.push_back(Sql(call, "reset.void",
                               R"(DELETE FROM "passwordResets" WHERE "userId" = ?)",
                               {db::Value::Int(user)}));
      statements.push_back(Sql(
          call, "reset.create",
          R"(INSERT INTO "passwordResets" ("tokenHash","userId","passwordHash","expiresAt") VALUES (?,?,?,?))",
          {db::Value::Text(hash), db::Value::Int(user), db::Value::Text(password),
           db::Value::Int(expires)}));
      statements.push_back(JournalStatement(call, "lostPassword", "auth", std::to_string(user)));
      RK_CO_CHECK_OK(co_await connection.RunAll(std::move(statements)));
      co_return Result<void>();
    };
    db::TransactionBody work = body;
    RK_CO_CHECK_OK(
        co_await call.services.database.Transact(std::move(work), call.context.deadline));
  }
  co_return AnswerNoContent(call);
}

struct ResetTicket {
  std::int64_t user_id = 0;
  std::string username, email;
};

// A living ticket of that token, or 401 for every reason alike.
Task<Result<ResetTicket>> FindTicket(Call& call) {
  const std::string token = BodyText(call, "resetToken");
  RK_CO_TRY(
      rows,
      co_await ReadRows(
          call, "reset.find",
          R"(SELECT r."userId", r."passwordHash", u."password", u."username", u."email" FROM "passwordResets" r
         JOIN "users" u ON u."id" = r."userId" WHERE r."tokenHash" = ? AND r."usedAt" IS NULL AND r."expiresAt" > ?)",
          Values(db::Value::Text(Sha256Hex(token)), db::Value::Int(NowMs()))));
  if (token.empty() || rows.empty() ||
      rows.at(0, 1).ToText() != Sha256Hex(rows.at(0, 2).ToText())) {
    co_return Fail(Unauthenticated("TOKEN_EXPIRED", "Token expired"));
  }
  co_return ResetTicket{rows.at(0, 0).ToInt(), rows.at(0, 3).ToText(), rows.at(0, 4).ToText()};
}

Task<Result<Output>> CheckResetToken(Call& call) {
  RK_CO_CHECK_OK(
      call.services.login_guard.CountPublicAction("resetPassword", call.request.remote_address));
  RK_CO_CHECK_OK(co_await FindTicket(call));
  co_return Answer(json::value(true));
}

Task<Result<Output>> ResetPassword(Call& call) {
  RK_CO_CHECK_OK(
      call.services.login_guard.CountPublicAction("resetPassword", call.request.remote_address));
  RK_CO_TRY(ticket, co_await FindTicket(call));
  const std::string password = BodyText(call, "password");
  RK_CO_CHECK_OK(auth::CheckPasswordPolicy(password, ticket.username, ticket.email));
  RK_CO_TRY(hash, co_await auth::HashPasswordAsync(password));
  const std::string token_hash = Sha256Hex(BodyText(call, "resetToken"));
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    db::Statement use = Sql(
        call, "reset.use",
        R"(UPDATE "passwordResets" SET "usedAt" = ? WHERE "tokenHash" = ? AND "usedAt" IS NULL)",
        {db::Value::Int(NowMs()), db::Value::Text(token_hash)});
    RK_CO_TRY(used, co_await connection.Run(std::move(use)));
    if (used.affected() == 0) co_return Fail(Unauthenticated("TOKEN_EXPIRED", "Token expired"));
    auto statements = auth::PasswordStatements(call.services.database, ticket.user_id, hash, {});
    statements.push_back(
        JournalStatement(call, "resetPassword", "auth", std::to_string(ticket.user_id)));
    RK_CO_CHECK_OK(co_await connection.RunAll(std::move(statements)));
    co_return Result<void>();
  };
  db::TransactionBody work = body;
  RK_CO_CHECK_OK(co_await call.services.database.Transact(std::move(work), call.context.deadline));
  call.services.sessions.ForgetUser(ticket.user_id);
  co_return AnswerNoContent(call);
}

// -----------------------------------------------------------------------------------------------------------
// sign-up

// The form's own fields; without one, a user name and what NocoBase's clients send besides.
std::vector<std::string> SignUpFields(const Authenticator& authenticator,
                                      std::vector<std::string>& required) {
  std::vector<std::string> fields;
  const json::value* shared = Find(authenticator.options, "public");
  const json::value* form =
      shared != nullptr && shared->is_object() ? Find(shared->get_object(), "signupForm") : nullptr;
  if (form != nullptr && form->is_array()) {
    for (const json::value& item : form->get_array()) {
      if (!item.is_object() || !FindBool(item.get_object(), "show")) continue;
      fields.emplace_back(FindString(item.get_object(), "field"));
      if (FindBool(item.get_object(), "required")) required.push_back(fields.back());
    }
  }
  const auto has = [&](std::string_view name) {
    for (const std::string& field : required)
      if (field == name) return true;
    return false;
  };
  if (fields.empty()) fields = {"username", "email", "nickname", "phone"};
  if (!has("username") && !has("email")) required.emplace_back("username");
  return fields;
}

Task<Result<Output>> SignUp(Call& call) {
  RK_CO_TRY(authenticator, FindPasswordAuthenticator(call, true));
  if (!authenticator.allow_sign_up())
    co_return Fail(Forbidden("SIGN_UP_DISABLED", "Not allowed to sign up",
                             "Ask an administrator for an account"));
  RK_CO_CHECK_OK(
      call.services.login_guard.CountPublicAction("signUp", call.request.remote_address));
  std::vector<std::string> required;
  json::object values;
  for (const std::string& field : SignUpFields(authenticator, required)) {
    if (std::string text = BodyText(call, field); !text.empty()) values[field] = std::move(text);
  }
  const std::string username(FindString(values, "username"));
  for (const std::string& field : required) {
    if (values.contains(field)) continue;
    const bool name = field == "username";
    co_return Fail(InvalidArgument("MISSING_FIELD",
                                   name ? "Please enter a valid username" : "Please enter " + field,
                                   {}, field));
  }
  if (!username.empty() && !auth::IsValidUsername(username)) {
    co_return Fail(InvalidArgument("INVALID_USERNAME", "Please enter a valid username",
                                   "1 to 50 characters, none of @ < > \" ' /", "username"));
  }
  const std::string password = BodyText(call, "password");
  if (password.empty() || password != BodyText(call, "confirm_password")) {
    co_return Fail(InvalidArgument("PASSWORD_MISMATCH",
                                   "The password is inconsistent, please re-enter",
                                   "Send the same text twice", "confirm_password"));
  }
  if (!values.contains("nickname"))
    values["nickname"] =
        username.empty() ? FindString(values, "email") : std::string_view(username);
  NewUser user;
  user.values = std::move(values);
  user.password = password;
  RK_CO_CHECK_OK(co_await CreateUserRecord(call, std::move(user)));
  co_return NoAnswer();
}

constexpr Action kActions[] = {
    {"auth", "signIn", SignIn},
    {"auth", "signUp", SignUp},
    {"auth", "signOut", SignOut},
    {"auth", "signOutEverywhere", SignOutEverywhere},
    {"auth", "check", Check, false},
    {"auth", "syncCookies", SyncCookies},
    {"auth", "changePassword", ChangePassword},
    {"auth", "lostPassword", LostPassword},
    {"auth", "resetPassword", ResetPassword},
    {"auth", "checkResetToken", CheckResetToken},
};

}  // namespace

ActionList AuthActions() { return kActions; }

}  // namespace renkei::api
