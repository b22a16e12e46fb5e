// Writer is the one thread that changes the database. It takes all that waits (at most 64
// requests), gives each a savepoint in one transaction, commits, and only then wakes the callers
// (hot-path.md 3).
//
// A request that fails is rolled back alone. A COMMIT that fails fails all. When SQLite gives up
// the whole transaction in the middle (a deadline inside a write, a full disk), the other requests
// are run again without the culprit.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

#include "db/database.h"
#include "db/sqlite/counts.h"
#include "db/sqlite/handle.h"
#include "db/suspend.h"

namespace renkei::db::sqlite {

using Notify = std::function<void(std::string_view topic, std::string_view payload)>;

// The exact number of a table's rows, counted by the writer between two transactions.
struct CountJob {
  std::string table;
  Statement statement;
};

struct WriteRequest {
  std::variant<Statement, TransactionBody, CountJob> work;
  Deadline deadline = Deadline::max();
  // Filled by the writer before it wakes.
  Result<Rows> outcome = Rows();
  std::unique_ptr<Waker> waker;
  // The writer's own.
  Changes changes;
  std::vector<std::pair<std::string, std::string>> notifications;  // topic, payload
};
using WriteRequestRef = std::shared_ptr<WriteRequest>;

class Writer {
 public:
  // `notify` is called on the writer's thread, after a commit and before its callers are woken.
  Writer(std::unique_ptr<Handle> handle, Counts& counts, Notify notify, std::size_t queue_limit);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // False: the queue is full or the writer has stopped; the request is untouched.
  bool Push(WriteRequestRef request);
  void Stop();  // after the requests that wait
  // A body that asked the writer for a write would wait for itself.
  bool OnWriterThread() const { return std::this_thread::get_id() == thread_.get_id(); }

 private:
  using Batch = std::vector<WriteRequestRef>;

  void Loop();
  void RunToEnd(Batch batch);
  Batch Attempt(Batch& batch, Batch& finished);
  Batch Commit(Batch& members, Batch& finished);
  Result<Rows> RunMember(WriteRequest& request);
  Result<Rows> RunWork(WriteRequest& request);
  Result<Rows> RunCount(const CountJob& job, Deadline deadline);
  void Finish(Batch& members, const Error& error, Batch& finished);
  void NoticeForeignWrites();
  void Idle();
  void Checkpoint();

  void InstallHooks();
  static int OnAuthorize(void* self, int action, const char* a, const char* b, const char* c,
                         const char* d);
  static int OnWalCommit(void* self, struct sqlite3* connection, const char* name, int pages);

  const std::unique_ptr<Handle> handle_;
  Counts& counts_;
  const Notify notify_;
  const std::size_t queue_limit_;

  // The writer's thread only.
  WriteRequest* current_ = nullptr;
  std::int64_t data_version_ = -1;
  std::int64_t changes_at_begin_ = 0;  // SQLite's total when the transaction began
  int wal_pages_ = 0;

  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  std::deque<WriteRequestRef> queue_;
  bool stopping_ = false;

  std::thread thread_;  // last: it uses everything above

  friend struct WriterHooks;
};

}  // namespace renkei::db::sqlite
