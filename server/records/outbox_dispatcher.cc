#include "records/outbox_dispatcher.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>

#include "base/observe.h"

namespace renkei::records {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds kPauseBusy{50};  // entries came just now: look again soon
constexpr std::chrono::milliseconds kPauseLongest{
    2000};  // nothing for a while, or the database is away
constexpr std::chrono::seconds kBatchDeadline{30};

}  // namespace

// The timer lives on Run()'s executor; Stop() reaches it from any thread by a post.
struct OutboxDispatcher::Sleeper {
  std::mutex mutex;
  std::unique_ptr<asio::steady_timer> timer;  // guarded by mutex: exists while Run() runs
};

OutboxDispatcher::OutboxDispatcher(db::Database& database)
    : database_(database), sleeper_(std::make_shared<Sleeper>()) {}
OutboxDispatcher::~OutboxDispatcher() = default;

void OutboxDispatcher::Subscribe(OutboxSubscriber subscriber) {
  subscribers_.push_back(std::move(subscriber));
}

void OutboxDispatcher::Stop() {
  stopping_.store(true);
  std::lock_guard lock(sleeper_->mutex);
  if (sleeper_->timer == nullptr) return;
  asio::post(sleeper_->timer->get_executor(), [sleeper = sleeper_] {
    std::lock_guard inner(sleeper->mutex);
    if (sleeper->timer != nullptr) sleeper->timer->cancel();
  });
}

Task<void> OutboxDispatcher::Run() {
  // Stop() may be followed by the end of this object while the last await is under way: keep what
  // is touched after it.
  const std::shared_ptr<Sleeper> sleeper = sleeper_;
  auto executor = co_await asio::this_coro::executor;
  asio::steady_timer* timer = nullptr;
  {
    std::lock_guard lock(sleeper->mutex);
    sleeper->timer = std::make_unique<asio::steady_timer>(executor);
    timer = sleeper->timer.get();
  }
  std::chrono::milliseconds pause = kPauseBusy;
  while (!stopping_.load()) {
    Result<std::int64_t> taken = co_await DispatchOnce();
    if (stopping_.load()) break;
    if (!taken) {
      Emit(Note{"outbox_delayed", taken.error().message});
      pause = kPauseLongest;
    } else if (*taken > 0) {
      pause = kPauseBusy;
    } else {
      pause = std::min(pause * 2, kPauseLongest);
    }
    if (taken && *taken >= kOutboxBatch) continue;
    timer->expires_after(pause);
    co_await timer->async_wait(asio::as_tuple(asio::use_awaitable));
  }
  std::lock_guard lock(sleeper->mutex);
  sleeper->timer.reset();
}

Task<Result<std::int64_t>> OutboxDispatcher::DispatchOnce() {
  const Deadline deadline = Clock::now() + kBatchDeadline;
  // An idle dispatcher only reads: it must not wake the writer.
  db::Statement peek{"SELECT \"id\" FROM outbox ORDER BY \"id\" LIMIT 1", {}, "outbox_peek"};
  RK_CO_TRY(head, co_await database_.ReadOne(std::move(peek), db::ReadCost::kBounded, deadline));
  if (head.empty()) co_return 0;
  if (subscribers_.empty()) {
    db::Statement remove;
    remove.name = "outbox_drop";
    remove.sql =
        "DELETE FROM outbox WHERE \"id\" IN (SELECT \"id\" FROM outbox ORDER BY \"id\" LIMIT " +
        std::to_string(kOutboxBatch);
    if (database_.dialect().has_writable_cte()) remove.sql += " FOR UPDATE SKIP LOCKED";
    remove.sql += ")";
    RK_CO_TRY(removed, co_await database_.Write(std::move(remove), deadline));
    co_return removed.affected();
  }
  std::int64_t taken = 0;
  db::TransactionBody body = [this, &taken](db::Connection& connection) {
    return TakeBatch(connection, taken);
  };
  RK_CO_CHECK_OK(co_await database_.Transact(std::move(body), deadline));
  co_return taken;
}

Task<Result<void>> OutboxDispatcher::TakeBatch(db::Connection& connection, std::int64_t& taken) {
  taken = 0;
  const db::Dialect& dialect = database_.dialect();
  db::Statement select;
  select.name = "outbox_take";
  select.sql =
      "SELECT \"id\", \"event\", \"collection\", \"recordKey\", \"payload\", \"traceId\" FROM "
      "outbox ORDER BY \"id\" LIMIT " +
      std::to_string(kOutboxBatch);
  if (dialect.has_writable_cte()) select.sql += " FOR UPDATE SKIP LOCKED";
  RK_CO_TRY(rows, co_await connection.Run(std::move(select)));
  if (rows.empty()) co_return Result<void>();
  std::vector<OutboxRow> batch;
  std::vector<db::Value> ids;
  batch.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    OutboxRow row;
    row.id = rows.at(i, 0).ToInt();
    ids.push_back(db::Value::Int(row.id));
    row.event = rows.at(i, 1).ToText();
    row.collection = rows.at(i, 2).ToText();
    row.record_key = rows.at(i, 3).ToText();
    row.payload = rows.at(i, 4).ToText();
    row.trace_id = rows.at(i, 5).ToText();
    batch.push_back(std::move(row));
  }
  for (const OutboxSubscriber& subscriber : subscribers_) {
    RK_CO_CHECK_OK(co_await subscriber(connection, std::span<const OutboxRow>(batch)));
  }
  db::Statement remove;
  remove.name = "outbox_delete";
  remove.sql =
      "DELETE FROM outbox WHERE " + dialect.InList("\"id\"", 1, db::ColumnKind::kInt64, false);
  remove.params.push_back(dialect.EncodeList(ids, db::ColumnKind::kInt64));
  RK_CO_CHECK_OK(co_await connection.Run(std::move(remove)));
  taken = static_cast<std::int64_t>(batch.size());
  co_return Result<void>();
}

}  // namespace renkei::records
