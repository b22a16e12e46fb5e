// One connection: reads requests, hands them to the Handler one after the other, writes the answers
// in order. Private to net/http_*.cc. A session lives in its coroutine's frame, on its worker's
// thread, and nowhere else.
//
// Errors: a broken connection ends the session silently; a request that cannot be understood is
// answered in the envelope of errors and the connection closed; an exception out of the Handler is
// a 500 and an Observation.
#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/task.h"
#include "net/http.h"
#include "net/http_limits.h"
#include "net/http_parser.h"
#include "net/http_worker.h"

namespace renkei::net {

class Session {
 public:
  Session(boost::asio::ip::tcp::socket socket, Worker& worker);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Task<void> Run();

  // Called by the worker on its ticks.
  Deadline deadline() const { return deadline_; }
  void OnDeadline();
  void OnStop();  // closes the connection when nothing is under way

 private:
  enum class Phase { kIdle, kHead, kBody, kHandling, kWriting, kLingering };
  // Why the connection is refused: the answer's status and words.
  struct Refusal {
    int status;
    std::string_view code, message, hint;
  };

  Task<void> Serve();
  // Leaves a whole head at the front of the unread bytes and returns its size; 0: the connection is
  // to be closed.
  Task<std::size_t> ReadHead();
  // Takes the body behind the head of the message; false: the connection is to be closed.
  Task<bool> ReadBody();
  Task<bool> ReadSizedBody();
  Task<bool> ReadChunkedBody();
  Task<bool> Handle();  // true: keep the connection
  Task<std::size_t> ReadSome(char* data, std::size_t size, Phase phase);  // 0: closed or timed out
  Task<bool> Flush(
      std::string_view tail = {});  // writes out_, then `tail`; false: the connection is gone
  Task<void> Refuse(Refusal refusal);
  Task<void> Linger();

  static Refusal RefusalOf(ParseFault fault);
  void AppendHead(const Answer& answer, std::size_t body_size, bool keep, bool http11);
  void TakeTraceId(std::string_view sent);
  void FillFault(std::string_view where, std::string_view detail);
  std::string_view unread() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void Consume(std::size_t size);
  void ConsumeMessage();
  bool NothingCame();
  void SetDeadline(Phase phase, Clock::duration after);

  boost::asio::ip::tcp::socket socket_;
  Worker& worker_;
  RequestParser parser_;
  Request request_;
  Answer answer_;
  std::string address_;
  std::string out_;   // answers not yet written
  std::string body_;  // a body that did not come whole with its head
  std::string raw_;   // chunked bytes not yet decoded; afterwards the start of the next request
  Phase phase_ = Phase::kIdle;
  Deadline deadline_ = Deadline::max();
  Deadline head_deadline_ = Deadline::max();
  bool timed_out_ = false;
  bool fresh_ = true;             // no request has come yet
  std::size_t message_size_ = 0;  // of the current request, as far as it lies in buffer_
  std::size_t begin_ = 0, end_ = 0, searched_ = 0;  // unread bytes of buffer_
  std::array<char, kMaxHeadSize> buffer_;
};

}  // namespace renkei::net
