// The one place where an Error becomes an HTTP answer: {"errors":[{message, code, hint?, field?, traceId}]}.
#pragma once

#include <string_view>

#include "base/error.h"
#include "net/http.h"

namespace renkei::api {

// Localises the message, sets status, body and Retry-After; reports kInternal errors as a Fault observation.
void AnswerError(const Error& error, std::string_view trace_id, std::string_view locale, net::Answer& answer);

// The plain-text 404 of an unknown address (rest-api.md 2.5).
void AnswerNotFound(net::Answer& answer);

}  // namespace renkei::api
