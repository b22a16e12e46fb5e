#include "net/http_parser.h"

#include <string.h>  // memmem

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <deque>

#include "base/text.h"
#include "net/http_chunks.h"

namespace renkei::net {
namespace {

namespace http = boost::beast::http;
using boost::beast::string_view;
using ErrorCode = boost::beast::error_code;

std::string_view Std(string_view text) { return {text.data(), text.size()}; }

bool IsTokenChar(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

// Beast calls back for every part of a head; nothing is copied but folded lines. Bodies are not
// given to it.
class Collector final : public http::basic_parser<true> {
 public:
  Collector(std::string_view head, Request& request, RequestParser::Framing& framing,
            std::deque<std::string>& folded)
      : head_(head), request_(request), framing_(framing), folded_(folded) {}

  bool has_host() const { return hosts_ == 1; }
  bool repeats_host() const { return hosts_ > 1; }
  bool has_transfer_encoding() const { return has_transfer_encoding_; }

 private:
  void on_request_impl(http::verb, string_view method, string_view target, int version,
                       ErrorCode&) override {
    request_.method = Std(method);
    request_.target = Std(target);
    framing_.http11 = version >= 11;
  }
  void on_response_impl(int, string_view, int, ErrorCode&) override {}

  void on_field_impl(http::field field, string_view name, string_view value, ErrorCode&) override {
    const std::string_view kept = Keep(Std(value));
    switch (field) {
      case http::field::host:
        ++hosts_;
        request_.host = kept;
        return;
      case http::field::authorization:
        First(request_.authorization, kept);
        return;
      case http::field::content_type:
        First(request_.content_type, kept);
        return;
      case http::field::accept:
        First(request_.accept, kept);
        return;
      case http::field::accept_language:
        First(request_.accept_language, kept);
        return;
      case http::field::accept_encoding:
        First(request_.accept_encoding, kept);
        return;
      case http::field::cookie:
        First(request_.cookie, kept);
        return;
      case http::field::origin:
        First(request_.origin, kept);
        return;
      case http::field::referer:
        First(request_.referer, kept);
        return;
      case http::field::user_agent:
        First(request_.user_agent, kept);
        return;
      case http::field::if_none_match:
        First(request_.if_none_match, kept);
        return;
      case http::field::if_modified_since:
        First(request_.if_modified_since, kept);
        return;
      case http::field::if_match:
        First(request_.if_match, kept);
        return;
      case http::field::range:
        First(request_.range, kept);
        return;
      case http::field::connection:
      case http::field::content_length:
        break;
      case http::field::transfer_encoding:
        has_transfer_encoding_ = true;
        framing_.chunked = EqualsIgnoreCaseAscii(kept, "chunked");
        break;
      case http::field::expect:
        framing_.expects_continue = EqualsIgnoreCaseAscii(kept, "100-continue");
        break;
      default:
        if (EqualsIgnoreCaseAscii(Std(name), "x-request-id")) framing_.request_id = kept;
        CollectHeader(request_, Std(name), kept);
        return;
    }
    request_.other_headers.emplace_back(Std(name), kept);
  }

  void on_header_impl(ErrorCode&) override {}
  void on_body_init_impl(boost::optional<std::uint64_t> const&, ErrorCode&) override {}
  std::size_t on_body_impl(string_view body, ErrorCode&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, string_view, ErrorCode&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, ErrorCode&) override {
    return body.size();
  }
  void on_finish_impl(ErrorCode&) override {}

  static void First(std::string_view& member, std::string_view value) {
    if (member.data() == nullptr) member = value;
  }
  // A value folded over several lines was put together in a buffer of the parser's that is about to
  // go.
  std::string_view Keep(std::string_view value) {
    if (value.empty()) return {head_.data(), 0};
    const bool in_head = value.data() >= head_.data() && value.data() < head_.data() + head_.size();
    return in_head ? value : std::string_view(folded_.emplace_back(value));
  }

  std::string_view head_;
  Request& request_;
  RequestParser::Framing& framing_;
  std::deque<std::string>& folded_;
  int hosts_ = 0;
  bool has_transfer_encoding_ = false;
};

ParseFault FaultOf(const ErrorCode& code, std::string_view bytes) {
  if (code == http::error::body_limit) return ParseFault::kBodyTooLarge;
  if (code == http::error::bad_version) {
    const std::string_view line = bytes.substr(0, bytes.find("\r\n"));
    return line.find(" HTTP/") == std::string_view::npos ? ParseFault::kMalformed
                                                         : ParseFault::kVersion;
  }
  return ParseFault::kMalformed;
}

// "GET http://host/path": what proxies send. The authority is dropped; Host says the same.
std::string_view OriginForm(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.size() < scheme.size() ||
        !EqualsIgnoreCaseAscii(target.substr(0, scheme.size()), scheme))
      continue;
    const std::size_t path = target.find_first_of("/?", scheme.size());
    return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
  }
  return target;
}

ParseFault SplitTarget(Request& request) {
  const std::string_view target = OriginForm(request.target);
  if (target.empty() || (target.front() != '/' && target.front() != '?' && target != "*"))
    return ParseFault::kMalformed;
  const std::size_t question = target.find('?');
  request.path = question == 0 ? std::string_view("/") : target.substr(0, question);
  request.query =
      question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
  return ParseFault::kNone;
}

}  // namespace

