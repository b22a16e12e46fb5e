#include "auth/authenticate.h"

#include <algorithm>
#include <utility>

#include "access/role.h"
#include "auth/token.h"
#include "base/text.h"

namespace renkei::auth {
namespace {

using access::Identity;
using std::chrono::milliseconds;

constexpr std::string_view kExpiredText = "Your session has expired. Please sign in again.";
constexpr std::string_view kFileCookieName = "nb_auth_token_main";

Error Unauthenticated(std::string_view code, std::string_view message = kExpiredText) {
  return Error{ErrorKind::kUnauthenticated,
               code,
               std::string(message),
               "Sign in and send the new token",
               {},
               {},
               {}};
}

bool IsSafe(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

// What the request shows to prove who it is.
struct Credential {
  enum class Kind { kNone, kBearer, kCookie, kFileCookie } kind = Kind::kNone;
  std::string_view text;
};

Credential FindCredential(const net::Request& request, const AuthenticateOptions& options) {
  std::string_view header = Trim(request.authorization);
  constexpr std::string_view kBearer = "bearer ";
  if (!header.empty()) {
    if (header.size() > kBearer.size() &&
        EqualsIgnoreCaseAscii(header.substr(0, kBearer.size()), kBearer)) {
      header = Trim(header.substr(kBearer.size()));
    }
    return {Credential::Kind::kBearer, header};
  }
  if (const std::string_view key = Trim(request.Header("X-API-Key")); !key.empty()) {
    return {Credential::Kind::kBearer, key};
  }
  if (request.cookie.empty()) return {};
  std::string_view value =
      CookieValue(request.cookie, request.secure ? kSecureCookieName : kCookieName);
  if (!value.empty()) return {Credential::Kind::kCookie, value};
  if (options.allow_file_cookie && (request.method == "GET" || request.method == "HEAD")) {
    value = CookieValue(request.cookie, kFileCookieName);
    if (!value.empty()) return {Credential::Kind::kFileCookie, value};
  }
  return {};
}

// `token=` among the names of the query. Escaped spellings are no parameter of that name to any
// NocoBase client.
std::string_view QueryToken(std::string_view query) {
  constexpr std::string_view kName = "token=";
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    if (query.starts_with(kName))
      return query.substr(kName.size(), end == std::string_view::npos ? end : end - kName.size());
    if (end == std::string_view::npos) break;
    query.remove_prefix(end + 1);
  }
  return {};
}

// Is the session itself still good? (rest-api.md 10.4, 10.6)
Result<void> Judge(const Session& session, const SettingsSnapshot& settings, std::int64_t now) {
  if (session.user == nullptr) {
    return Fail(
        Unauthenticated("NOT_EXIST_USER", "User not found. Please sign in again to continue."));
  }
  if (session.ended == kReasonPassword)
    return Fail(Unauthenticated("INVALID_TOKEN", "User password changed, please signin again."));
  if (!session.ended.empty()) return Fail(Unauthenticated("BLOCKED_TOKEN"));
  if (session.kind == SessionKind::kApiKey) {
    if (now >= session.expires_ms) return Fail(Unauthenticated("INVALID_TOKEN"));
    return {};
  }
  if (now - session.signed_in_ms > settings.token_policy.session_life.count())
    return Fail(Unauthenticated("EXPIRED_SESSION"));
  if (session.kind == SessionKind::kCookie) {
    const std::int64_t idle = now - session.seen_ms->load(std::memory_order_relaxed);
    if (idle > milliseconds(kCookieIdleTimeout).count())
      return Fail(Unauthenticated("EXPIRED_SESSION"));
  } else if (now - session.expires_ms > settings.token_policy.renew_limit.count()) {
    return Fail(Unauthenticated("EXPIRED_SESSION"));
  }
  return {};
}

Result<void> CheckCsrf(const net::Request& request, const SessionStore& sessions,
                       const Session& session) {
  if (IsSafe(request.method)) return {};
  const bool same = EqualConstantTime(request.x_csrf_token, sessions.CsrfValue(session.family));
  if (same && !IsForeignOrigin(request)) return {};
  return Fail(Error{ErrorKind::kPermissionDenied,
                    "CSRF_FAILED",
                    "Invalid CSRF token",
                    "Send the value of the cookie renkei_csrf as X-CSRF-Token, from the same site",
                    {},
                    {},
                    {}});
}

// Which of the user's roles speak in this request (rest-api.md 10.7).
Result<void> ChooseRole(const net::Request& request, const SessionUser& user,
                        const SettingsSnapshot& settings, const access::AccessRules& rules,
                        std::string_view key_role, Identity& identity) {
  const std::string_view asked = Trim(request.x_role);
  identity.all_roles = user.roles;
  const auto held = [&](std::string_view role) {
    return std::ranges::find(user.roles, role) != user.roles.end();
  };
  if (!key_role.empty()) {  // an API key acts in its own role, whatever the header says
    if (!held(key_role))
      return Fail(
          Unauthenticated("ROLE_NOT_FOUND_FOR_USER", "The role does not belong to the user"));
    identity.roles = {std::string(key_role)};
    identity.current_role = key_role;
    identity.is_root = key_role == access::kRootRole;
    return {};
  }
  if (asked == kAnonymousRole) {
    if (rules.impl().Find(kAnonymousRole) == nullptr)
      return Fail(PermissionDenied("There is no role named anonymous"));
    identity.roles = {std::string(kAnonymousRole)};
    identity.current_role = kAnonymousRole;
    return {};
  }
  if (user.roles.empty()) {
    return Fail(Unauthenticated("USER_HAS_NO_ROLES_ERR",
                                "The current user has no roles. Please try another account."));
  }
  const bool union_allowed = settings.role_mode != kRoleModeDefault;
  const auto use_union = [&] {
    identity.roles = user.roles;
    identity.current_role = kUnionRole;
  };
  const auto use_one = [&](std::string_view role) {
    identity.roles = {std::string(role)};
    identity.current_role = role;
  };
  if (asked == kUnionRole) {
    if (union_allowed)
      use_union();
    else
      use_one(user.roles.front());
  } else if (!asked.empty() && !held(asked)) {
    return Fail(Unauthenticated("ROLE_NOT_FOUND_FOR_USER", "The role does not belong to the user"));
  } else if (settings.role_mode == kRoleModeOnlyUnion) {
    use_union();
  } else if (!asked.empty()) {
    use_one(asked);
  } else if (user.default_role == kUnionRole && union_allowed) {
    use_union();
  } else {
    use_one(held(user.default_role) ? std::string_view(user.default_role)
                                    : std::string_view(user.roles.front()));
  }
  identity.is_root = std::ranges::find(identity.roles, access::kRootRole) != identity.roles.end();
  return {};
}

// Late tokens: a bearer gets its successor in a header and goes on; a cookie is replaced
// (auth.md 3.2).
Task<Result<void>> RenewIfDue(const net::Request& request, net::Answer& answer,
                              SessionStore& sessions, SessionRef session, std::string token,
                              std::int64_t now) {
  if (session->kind == SessionKind::kBearer) {
    if (now < session->expires_ms) co_return Result<void>();
    if (request.accept.find("text/event-stream") != std::string_view::npos)
      co_return Fail(Unauthenticated("SKIP_TOKEN_RENEW"));
    RK_CO_TRY(successor, co_await sessions.Renew(session, std::move(token), request.deadline));
    answer.AddHeader("x-new-token", successor);
    co_return Result<void>();
  }
  if (session->replaced_ms != 0 &&
      now - session->replaced_ms > milliseconds(kCookieGrace).count()) {
    std::string family = session->family;
    RK_CO_CHECK_OK(co_await sessions.End(std::move(family), kReasonReuse, request.deadline));
    co_return Fail(Unauthenticated("BLOCKED_TOKEN"));
  }
  if (now < session->expires_ms) co_return Result<void>();
  RK_CO_TRY(successor, co_await sessions.Rotate(session, std::move(token), request.deadline));
  const std::string csrf = sessions.CsrfValue(session->family);
  SetBrowserCookies(request, answer, successor, csrf);
  co_return Result<void>();
}

Task<Result<Identity>> Settle(const net::Request& request, net::Answer& answer,
                              SessionStore& sessions, const SettingsSnapshot& settings,
                              const access::AccessRules& rules, AuthenticateOptions options) {
  Credential credential = FindCredential(request, options);
  if (const std::string_view in_url = QueryToken(request.query); !in_url.empty()) {
    if (!options.allow_query_token) {
      co_return Fail(InvalidArgument("TOKEN_IN_URL", "Tokens are not accepted in the address",
                                     "Send it as Authorization: Bearer <token>", "token"));
    }
    if (credential.kind == Credential::Kind::kNone)
      credential = {Credential::Kind::kBearer, in_url};
  }
  if (credential.kind == Credential::Kind::kNone) {
    co_return Fail(Unauthenticated("EMPTY_TOKEN", "Unauthenticated. Please sign in to continue."));
  }
  SessionRef session;
  if (credential.kind == Credential::Kind::kFileCookie) {
    RK_CO_TRY(found, co_await sessions.FindFileCookie(credential.text, request.deadline));
    session = std::move(found);
  } else {
    session = sessions.Cached(credential.text);
    if (session == nullptr) {
      RK_CO_TRY(found, co_await sessions.Find(credential.text, request.deadline));
      session = std::move(found);
    }
    // A cookie's value is no bearer token, nor the other way round.
    const bool by_cookie = credential.kind == Credential::Kind::kCookie;
    if (session != nullptr && (session->kind == SessionKind::kCookie) != by_cookie)
      session = nullptr;
  }
  if (session == nullptr) co_return Fail(Unauthenticated("INVALID_TOKEN"));
  const std::int64_t now = NowMs();
  if (auto good = Judge(*session, settings, now); !good) co_return Fail(std::move(good).error());

  Identity identity;
  identity.kind =
      session->kind == SessionKind::kApiKey ? Identity::Kind::kApiKey : Identity::Kind::kUser;
  identity.user_id = session->user->id;
  identity.user_name = session->user->name;
  identity.session_id = session->family;
  identity.user = session->user->row;
  if (credential.kind == Credential::Kind::kCookie)
    RK_CO_CHECK_OK(CheckCsrf(request, sessions, *session));
  if (credential.kind != Credential::Kind::kFileCookie) {
    if (now >= session->expires_ms || session->replaced_ms != 0) {
      std::string token(credential.text);
      RK_CO_CHECK_OK(
          co_await RenewIfDue(request, answer, sessions, session, std::move(token), now));
    }
    if (SessionStore::NeedsTouch(*session, now)) {
      std::string address(request.remote_address);
      // A database that cannot be written to must not lock readers out.
      auto touched = co_await sessions.Touch(session, std::move(address), request.deadline);
      (void)touched;
    }
  }
  const std::string_view key_role = session->kind == SessionKind::kApiKey
                                        ? std::string_view(session->authenticator)
                                        : std::string_view();
  RK_CO_CHECK_OK(ChooseRole(request, *session->user, settings, rules, key_role, identity));
  co_return std::move(identity);
}

Task<Result<Identity>> SettleIfPossible(const net::Request& request, net::Answer& answer,
                                        SessionStore& sessions, const SettingsSnapshot& settings,
                                        const access::AccessRules& rules,
                                        AuthenticateOptions options) {
  auto identity = co_await Settle(request, answer, sessions, settings, rules, options);
  if (!identity && identity.error().code != "TOKEN_IN_URL") co_return Identity();
  co_return std::move(identity);
}

}  // namespace

Task<Result<Identity>> Authenticate(const net::Request& request, net::Answer& answer,
                                    SessionStore& sessions, const SettingsSnapshot& settings,
                                    const access::AccessRules& rules, AuthenticateOptions options) {
  if (options.required) return Settle(request, answer, sessions, settings, rules, options);
  return SettleIfPossible(request, answer, sessions, settings, rules, options);
}

}  // namespace renkei::auth
