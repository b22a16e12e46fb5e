// One transaction on an exclusive connection, as the Connection a TransactionBody sees.
#pragma once

#include <string_view>
#include <vector>

#include "db/connection.h"
#include "db/database.h"
#include "db/postgres/exclusive.h"

namespace renkei::db::postgres {

inline constexpr std::string_view kBeginWrite = "BEGIN";
inline constexpr std::string_view kBeginRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

// BEGIN travels with the first statement. After a failed statement every further one answers the
// same error.
class Transaction final : public Connection {
 public:
  Transaction(ExclusivePool::Lease& lease, std::string_view begin, Deadline deadline);
  Task<Result<Rows>> Run(Statement statement) override;
  Task<Result<std::vector<Rows>>> RunAll(std::vector<Statement> statements) override;

  Task<Result<void>> Commit();
  Task<void> Rollback();  // gives the connection up when that fails
  const Result<void>& outcome() const { return outcome_; }
  // The body may be run again: nothing was committed, and the failure was not the body's.
  bool may_run_again() const { return may_run_again_; }

 private:
  Error Failure(const Unit& unit, const Result<void>& exchanged);

  ExclusivePool::Lease& lease_;
  const std::vector<Statement> begin_;
  const Deadline deadline_;
  bool begun_ = false, may_run_again_ = false;
  Result<void> outcome_;  // the first error
};

// BEGIN, body, COMMIT on a connection of the pool; up to three times when the server asks for it.
Task<Result<void>> RunTransaction(ExclusivePool& pool, std::string_view begin,
                                  const TransactionBody& body, Deadline deadline);

// Statements without a transaction around them, groups as given; each group's rows.
Task<Result<std::vector<std::vector<Rows>>>> RunPlain(
    ExclusivePool& pool, const std::vector<std::vector<Statement>>& groups, Deadline deadline);

}  // namespace renkei::db::postgres
