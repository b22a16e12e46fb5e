// The server over real loopback sockets: what a client sends, byte by byte, and what it gets.
#include "net/http_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>
#include <thread>

#include "base/json.h"
#include "base/worker.h"

namespace renkei::net {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

// Echoes what it was given; some paths behave specially.
class EchoHandler final : public Handler {
 public:
  Task<void> Handle(const Request& request, Answer& answer) override {
    ++handled;
    if (request.path == "/throw") throw std::runtime_error("a secret detail");
    if (request.path == "/slow") {
      asio::steady_timer timer(co_await asio::this_coro::executor, 300ms);
      co_await timer.async_wait(asio::use_awaitable);
    }
    if (request.path == "/large") {
      answer.body.assign(3'000'000, 'x');
      co_return;
    }
    if (request.path == "/static") {
      answer.static_body = "embedded";
      answer.content_type = "text/plain";
      co_return;
    }
    if (request.path == "/empty") {
      answer.status = 204;
      co_return;
    }
    if (request.path == "/close") answer.close = true;
    answer.AddHeader("X-Extra", "yes");
    answer.AddHeader("X-Bad", "a\r\nInjected: 1");
    answer.body = std::string(request.method) + " " + std::string(request.path) + "?" +
                  std::string(request.query) + " " + std::string(request.Header("X-Any")) +
                  std::string(request.Header("authorization")) + "|" + std::string(request.body);
  }
  std::atomic<int> handled{0};
};

// A blocking client socket with a time limit on every read.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }
  void Send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (count <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  void FinishSending() { ::shutdown(socket_, SHUT_WR); }
  void Reset() {
    const linger now{1, 0};
    setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(socket_);
    socket_ = -1;
  }
  // Everything up to the end of the connection, or what came within the time.
  std::string ReadAll(std::chrono::milliseconds limit = 5000ms) {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (std::chrono::steady_clock::now() < until && ReadMore(until)) {
    }
    return std::exchange(input_, {});
  }
  // One answer by its Content-Length (none for a HEAD).
  std::string ReadAnswer(bool head = false) {
    const auto until = std::chrono::steady_clock::now() + 5s;
    while (true) {
      const std::size_t end = input_.find("\r\n\r\n");
      if (end != std::string::npos) {
        std::size_t size = end + 4;
        const std::size_t length = input_.find("Content-Length: ");
        if (!head && length < end) size += std::stoul(input_.substr(length + 16));
        if (input_.size() >= size) {
          std::string answer = input_.substr(0, size);
          input_.erase(0, size);
          return answer;
        }
      }
      if (!ReadMore(until)) return std::exchange(input_, {});
    }
  }
  bool closed() const { return closed_; }

 private:
  bool ReadMore(std::chrono::steady_clock::time_point until) {
    pollfd wait{socket_, POLLIN, 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    if (::poll(&wait, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0))) <= 0)
      return false;
    char buffer[65536];
    const ssize_t count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count <= 0) {
      closed_ = true;
      return false;
    }
    input_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }
  int socket_;
  bool connected_ = false, closed_ = false;
  std::string input_;
};

std::string Body(const std::string& answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}
bool StartsWith(const std::string& text, std::string_view start) {
  return text.compare(0, start.size(), start) == 0;
}

class HttpServerTest : public testing::Test {
 protected:
  void Start(std::function<void(ServerOptions&)> change = {}) {
    ServerOptions options;
    options.port = 0;
    options.threads = 2;
    options.body_limit = 1'000'000;
    options.common_headers = "X-Frame-Options: DENY\r\n";
    if (change) change(options);
    server_ = std::make_unique<HttpServer>(options, handler_);
    const Result<void> bound = server_->Bind();
    ASSERT_TRUE(bound) << bound.error().message;
    server_->Run([this](int worker) {
      if (WorkerIndex() == worker) ++threads_started_;
    });
  }
  std::string Exchange(std::string_view request) {
    Client client(server_->port());
    client.Send(request);
    return client.ReadAnswer();
  }
  EchoHandler handler_;
  std::atomic<int> threads_started_{0};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersWithAHandmadeHead) {
  Start();
  const std::string answer = Exchange(
      "GET /a/b?c=d HTTP/1.1\r\nHost: x\r\nX-ANY: v\r\nAuthorization: Bearer t\r\nX-Request-Id: "
      "my-trace-1\r\n\r\n");
  EXPECT_TRUE(StartsWith(answer, "HTTP/1.1 200 OK\r\nDate: ")) << answer;
  EXPECT_NE(
      answer.find(" GMT\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: "),
      std::string::npos);
  EXPECT_NE(answer.find("\r\nX-Request-Id: my-trace-1\r\n"), std::string::npos);
  EXPECT_NE(answer.find("\r\nX-Frame-Options: DENY\r\n"), std::string::npos);
  EXPECT_NE(answer.find("\r\nX-Extra: yes\r\n"), std::string::npos);
  EXPECT_EQ(answer.find("Injected"), std::string::npos);
  EXPECT_EQ(answer.find("Connection:"), std::string::npos);
  EXPECT_EQ(Body(answer), "GET /a/b?c=d vBearer t|");
  const std::string own = Exchange("GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: <bad id>\r\n\r\n");
  EXPECT_EQ(own.find("<bad"), std::string::npos);
  server_->Stop(1s);
  EXPECT_EQ(threads_started_, 2);
}

