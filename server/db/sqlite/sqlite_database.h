// The main database as one SQLite file: WAL, synchronous=FULL, one writer with group commit
// (hot-path.md 3).
//
// Owned by app; every method of Database may be called from any thread that runs a coroutine.
//  - bounded reads on an event-loop thread run right there, on that thread's own connection
//  (WorkerIndex());
//  - all other reads run on a few reader threads with connections of their own;
//  - everything that writes runs on one writer thread, at most 64 requests to a commit, a savepoint
//  each.
// A caller is resumed on the executor it called from. Errors: db/errors.h. A full disk, a locked or
// read-only file is DATABASE_UNAVAILABLE, and the next call tries again.
//
// Counts are exact for every write through this object. Another program that writes the file is
// noticed within a second (PRAGMA data_version), or at once when this process writes.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/result.h"
#include "db/database.h"

namespace renkei::db {

struct SqliteOptions {
  std::string path;  // created when missing; its folder must exist
  int workers = 0;  // event-loop threads: WorkerIndex() 0 … workers-1 get a connection of their own
  int reader_threads = 2;
  std::size_t read_queue =
      1024;  // reads that may wait for a reader thread; more: DATABASE_UNAVAILABLE
  std::size_t write_queue =
      8192;  // requests that may wait for the writer; more: DATABASE_UNAVAILABLE
};

// Opens (creates) the file and starts the threads. Errors: DATABASE_UNAVAILABLE with the path and
// the reason.
Result<std::unique_ptr<Database>> OpenSqlite(SqliteOptions options);

}  // namespace renkei::db
