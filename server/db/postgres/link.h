// Link is one libpq connection in pipeline mode on one thread's executor.
//
// It sends groups of units, each group ended by a sync (a group is one implicit transaction unless
// the statements say otherwise), and reads all their results. One Exchange() at a time. Errors of
// the server belong to units; a lost connection is the result of Exchange(). Statements are
// prepared once per link.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "db/connection.h"
#include "db/postgres/errors.h"
#include "db/rows.h"

struct pg_conn;
struct pg_result;

namespace renkei::db::postgres {

// Some statements of one caller, and what became of them. The statements are borrowed.
struct Unit {
  enum class State {
    kWaiting,  // no answer (yet)
    kDone,     // rows are complete
    kFailed,   // `failure` says why
    kSkipped,  // an earlier unit of the group failed
  };
  const std::vector<Statement>* statements = nullptr;
  Deadline deadline = Deadline::max();
  State state = State::kWaiting;
  bool synced = false;  // the group's sync has been answered: done means committed
  std::vector<Rows> rows;
  ServerError failure;

  void Reset() { state = State::kWaiting, synced = false, rows.clear(); }
};
using Group = std::vector<Unit*>;

// Sends a cancel request without blocking the caller's thread. `cancel` is a PGcancel the function
// must free.
using CancelFn = std::function<void(void* cancel)>;

class Link : public std::enable_shared_from_this<Link> {
 public:
  Link(boost::asio::any_io_executor executor, std::string url, CancelFn cancel);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  Task<Result<void>> Connect(Deadline deadline);
  bool open() const { return connection_ != nullptr && !broken_; }
  // Idle, outside any transaction, and no cancel request may still be on its way to it.
  bool reusable() const;
  // False when the server has closed the connection meanwhile. Cheap; asked before an idle link is
  // used again.
  bool StillThere();
  void Close();
  // Ends an exchange under way from the same thread: it reports a lost connection.
  void Abandon();

  // Error: DATABASE_UNAVAILABLE, and units without an answer stay kWaiting. Past the earliest
  // deadline a cancel request goes out; when that does not help within seconds, the connection is
  // given up.
  Task<Result<void>> Exchange(std::vector<Group> groups);

  // For the listening connection, instead of Exchange(): waits until a notification or a loss.
  Task<Result<std::pair<std::string, std::string>>> NextNotification();

 private:
  struct Expected {
    enum class Kind { kPrepare, kQuery, kSync, kIgnored } kind;
    Unit* unit = nullptr;
    const Group* group = nullptr;
    const Statement* statement = nullptr;
  };

  bool Send(const std::vector<Group>& groups);
  bool SendStatement(const Statement& statement, Unit* unit);
  bool SendSync(const Group* group);
  Task<Result<void>> Flush();
  Task<Result<void>> ReadResults();
  Task<bool> WaitReadable();
  void Take(pg_result* result);
  void TakeQueryResult(const Expected& expected, std::shared_ptr<pg_result> result);
  void FailUnit(const Expected& expected, const pg_result* result);
  Result<void> Lost(std::string_view where);
  Task<Result<void>> PollConnect();
  Task<Result<void>> SetUpSession();
  void StartWatch(Deadline deadline);
  void Watch();

  boost::asio::any_io_executor executor_;
  const std::string url_;
  const CancelFn cancel_;
  boost::asio::posix::stream_descriptor socket_;
  boost::asio::steady_timer watch_timer_;
  pg_conn* connection_ = nullptr;
  bool broken_ = false;

  std::deque<Expected> expected_;
  bool result_taken_ = false;  // of the first expected command; its end is still to come

  struct Prepared {
    std::string name;
    bool confirmed = false;   // the server has parsed it
    unsigned sent_group = 0;  // until then only statements of this group may rely on it
  };
  std::unordered_map<std::string, Prepared> prepared_;  // by SQL
  unsigned next_name_ = 0, group_ = 0;

  bool busy_ = false, watching_ = false, cancelled_ = false;
  Deadline exchange_deadline_ = Deadline::max();
  Clock::time_point give_up_ = Clock::time_point::max();
};
using LinkRef = std::shared_ptr<Link>;

}  // namespace renkei::db::postgres
