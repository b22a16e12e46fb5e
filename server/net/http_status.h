// Status lines. Pure.
#pragma once

#include <string_view>

namespace renkei::net {

// "404 Not Found"; a status without a known phrase is "500 Internal Server Error".
std::string_view StatusLine(int status);
// 1xx, 204 and 304 have neither body nor Content-Length.
constexpr bool StatusHasBody(int status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace renkei::net
