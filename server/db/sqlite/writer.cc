// The preupdate hook is compiled into Debian's SQLite; it also reports the rows that REPLACE
// removes.
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include "db/sqlite/writer.h"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>

#include "base/observe.h"
#include "db/errors.h"
#include "db/sqlite/body.h"
#include "db/sqlite/errors.h"
#include "db/sqlite/function_support.h"

namespace renkei::db::sqlite {
namespace {

constexpr std::size_t kMaxBatch = 64;  // hot-path.md 3: beyond, p99 grows and throughput does not
constexpr int kCheckpointIdlePages = 1000;  // 4 MiB of log: copied back as soon as nobody waits
constexpr int kCheckpointBusyPages = 16 * 1024;   // 64 MiB: copied back even while somebody waits
constexpr std::chrono::seconds kIdleInterval(1);  // how old an unnoticed foreign write may be

}  // namespace

// Callbacks that only writer.cc sees.
struct WriterHooks {
  static void OnChange(void* self, sqlite3*, int operation, const char*, const char* table,
                       sqlite3_int64, sqlite3_int64) {
    WriteRequest* request = static_cast<Writer*>(self)->current_;
    if (request == nullptr) return;
    request->changes.Touch(table, operation == SQLITE_INSERT   ? 1
                                  : operation == SQLITE_DELETE ? -1
                                                               : 0);
  }

  // rk_notify(topic, payload), sent by the commit.
  static void Notify(sqlite3_context* context, int, sqlite3_value** args) {
    WriteRequest* request = static_cast<Writer*>(sqlite3_user_data(context))->current_;
    if (request != nullptr) request->notifications.emplace_back(TextOf(args[0]), TextOf(args[1]));
  }
};

Writer::Writer(std::unique_ptr<Handle> handle, Counts& counts, db::sqlite::Notify notify,
               std::size_t queue_limit)
    : handle_(std::move(handle)),
      counts_(counts),
      notify_(std::move(notify)),
      queue_limit_(queue_limit) {
  InstallHooks();
  NoticeForeignWrites();  // from here on
  thread_ = std::thread([this] { Loop(); });
}

Writer::~Writer() { Stop(); }

void Writer::InstallHooks() {
  sqlite3* connection = handle_->raw();
  sqlite3_preupdate_hook(connection, WriterHooks::OnChange, this);
  sqlite3_set_authorizer(connection, OnAuthorize, this);
  sqlite3_wal_hook(connection, OnWalCommit, this);  // replaces the automatic checkpoint
  sqlite3_create_function_v2(connection, "rk_notify", 2, SQLITE_UTF8 | SQLITE_DIRECTONLY, this,
                             WriterHooks::Notify, nullptr, nullptr, nullptr);
}

int Writer::OnAuthorize(void* self, int action, const char* table, const char*, const char*,
                        const char*) {
  auto* writer = static_cast<Writer*>(self);
  switch (action) {
    case SQLITE_DELETE:
      // Without IGNORE a DELETE without WHERE clears the table in one stroke and reports no row. As
      // a part of DROP, IGNORE would mean that nothing is dropped.
      return std::string_view(table).starts_with("sqlite_") || !writer->handle_->keeps_statement()
                 ? SQLITE_OK
                 : SQLITE_IGNORE;
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_VIEW:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_CREATE_VTABLE:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_VIEW:
    case SQLITE_DROP_TRIGGER:
    case SQLITE_DROP_VTABLE:
    case SQLITE_ALTER_TABLE:
      writer->handle_->DoNotKeepLastStatement();
      if (writer->current_ != nullptr) writer->current_->changes.TouchSchema();
      return SQLITE_OK;
    default:
      return SQLITE_OK;
  }
}

int Writer::OnWalCommit(void* self, sqlite3*, const char*, int pages) {
  static_cast<Writer*>(self)->wal_pages_ = pages;
  return SQLITE_OK;
}

bool Writer::Push(WriteRequestRef request) {
  {
    std::lock_guard lock(mutex_);
    if (stopping_ || queue_.size() >= queue_limit_) return false;
    queue_.push_back(std::move(request));
  }
  wake_.notify_one();
  return true;
}

void Writer::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Writer::Loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    bool work =
        wake_.wait_for(lock, kIdleInterval, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_ && queue_.empty()) return;
    if (!work) {
      lock.unlock();
      Idle();
      lock.lock();
      continue;
    }
    std::size_t size = std::min(queue_.size(), kMaxBatch);
    Batch batch(std::make_move_iterator(queue_.begin()),
                std::make_move_iterator(queue_.begin() + static_cast<long>(size)));
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<long>(size));
    lock.unlock();
    RunToEnd(std::move(batch));
    lock.lock();
    int limit = queue_.empty() ? kCheckpointIdlePages : kCheckpointBusyPages;
    if (wal_pages_ < limit) continue;
    lock.unlock();
    Checkpoint();
    lock.lock();
  }
}

// Each attempt finishes at least one member, so this ends.
void Writer::RunToEnd(Batch batch) {
  while (!batch.empty()) {
    Batch finished;
    batch = Attempt(batch, finished);
    for (WriteRequestRef& request : finished) request->waker->Wake();
  }
}

