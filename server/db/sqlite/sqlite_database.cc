#include "db/sqlite/sqlite_database.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "base/json.h"
#include "base/worker.h"
#include "db/count_key.h"
#include "db/errors.h"
#include "db/flights.h"
#include "db/sqlite/body.h"
#include "db/sqlite/counts.h"
#include "db/sqlite/errors.h"
#include "db/sqlite/reader_pool.h"
#include "db/sqlite/writer.h"

namespace renkei::db {
namespace {

using sqlite::BodyConnection;
using sqlite::Counts;
using sqlite::Handle;
using sqlite::HandleOptions;

constexpr int kBusyInline =
    100;  // milliseconds an event-loop thread may wait for a lock (recovery after a crash)
constexpr int kBusyThread = 5000;  // … a thread of ours
constexpr int kCountAttempts = 2;  // unsettled counts of a whole table before the writer is asked

// All statements see one state.
Result<std::vector<Rows>> ReadAll(Handle& handle, const std::vector<Statement>& statements,
                                  Deadline deadline) {
  std::vector<Rows> all;
  all.reserve(statements.size());
  bool transaction = statements.size() > 1;
  if (transaction) RK_CHECK_OK(handle.Execute("BEGIN"));
  Result<void> outcome;
  for (const Statement& statement : statements) {
    Result<Rows> rows = handle.Run(statement, deadline);
    if (!rows) {
      outcome = Fail(std::move(rows).error());
      break;
    }
    all.push_back(std::move(*rows));
  }
  if (transaction && handle.in_transaction()) (void)handle.Execute("COMMIT");
  if (!outcome) return Fail(std::move(outcome).error());
  return all;
}

// Which of `names` are tables whose rows the writer's hooks report.
Result<std::vector<std::string>> RealTables(Handle& handle, const std::vector<std::string>& names,
                                            Deadline deadline) {
  json::array list;
  for (const std::string& name : names) list.emplace_back(json::string(name));
  Statement statement{
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' "
      "AND name IN (SELECT value FROM json_each(?1))",
      {Value::Text(ToJson(list))},
      "count.tables"};
  RK_TRY(rows, handle.Run(statement, deadline));
  std::vector<std::string> real;
  for (std::size_t i = 0; i < rows.size(); ++i) real.push_back(rows.at(i, 0).ToText());
  return real;
}

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(const SqliteOptions& options, std::unique_ptr<Handle> writer)
      : options_(options),
        inline_handles_(static_cast<std::size_t>(std::max(options.workers, 0))),
        writer_(
            std::move(writer), counts_,
            [this](std::string_view topic, std::string_view payload) { Announce(topic, payload); },
            options.write_queue),
        readers_(ReaderOptions(kBusyThread), std::max(options.reader_threads, 1),
                 options.read_queue) {}

  ~SqliteDatabase() override { Close(); }

  const Dialect& dialect() const override { return SqliteDialect(); }

  Task<Result<std::vector<Rows>>> Read(std::vector<Statement> statements, ReadCost cost,
                                       Deadline deadline) override {
    if (cost == ReadCost::kBounded && HasInlineHandle()) {
      RK_CO_TRY(handle, InlineHandle());
      co_return ReadAll(*handle, statements, deadline);
    }
    co_return co_await ReadOnThread(std::move(statements), deadline);
  }

  Task<Result<CountedRows>> ReadCounted(std::vector<Statement> statements, CountRequest count,
                                        ReadCost cost, Deadline deadline) override {
    bool whole = count.whole_table && count.tables.size() == 1;
    Counts::Versions versions = counts_.Read(count.tables);
    std::string key = whole ? std::string() : CountKey(count.statement);
    std::optional<std::int64_t> known =
        whole ? counts_.Whole(count.tables.front()) : counts_.Filtered(key, versions);
    if (!known && versions.settled && versions.all_tables) {
      // Somebody may be counting just that, in just this state.
      if (whole) key = CountKey(count.statement);
      std::string flight = FlightKey(key, versions);
      if (flights_.Lead(flight)) {
        co_return co_await CountInFlight(std::move(statements), std::move(count), whole,
                                         std::move(key), std::move(flight), deadline);
      }
      known = co_await flights_.Join(flight);
    }
    if (!known) {
      if (whole) key = CountKey(count.statement);
      co_return co_await CountAndRead(std::move(statements), count, whole, key, deadline);
    }
    RK_CO_TRY(rows, co_await Read(std::move(statements), cost, deadline));
    co_return CountedRows{std::move(rows), *known};
  }

  Task<Result<void>> Transact(TransactionBody body, Deadline deadline) override {
    auto request = std::make_shared<sqlite::WriteRequest>();
    request->work = std::move(body);
    request->deadline = deadline;
    RK_CO_CHECK_OK(co_await AskWriter(request));
    co_return Result<void>();
  }

