// RequestParser turns bytes into a Request: sans-I/O, so that tests and the fuzzer feed it
// directly. Beast parses heads and is seen by http_parser.cc alone.
//
// One parser serves one connection, one request after the other. Views in the Request point into
// the bytes given to ParseHead (or into the parser, for folded lines) and live until the next
// ParseHead.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"

namespace renkei::net {

// Size of the first complete head in `bytes`, its empty line included. `searched` tells how many
// bytes were looked at before and is moved on.
std::optional<std::size_t> FindHeadEnd(std::string_view bytes, std::size_t& searched);
// Can no continuation make these bytes the start of a request? (Another protocol, line feeds
// without carriage returns.)
bool CannotBeHead(std::string_view bytes);

// Used by the parser: one pass over the head (hot-path.md 1).
void CollectHeader(Request& request, std::string_view name, std::string_view value);
void ClearHeaders(Request& request);

enum class ParseFault {
  kNone,
  kMalformed,         // 400
  kVersion,           // 505
  kTransferEncoding,  // 501: anything but "chunked"
  kBodyTooLarge,      // 413
};

class RequestParser {
 public:
  explicit RequestParser(std::size_t body_limit);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  // How the message goes on after its head.
  struct Framing {
    bool http11 = true;
    bool keep_alive = true;
    bool chunked = false;
    bool expects_continue = false;
    std::uint64_t content_length = 0;
    std::string_view request_id;  // X-Request-Id as sent
  };

  // `head` is complete (FindHeadEnd). Fills method, target, path, query and the headers.
  ParseFault ParseHead(std::string_view head, Request& request);
  const Framing& framing() const;

  // After a head with `chunked`: appends decoded bytes to `body`. Bytes that were not used must be
  // given again, followed by more.
  struct Chunks {
    std::size_t used = 0;
    bool complete = false;
    ParseFault fault = ParseFault::kNone;
  };
  Chunks ParseChunks(std::string_view bytes, std::string& body);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace renkei::net
