// OutboxDispatcher empties the outbox: it takes entries in the order of their numbers, hands them
// to its subscribers and deletes them, all in one transaction, so that what a subscriber writes
// there exists exactly once. With no subscriber it only deletes. Several processes may run one
// each: on PostgreSQL they skip each other's rows.
//
// Owned by app. Subscribe() before Run(); Run() is one coroutine that ends after Stop(), which any
// thread may call.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/task.h"
#include "db/database.h"

namespace renkei::records {

inline constexpr std::int64_t kOutboxBatch = 500;

struct OutboxRow {
  std::int64_t id = 0;
  std::string event, collection, record_key, payload, trace_id;
};
// Runs inside the dispatcher's transaction (see db::TransactionBody): it writes with the connection
// and awaits nothing else. An error leaves the batch in the outbox; it comes again.
using OutboxSubscriber =
    std::function<Task<Result<void>>(db::Connection& connection, std::span<const OutboxRow> rows)>;

class OutboxDispatcher {
 public:
  explicit OutboxDispatcher(db::Database& database);
  ~OutboxDispatcher();
  void Subscribe(OutboxSubscriber subscriber);
  Task<void> Run();
  void Stop();
  // One batch; gives how many entries went. Run() does this again and again.
  Task<Result<std::int64_t>> DispatchOnce();

 private:
  struct Sleeper;
  Task<Result<void>> TakeBatch(db::Connection& connection, std::int64_t& taken);

  db::Database& database_;
  std::vector<OutboxSubscriber> subscribers_;
  std::shared_ptr<Sleeper> sleeper_;
  std::atomic<bool> stopping_{false};
};

}  // namespace renkei::records
