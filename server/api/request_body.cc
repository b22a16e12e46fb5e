#include "api/request_body.h"

#include "base/text.h"
#include "net/query_string.h"

namespace renkei::api {
namespace {

// "application/json; charset=utf-8" → "application/json", lower case.
std::string MediaType(std::string_view content_type) {
  return ToLowerAscii(Trim(content_type.substr(0, content_type.find(';'))));
}

bool IsJson(std::string_view type) { return type == "application/json" || type.ends_with("+json"); }

}  // namespace

Result<json::value> ParseRequestBody(const net::Request& request) {
  if (request.body.empty()) return json::value(json::object());
  const std::string type = MediaType(request.content_type);
  if (type == "application/x-www-form-urlencoded") {
    RK_TRY(form, net::ParseQueryString(request.body));
    return json::value(std::move(form));
  }
  if (!IsJson(type)) return json::value(json::object());
  RK_TRY(document, ParseJson(request.body));
  if (!document.is_object() && !document.is_array()) {
    return Fail(InvalidArgument("INVALID_JSON", "The body must be a JSON object or array", "Send {\"field\": value}"));
  }
  return std::move(document);
}

}  // namespace renkei::api
