// One event-loop thread of the HTTP server: its io_context, its acceptor, its sessions. Private to
// net/http_*.cc.
//
// Everything here is touched by the worker's own thread only, but for the atomics of ServerState.
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <string_view>
#include <unordered_set>

#include "base/task.h"
#include "net/http_server.h"

namespace renkei::net {

class Session;

// Shared by the workers.
struct ServerState {
  ServerOptions options;
  Handler& handler;
  std::atomic<int> connections{0};
  std::atomic<int> in_flight{0};
  std::atomic<std::int64_t> last_request{0};  // ticks of Clock; 0: nothing to trim
};

class Worker {
 public:
  explicit Worker(ServerState& state);
  ~Worker();

  ServerState& state() { return state_; }
  const ServerOptions& options() const { return state_.options; }
  boost::asio::io_context& context() { return context_; }
  boost::asio::ip::tcp::acceptor& acceptor() { return acceptor_; }
  bool stopping() const { return stopping_; }
  // "Mon, 23 Nov 2026 17:44:35 GMT", made once a second.
  std::string_view Date();

  void StartAccepting();
  void Run();        // the thread's loop; returns after context().stop()
  void BeginStop();  // on the worker's thread: no new connections, idle ones are closed
  void Add(Session& session);
  void Remove(Session& session);

 private:
  Task<void> Accept();
  void Admit(boost::asio::ip::tcp::socket socket);
  void AcceptWaiting();
  Task<void> Tick();
  void WakeTicker();
  void TrimMemory(Deadline now);

  ServerState& state_;
  std::unordered_set<Session*>
      sessions_;  // outlives the context, whose end destroys what is left of them
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer timer_;
  bool stopping_ = false;
  bool ticking_ = false;
  std::int64_t date_second_ = 0;
  std::array<char, 29> date_{};
};

}  // namespace renkei::net
