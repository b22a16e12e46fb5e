// The HTTP half of the bare servers: one io_context and one SO_REUSEPORT acceptor per thread, Beast
// for parsing only, heads by hand, head and body in one gather write. No routing table, no sign-in,
// no catalog, no checks.
#pragma once

#include <sys/socket.h>

#include <array>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace bare {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

// What the load scripts ask for, and nothing else.
enum class Ask { kHealth, kList, kListFilterSort, kListAppend, kGet, kCreate, kUnknown };

struct Request {
  Ask ask = Ask::kUnknown;
  long number = 1;         // page of a list, key of a get
  std::string_view since;  // the bound of the filter, as sent
  std::string_view body;
};

// Each database answers in its own file. One object per thread; Answer runs on that thread.
struct App {
  virtual ~App() = default;
  virtual asio::awaitable<void> Answer(const Request& request, std::string& body) = 0;
};

inline long NumberAfter(std::string_view text, std::string_view name, long fallback) {
  const std::size_t at = text.find(name);
  if (at == std::string_view::npos) return fallback;
  long value = fallback;
  std::from_chars(text.data() + at + name.size(), text.data() + text.size(), value);
  return value;
}

inline Request Read(std::string_view target, std::string_view body) {
  Request request;
  request.body = body;
  if (target.starts_with("/api/orders:list")) {
    request.number = NumberAfter(target, "page=", 1);
    // filter={"placedAt":{"$gte":"…"}}, percent-encoded: the value is the only text with a 'T'
    // between digits.
    const std::size_t bound = target.find("%3A%222");
    if (bound != std::string_view::npos) {
      request.ask = Ask::kListFilterSort;
      request.since = target.substr(bound + 6, 10);
    } else {
      request.ask =
          target.find("appends=") == std::string_view::npos ? Ask::kList : Ask::kListAppend;
    }
  } else if (target.starts_with("/api/orders:get/")) {
    request.ask = Ask::kGet;
    request.number = NumberAfter(target, ":get/", 1);
  } else if (target.starts_with("/api/orders:create")) {
    request.ask = Ask::kCreate;
  } else if (target == "/__health_check") {
    request.ask = Ask::kHealth;
  }
  return request;
}

inline void AppendMeta(std::string& out, long count, long page) {
  out += "],\"meta\":{\"count\":";
  out += std::to_string(count);
  out += ",\"page\":";
  out += std::to_string(page);
  out += ",\"pageSize\":20,\"totalPage\":";
  out += std::to_string((count + 19) / 20);
  out += "}}";
}

// Demonstration data needs no escapes beyond these; other bytes are passed on.
inline void AppendText(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

// Something that waits for another thread or for the database; woken exactly once, on the thread it
// waits on.
struct Waiter {
  virtual ~Waiter() = default;
  virtual void Wake() = 0;
};

// Suspends the caller; `start` gets the waiter and hands it to whoever will wake it.
template <class Start>
asio::awaitable<void> Wait(Start start) {
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
      [&start](auto handler) {
        using Handler = decltype(handler);
        struct Holder final : Waiter {
          explicit Holder(Handler h) : handler(std::move(h)) {}
          void Wake() override {
            auto own = std::move(handler);
            delete this;
            std::move(own)();
          }
          Handler handler;
        };
        start(static_cast<Waiter*>(new Holder(std::move(handler))));
      },
      asio::use_awaitable);
}

inline asio::awaitable<void> Session(tcp::socket socket, App& app) {
  boost::beast::flat_static_buffer<16384> buffer;
  std::optional<http::request_parser<http::string_body>> parser;
  std::string head;
  std::string body;
  for (;;) {
    parser.emplace();
    parser->body_limit(1 << 20);
    const auto [fault, size] =
        co_await http::async_read(socket, buffer, *parser, asio::as_tuple(asio::use_awaitable));
    if (fault) co_return;
    const auto& message = parser->get();
    const Request request =
        Read({message.target().data(), message.target().size()}, message.body());
    body.clear();
    if (request.ask == Ask::kHealth) {
      body = "ok";
    } else if (request.ask != Ask::kUnknown) {
      co_await app.Answer(request, body);
    }
    head = request.ask == Ask::kUnknown ? "HTTP/1.1 404 Not Found\r\n" : "HTTP/1.1 200 OK\r\n";
    head += "Content-Type: application/json; charset=utf-8\r\nContent-Length: ";
    head += std::to_string(body.size());
    head += "\r\n\r\n";
    const std::array<asio::const_buffer, 2> parts{asio::buffer(head), asio::buffer(body)};
    const auto [write_fault, written] =
        co_await asio::async_write(socket, parts, asio::as_tuple(asio::use_awaitable));
    if (write_fault || !message.keep_alive()) co_return;
  }
}

inline asio::awaitable<void> Accept(tcp::acceptor acceptor, App& app) {
  for (;;) {
    auto [fault, socket] = co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
    if (fault) continue;
    socket.set_option(tcp::no_delay(true));
    auto session = Session(std::move(socket), app);
    asio::co_spawn(acceptor.get_executor(), std::move(session), asio::detached);
  }
}

// Serves on 127.0.0.1:port with `threads` threads until SIGTERM.
inline int Serve(unsigned short port, int threads,
                 const std::function<std::unique_ptr<App>(asio::io_context&)>& make_app) {
  std::vector<std::unique_ptr<asio::io_context>> contexts;
  std::vector<std::unique_ptr<App>> apps;
  for (int i = 0; i < threads; ++i) {
    contexts.push_back(std::make_unique<asio::io_context>(1));
    apps.push_back(make_app(*contexts.back()));
    tcp::acceptor acceptor(*contexts.back());
    acceptor.open(tcp::v4());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    const int on = 1;
    ::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    acceptor.bind({asio::ip::address_v4::loopback(), port});
    acceptor.listen();
    auto accept = Accept(std::move(acceptor), *apps.back());
    asio::co_spawn(*contexts.back(), std::move(accept), asio::detached);
  }
  asio::signal_set signals(*contexts[0], SIGTERM, SIGINT);
  signals.async_wait([](auto, int) { std::_Exit(0); });
  std::vector<std::thread> workers;
  for (auto& context : contexts) workers.emplace_back([&context] { context->run(); });
  for (std::thread& worker : workers) worker.join();
  return 0;
}

}  // namespace bare
