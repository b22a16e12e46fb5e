#include "net/http_server.h"

#include <fmt/format.h>
#include <pthread.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <thread>

#include "base/worker.h"
#include "net/http_limits.h"
#include "net/http_worker.h"

namespace renkei::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

Error ListenFailed(const ServerOptions& options, const error_code& fault) {
  Error error;
  error.kind = ErrorKind::kUnavailable;
  error.code = "LISTEN_FAILED";
  error.detail = fault.message();
  if (fault == asio::error::address_in_use) {
    error.message = fmt::format("Port {} on {} is already in use", options.port, options.host);
    error.hint = "Stop the other program or choose another port";
  } else if (fault == asio::error::access_denied) {
    error.message = fmt::format("This user may not listen on port {}", options.port);
    error.hint = "Choose a port above 1023";
  } else {
    error.message =
        fmt::format("Cannot listen on {} port {}: {}", options.host, options.port, fault.message());
    error.hint = "Give an address of this machine, 127.0.0.1 or 0.0.0.0";
  }
  return error;
}

tcp::endpoint EndpointOf(const ServerOptions& options, asio::io_context& context,
                         error_code& fault) {
  if (options.host == "localhost") return {asio::ip::address_v4::loopback(), options.port};
  if (options.host == "*") return {asio::ip::address_v4::any(), options.port};
  std::string host = options.host;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  const asio::ip::address address = asio::ip::make_address(host, fault);
  if (!fault) return {address, options.port};
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(host, std::to_string(options.port), fault);
  return fault ? tcp::endpoint() : found.begin()->endpoint();
}

void Listen(tcp::acceptor& acceptor, const tcp::endpoint& endpoint, bool shared,
            error_code& fault) {
  acceptor.open(endpoint.protocol(), fault);
  if (fault) return;
  acceptor.set_option(tcp::acceptor::reuse_address(true), fault);
  if (endpoint.address().is_v6()) {
    error_code ignored;
    acceptor.set_option(asio::ip::v6_only(false), ignored);
  }
  if (shared) {
    const int on = 1;
    if (setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
      fault.assign(errno, boost::system::system_category());
      return;
    }
  }
  acceptor.bind(endpoint, fault);
  if (!fault && shared) acceptor.listen(kListenBacklog, fault);
}

int ThreadCount(const ServerOptions& options) {
  if (options.threads > 0) return options.threads;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace

struct HttpServer::Impl {
  Impl(ServerOptions options, Handler& handler) : state{std::move(options), handler} {
    const int count = ThreadCount(state.options);
    for (int i = 0; i < count; ++i) workers.push_back(std::make_unique<Worker>(state));
  }

  ServerState state;
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<std::thread> threads;
  std::uint16_t port = 0;
};

HttpServer::HttpServer(ServerOptions options, Handler& handler)
    : impl_(std::make_unique<Impl>(std::move(options), handler)) {}

HttpServer::~HttpServer() { Stop(std::chrono::milliseconds(0)); }

Result<void> HttpServer::Bind() {
  ServerOptions& options = impl_->state.options;
  error_code fault;
  tcp::endpoint endpoint = EndpointOf(options, context(0), fault);
  if (!fault && options.port != 0) {
    // Acceptors of ours share the port, so another Renkei would quietly share it too. An unshared
    // bind tells.
    tcp::acceptor probe(context(0));
    Listen(probe, endpoint, false, fault);
  }
  for (const auto& worker : impl_->workers) {
    if (fault) break;
    Listen(worker->acceptor(), endpoint, true, fault);
    if (!fault) endpoint.port(worker->acceptor().local_endpoint(fault).port());
  }
  if (fault) {
    error_code ignored;
    for (const auto& worker : impl_->workers) worker->acceptor().close(ignored);
    return Fail(ListenFailed(options, fault));
  }
  impl_->port = endpoint.port();
  return {};
}

void HttpServer::Run(std::function<void(int)> thread_start) {
  for (std::size_t i = 0; i < impl_->workers.size(); ++i) {
    Worker* worker = impl_->workers[i].get();
    const int index = static_cast<int>(i);
    impl_->threads.emplace_back([worker, index, thread_start] {
      SetWorkerIndex(index);
      pthread_setname_np(pthread_self(), fmt::format("http-{}", index).c_str());
      if (thread_start) thread_start(index);
      worker->StartAccepting();
      worker->Run();
    });
  }
}

void HttpServer::Stop(std::chrono::milliseconds grace) {
  if (impl_->threads.empty()) return;
  const auto running = std::make_shared<std::atomic<std::size_t>>(impl_->workers.size());
  for (const auto& worker : impl_->workers) {
    asio::post(worker->context(), [running, stopped = worker.get()] {
      stopped->BeginStop();
      running->fetch_sub(1);
    });
  }
  // Stopping is rare and short: looking now and then is simpler than a signal from every session's
  // end.
  const Deadline until = Clock::now() + grace;
  while ((running->load() > 0 || impl_->state.connections.load() > 0) && Clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  for (const auto& worker : impl_->workers) worker->context().stop();
  for (std::thread& thread : impl_->threads) thread.join();
  impl_->threads.clear();
}

std::uint16_t HttpServer::port() const { return impl_->port; }
int HttpServer::threads() const { return static_cast<int>(impl_->workers.size()); }
int HttpServer::connections() const { return impl_->state.connections.load(); }
int HttpServer::in_flight() const { return impl_->state.in_flight.load(); }
asio::io_context& HttpServer::context(int worker) {
  return impl_->workers[static_cast<std::size_t>(worker)]->context();
}

}  // namespace renkei::net