// One transaction. Returns the members that must be run again; all others are in `finished` with
// their outcome.
Writer::Batch Writer::Attempt(Batch& batch, Batch& finished) {
  if (auto begun = handle_->Execute("BEGIN IMMEDIATE"); !begun) {
    Finish(batch, begun.error(), finished);
    return {};
  }
  NoticeForeignWrites();
  Batch done;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    WriteRequestRef& request = batch[i];
    request->outcome = RunMember(*request);
    if (request->outcome) {
      done.push_back(std::move(request));
      continue;
    }
    finished.push_back(std::move(request));
    if (handle_->in_transaction()) continue;
    // SQLite has rolled back everything: the members before are lost, the ones after have not run.
    done.insert(done.end(), std::make_move_iterator(batch.begin() + static_cast<long>(i) + 1),
                std::make_move_iterator(batch.end()));
    return done;
  }
  return Commit(done, finished);
}

Writer::Batch Writer::Commit(Batch& members, Batch& finished) {
  Changes changes;
  for (WriteRequestRef& request : members) changes.Merge(request->changes);
  counts_.CommitBegins(changes);
  Result<void> committed = handle_->Execute("COMMIT");
  counts_.CommitEnds(changes, committed.has_value());
  if (!committed) {
    if (handle_->in_transaction()) (void)handle_->Execute("ROLLBACK");
    // A deferred constraint belongs to one member; alone it tells whose it is.
    bool divide = committed.error().kind == ErrorKind::kInvalidArgument && members.size() > 1;
    if (!divide) {
      Finish(members, committed.error(), finished);
      return {};
    }
    for (WriteRequestRef& request : members) {
      Batch alone{request};
      (void)Attempt(alone, finished);
    }
    return {};
  }
  for (WriteRequestRef& request : members) {
    for (const auto& [topic, payload] : request->notifications) notify_(topic, payload);
    finished.push_back(std::move(request));
  }
  return {};
}

void Writer::Finish(Batch& members, const Error& error, Batch& finished) {
  for (WriteRequestRef& request : members) {
    request->outcome = Fail(error);
    finished.push_back(std::move(request));
  }
}

Result<Rows> Writer::RunMember(WriteRequest& request) {
  request.changes.Clear();
  request.notifications.clear();
  if (Clock::now() >= request.deadline) return Fail(QueryTimeout());
  if (auto* count = std::get_if<CountJob>(&request.work)) return RunCount(*count, request.deadline);
  RK_CHECK_OK(handle_->Execute("SAVEPOINT rk_member"));
  current_ = &request;
  Result<Rows> rows = RunWork(request);
  current_ = nullptr;
  if (rows) {
    RK_CHECK_OK(handle_->Execute("RELEASE rk_member"));
    return rows;
  }
  request.changes.Clear();
  if (!handle_->in_transaction()) return rows;
  Result<void> undone = handle_->Execute("ROLLBACK TO rk_member");
  if (undone) undone = handle_->Execute("RELEASE rk_member");
  // Without the savepoint nothing of this transaction can be trusted.
  if (!undone) (void)handle_->Execute("ROLLBACK");
  return rows;
}

Result<Rows> Writer::RunWork(WriteRequest& request) {
  if (auto* statement = std::get_if<Statement>(&request.work))
    return handle_->Run(*statement, request.deadline);
  BodyConnection connection(*handle_, request.deadline);
  RK_CHECK_OK(RunBody(std::get<TransactionBody>(request.work), connection));
  return Rows();
}

// Other members may have changed the table already in this transaction; then the number would be
// ahead of what is committed, and the next one who asks counts instead.
Result<Rows> Writer::RunCount(const CountJob& job, Deadline deadline) {
  Counts::Versions versions = counts_.Read({job.table});
  RK_TRY(rows, handle_->Run(job.statement, deadline));
  if (sqlite3_total_changes64(handle_->raw()) == changes_at_begin_) {
    counts_.StoreWhole(job.table, versions, rows.at(0, 0).ToInt());
  }
  return std::move(rows);
}

void Writer::NoticeForeignWrites() {
  changes_at_begin_ = sqlite3_total_changes64(handle_->raw());
  auto version = handle_->QueryInt("PRAGMA data_version");
  if (!version || *version == data_version_) return;
  if (data_version_ != -1) counts_.ForgetAll();
  data_version_ = *version;
}

void Writer::Idle() {
  NoticeForeignWrites();
  if (wal_pages_ > 0) Checkpoint();
}

void Writer::Checkpoint() {
  int left = 0, copied = 0;
  // PASSIVE waits for nobody; what readers still need is copied the next time.
  int code =
      sqlite3_wal_checkpoint_v2(handle_->raw(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &left, &copied);
  if (code == SQLITE_OK || code == SQLITE_BUSY) {
    wal_pages_ = 0;
    return;
  }
  Emit(Fault{"sqlite.checkpoint", sqlite3_errmsg(handle_->raw()), {}});
}

}  // namespace renkei::db::sqlite
