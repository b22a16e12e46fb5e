// What the HTTP server hands to the application and takes back. Beast is not visible here (hot-path.md 7):
// only net/http_server.cc and net/http_session.cc include it.
//
// A Request borrows from the session's read buffer; it lives until Handle() has returned. One Handle() runs per
// connection at a time, on that connection's event-loop thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/task.h"

namespace renkei::net {

struct Request {
  std::string_view method;      // "GET"
  std::string_view target;      // as sent: "/api/books:list?page=2"
  std::string_view path;        // before '?', still percent-encoded
  std::string_view query;       // after '?', still percent-encoded, may be empty
  std::string_view body;        // whole; already bounded by the server's limit
  std::string_view remote_address;  // "127.0.0.1"
  bool remote_is_loopback = false;
  bool secure = false;          // came over TLS
  Deadline deadline;
  std::string trace_id;         // made by the server; also the X-Request-Id of the answer

  // Collected in one pass over the head; empty when absent.
  std::string_view host, authorization, content_type, accept, accept_language, cookie, origin, referer,
      user_agent, if_none_match, if_modified_since, accept_encoding, forwarded_for, forwarded_proto, range;
  std::string_view x_role, x_authenticator, x_data_source, x_locale, x_timezone, x_with_acl_meta, x_hostname,
      x_app, x_csrf_token, x_auth_mode, x_request_source, if_match;

  // Any other header, case-insensitive; "" when absent. Slow path.
  std::string_view Header(std::string_view name) const;
  std::vector<std::pair<std::string_view, std::string_view>> other_headers;
};

struct Answer {
  int status = 200;
  std::string_view content_type = "application/json; charset=utf-8";
  std::string body;
  std::string_view static_body;  // instead of `body`: bytes that outlive the server (embedded files)
  std::string extra_headers;     // complete lines, each ended by "\r\n"
  bool close = false;            // close the connection after this answer

  void AddHeader(std::string_view name, std::string_view value);  // refuses CR and LF in value (drops the header)
};

struct Handler {
  virtual ~Handler() = default;
  virtual Task<void> Handle(const Request& request, Answer& answer) = 0;
};

}  // namespace renkei::net
