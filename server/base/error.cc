#include "base/error.h"

namespace renkei {

int HttpStatus(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidArgument: return 400;
    case ErrorKind::kUnprocessable: return 422;
    case ErrorKind::kUnauthenticated: return 401;
    case ErrorKind::kPermissionDenied: return 403;
    case ErrorKind::kNotFound: return 404;
    case ErrorKind::kMethodNotAllowed: return 405;
    case ErrorKind::kConflict: return 409;
    case ErrorKind::kTooLarge: return 413;
    case ErrorKind::kResourceExhausted: return 429;
    case ErrorKind::kUnavailable: return 503;
    case ErrorKind::kDeadlineExceeded: return 504;
    case ErrorKind::kCancelled: return 499;
    case ErrorKind::kUpstream: return 502;
    case ErrorKind::kUnsupported: return 501;
    case ErrorKind::kInternal: return 500;
  }
  return 500;
}

}  // namespace renkei
