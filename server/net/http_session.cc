#include "net/http_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstring>
#include <exception>

#include "base/id.h"
#include "base/json.h"
#include "base/observe.h"
#include "net/http_status.h"

namespace renkei::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

// Counts the requests inside Handle(), also when the coroutine is destroyed before it ends.
class InFlight {
 public:
  explicit InFlight(std::atomic<int>& count) : count_(count) {
    count_.fetch_add(1, std::memory_order_relaxed);
  }
  ~InFlight() { count_.fetch_sub(1, std::memory_order_relaxed); }
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;

 private:
  std::atomic<int>& count_;
};

bool IsSaneTraceId(std::string_view id) {
  if (id.size() < 8 || id.size() > 64) return false;
  for (const char c : id) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '-';
    if (!plain) return false;
  }
  return true;
}

void GiveBack(std::string& buffer) {
  if (buffer.capacity() > kKeptBufferSize) std::string().swap(buffer);
  buffer.clear();
}

std::string ErrorBody(std::string_view message, std::string_view code, std::string_view hint,
                      std::string_view trace_id) {
  std::string body = "{\"errors\":[{\"message\":";
  AppendJsonString(body, message);
  body.append(",\"code\":");
  AppendJsonString(body, code);
  if (!hint.empty()) {
    body.append(",\"hint\":");
    AppendJsonString(body, hint);
  }
  body.append(",\"traceId\":");
  AppendJsonString(body, trace_id);
  return body.append("}]}");
}

}  // namespace

Session::Session(asio::ip::tcp::socket socket, Worker& worker)
    : socket_(std::move(socket)), worker_(worker), parser_(worker.options().body_limit) {
  error_code ignored;
  const auto peer = socket_.remote_endpoint(ignored).address();
  const bool mapped = peer.is_v6() && peer.to_v6().is_v4_mapped();
  address_ = mapped ? asio::ip::make_address_v4(asio::ip::v4_mapped, peer.to_v6()).to_string()
                    : peer.to_string();
  request_.remote_address = address_;
  request_.remote_is_loopback = mapped ? address_.starts_with("127.") : peer.is_loopback();
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);  // Flush() tries a plain write first
  worker_.state().connections.fetch_add(1, std::memory_order_relaxed);
  worker_.Add(*this);
}

Session::~Session() {
  worker_.Remove(*this);
  worker_.state().connections.fetch_sub(1, std::memory_order_relaxed);
}

void Session::SetDeadline(Phase phase, Clock::duration after) {
  phase_ = phase;
  deadline_ = Clock::now() + after;
}

void Session::OnDeadline() {
  timed_out_ = true;
  deadline_ = Deadline::max();
  error_code ignored;
  if (phase_ == Phase::kWriting || phase_ == Phase::kLingering) {
    socket_.close(ignored);
  } else {
    socket_.cancel(ignored);
  }
}

void Session::OnStop() {
  error_code ignored;
  if (phase_ == Phase::kIdle && fresh_) {
    SetDeadline(phase_, kFreshConnectionGrace);  // its first request may be on the way
  } else if (phase_ == Phase::kLingering || (phase_ == Phase::kIdle && NothingCame())) {
    socket_.cancel(ignored);
  }
}

bool Session::NothingCame() {
  error_code ignored;
  return begin_ == end_ && socket_.available(ignored) == 0;
}

void Session::Consume(std::size_t size) {
  begin_ += size;
  searched_ = 0;
  if (begin_ == end_) begin_ = end_ = 0;
}

Task<void> Session::Run() {
  co_await Serve();
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
}

Task<void> Session::Serve() {
  while (true) {
    const std::size_t head_size = co_await ReadHead();
    if (head_size == 0) co_return;
    fresh_ = false;
    const ParseFault fault = parser_.ParseHead(unread().substr(0, head_size), request_);
    TakeTraceId(parser_.framing().request_id);
    if (fault != ParseFault::kNone) {
      Consume(head_size);
      co_await Refuse(RefusalOf(fault));
      co_return;
    }
    const RequestParser::Framing& framing = parser_.framing();
    message_size_ = head_size;
    if (framing.content_length > 0 || framing.chunked) {
      const bool complete = co_await ReadBody();
      if (!complete) co_return;
    }
    const bool keep = co_await Handle();
    ConsumeMessage();
    if (!keep) break;
  }
  const bool written = co_await Flush();
  if (written) co_await Linger();
}

