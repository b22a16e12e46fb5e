// auth:sessions, sessions:*: a user sees where they are signed in, and ends it (AUTH-162).
#include <algorithm>

#include "api/resource/identity_support.h"

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

constexpr Action kActions[] = {
    {"auth", "sessions", List, false},
    {"sessions", "list", List, false},
    {"sessions", "revoke", Revoke},
    {"sessions", "revokeAll", RevokeAll},
};

}  // namespace

ActionList SessionActions() { return kActions; }

}  // namespace renkei::api
