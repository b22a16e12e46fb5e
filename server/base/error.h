// Error says what went wrong in a way the caller can act on. It is a plain value: cheap to move, safe to copy,
// made where the fault is found and turned into an answer in exactly one place (api/error_answer.cc).
// Codes are stable words in capitals, documented in docs/reference/errors.md and never reused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace renkei {

enum class ErrorKind {
  kInvalidArgument,    // fix the request: 400
  kUnprocessable,      // our own documents are not valid: 422
  kUnauthenticated,    // sign in: 401
  kPermissionDenied,   // ask for rights: 403
  kNotFound,           // choose another: 404
  kMethodNotAllowed,   // use POST: 405
  kConflict,           // reload, try again: 409
  kTooLarge,           // send less: 413
  kResourceExhausted,  // slow down: 429, Retry-After
  kUnavailable,        // wait: 503, Retry-After
  kDeadlineExceeded,   // allow longer: 504
  kCancelled,          // the caller went away
  kUpstream,           // look at the other system: 502
  kUnsupported,        // use another source or field: 501
  kInternal,           // report it: 500, the answer carries only a trace id
};

struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string_view code = "INTERNAL";  // always a string literal
  std::string message;                 // for the person who called; no secrets, no SQL, no rows
  std::string hint;                    // what to try; may be empty
  std::string field;                   // the name of the field or parameter at fault; may be empty
  std::string detail;                  // for the operator's log only, never in an answer
  std::vector<Error> also;             // further problems of the same request
};

// The HTTP status of a kind (style.md 2.6).
int HttpStatus(ErrorKind kind);

inline Error InvalidArgument(std::string_view code, std::string message, std::string hint = {},
                             std::string field = {}) {
  return Error{ErrorKind::kInvalidArgument, code, std::move(message), std::move(hint), std::move(field), {}, {}};
}
inline Error NotFound(std::string_view code, std::string message, std::string hint = {}) {
  return Error{ErrorKind::kNotFound, code, std::move(message), std::move(hint), {}, {}, {}};
}
inline Error Internal(std::string detail) {
  return Error{ErrorKind::kInternal, "INTERNAL", "Something went wrong on the server",
               "Give the trace id to your administrator", {}, std::move(detail), {}};
}
inline Error Unavailable(std::string_view code, std::string message, std::string detail = {}) {
  return Error{ErrorKind::kUnavailable, code, std::move(message), "Try again in a moment", {}, std::move(detail), {}};
}
inline Error PermissionDenied(std::string hint = {}) {
  return Error{ErrorKind::kPermissionDenied, "NO_PERMISSION", "No permissions", std::move(hint), {}, {}, {}};
}

}  // namespace renkei
