// setup:status, setup:run: the first administrator makes their account in the browser, with the
// one-time token printed at start. As soon as there is a user, both are over for good.
#include <utility>

#include "api/resource/identity_actions.h"
#include "api/resource/identity_support.h"
#include "api/resource/sign_in.h"
#include "auth/accounts.h"
#include "auth/bootstrap.h"
#include "auth/login_guard.h"
#include "auth/password.h"
#include "base/text.h"

namespace renkei::api {
namespace {

using records::Output;

Task<Result<Output>> Status(Call& call) {
  RK_CO_TRY(has_users, co_await auth::HasUsers(call.services.database, call.context.deadline));
  co_return Answer(json::object{{"needed", !has_users}});
}

Result<auth::NewAccount> ReadAccount(const Call& call) {
  auth::NewAccount account;
  account.email = std::string(Trim(BodyText(call, "email")));
  account.username = std::string(Trim(BodyText(call, "username")));
  account.nickname = std::string(Trim(BodyText(call, "nickname")));
  account.language = BodyText(call, "language");
  account.password = BodyText(call, "password");
  const std::size_t at = account.email.find('@');
  if (at == 0 || at == std::string::npos || at + 1 == account.email.size()) {
    return Fail(InvalidArgument("INVALID_EMAIL", "Please enter a valid email",
                                "An address such as name@example.com", "email"));
  }
  if (!account.username.empty() && !auth::IsValidUsername(account.username)) {
    return Fail(InvalidArgument("INVALID_USERNAME", "Please enter a valid username",
                                "1 to 50 characters, none of @ < > \" ' /", "username"));
  }
  RK_CHECK_OK(auth::CheckPasswordPolicy(account.password, account.username, account.email));
  return account;
}

Task<Result<void>> StoreChoices(Call& call) {
  std::string sql = R"(UPDATE "systemSettings" SET "updatedAt" = ?)";
  std::vector<db::Value> params;
  params.push_back(NowValue());
  if (const std::string language = BodyText(call, "language"); !language.empty()) {
    sql += R"(, "appLang" = ?)";
    params.push_back(db::Value::Text(language));
  }
  if (const std::string zone = BodyText(call, "timezone"); !zone.empty() && TimeZone::Parse(zone)) {
    sql += R"(, "timezone" = ?)";
    params.push_back(db::Value::Text(zone));
  }
  db::Statement statement = Sql(call, "setup.settings", sql, std::move(params));
  auto written = co_await call.services.database.Write(std::move(statement), call.context.deadline);
  if (!written) co_return Fail(std::move(written).error());
  co_return Result<void>();
}

Task<Result<Output>> Run(Call& call) {
  RK_CO_TRY(has_users, co_await auth::HasUsers(call.services.database, call.context.deadline));
  if (has_users || call.services.setup_token.empty()) co_return Fail(NotHere());
  if (auth::IsForeignOrigin(call.request, call.services.cors_origins)) {
    co_return Fail(Forbidden("INVALID_ORIGIN", "Invalid sign-in origin",
                             "Open the address that the server printed"));
  }
  RK_CO_CHECK_OK(call.services.login_guard.CountPublicAction("setup", call.request.remote_address));
  if (!EqualConstantTime(BodyText(call, "token"), call.services.setup_token)) {
    co_return Fail(Forbidden("WRONG_SETUP_TOKEN", "This set-up link is not valid",
                             "Open the address that the server printed when it started"));
  }
  RK_CO_TRY(account, ReadAccount(call));
  RK_CO_TRY(id, co_await auth::CreateFirstUser(call.services.database, std::move(account),
                                               call.context.deadline));
  if (id == 0) co_return Fail(NotHere());
  RK_CO_CHECK_OK(co_await StoreChoices(call));
  RK_CO_CHECK_OK(co_await RefreshAccess(call.services, call.context.deadline));
  auto answer = co_await AnswerSignedIn(call, id, "basic");
  co_return std::move(answer);
}

constexpr Action kActions[] = {
    {"setup", "status", Status, false},
    {"setup", "run", Run},
};

}  // namespace

ActionList SetupActions() { return kActions; }

}  // namespace renkei::api
