// Lane is one connection shared by all short calls of a thread. What arrives while a batch is under
// way goes with the next one: no timer, no latency when idle (hot-path.md 2).
//
// kReads: after an error the units behind it are repeated, each with a sync of its own; a lost
// connection is replaced and the batch repeated once. kWrites: a batch is one transaction; any
// error rolls all of it back, and each unit is repeated in a transaction of its own, so each gets
// its own error. A connection lost while writing leaves the outcome unknown: DATABASE_UNAVAILABLE,
// nothing is repeated.
//
// Used on its executor's thread only.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "db/postgres/link.h"
#include "db/suspend.h"

namespace renkei::db::postgres {

enum class LaneKind { kReads, kWrites };

// How links of one database are made.
struct LinkMaker {
  std::string url;
  CancelFn cancel;
  std::function<void()> on_lost;  // any thread: cached counts are void
};

class Lane : public std::enable_shared_from_this<Lane> {
 public:
  Lane(LaneKind kind, boost::asio::any_io_executor executor, const LinkMaker& maker,
       std::size_t queue_limit);

  // All statements of a call travel together. On kWrites they are one transaction.
  Task<Result<std::vector<Rows>>> Run(std::vector<Statement> statements, Deadline deadline);
  void Close();

 private:
  struct Call {
    Unit unit;
    std::unique_ptr<Waker> waker;
    int attempts = 0;
    Result<void> outcome;  // the error when it is one of ours
  };
  using Batch = std::vector<Call*>;

  void Enqueue(Call& call);
  static Task<void> Pump(std::shared_ptr<Lane> lane);
  Task<void> RunBatch(Batch batch);
  Task<Result<void>> EnsureConnected(Deadline deadline);
  Batch TakeBatch();
  Batch Sort(const Batch& batch, bool lost, bool alone);
  bool RunAgain(const Call& call, bool lost) const;
  void Finish(Call& call);
  void FailAll(const Batch& batch, const Error& error);

  const LaneKind kind_;
  const boost::asio::any_io_executor executor_;
  const LinkMaker& maker_;
  const std::size_t queue_limit_;
  LinkRef link_;
  std::deque<Call*> waiting_;  // the calls live in their callers' frames
  bool pumping_ = false, closed_ = false;
  Clock::time_point retry_connect_{};
  std::chrono::milliseconds backoff_{0};
  Error connect_error_;
};

}  // namespace renkei::db::postgres
