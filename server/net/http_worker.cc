#include "net/http_worker.h"

#include <fmt/format.h>
#include <malloc.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <ctime>
#include <exception>
#include <memory>

#include "base/id.h"
#include "base/observe.h"
#include "base/worker.h"
#include "net/http_limits.h"
#include "net/http_session.h"

namespace renkei::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

Task<void> RunSession(tcp::socket socket, Worker& worker) {
  // Not in the coroutine's frame: with its buffer a session is larger than what Asio recycles for
  // frames.
  const auto session = std::make_unique<Session>(std::move(socket), worker);
  co_await session->Run();
}

void PutTwo(char* out, int value) {
  out[0] = static_cast<char>('0' + value / 10 % 10);
  out[1] = static_cast<char>('0' + value % 10);
}

}  // namespace

Worker::Worker(ServerState& state)
    : state_(state),
      work_(asio::make_work_guard(context_)),
      acceptor_(context_),
      timer_(context_) {}

Worker::~Worker() = default;

std::string_view Worker::Date() {
  const std::time_t now = std::time(nullptr);
  if (now != date_second_) {
    date_second_ = now;
    static constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
    static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const CivilTime civil = ToCivil(now * 1000);
    constexpr std::string_view kForm = "Ddd, 00 Mmm 0000 00:00:00 GMT";
    kForm.copy(date_.data(), date_.size());
    kDays.copy(date_.data(), 3, static_cast<std::size_t>((now / 86'400 + 4) % 7) * 3);
    kMonths.copy(date_.data() + 8, 3, static_cast<std::size_t>(civil.month - 1) * 3);
    PutTwo(date_.data() + 5, civil.day);
    PutTwo(date_.data() + 12, civil.year / 100);
    PutTwo(date_.data() + 14, civil.year % 100);
    PutTwo(date_.data() + 17, civil.hour);
    PutTwo(date_.data() + 20, civil.minute);
    PutTwo(date_.data() + 23, civil.second);
  }
  return {date_.data(), date_.size()};
}

void Worker::Add(Session& session) {
  sessions_.insert(&session);
  WakeTicker();
}

void Worker::Remove(Session& session) { sessions_.erase(&session); }

void Worker::StartAccepting() { asio::co_spawn(context_, Accept(), asio::detached); }

Task<void> Worker::Accept() {
  asio::steady_timer pause(context_);
  while (!stopping_ && acceptor_.is_open()) {
    auto [fault, socket] = co_await acceptor_.async_accept(kAwait);
    if (!fault) {
      Admit(std::move(socket));
    } else if (fault != asio::error::operation_aborted &&
               fault != asio::error::connection_aborted) {
      // Most likely no descriptors are left; connections that end will give some back.
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(kAwait);
    }
  }
}

void Worker::Admit(tcp::socket socket) {
  if (state_.connections.load(std::memory_order_relaxed) >= state_.options.max_connections) {
    static constexpr std::string_view kBody =
        "{\"errors\":[{\"message\":\"too many connections\",\"code\":\"TOO_MANY_CONNECTIONS\","
        "\"hint\":\"Try again in a moment\"}]}";
    const std::string refusal = fmt::format(
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json; charset=utf-8\r\n"
        "Content-Length: {}\r\nRetry-After: 1\r\nX-Request-Id: {}\r\nConnection: close\r\n\r\n{}",
        kBody.size(), NewTraceId(), kBody);
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(refusal), ignored);
    socket.shutdown(tcp::socket::shutdown_send, ignored);
    return;
  }
  asio::co_spawn(context_, RunSession(std::move(socket), *this), asio::detached);
}

// Connections the kernel has accepted for us would be reset with the acceptor.
void Worker::AcceptWaiting() {
  error_code fault;
  acceptor_.non_blocking(true, fault);
  while (!fault) {
    tcp::socket socket(context_);
    acceptor_.accept(socket, fault);
    if (!fault) Admit(std::move(socket));
  }
}

void Worker::BeginStop() {
  if (stopping_) return;
  stopping_ = true;
  error_code ignored;
  if (acceptor_.is_open()) {
    AcceptWaiting();
    acceptor_.close(ignored);
  }
  for (Session* session : sessions_) session->OnStop();
}

void Worker::WakeTicker() {
  if (ticking_) return;
  ticking_ = true;
  asio::co_spawn(context_, Tick(), asio::detached);
}

Task<void> Worker::Tick() {
  while (!sessions_.empty() || state_.last_request.load(std::memory_order_relaxed) != 0) {
    timer_.expires_after(kTickInterval);
    co_await timer_.async_wait(kAwait);
    const Deadline now = Clock::now();
    for (Session* session : sessions_) {
      if (session->deadline() <= now) session->OnDeadline();
    }
    TrimMemory(now);
  }
  ticking_ = false;
}

void Worker::TrimMemory(Deadline now) {
  std::int64_t last = state_.last_request.load(std::memory_order_relaxed);
  if (last == 0 || now - Deadline(Clock::duration(last)) < kTrimAfter) return;
  // One worker wins; a request that came meanwhile keeps the mark.
  if (state_.last_request.compare_exchange_strong(last, 0)) malloc_trim(0);
}

void Worker::Run() {
  while (true) {
    try {
      context_.run();
      return;
    } catch (const std::exception& fault) {
      Emit(Fault{"event loop", fault.what(), ""});  // one coroutine is lost, the rest goes on
    } catch (...) {
      Emit(Fault{"event loop", "an exception of unknown type", ""});
    }
  }
}

}  // namespace renkei::net
