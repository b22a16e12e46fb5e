// Runs a TransactionBody to its end on this thread, over a connection whose Run() never suspends.
#pragma once

#include "base/result.h"
#include "db/connection.h"
#include "db/database.h"
#include "db/sqlite/handle.h"

namespace renkei::db::sqlite {

// A Handle as the Connection a body sees. After a failed statement every further one answers the
// same error.
class BodyConnection final : public Connection {
 public:
  BodyConnection(Handle& handle, Deadline deadline) : handle_(handle), deadline_(deadline) {}
  Task<Result<Rows>> Run(Statement statement) override;
  Task<Result<std::vector<Rows>>> RunAll(std::vector<Statement> statements) override;
  const Result<void>& outcome() const { return outcome_; }

 private:
  Result<Rows> RunNow(const Statement& statement);

  Handle& handle_;
  Deadline deadline_;
  Result<void> outcome_;  // the first error
};

// The body's error, the first failed statement's, or success. An exception of the body is INTERNAL.
Result<void> RunBody(const TransactionBody& body, BodyConnection& connection);

}  // namespace renkei::db::sqlite
