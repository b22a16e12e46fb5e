// The body of an API request as a document (rest-api.md 1, 3.3): JSON or urlencoded; anything else gives {}.
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "net/http.h"

namespace renkei::api {

// Object or array. Errors: INVALID_JSON (400) naming the place of the fault.
Result<json::value> ParseRequestBody(const net::Request& request);

}  // namespace renkei::api
