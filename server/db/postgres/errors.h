// PostgreSQL's errors (SQLSTATE and diagnostics) as errors of db/errors.h. libpq-fe.h stays out of
// headers.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

struct pg_result;

namespace renkei::db::postgres {

// What the driver itself must do about an error, besides reporting it.
enum class Remedy {
  kNone,
  kRunAgain,      // serialization failure, deadlock: the transaction may be repeated
  kPrepareAgain,  // the prepared statement is gone or no longer fits the tables
  kCancelled,     // by our own cancel request or a timeout of the server
};

struct ServerError {
  Error error;
  Remedy remedy = Remedy::kNone;
};

ServerError TranslateError(const pg_result* result);
// The parts of it, for tests: SQLSTATE, primary message, detail, column, table.
ServerError TranslateError(std::string_view state, std::string_view message,
                           std::string_view detail, std::string_view column,
                           std::string_view table);

Error ConnectionLost(std::string detail);
Error QueryTimeout();

}  // namespace renkei::db::postgres
