// The main database on PostgreSQL 10-18, by libpq's non-blocking calls on Asio descriptors
// (hot-path.md 2).
//
// Owned by app. Per event-loop thread (WorkerIndex(), on the executor of its first call):
//  - one shared pipelined connection for bounded reads: what arrives while a batch is under way
//  goes with the next;
//  - one shared connection for Write(), at most 64 statements to a commit;
//  - up to eight exclusive connections for Transact, ReadSession and unbounded reads, opened on
//  demand, closed when
//    idle for a minute.
// Calls from any other thread (start-up on the main thread, jobs) run on the database's own "home"
// thread with the same set of connections; a TransactionBody then runs there, and the caller is
// resumed on its own executor. The home thread also listens for notifications and compacts the
// count deltas.
//
// Nothing is connected before the first call. A lost connection is DATABASE_UNAVAILABLE for writes
// under way; reads are tried once more on a new connection. The event-loop contexts must stay alive
// until Close() has returned, and must not be running any more or run no call of this database when
// Close() is called.
//
// Counts need helper objects in the database (table rk_counts, trigger functions, see
// counts_sql.h). They are created before the first transaction, idempotently and under an advisory
// lock. Tables made with TrackCountStatements() have maintained counts; any other table is counted
// each time.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/result.h"
#include "db/database.h"

namespace renkei::db {

struct PostgresOptions {
  std::string
      url;  // postgres://user:password@host:port/name?… or key=value pairs, as libpq reads them
  int workers = 0;                // event-loop threads
  int exclusive_connections = 8;  // per thread
  std::size_t queue =
      4096;  // calls that may wait per thread and connection kind; more: DATABASE_UNAVAILABLE
  std::chrono::seconds idle_close{60};
  std::chrono::milliseconds compact_every{100};  // while counts change; rarely otherwise
};

// Checks the URL's form; does not connect. Error: INVALID_DATABASE_URL.
Result<std::unique_ptr<Database>> OpenPostgres(PostgresOptions options);

}  // namespace renkei::db
