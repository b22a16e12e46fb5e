// Handle is one SQLite connection with its prepared statements. Used by one thread at a time; the
// thread may change. A statement is reset before Run() returns, so no read transaction outlives a
// call (but Begin … Commit).
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/result.h"
#include "db/connection.h"
#include "db/rows.h"

struct sqlite3;
struct sqlite3_stmt;

namespace renkei::db::sqlite {

struct HandleOptions {
  std::string path;
  bool read_only =
      true;  // PRAGMA query_only: reading needs write access to the -shm file all the same
  int busy_milliseconds = 5000;
};

class Handle {
 public:
  static Result<std::unique_ptr<Handle>> Open(const HandleOptions& options);
  ~Handle();
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  // Runs one statement to its end. Past the deadline: QUERY_TIMEOUT.
  Result<Rows> Run(const Statement& statement, Deadline deadline);
  // A statement of ours without parameters or rows: BEGIN, COMMIT …
  Result<void> Execute(std::string_view sql);
  // A statement of ours that answers one integer: PRAGMA data_version …
  Result<std::int64_t> QueryInt(std::string_view sql);

  bool in_transaction() const;
  sqlite3* raw() const { return connection_; }
  // The statement being prepared is not kept (the writer's authorizer says so when it sees DDL).
  void DoNotKeepLastStatement() { keep_statement_ = false; }
  bool keeps_statement() const { return keep_statement_; }

 private:
  struct Prepared {
    std::string sql;
    sqlite3_stmt* statement;
  };
  struct Lease;  // gives a statement back: reset, or finalized when it is not kept

  Handle() = default;
  Result<Lease> Prepare(std::string_view sql);
  Result<Rows> Step(sqlite3_stmt* statement);
  Error LastError(int code) const;
  static int CheckDeadline(void* self);

  sqlite3* connection_ = nullptr;
  Deadline deadline_ = Deadline::max();
  bool keep_statement_ = true;
  std::list<Prepared> by_age_;  // most recently used first
  std::unordered_map<std::string_view, std::list<Prepared>::iterator>
      by_sql_;  // keys point into by_age_
};

}  // namespace renkei::db::sqlite