  Task<Result<Rows>> Write(Statement statement, Deadline deadline) override {
    auto request = std::make_shared<sqlite::WriteRequest>();
    request->work = std::move(statement);
    request->deadline = deadline;
    co_return co_await AskWriter(request);
  }

  Task<Result<void>> ReadSession(TransactionBody body, Deadline deadline) override {
    Result<void> outcome;
    ReaderPool::Work work = [&](Result<Handle*> handle) {
      if (handle) outcome = (*handle)->Execute("BEGIN");
      if (!handle || !outcome) {
        outcome = Fail(handle ? outcome.error() : handle.error());
        return;
      }
      BodyConnection connection(**handle, deadline);
      outcome = sqlite::RunBody(body, connection);
      if ((*handle)->in_transaction()) (void)(*handle)->Execute("ROLLBACK");
    };
    RK_CO_CHECK_OK(co_await readers_.Run(std::move(work)));
    co_return outcome;
  }

  // VACUUM INTO writes a new file only, but SQLite counts it as a change: the reader's guard is
  // lifted for it.
  Task<Result<void>> BackupTo(std::string file, Deadline deadline) override {
    Result<void> outcome;
    ReaderPool::Work work = [&](Result<Handle*> handle) {
      if (!handle) {
        outcome = Fail(handle.error());
        return;
      }
      outcome = (*handle)->Execute("PRAGMA query_only = 0");
      Statement copy{"VACUUM INTO ?1", {Value::Text(file)}, "backup"};
      if (outcome) {
        if (auto copied = (*handle)->Run(copy, deadline); !copied)
          outcome = Fail(std::move(copied).error());
      }
      (void)(*handle)->Execute("PRAGMA query_only = 1");
    };
    RK_CO_CHECK_OK(co_await readers_.Run(std::move(work)));
    co_return outcome;
  }

  std::vector<Statement> TrackCountStatements(std::string_view) const override { return {}; }
  std::vector<Statement> UntrackCountStatements(std::string_view) const override { return {}; }

  Statement NotifyStatement(std::string_view topic, std::string_view payload) const override {
    return {"SELECT rk_notify(?1, ?2)", {Value::Text(topic), Value::Text(payload)}, "notify"};
  }

  void Subscribe(std::function<void(std::string_view, std::string_view)> subscriber) override {
    std::lock_guard lock(subscribers_mutex_);
    subscribers_.push_back(std::move(subscriber));
  }

  Task<Result<std::string>> ServerVersion() override {
    Statement statement{"SELECT sqlite_version()", {}, "version"};
    Deadline deadline = Clock::now() + std::chrono::seconds(10);
    RK_CO_TRY(rows, co_await ReadOne(std::move(statement), ReadCost::kUnbounded, deadline));
    co_return "SQLite " + rows.at(0, 0).ToText();
  }

  void Close() override {
    if (closed_.exchange(true)) return;
    readers_.Stop();
    writer_.Stop();
    for (auto& handle : inline_handles_) handle.reset();
  }

 private:
  using ReaderPool = sqlite::ReaderPool;

  HandleOptions ReaderOptions(int busy_milliseconds) const {
    return {options_.path, true, busy_milliseconds};
  }

  bool HasInlineHandle() const {
    int worker = WorkerIndex();
    return worker >= 0 && worker < static_cast<int>(inline_handles_.size());
  }

  // This event-loop thread's own connection, opened at its first read. Only that thread comes here.
  Result<Handle*> InlineHandle() {
    std::unique_ptr<Handle>& handle = inline_handles_[static_cast<std::size_t>(WorkerIndex())];
    if (!handle) {
      RK_TRY(opened, Handle::Open(ReaderOptions(kBusyInline)));
      handle = std::move(opened);
    }
    return handle.get();
  }

  Task<Result<std::vector<Rows>>> ReadOnThread(std::vector<Statement> statements,
                                               Deadline deadline) {
    Result<std::vector<Rows>> result = std::vector<Rows>();
    ReaderPool::Work work = [&](Result<Handle*> handle) {
      if (handle)
        result = ReadAll(**handle, statements, deadline);
      else
        result = Fail(handle.error());
    };
    RK_CO_CHECK_OK(co_await readers_.Run(std::move(work)));
    co_return result;
  }