TEST_F(HttpServerTest, KeepsConnectionsUnlessToldOtherwise) {
  Start();
  Client client(server_->port());
  for (int i = 0; i < 1000; ++i) {
    client.Send("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_EQ(Body(client.ReadAnswer()), "GET /" + std::to_string(i) + "? |");
  }
  client.Send("GET /close HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(client.ReadAll().find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(client.closed());

  Client asks(server_->port());
  asks.Send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(StartsWith(asks.ReadAll(), "HTTP/1.1 200"));
  EXPECT_TRUE(asks.closed());

  Client old(server_->port());
  old.Send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_NE(old.ReadAnswer().find("Connection: keep-alive\r\n"), std::string::npos);
  old.Send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(StartsWith(old.ReadAll(), "HTTP/1.1 200"));
  EXPECT_TRUE(old.closed());
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  Start();
  Client client(server_->port());
  std::string requests;
  for (int i = 0; i < 500; ++i) {
    requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    if (i % 7 == 0)
      requests +=
          "POST /p" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
    if (i % 50 == 0) {
      requests +=
          "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
          "chunked\r\n\r\n3\r\nxyz\r\n0\r\n\r\n\r\n";
    }
  }
  std::thread sender([&] { client.Send(requests); });
  for (int i = 0; i < 500; ++i) {
    ASSERT_EQ(Body(client.ReadAnswer()), "GET /" + std::to_string(i) + "? |");
    if (i % 7 == 0) {
      ASSERT_EQ(Body(client.ReadAnswer()), "POST /p" + std::to_string(i) + "? |abc");
    }
    if (i % 50 == 0) {
      ASSERT_EQ(Body(client.ReadAnswer()), "POST /c? |xyz");
    }
  }
  sender.join();
}

TEST_F(HttpServerTest, ReadsRequestsThatComeByteByByte) {
  Start();
  Client client(server_->port());
  for (const char c :
       std::string("\r\nPOST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")) {
    client.Send(std::string_view(&c, 1));
  }
  EXPECT_EQ(Body(client.ReadAnswer()), "POST /x? |hello");
  for (const char c :
       std::string("POST /y HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nTrailer: t\r\n\r\nGET /z HTTP/1.1\r\nHost: "
                   "x\r\n\r\n")) {
    client.Send(std::string_view(&c, 1));
  }
  EXPECT_EQ(Body(client.ReadAnswer()), "POST /y? |hello!");
  EXPECT_EQ(Body(client.ReadAnswer()), "GET /z? |");
}

TEST_F(HttpServerTest, ReadsLargeBodies) {
  Start();
  Client client(server_->port());
  const std::string body(999'999, 'b');
  client.Send("POST /big HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n" + body +
              "GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(Body(client.ReadAnswer()), "POST /big? |" + body);
  EXPECT_EQ(Body(client.ReadAnswer()), "GET /next? |");
  std::string chunked = "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 10; ++i) chunked += "15f90\r\n" + std::string(90'000, 'c') + "\r\n";
  client.Send(chunked + "0\r\n\r\nGET /after HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(Body(client.ReadAnswer()), "POST /c? |" + std::string(900'000, 'c'));
  EXPECT_EQ(Body(client.ReadAnswer()), "GET /after? |");
}

TEST_F(HttpServerTest, WritesLargeAnswersToSlowReaders) {
  Start();
  Client client(server_->port());
  client.Send("GET /large HTTP/1.1\r\nHost: x\r\n\r\nGET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(Body(client.ReadAnswer()).size(), 3'000'000u);
  EXPECT_EQ(Body(client.ReadAnswer()).size(), 3'000'000u);
}

TEST_F(HttpServerTest, LeavesTheBodyOutWhereItMust) {
  Start();
  Client client(server_->port());
  client.Send("HEAD /static HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string head = client.ReadAnswer(true);
  EXPECT_NE(head.find("Content-Length: 8\r\n"), std::string::npos);
  EXPECT_EQ(Body(head), "");
  client.Send("GET /empty HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string empty = client.ReadAnswer();
  EXPECT_TRUE(StartsWith(empty, "HTTP/1.1 204 No Content\r\n"));
  EXPECT_EQ(empty.find("Content-"), std::string::npos);
  client.Send("GET /static HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(Body(client.ReadAnswer()), "embedded");
}

TEST_F(HttpServerTest, AsksForBodiesOnExpectContinue) {
  Start();
  Client client(server_->port());
  client.Send("POST /e HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.ReadAnswer(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("ok");
  EXPECT_EQ(Body(client.ReadAnswer()), "POST /e? |ok");
}

TEST_F(HttpServerTest, RefusesInTheEnvelopeAndCloses) {
  Start();
  const struct {
    std::string request;
    std::string_view status, code;
  } kCases[] = {
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000001\r\n\r\n" +
           std::string(1'000'001, 'x'),
       "413", "BODY_TOO_LARGE"},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nf4241\r\n" +
           std::string(1'000'001, 'x') + "\r\n0\r\n\r\n",
       "413", "BODY_TOO_LARGE"},
      {"GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(20'000, 'a') + "\r\n\r\n", "431",
       "HEADERS_TOO_LARGE"},
      {"GARBAGE\r\n\r\n", "400", "BAD_REQUEST"},
      {"\x16\x03\x01 a TLS hello", "400", "BAD_REQUEST"},
      {"GET / HTTP/1.1\nHost: x\n\n", "400", "BAD_REQUEST"},
      {"GET / HTTP/1.1\r\n\r\n", "400", "BAD_REQUEST"},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400", "BAD_REQUEST"},
      {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", "400", "BAD_REQUEST"},
      {"GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n", "400", "BAD_REQUEST"},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "400", "BAD_REQUEST"},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "400",
       "BAD_REQUEST"},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
       "400", "BAD_REQUEST"},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "501",
       "TRANSFER_ENCODING_NOT_SUPPORTED"},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400",
       "BAD_REQUEST"},
      {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", "505", "HTTP_VERSION_NOT_SUPPORTED"},
  };
  for (const auto& c : kCases) {
    Client client(server_->port());
    client.Send(c.request);
    client.FinishSending();
    const std::string answer = client.ReadAll();
    const std::string start = c.request.substr(0, 60);
    EXPECT_TRUE(StartsWith(answer, "HTTP/1.1 " + std::string(c.status))) << start << "\n" << answer;
    EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
    const Result<json::value> body = ParseJson(Body(answer));
    ASSERT_TRUE(body) << answer;
    const json::object& error = body->at("errors").at(0).as_object();
    EXPECT_EQ(FindString(error, "code"), c.code) << start;
    EXPECT_FALSE(FindString(error, "traceId").empty());
    EXPECT_TRUE(client.closed());
  }
  EXPECT_EQ(handler_.handled, 0);
}

TEST_F(HttpServerTest, TurnsExceptionsIntoAnswersWithoutTheirText) {
  Start();
  Client client(server_->port());
  client.Send("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string answer = client.ReadAnswer();
  EXPECT_TRUE(StartsWith(answer, "HTTP/1.1 500 "));
  EXPECT_EQ(answer.find("secret"), std::string::npos);
  EXPECT_NE(answer.find("\"code\":\"INTERNAL\""), std::string::npos);
  client.Send("GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(Body(client.ReadAnswer()), "GET /next? |");
}

TEST_F(HttpServerTest, AnswersClientsThatStoppedSending) {
  Start();
  Client client(server_->port());
  client.Send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\nGET /two HTTP/1.1\r\nHost: x\r\n\r\nGET /par");
  client.FinishSending();
  EXPECT_EQ(Body(client.ReadAnswer()), "GET /slow? |");
  EXPECT_EQ(Body(client.ReadAnswer()), "GET /two? |");
  EXPECT_EQ(client.ReadAll(), "");
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServerTest, SurvivesClientsThatGoAway) {
  Start();
  for (int i = 0; i < 50; ++i) {
    Client client(server_->port());
    client.Send("GET /large HTTP/1.1\r\nHost: x\r\n\r\nGET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    client.Reset();
  }
  EXPECT_EQ(Body(Exchange("GET /alive HTTP/1.1\r\nHost: x\r\n\r\n")), "GET /alive? |");
}

TEST_F(HttpServerTest, EndsSlowHeadsAndIdleConnections) {
  Start([](ServerOptions& options) {
    options.head_timeout = 1s;
    options.idle_timeout = 1s;
  });
  Client slow(server_->port());
  Client silent(server_->port());
  Client idle(server_->port());
  Client body(server_->port());
  idle.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(StartsWith(idle.ReadAnswer(), "HTTP/1.1 200"));
  body.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  for (int i = 0; i < 25 && !slow.closed(); ++i) {  // a byte now and then does not help
    slow.Send(i == 0 ? "GET / HTTP/1.1\r\nX: " : "x");
    std::this_thread::sleep_for(100ms);
  }
  EXPECT_TRUE(StartsWith(slow.ReadAll(500ms), "HTTP/1.1 408 "));
  EXPECT_TRUE(StartsWith(body.ReadAll(500ms), "HTTP/1.1 408 "));
  EXPECT_EQ(silent.ReadAll(500ms), "");
  EXPECT_TRUE(silent.closed());
  EXPECT_EQ(idle.ReadAll(500ms), "");
  EXPECT_TRUE(idle.closed());
  EXPECT_EQ(handler_.handled, 1);
}

TEST_F(HttpServerTest, StopsWithoutCuttingRequestsUnderWay) {
  Start();
  Client busy(server_->port());
  Client partial(server_->port());
  Client idle(server_->port());
  idle.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  idle.ReadAnswer();
  busy.Send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  partial.Send("GET /partial HTTP/1.1\r\n");
  while (server_->in_flight() == 0) std::this_thread::sleep_for(1ms);
  std::thread stopping([&] { server_->Stop(5s); });
  std::this_thread::sleep_for(50ms);
  partial.Send("Host: x\r\n\r\n");
  const std::string answer = busy.ReadAll();
  EXPECT_EQ(Body(answer), "GET /slow? |");
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(Body(partial.ReadAll()), "GET /partial? |");
  EXPECT_EQ(idle.ReadAll(), "");
  EXPECT_TRUE(idle.closed());
  stopping.join();
  EXPECT_FALSE(Client(server_->port()).connected());
  EXPECT_EQ(server_->connections(), 0);
}

TEST_F(HttpServerTest, StopsInTimeEvenWhenClientsStay) {
  Start();
  Client busy(server_->port());
  busy.Send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  while (server_->in_flight() == 0) std::this_thread::sleep_for(1ms);
  const auto started = std::chrono::steady_clock::now();
  server_->Stop(20ms);
  EXPECT_LT(std::chrono::steady_clock::now() - started, 250ms);
  server_.reset();
}

TEST_F(HttpServerTest, RefusesTooManyConnections) {
  Start([](ServerOptions& options) { options.max_connections = 2; });
  Client one(server_->port());
  Client two(server_->port());
  while (server_->connections() < 2) std::this_thread::sleep_for(1ms);
  Client three(server_->port());
  const std::string answer = three.ReadAll();
  EXPECT_TRUE(StartsWith(answer, "HTTP/1.1 503 ")) << answer;
  EXPECT_TRUE(ParseJson(Body(answer)));
  one.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(StartsWith(one.ReadAnswer(), "HTTP/1.1 200"));
}

TEST_F(HttpServerTest, SaysWhyItCannotListen) {
  Start();
  ServerOptions options;
  options.port = server_->port();
  HttpServer second(options, handler_);
  const Result<void> bound = second.Bind();
  ASSERT_FALSE(bound);
  EXPECT_EQ(bound.error().code, "LISTEN_FAILED");
  EXPECT_NE(bound.error().message.find("is already in use"), std::string::npos);
  options.host = "203.0.113.7";
  HttpServer third(options, handler_);
  EXPECT_FALSE(third.Bind());
}

TEST_F(HttpServerTest, ServesManyClientsAtOnce) {
  Start();
  std::vector<std::thread> clients;
  std::atomic<int> right{0};
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&, c] {
      Client client(server_->port());
      for (int i = 0; i < 200; ++i) {
        const std::string path = "/" + std::to_string(c) + "/" + std::to_string(i);
        client.Send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
        if (Body(client.ReadAnswer()) == "GET " + path + "? |") ++right;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(right, 1600);
}

}  // namespace
}  // namespace renkei::net