// Only now may the bytes move that the Request pointed to.
void Session::ConsumeMessage() {
  Consume(message_size_);
  GiveBack(body_);
  if (raw_.empty()) return;
  std::memcpy(buffer_.data(), raw_.data(), raw_.size());  // never more than the buffer holds
  begin_ = searched_ = 0;
  end_ = raw_.size();
  std::string().swap(raw_);
}

Task<std::size_t> Session::ReadHead() {
  head_deadline_ = Deadline::max();
  request_.method = request_.path = {};
  while (true) {
    // An empty line before a request is left over from the one before (RFC 9112, 2.2).
    while (begin_ < end_ && (buffer_[begin_] == '\r' || buffer_[begin_] == '\n')) Consume(1);
    const std::optional<std::size_t> head_size = FindHeadEnd(unread(), searched_);
    if (head_size) co_return *head_size;
    if (CannotBeHead(unread()) || end_ - begin_ == buffer_.size()) {
      const bool full = end_ - begin_ == buffer_.size();
      TakeTraceId({});
      co_await Refuse(full ? Refusal{431, "HEADERS_TOO_LARGE", "request header fields too large",
                                     "Shorten the address or send the parameters in the body"}
                           : RefusalOf(ParseFault::kMalformed));
      co_return 0;
    }
    const bool written = co_await Flush();
    if (!written) co_return 0;
    if (begin_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (worker_.stopping() && NothingCame() && !fresh_) co_return 0;
    const Phase phase = end_ == 0 ? Phase::kIdle : Phase::kHead;
    const std::size_t count =
        co_await ReadSome(buffer_.data() + end_, buffer_.size() - end_, phase);
    if (count == 0) {
      if (timed_out_ && end_ > 0) {
        TakeTraceId({});
        co_await Refuse(
            {408, "REQUEST_TIMEOUT", "request timeout", "The request did not arrive in time"});
      }
      co_return 0;
    }
    end_ += count;
  }
}

Task<std::size_t> Session::ReadSome(char* data, std::size_t size, Phase phase) {
  const ServerOptions& options = worker_.options();
  timed_out_ = false;
  if (phase == Phase::kIdle) {
    SetDeadline(phase, fresh_ ? options.head_timeout : options.idle_timeout);
    if (worker_.stopping()) SetDeadline(phase, kFreshConnectionGrace);
  } else {
    SetDeadline(phase, options.head_timeout);
    if (phase == Phase::kHead) {
      // The whole head has one limit: a byte now and then does not extend it.
      if (head_deadline_ == Deadline::max()) head_deadline_ = deadline_;
      deadline_ = head_deadline_;
    }
  }
  const auto space = asio::buffer(data, size);
  const auto [fault, count] = co_await socket_.async_read_some(space, kAwait);
  deadline_ = Deadline::max();
  co_return fault ? 0 : count;
}

Task<bool> Session::ReadBody() {
  const RequestParser::Framing& framing = parser_.framing();
  const std::size_t head_size = message_size_;
  if (!framing.chunked && end_ - begin_ - head_size >= framing.content_length) {
    request_.body = unread().substr(head_size, framing.content_length);
    message_size_ += framing.content_length;
    co_return true;
  }
  if (framing.expects_continue && framing.http11 && end_ - begin_ == head_size) {
    out_.append("HTTP/1.1 100 Continue\r\n\r\n");
  }
  const bool written = co_await Flush();
  if (!written) co_return false;
  body_.clear();
  raw_.clear();
  (framing.chunked ? raw_ : body_).assign(unread().substr(head_size));
  end_ = begin_ + head_size;
  Task<bool> reading = framing.chunked ? ReadChunkedBody() : ReadSizedBody();
  const bool complete = co_await std::move(reading);
  if (!complete && timed_out_) {
    co_await Refuse({408, "REQUEST_TIMEOUT", "request timeout", "The body did not arrive in time"});
  }
  request_.body = body_;
  co_return complete;
}

Task<bool> Session::ReadSizedBody() {
  const std::size_t size = parser_.framing().content_length;
  while (body_.size() < size) {
    // Memory follows what has really come, not what was announced.
    const std::size_t have = body_.size();
    body_.resize(std::min(size, std::max(kKeptBufferSize, have * 2)));
    std::size_t filled = have;
    while (filled < body_.size()) {
      const std::size_t count =
          co_await ReadSome(body_.data() + filled, body_.size() - filled, Phase::kBody);
      if (count == 0) co_return false;
      filled += count;
    }
  }
  co_return true;
}

Task<bool> Session::ReadChunkedBody() {
  timed_out_ = false;
  while (true) {
    const RequestParser::Chunks chunks = parser_.ParseChunks(raw_, body_);
    raw_.erase(0, chunks.used);
    if (chunks.fault != ParseFault::kNone || (!chunks.complete && raw_.size() >= kMaxHeadSize)) {
      const ParseFault fault =
          chunks.fault == ParseFault::kNone ? ParseFault::kMalformed : chunks.fault;
      co_await Refuse(RefusalOf(fault));
      co_return false;
    }
    if (chunks.complete) co_return true;
    const std::size_t have = raw_.size();
    raw_.resize(kMaxHeadSize);
    const std::size_t count =
        co_await ReadSome(raw_.data() + have, raw_.size() - have, Phase::kBody);
    raw_.resize(have + count);
    if (count == 0) co_return false;
  }
}

Task<bool> Session::Handle() {
  const Clock::time_point started = Clock::now();
  phase_ = Phase::kHandling;
  request_.deadline = started + worker_.options().request_deadline;
  answer_.status = 200;
  answer_.content_type = "application/json; charset=utf-8";
  answer_.static_body = {};
  answer_.extra_headers.clear();
  answer_.close = false;
  GiveBack(answer_.body);
  {
    const InFlight guard(worker_.state().in_flight);
    try {
      co_await worker_.state().handler.Handle(request_, answer_);
    } catch (const std::exception& fault) {
      FillFault("handler", fault.what());
    } catch (...) {
      FillFault("handler", "an exception of unknown type");
    }
  }
  const RequestParser::Framing& framing = parser_.framing();
  const bool keep = framing.keep_alive && !answer_.close && !worker_.stopping();
  const bool fixed = answer_.static_body.data() != nullptr;
  const std::string_view body = fixed ? answer_.static_body : std::string_view(answer_.body);
  AppendHead(answer_, body.size(), keep, framing.http11);
  const Clock::time_point ended = Clock::now();
  Emit(RequestServed{request_.method, request_.path, answer_.status, ended - started,
                     request_.trace_id});
  worker_.state().last_request.store(ended.time_since_epoch().count(), std::memory_order_relaxed);

  const bool send_body = request_.method != "HEAD" && StatusHasBody(answer_.status);
  if (send_body && body.size() > kJoinedBodySize) {
    const bool written = co_await Flush(body);
    GiveBack(answer_.body);
    co_return written&& keep;
  }
  if (send_body) out_.append(body);
  if (out_.size() >= kKeptBufferSize) {
    const bool written = co_await Flush();
    co_return written&& keep;
  }
  co_return keep;
}

void Session::FillFault(std::string_view where, std::string_view detail) {
  Emit(Fault{where, detail, request_.trace_id});
  answer_ = Answer{};
  answer_.status = 500;
  answer_.body = ErrorBody("Something went wrong on the server", "INTERNAL",
                           "Give the trace id to your administrator", request_.trace_id);
}

void Session::TakeTraceId(std::string_view sent) {
  if (IsSaneTraceId(sent)) {
    request_.trace_id.assign(sent);
  } else {
    request_.trace_id = NewTraceId();
  }
}

void Session::AppendHead(const Answer& answer, std::size_t body_size, bool keep, bool http11) {
  out_.append("HTTP/1.1 ").append(StatusLine(answer.status));
  out_.append("\r\nDate: ").append(worker_.Date());
  if (StatusHasBody(answer.status)) {
    if (!answer.content_type.empty()) out_.append("\r\nContent-Type: ").append(answer.content_type);
    const fmt::format_int size(body_size);
    out_.append("\r\nContent-Length: ").append(size.data(), size.size());
  }
  out_.append("\r\nX-Request-Id: ").append(request_.trace_id).append("\r\n");
  if (!keep) {
    out_.append("Connection: close\r\n");
  } else if (!http11) {
    out_.append("Connection: keep-alive\r\n");
  }
  out_.append(worker_.options().common_headers).append(answer.extra_headers).append("\r\n");
}

Task<bool> Session::Flush(std::string_view tail) {
  std::array<asio::const_buffer, 2> buffers = {asio::buffer(out_),
                                               asio::buffer(tail.data(), tail.size())};
  std::size_t left = out_.size() + tail.size();
  error_code fault;
  while (left > 0) {
    std::size_t count = socket_.write_some(buffers, fault);
    if (fault == asio::error::would_block || fault == asio::error::try_again) {
      // The limit is on every step, not on the whole: slow lines may take long for large answers.
      SetDeadline(Phase::kWriting, worker_.options().head_timeout);
      const auto [late_fault, late_count] = co_await socket_.async_write_some(buffers, kAwait);
      deadline_ = Deadline::max();
      fault = late_fault;
      count = late_count;
    }
    if (fault) co_return false;
    left -= count;
    for (asio::const_buffer& buffer : buffers) {
      const std::size_t step = std::min(count, buffer.size());
      buffer += step;
      count -= step;
    }
  }
  GiveBack(out_);
  co_return true;
}

Session::Refusal Session::RefusalOf(ParseFault fault) {
  switch (fault) {
    case ParseFault::kBodyTooLarge:
      return {413, "BODY_TOO_LARGE", "request entity too large", "Send less at a time"};
    case ParseFault::kVersion:
      return {505, "HTTP_VERSION_NOT_SUPPORTED", "http version not supported", "Use HTTP/1.1"};
    case ParseFault::kTransferEncoding:
      return {501, "TRANSFER_ENCODING_NOT_SUPPORTED", "transfer encoding not supported",
              "Use chunked or none"};
    case ParseFault::kMalformed:
    case ParseFault::kNone:
      break;
  }
  return {400, "BAD_REQUEST", "bad request", "The request is not valid HTTP/1.1"};
}

Task<void> Session::Refuse(Refusal refusal) {
  answer_ = Answer{};
  answer_.status = refusal.status;
  answer_.body = ErrorBody(refusal.message, refusal.code, refusal.hint, request_.trace_id);
  AppendHead(answer_, answer_.body.size(), false, true);
  out_.append(answer_.body);
  Emit(RequestServed{request_.method, request_.path, refusal.status, std::chrono::nanoseconds(0),
                     request_.trace_id});
  const bool written = co_await Flush();
  if (written) co_await Linger();
}

// Closing with unread bytes resets the connection, and a client that is still sending would lose
// the answer. So the rest is read and thrown away, within limits.
Task<void> Session::Linger() {
  error_code fault;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, fault);
  if (fault) co_return;
  const Deadline until = Clock::now() + kLingerTime;
  std::size_t thrown_away = 0;
  while (thrown_away < kLingerBytes && !worker_.stopping()) {
    phase_ = Phase::kLingering;
    deadline_ = until;
    const auto space = asio::buffer(buffer_);
    const auto [read_fault, count] = co_await socket_.async_read_some(space, kAwait);
    if (read_fault) break;
    thrown_away += count;
  }
  deadline_ = Deadline::max();
}

}  // namespace renkei::net
