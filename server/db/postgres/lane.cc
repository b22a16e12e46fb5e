#include "db/postgres/lane.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "db/errors.h"
#include "db/postgres/parameters.h"

namespace renkei::db::postgres {
namespace {

constexpr std::size_t kMaxReads = 128;  // units of one batch
constexpr std::size_t kMaxWrites = 64;  // … that share a commit
constexpr int kMaxAttempts =
    3;  // of one unit, after lost connections or vanished prepared statements
constexpr std::chrono::seconds kConnectTime(10);
constexpr std::chrono::milliseconds kFirstBackoff(50), kMaxBackoff(1000);

}  // namespace

Lane::Lane(LaneKind kind, boost::asio::any_io_executor executor, const LinkMaker& maker,
           std::size_t queue_limit)
    : kind_(kind), executor_(std::move(executor)), maker_(maker), queue_limit_(queue_limit) {}

Task<Result<std::vector<Rows>>> Lane::Run(std::vector<Statement> statements, Deadline deadline) {
  for (const Statement& statement : statements) {
    if (Parameters::HasNul(statement.params)) {
      co_return Fail(
          InvalidArgument(codes::kInvalidValue, "Text must not contain the character U+0000"));
    }
  }
  if (closed_ || waiting_.size() >= queue_limit_) {
    co_return Fail(Unavailable(codes::kUnavailable, "The database has too many requests to do"));
  }
  Call call;
  call.unit.statements = &statements;
  call.unit.deadline = deadline;
  auto start = [&](std::unique_ptr<Waker> waker) {
    call.waker = std::move(waker);
    Enqueue(call);
  };
  co_await Suspend(start);
  if (!call.outcome) co_return Fail(std::move(call.outcome).error());
  if (call.unit.state == Unit::State::kFailed) co_return Fail(std::move(call.unit.failure.error));
  co_return std::move(call.unit.rows);
}

void Lane::Enqueue(Call& call) {
  waiting_.push_back(&call);
  if (pumping_) return;
  pumping_ = true;
  auto pump = Pump(shared_from_this());
  boost::asio::co_spawn(executor_, std::move(pump), boost::asio::detached);
}

void Lane::Close() {
  closed_ = true;
  if (link_) link_->Abandon();
}

Task<void> Lane::Pump(std::shared_ptr<Lane> lane) {
  // Callers that are ready to run in this turn of the loop come first: their statements go with
  // this batch.
  co_await boost::asio::post(lane->executor_, boost::asio::use_awaitable);
  while (!lane->waiting_.empty()) {
    Batch batch = lane->TakeBatch();
    if (!batch.empty()) co_await lane->RunBatch(std::move(batch));
  }
  lane->pumping_ = false;
}

Lane::Batch Lane::TakeBatch() {
  Batch batch;
  std::size_t limit = kind_ == LaneKind::kReads ? kMaxReads : kMaxWrites;
  Clock::time_point now = Clock::now();
  while (!waiting_.empty() && batch.size() < limit) {
    Call* call = waiting_.front();
    waiting_.pop_front();
    if (now < call->unit.deadline) {
      batch.push_back(call);
      continue;
    }
    call->outcome = Fail(QueryTimeout());
    Finish(*call);
  }
  return batch;
}

void Lane::Finish(Call& call) { call.waker->Wake(); }

void Lane::FailAll(const Batch& batch, const Error& error) {
  for (Call* call : batch) {
    call->outcome = Fail(error);
    Finish(*call);
  }
}

Task<Result<void>> Lane::EnsureConnected(Deadline deadline) {
  Clock::time_point now = Clock::now();
  if (link_ && link_->reusable() && link_->StillThere()) co_return Result<void>();
  if (closed_) co_return Fail(ConnectionLost("closing"));
  if (now < retry_connect_) co_return Fail(connect_error_);
  if (link_) {
    maker_.on_lost();
    link_->Close();
  }
  link_ = std::make_shared<Link>(executor_, maker_.url, maker_.cancel);
  auto connected = co_await link_->Connect(std::min(deadline, now + kConnectTime));
  if (connected) {
    backoff_ = {};
    co_return connected;
  }
  link_.reset();
  backoff_ = std::clamp(backoff_ * 2, kFirstBackoff, kMaxBackoff);
  retry_connect_ = Clock::now() + backoff_;
  connect_error_ = connected.error();
  co_return connected;
}

Task<void> Lane::RunBatch(Batch batch) {
  bool alone = batch.size() == 1;
  while (!batch.empty()) {
    Deadline latest = Deadline::min();
    for (Call* call : batch) latest = std::max(latest, call->unit.deadline);
    auto connected = co_await EnsureConnected(latest);
    if (!connected) {
      FailAll(batch, connected.error());
      co_return;
    }
    std::vector<Group> groups;
    for (Call* call : batch) {
      ++call->attempts;
      if (alone || groups.empty()) groups.emplace_back();
      groups.back().push_back(&call->unit);
    }
    auto exchanged = co_await link_->Exchange(std::move(groups));
    batch = Sort(batch, !exchanged, alone);
    alone = true;  // what is left is repeated one by one
  }
}

// Wakes the calls that have their answer; returns those to be run again.
Lane::Batch Lane::Sort(const Batch& batch, bool lost, bool alone) {
  if (lost) maker_.on_lost();
  bool rolled_back = kind_ == LaneKind::kWrites && !alone &&
                     std::any_of(batch.begin(), batch.end(), [](Call* call) {
                       return call->unit.state == Unit::State::kFailed;
                     });
  Batch again;
  for (Call* call : batch) {
    Unit& unit = call->unit;
    bool expired = Clock::now() >= unit.deadline;
    bool complete = unit.state == Unit::State::kDone &&
                    (kind_ == LaneKind::kReads || (unit.synced && !rolled_back));
    if (!complete && !expired && (RunAgain(*call, lost) || (rolled_back && !lost))) {
      again.push_back(call);
      continue;
    }
    if (!complete && unit.state != Unit::State::kFailed) {
      call->outcome = expired
                          ? Fail(QueryTimeout())
                          : Result<void>(Fail(ConnectionLost("while a statement was under way")));
    }
    Finish(*call);
  }
  return again;
}

bool Lane::RunAgain(const Call& call, bool lost) const {
  if (call.attempts >= kMaxAttempts) return false;
  if (lost) return kind_ == LaneKind::kReads;
  if (call.unit.state == Unit::State::kSkipped) return true;
  if (call.unit.state != Unit::State::kFailed) return false;
  switch (call.unit.failure.remedy) {
    case Remedy::kPrepareAgain:
      return true;
    case Remedy::kCancelled:  // it was meant for another unit of the batch
    case Remedy::kRunAgain:
      return true;
    case Remedy::kNone:
      return false;
  }
  return false;
}

}  // namespace renkei::db::postgres