  Task<Result<Rows>> AskWriter(std::shared_ptr<sqlite::WriteRequest> request) {
    if (writer_.OnWriterThread())
      co_return Fail(Internal("a write was asked for inside the body of a transaction"));
    bool accepted = true;
    auto start = [&](std::unique_ptr<Waker> waker) {
      request->waker = std::move(waker);
      // Pushed as a copy: the caller may be running again before Push returns.
      if (std::shared_ptr<sqlite::WriteRequest> copy = request; writer_.Push(std::move(copy)))
        return;
      accepted = false;
      request->waker->Wake();
    };
    co_await Suspend(start);
    if (!accepted)
      co_return Fail(Unavailable(codes::kUnavailable, "The database has too many writes to do"));
    co_return std::move(request->outcome);
  }

  static std::string FlightKey(const std::string& key, const Counts::Versions& versions) {
    std::string flight = key;
    flight.append(reinterpret_cast<const char*>(versions.numbers.data()),
                  versions.numbers.size() * sizeof(std::uint64_t));
    return flight;
  }

  Task<Result<CountedRows>> CountInFlight(std::vector<Statement> statements, CountRequest count,
                                          bool whole, std::string key, std::string flight,
                                          Deadline deadline) {
    bool kept = false;
    auto result = co_await CountAndRead(std::move(statements), count, whole, key, deadline, &kept);
    flights_.Leave(flight, result && kept ? std::optional(result->count) : std::nullopt);
    co_return result;
  }

  // Rows and count of one state, read on a reader thread; keeps the count when it may be kept.
  Task<Result<CountedRows>> CountAndRead(std::vector<Statement> statements,
                                         const CountRequest& count, bool whole,
                                         const std::string& key, Deadline deadline,
                                         bool* kept = nullptr) {
    Result<CountedRows> result = CountedRows();
    bool stored = false, real = false;
    statements.push_back(count.statement);
    ReaderPool::Work work = [&](Result<Handle*> handle) {
      if (!handle) {
        result = Fail(handle.error());
        return;
      }
      for (int attempt = 0; attempt < (whole ? kCountAttempts : 1) && !stored; ++attempt) {
        result = CountOnce(**handle, statements, count, whole, key, deadline, stored, real);
        if (!result || !real) return;
      }
    };
    RK_CO_CHECK_OK(co_await readers_.Run(std::move(work)));
    if (whole && result && real && !stored) co_await AskWriterToCount(count, deadline);
    if (kept != nullptr) *kept = stored;
    co_return result;
  }

  Result<CountedRows> CountOnce(Handle& handle, const std::vector<Statement>& statements,
                                const CountRequest& count, bool whole, const std::string& key,
                                Deadline deadline, bool& stored, bool& real) {
    Counts::Versions versions = counts_.Read(count.tables);
    if (!versions.all_tables && !count.tables.empty()) {
      RK_TRY(names, RealTables(handle, count.tables, deadline));
      // The names are true of the state before: a change of the schema since then makes the version
      // differ.
      if (counts_.Read(count.tables).numbers == versions.numbers) counts_.LearnRealTables(names);
      versions = counts_.Read(count.tables);
    }
    real = versions.all_tables;
    RK_TRY(rows, ReadAll(handle, statements, deadline));
    std::int64_t number = rows.back().empty() ? 0 : rows.back().at(0, 0).ToInt();
    rows.pop_back();
    if (real && versions.settled) {
      stored = whole ? counts_.StoreWhole(count.tables.front(), versions, number)
                     : counts_.StoreFiltered(key, count.tables, versions, number);
    }
    return CountedRows{std::move(rows), number};
  }

  // Under steady writes no reader ever finds the table settled; the writer can count between two
  // transactions.
  Task<void> AskWriterToCount(const CountRequest& count, Deadline deadline) {
    auto request = std::make_shared<sqlite::WriteRequest>();
    request->work = sqlite::CountJob{count.tables.front(), count.statement};
    request->deadline = deadline;
    (void)co_await AskWriter(request);
  }

  void Announce(std::string_view topic, std::string_view payload) {
    std::vector<std::function<void(std::string_view, std::string_view)>> subscribers;
    {
      std::lock_guard lock(subscribers_mutex_);
      subscribers = subscribers_;
    }
    for (auto& subscriber : subscribers) subscriber(topic, payload);
  }

  const SqliteOptions options_;
  Counts counts_;
  Flights flights_;
  std::vector<std::unique_ptr<Handle>>
      inline_handles_;  // by WorkerIndex(), each used by its thread only
  std::mutex subscribers_mutex_;
  std::vector<std::function<void(std::string_view, std::string_view)>> subscribers_;
  std::atomic<bool> closed_ = false;
  sqlite::Writer writer_;
  sqlite::ReaderPool readers_;
};

}  // namespace

Result<std::unique_ptr<Database>> OpenSqlite(SqliteOptions options) {
  RK_TRY(writer, Handle::Open({options.path, false, kBusyThread}));
  return std::unique_ptr<Database>(std::make_unique<SqliteDatabase>(options, std::move(writer)));
}

}  // namespace renkei::db
