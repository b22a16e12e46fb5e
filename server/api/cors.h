// Cross-origin rules of the API (rest-api.md 1, SEC-09): without a list any origin is echoed, never with credentials;
// with a list only its members, with credentials.
#pragma once

#include <span>
#include <string>

#include "net/http.h"

namespace renkei::api {

void AddCorsHeaders(const net::Request& request, std::span<const std::string> allowed, net::Answer& answer);
void AnswerPreflight(const net::Request& request, std::span<const std::string> allowed, net::Answer& answer);

}  // namespace renkei::api
