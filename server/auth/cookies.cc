// Cookies and origins: what a browser sends by itself, and so what other sites can make it send.
#include <fmt/format.h>

#include <algorithm>

#include "auth/authenticate.h"
#include "auth/token.h"
#include "base/text.h"

namespace renkei::auth {
namespace {

constexpr std::string_view kApp = "main";
constexpr std::string_view kSetCookie = "Set-Cookie";

// "https://Host:443/path" → "host:443"; empty when it is no absolute http address ("null").
std::string HostOf(std::string_view address) {
  const bool secure = address.starts_with("https://");
  if (!secure && !address.starts_with("http://")) return {};
  address.remove_prefix(secure ? 8 : 7);
  std::string host = ToLowerAscii(address.substr(0, address.find_first_of("/?#")));
  const std::string_view default_port = secure ? ":443" : ":80";
  if (host.ends_with(default_port)) host.resize(host.size() - default_port.size());
  return host;
}

std::string OwnHost(const net::Request& request) {
  std::string host = ToLowerAscii(request.host);
  for (const std::string_view port : {":443", ":80"}) {
    if (host.ends_with(port)) {
      host.resize(host.size() - port.size());
      break;
    }
  }
  return host;
}

void Set(net::Answer& answer, bool secure, std::string_view name, std::string_view value,
         std::string_view more) {
  answer.AddHeader(kSetCookie, fmt::format("{}={}; Path=/; SameSite=Lax{}{}", name, value,
                                           secure ? "; Secure" : "", more));
}

}  // namespace

std::string_view CookieValue(std::string_view cookie_header, std::string_view name) {
  while (!cookie_header.empty()) {
    const std::size_t end = cookie_header.find(';');
    std::string_view pair = Trim(cookie_header.substr(0, end));
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return pair.substr(name.size() + 1);
    if (end == std::string_view::npos) break;
    cookie_header.remove_prefix(end + 1);
  }
  return {};
}

bool UsesCookieMode(const net::Request& request) {
  return EqualsIgnoreCaseAscii(request.x_auth_mode, "cookie");
}

void SetBrowserCookies(const net::Request& request, net::Answer& answer, std::string_view token,
                       std::string_view csrf) {
  Set(answer, request.secure, request.secure ? kSecureCookieName : kCookieName, token,
      "; HttpOnly");
  Set(answer, request.secure, kCsrfCookieName, csrf, "");
}

void SetLegacyCookies(const net::Request& request, net::Answer& answer, std::string_view file_value,
                      std::string_view authenticator, std::string_view role,
                      std::chrono::milliseconds life) {
  const std::string age =
      fmt::format("; Max-Age={}", std::chrono::duration_cast<std::chrono::seconds>(life).count());
  Set(answer, request.secure, fmt::format("nb_auth_token_{}", kApp), file_value,
      "; HttpOnly" + age);
  Set(answer, request.secure, fmt::format("nb_authenticator_{}", kApp),
      PercentEncode(authenticator), "; HttpOnly" + age);
  Set(answer, request.secure, fmt::format("nb_role_{}", kApp), PercentEncode(role), age);
  // NocoBase's clients read it; nothing here accepts it.
  Set(answer, request.secure, fmt::format("nb_csrf_token_{}", kApp),
      Base64Url(file_value.substr(0, 24)), age);
}

void ClearCookies(const net::Request& request, net::Answer& answer) {
  const auto clear = [&](std::string_view name, bool http_only) {
    if (CookieValue(request.cookie, name).empty()) return;
    Set(answer, request.secure, name, "", http_only ? "; HttpOnly; Max-Age=0" : "; Max-Age=0");
  };
  clear(kSecureCookieName, true);
  clear(kCookieName, true);
  clear(kCsrfCookieName, false);
  clear(fmt::format("nb_auth_token_{}", kApp), true);
  clear(fmt::format("nb_authenticator_{}", kApp), true);
  clear(fmt::format("nb_role_{}", kApp), false);
  clear(fmt::format("nb_csrf_token_{}", kApp), false);
}

bool IsForeignOrigin(const net::Request& request, std::span<const std::string> trusted) {
  const std::string_view source = !request.origin.empty() ? request.origin : request.referer;
  if (source.empty()) return request.Header("Sec-Fetch-Site") == "cross-site";
  const std::string host = HostOf(source);
  if (host.empty()) return true;
  if (host == OwnHost(request)) return false;
  return std::ranges::none_of(trusted, [&](const std::string& origin) {
    const std::size_t scheme = origin.find("://");
    return scheme != std::string::npos && source.starts_with(origin.substr(0, scheme)) &&
           HostOf(origin) == host;
  });
}

}  // namespace renkei::auth
