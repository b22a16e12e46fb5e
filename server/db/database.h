// Database is one database behind one door: reads, transactions, exact counts, notifications.
//
// Owned by app; used from every event-loop thread at once. Implementations: db/sqlite, db/postgres.
// A lost connection or a locked file is kUnavailable; the next call tries again by itself.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.h"
#include "db/dialect.h"

namespace renkei::db {

// How much a read may cost, decided by the plan: kBounded (by key, or a page of <= 200 rows by an
// index, or a counter) runs on the event-loop thread's own SQLite connection or on the shared
// pipelined PostgreSQL connection; kUnbounded goes to a reader thread or an exclusive connection.
enum class ReadCost { kBounded, kUnbounded };

// The exact count that goes with a list (hot-path.md 4).
struct CountRequest {
  // Every table the count depends on; the first is the counted one.
  std::vector<std::string> tables;
  // True: all rows of tables[0], no condition: the maintained number answers. With several tables
  // the number is not used, so a parent of inherited tables lists its children and is still exact.
  bool whole_table = false;
  // Counts exactly, when nothing cheaper is known. One row, one column. Also the cache key with its
  // parameters.
  Statement statement;
};

struct CountedRows {
  std::vector<Rows> rows;  // one per statement given
  std::int64_t count = 0;
};

// The body of a transaction. Returning an error rolls back. May be run again after a serialization
// failure, so it must not keep results of an earlier run. On SQLite it runs on the writer's thread,
// in a savepoint of a group commit, and every Run() completes without suspending; it must await
// nothing but the connection. A statement that fails ends the transaction on both databases: later
// Run() calls answer the first error again and Transact() returns it, even when the body reports
// success.
using TransactionBody = std::function<Task<Result<void>>(Connection&)>;

class Database {
 public:
  virtual ~Database() = default;
  virtual const Dialect& dialect() const = 0;

  // Independent read statements, one round trip. Statements of one call see one state where the
  // database can (SQLite).
  virtual Task<Result<std::vector<Rows>>> Read(std::vector<Statement> statements, ReadCost cost,
                                               Deadline deadline) = 0;
  Task<Result<Rows>> ReadOne(Statement statement, ReadCost cost, Deadline deadline);

  // The statements and the exact count, in one round trip where the count is known.
  virtual Task<Result<CountedRows>> ReadCounted(std::vector<Statement> statements,
                                                CountRequest count, ReadCost cost,
                                                Deadline deadline) = 0;

  // Runs `body` in a transaction; returns after the commit is durable.
  virtual Task<Result<void>> Transact(TransactionBody body, Deadline deadline) = 0;

  // One self-contained writing statement (a single row's create with its audit and outbox rows),
  // durable on return; may share its commit with others. PostgreSQL: the shared batched connection.
  // SQLite: the group commit.
  virtual Task<Result<Rows>> Write(Statement statement, Deadline deadline) = 0;

  // A connection for reads outside any transaction that lasts several statements (reports,
  // previews). The body gets a read-only connection.
  virtual Task<Result<void>> ReadSession(TransactionBody body, Deadline deadline) = 0;

  // DDL that makes the counts of `table` exact from now on; run in the transaction that creates the
  // table. Empty on SQLite.
  virtual std::vector<Statement> TrackCountStatements(std::string_view table) const = 0;
  virtual std::vector<Statement> UntrackCountStatements(std::string_view table) const = 0;

  // Tells every process on this database (this one included) that `topic` changed. Call inside the
  // transaction so that it is sent by its commit. Subscribers run on some thread of the database;
  // they must be quick.
  virtual Statement NotifyStatement(std::string_view topic, std::string_view payload) const = 0;
  virtual void Subscribe(
      std::function<void(std::string_view topic, std::string_view payload)> subscriber) = 0;

  // Waits until the database answers or the deadline passes: `renkei doctor`, start.
  virtual Task<Result<std::string>> ServerVersion() = 0;

  // Writes a consistent copy of the whole database to `file` while others read and write (SQLite:
  // VACUUM INTO). kUnsupported where the database has tools of its own (PostgreSQL: pg_dump).
  virtual Task<Result<void>> BackupTo(std::string file, Deadline deadline);

  // Stops accepting work, ends threads. No call may be under way.
  virtual void Close() = 0;
};

}  // namespace renkei::db
