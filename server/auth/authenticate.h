// Authenticate settles who a request is: bearer token or cookie, then the role
// (rest-api.md 10.2-10.7, auth.md 3.2).
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "access/access_rules.h"
#include "access/identity.h"
#include "auth/session_store.h"
#include "auth/settings.h"
#include "base/result.h"
#include "base/task.h"
#include "net/http.h"

namespace renkei::auth {

inline constexpr std::string_view kUnionRole = "__union__";
inline constexpr std::string_view kAnonymousRole = "anonymous";
inline constexpr std::string_view kCookieName = "renkei_sid";
inline constexpr std::string_view kSecureCookieName = "__Host-renkei_sid";
inline constexpr std::string_view kCsrfCookieName = "renkei_csrf";

struct AuthenticateOptions {
  bool required =
      true;  // false (public endpoints): whoever cannot be settled is anonymous, no error
  bool allow_file_cookie =
      false;  // GET and HEAD of file addresses: NocoBase's nb_auth_token_<app> counts
  bool allow_query_token = false;  // compatibility switch, off by default: ?token=
};

// Adds X-New-Token or renewed cookies to `answer`. Errors: 401 with the codes of rest-api.md 10.6,
// 400 TOKEN_IN_URL, 403 CSRF_FAILED ("Invalid CSRF token"), 403 when the anonymous role is not set
// up.
Task<Result<access::Identity>> Authenticate(const net::Request& request, net::Answer& answer,
                                            SessionStore& sessions,
                                            const SettingsSnapshot& settings,
                                            const access::AccessRules& rules,
                                            AuthenticateOptions options = {});

// The value of a cookie of the request, "" when absent.
std::string_view CookieValue(std::string_view cookie_header, std::string_view name);
bool UsesCookieMode(const net::Request& request);  // X-Auth-Mode: cookie

// Set-Cookie lines for a session: our own pages' cookies, or NocoBase's four (good for files only).
void SetBrowserCookies(const net::Request& request, net::Answer& answer, std::string_view token,
                       std::string_view csrf);
void SetLegacyCookies(const net::Request& request, net::Answer& answer, std::string_view file_value,
                      std::string_view authenticator, std::string_view role,
                      std::chrono::milliseconds life);
void ClearCookies(const net::Request& request, net::Answer& answer);

// Origin or Referer, when sent, must be this host (or listed). Sec-Fetch-Site cross-site is foreign
// too.
bool IsForeignOrigin(const net::Request& request, std::span<const std::string> trusted = {});

}  // namespace renkei::auth