std::optional<std::size_t> FindHeadEnd(std::string_view bytes, std::size_t& searched) {
  const std::size_t from =
      searched > 3 ? searched - 3 : 0;  // the end may have been cut by the last read
  if (bytes.size() < from + 4) return std::nullopt;
  const void* end = memmem(bytes.data() + from, bytes.size() - from, "\r\n\r\n", 4);
  searched = bytes.size();
  if (end == nullptr) return std::nullopt;
  return static_cast<std::size_t>(static_cast<const char*>(end) - bytes.data()) + 4;
}

bool CannotBeHead(std::string_view bytes) {
  if (bytes.empty()) return false;
  return !IsTokenChar(bytes.front()) || bytes.find("\n\n") != std::string_view::npos;
}

struct RequestParser::Impl {
  std::size_t body_limit;
  Framing framing;
  std::deque<std::string> folded;
  std::optional<Collector> parser;  // Beast's parsers serve one message
  std::optional<ChunkDecoder> chunks;
};

RequestParser::RequestParser(std::size_t body_limit) : impl_(std::make_unique<Impl>()) {
  impl_->body_limit = body_limit;
}
RequestParser::~RequestParser() = default;

const RequestParser::Framing& RequestParser::framing() const { return impl_->framing; }

ParseFault RequestParser::ParseHead(std::string_view head, Request& request) {
  impl_->framing = {};
  impl_->chunks.emplace(impl_->body_limit);
  impl_->folded.clear();
  ClearHeaders(request);
  request.method = request.target = request.path = request.query = request.body = {};
  Collector& parser = impl_->parser.emplace(head, request, impl_->framing, impl_->folded);
  parser.header_limit(static_cast<std::uint32_t>(head.size() + 1));
  parser.body_limit(impl_->body_limit);
  ErrorCode code;
  // The first call reads request line and fields, because the head is complete.
  const std::size_t used = parser.put(boost::asio::buffer(head.data(), head.size()), code);
  if (code && code != http::error::need_more) return FaultOf(code, head);
  if (!parser.is_header_done() || used != head.size()) return ParseFault::kMalformed;
  impl_->framing.keep_alive = parser.keep_alive();
  impl_->framing.content_length = parser.content_length().value_or(0);
  if (parser.has_transfer_encoding() && (!impl_->framing.chunked || !parser.chunked())) {
    return ParseFault::kTransferEncoding;
  }
  // Two hosts, or none in HTTP/1.1: the request could mean different things to us and to a proxy
  // before us.
  if (parser.repeats_host() || (impl_->framing.http11 && !parser.has_host()))
    return ParseFault::kMalformed;
  return SplitTarget(request);
}

RequestParser::Chunks RequestParser::ParseChunks(std::string_view bytes, std::string& body) {
  ChunkDecoder& decoder = *impl_->chunks;
  Chunks chunks;
  chunks.used = decoder.Decode(bytes, body);
  chunks.complete = decoder.complete();
  if (decoder.state() == ChunkDecoder::State::kMalformed) chunks.fault = ParseFault::kMalformed;
  if (decoder.state() == ChunkDecoder::State::kTooLarge) chunks.fault = ParseFault::kBodyTooLarge;
  return chunks;
}

}  // namespace renkei::net
