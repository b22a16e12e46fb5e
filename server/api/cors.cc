#include "api/cors.h"

#include <algorithm>

namespace renkei::api {
namespace {

constexpr std::string_view kPreflightSeconds = "600";

// An origin is scheme://host[:port]; anything else ("null", a list, control characters) is never echoed.
bool IsPlainOrigin(std::string_view origin) {
  return (origin.starts_with("http://") || origin.starts_with("https://")) &&
         origin.find_first_of(" ,\"'<>\r\n\t") == std::string_view::npos;
}

bool IsToken(std::string_view list) {
  return std::all_of(list.begin(), list.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ',' || c == ' ';
  });
}

}  // namespace

void AddCorsHeaders(const net::Request& request, std::span<const std::string> allowed, net::Answer& answer) {
  if (request.origin.empty() || !IsPlainOrigin(request.origin)) return;
  answer.AddHeader("Vary", "Origin");
  const bool listed = std::find(allowed.begin(), allowed.end(), request.origin) != allowed.end();
  if (!allowed.empty() && !listed) return;
  answer.AddHeader("Access-Control-Allow-Origin", request.origin);
  if (listed) answer.AddHeader("Access-Control-Allow-Credentials", "true");
  answer.AddHeader("Access-Control-Expose-Headers", "content-disposition,x-new-token,x-request-id");
}

void AnswerPreflight(const net::Request& request, std::span<const std::string> allowed, net::Answer& answer) {
  answer.status = 204;
  answer.body.clear();
  AddCorsHeaders(request, allowed, answer);
  answer.AddHeader("Access-Control-Allow-Methods", "GET,HEAD,PUT,POST,DELETE,PATCH");
  answer.AddHeader("Access-Control-Max-Age", kPreflightSeconds);
  const std::string_view headers = request.Header("access-control-request-headers");
  if (!headers.empty() && IsToken(headers)) answer.AddHeader("Access-Control-Allow-Headers", headers);
}

}  // namespace renkei::api
