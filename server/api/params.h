// The parameters of the standard actions from the query string (rest-api.md 3.2). Pure.
#pragma once

#include "api/url.h"
#include "base/json.h"
#include "base/result.h"
#include "records/params.h"

namespace renkei::api {

// `query` is what net::ParseQueryString gave. Errors are 400 and name the parameter.
Result<records::Params> ParseParams(const json::object& query, const Address& address);

}  // namespace renkei::api
