// auth:sessions, sessions:*: a user sees where they are signed in, and ends it (AUTH-162).
#include <algorithm>

#include "api/resource/identity_support.h"
#include "auth/login_guard.h"
#include "base/text.h"

namespace renkei::api {
namespace {

using records::Output;

Task<Result<Output>> List(Call& call) {
  RK_CO_TRY(sessions, co_await call.services.sessions.List(call.context.identity.user_id,
                                                           call.context.deadline));
  for (json::value& session : sessions) {
    session.get_object()["current"] =
        FindString(session.get_object(), "id") == call.context.identity.session_id;
  }
  co_return Answer(sessions);
}

// One's own only; an unknown one is nothing to end.
Task<Result<Output>> Revoke(Call& call) {
  std::string id = TargetKey(call);
  if (id.empty()) id = BodyText(call, "id");
  RK_CO_TRY(rows, co_await ReadRows(
                      call, "session.owner",
                      R"(SELECT 1 FROM "sessions" WHERE "family" = ? AND "userId" = ? LIMIT 1)",
                      Values(db::Value::Text(id), db::Value::Int(call.context.identity.user_id))));
  if (rows.empty()) co_return Answer(json::value(0));
  RK_CO_CHECK_OK(
      co_await call.services.sessions.End(id, auth::kReasonSignedOut, call.context.deadline));
  co_await Journal(call, "revoke", "sessions", id);
  co_return Answer(json::value(1));
}

Task<Result<Output>> RevokeAll(Call& call) {
  const std::int64_t user = call.context.identity.user_id;
  RK_CO_CHECK_OK(co_await call.services.sessions.EndUser(
      user, call.context.identity.session_id, auth::kReasonSignedOut, call.context.deadline));
  co_await Journal(call, "revokeAll", "sessions", std::to_string(user));
  co_return NoAnswer();
}

// lockouts:*: accounts that may not sign in for a while after wrong passwords, for whoever manages
// users.
Task<Result<Output>> ListLockouts(Call& call) {
  std::vector<db::Value> params = Values(db::Value::Int(NowMs()));
  RK_CO_TRY(
      rows,
      co_await ReadRows(
          call, "lockout.list",
          R"(SELECT "account","lockedUntil","locks" FROM "lockouts" WHERE "lockedUntil" > ? ORDER BY "account")",
          std::move(params)));
  json::array out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out.emplace_back(json::object{{"account", rows.at(i, 0).ToText()},
                                  {"lockedUntil", IsoUtc(rows.at(i, 1).ToInt())},
                                  {"locks", rows.at(i, 2).ToInt()}});
  }
  co_return Answer(out);
}

Task<Result<Output>> DestroyLockout(Call& call) {
  const std::string account = ToLowerAscii(TargetKey(call));
  db::Statement statement =
      Sql(call, "lockout.destroy", R"(DELETE FROM "lockouts" WHERE "account" = ?)",
          {db::Value::Text(account)});
  RK_CO_TRY(gone,
            co_await call.services.database.Write(std::move(statement), call.context.deadline));
  call.services.login_guard.Unlock(account);
  co_await Journal(call, "destroy", "lockouts", account);
  co_return Answer(json::value(gone.affected()));
}

constexpr Action kActions[] = {
    {"lockouts", "list", ListLockouts, false},
    {"lockouts", "destroy", DestroyLockout},
    {"auth", "sessions", List, false},
    {"sessions", "list", List, false},
    {"sessions", "revoke", Revoke},
    {"sessions", "revokeAll", RevokeAll},
};

}  // namespace

ActionList SessionActions() { return kActions; }

}  // namespace renkei::api
