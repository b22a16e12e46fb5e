// The `qs` dialect of query strings and form bodies (rest-api.md 3.1): brackets, indexed arrays, strict nulls.
// Values are strings or null; nested names become objects and arrays. Pure.
#pragma once

#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace renkei::net {

inline constexpr std::size_t kMaxQueryDepth = 20;        // brackets below a name; QUERY_TOO_DEEP
inline constexpr std::size_t kMaxQueryArrayIndex = 100;  // a larger index makes an object
inline constexpr std::size_t kMaxQueryPairs = 5000;      // QUERY_TOO_LONG

// "a[b][]=1&c" -> {"a":{"b":["1"]},"c":null}. Errors: 400 naming the parameter.
Result<json::object> ParseQueryString(std::string_view query);

}  // namespace renkei::net
