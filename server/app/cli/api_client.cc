#include "app/cli/api_client.h"

#include <fmt/format.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <optional>

namespace renkei::app {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

// An answer to 1 000 created rows is the largest that is expected.
constexpr std::size_t kMaxAnswer = 64u << 20;

// The server's error as ours. Codes of an Error are literals, so the server's own code goes into
// the message.
Error Refused(std::string_view what, unsigned status, const json::value* document) {
  std::string message = fmt::format("{} was refused with status {}", what, status);
  std::string hint;
  const json::value* errors = document ? Find(*document, "errors") : nullptr;
  if (errors && errors->is_array() && !errors->as_array().empty() &&
      errors->as_array()[0].is_object()) {
    const json::object& first = errors->as_array()[0].as_object();
    message += fmt::format(": {}", FindString(first, "message"));
    if (const std::string_view code = FindString(first, "code"); !code.empty()) {
      message += fmt::format(" ({})", code);
    }
    hint = FindString(first, "hint");
  }
  return InvalidArgument("REQUEST_REFUSED", std::move(message), std::move(hint));
}

}  // namespace

struct ApiClient::Impl {
  std::string host, port, token;
  asio::io_context context{1};
  std::optional<tcp::socket> socket;
  boost::beast::flat_buffer buffer;

  boost::system::error_code Connect() {
    boost::system::error_code fault;
    tcp::resolver resolver(context);
    const auto addresses = resolver.resolve(host, port, fault);
    if (fault) return fault;
    socket.emplace(context);
    asio::connect(*socket, addresses, fault);
    if (fault) {
      socket.reset();
    } else {
      boost::system::error_code ignored;
      socket->set_option(tcp::no_delay(true), ignored);
    }
    return fault;
  }

  boost::system::error_code Exchange(const http::request<http::string_body>& request,
                                     http::response<http::string_body>& response) {
    boost::system::error_code fault;
    if (!socket) fault = Connect();
    if (fault) return fault;
    http::write(*socket, request, fault);
    if (!fault) {
      http::response_parser<http::string_body> parser;
      parser.body_limit(kMaxAnswer);
      buffer.clear();
      http::read(*socket, buffer, parser, fault);
      response = parser.release();
    }
    if (fault || !response.keep_alive()) socket.reset();
    return fault;
  }

  Result<json::object> Call(http::verb method, std::string_view path, std::string_view body) {
    http::request<http::string_body> request{method, "/api/" + std::string(path), 11};
    request.set(http::field::host, host + ":" + port);
    if (!token.empty()) request.set(http::field::authorization, "Bearer " + token);
    if (method == http::verb::post) {
      request.set(http::field::content_type, "application/json");
      request.body() = body;
    }
    request.prepare_payload();
    http::response<http::string_body> response;
    const boost::system::error_code fault = Exchange(request, response);
    if (fault) {
      return Fail(Unavailable("SERVER_UNREACHABLE", fmt::format("http://{}:{} does not answer: {}",
                                                                host, port, fault.message())));
    }
    auto document = ParseJson(response.body());
    const unsigned status = response.result_int();
    if (status < 200 || status > 299) {
      return Fail(Refused(path, status, document ? &*document : nullptr));
    }
    if (!document || !document->is_object()) return json::object{};
    return std::move(document->as_object());
  }
};

ApiClient::ApiClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ApiClient::~ApiClient() = default;
ApiClient::ApiClient(ApiClient&&) noexcept = default;
ApiClient& ApiClient::operator=(ApiClient&&) noexcept = default;

Result<ApiClient> ApiClient::Make(std::string_view base_url) {
  constexpr std::string_view kScheme = "http://";
  if (!base_url.starts_with(kScheme)) {
    return Fail(InvalidArgument("URL_INVALID", fmt::format("'{}' is no http address", base_url),
                                "Write it like http://127.0.0.1:13000"));
  }
  base_url.remove_prefix(kScheme.size());
  base_url = base_url.substr(0, base_url.find('/'));
  auto impl = std::make_unique<Impl>();
  const std::size_t colon = base_url.rfind(':');
  impl->host = base_url.substr(0, colon);
  impl->port = colon == std::string_view::npos ? "80" : std::string(base_url.substr(colon + 1));
  return ApiClient(std::move(impl));
}

void ApiClient::SetToken(std::string token) { impl_->token = std::move(token); }

Result<void> ApiClient::SignIn(std::string_view account, std::string_view password) {
  RK_TRY(answer,
         Post("auth:signIn", ToJson(json::object{{"account", account}, {"password", password}})));
  const json::value* data = Find(answer, "data");
  if (!data || !data->is_object()) {
    return Fail(
        InvalidArgument("REQUEST_REFUSED", "the server answered the sign-in without a token"));
  }
  SetToken(std::string(FindString(data->as_object(), "token")));
  return {};
}

Result<json::object> ApiClient::Get(std::string_view path) {
  return impl_->Call(http::verb::get, path, {});
}

Result<json::object> ApiClient::Post(std::string_view path, std::string_view body) {
  return impl_->Call(http::verb::post, path, body);
}

}  // namespace renkei::app
