// The HTTP/1.1 server: one io_context and one SO_REUSEPORT acceptor per event-loop thread
// (hot-path.md 0).
//
// Owned by app. Bind() returns when every acceptor is bound; Stop() stops accepting, lets requests
// under way end (at most `grace`), then joins the threads. Limits are named constants in
// http_limits.h, each with an error code.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/http.h"

namespace renkei::net {

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 13000;             // 0: any free port, see port()
  int threads = 0;                        // 0: one per core
  std::size_t body_limit = 10u << 20;     // 413 above
  std::chrono::seconds head_timeout{15};  // a whole head, and each body read (slow-loris)
  std::chrono::seconds idle_timeout{75};
  std::chrono::seconds request_deadline{60};
  int max_connections = 10000;  // per process; more: 503 and close
  std::string common_headers;   // complete lines, the same on every answer (security headers)
};

class HttpServer {
 public:
  // The handler is borrowed and must outlive the server.
  HttpServer(ServerOptions options, Handler& handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // The io_contexts exist from the start and run from Run() on, so that databases can be bound to
  // them before. `thread_start` runs on each thread before its loop, with its worker index already
  // set.
  Result<void> Bind();  // LISTEN_FAILED: port busy, bad address …: one clear sentence
  void Run(std::function<void(int)> thread_start = {});  // starts the threads and returns
  void Stop(std::chrono::milliseconds grace);            // any thread but a worker
  std::uint16_t port() const;
  int threads() const;
  int connections() const;  // open now
  int in_flight() const;    // requests inside Handle() now
  boost::asio::io_context& context(int worker);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace renkei::net
