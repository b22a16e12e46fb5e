// Statement and Connection: how SQL is run. Values travel only as parameters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "db/rows.h"
#include "db/value.h"

namespace renkei::db {

// Exactly one SQL statement (no "a; b"): INVALID_SQL otherwise. Placeholders are written by the
// dialect: $1 on PostgreSQL, ?1 on SQLite. Same text, same prepared statement.
struct Statement {
  std::string sql;
  std::vector<Value> params;
  std::string_view name = "unnamed";  // a literal: the name in metrics and logs
};

// One thing that can run statements one after the other: a transaction's connection, or a read
// view. Not shared between coroutines. Errors are the drivers', translated (see error codes in
// db/errors.h).
class Connection {
 public:
  virtual ~Connection() = default;
  virtual Task<Result<Rows>> Run(Statement statement) = 0;
  // In one round trip where the database has a pipeline. Stops at the first error.
  virtual Task<Result<std::vector<Rows>>> RunAll(std::vector<Statement> statements) = 0;
};

}  // namespace renkei::db
