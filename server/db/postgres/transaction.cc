#include "db/postgres/transaction.h"

#include <exception>

#include "db/errors.h"
#include "db/postgres/parameters.h"

namespace renkei::db::postgres {
namespace {

constexpr int kMaxAttempts = 3;
constexpr std::chrono::seconds kRollbackTime(5);

std::vector<Statement> One(std::string_view sql, std::string_view name) {
  std::vector<Statement> statements;
  statements.push_back({std::string(sql), {}, name});
  return statements;
}

bool AnyNul(const std::vector<Statement>& statements) {
  for (const Statement& statement : statements) {
    if (Parameters::HasNul(statement.params)) return true;
  }
  return false;
}

Error NulError() {
  return InvalidArgument(codes::kInvalidValue, "Text must not contain the character U+0000");
}

// An exception must not leave a transaction open.
Task<Result<void>> RunBody(const TransactionBody& body, Transaction& transaction) {
  try {
    co_return co_await body(transaction);
  } catch (const std::exception& exception) {
    co_return Fail(Internal(exception.what()));
  }
}

}  // namespace

Transaction::Transaction(ExclusivePool::Lease& lease, std::string_view begin, Deadline deadline)
    : lease_(lease), begin_(One(begin, "begin")), deadline_(deadline) {}

Task<Result<Rows>> Transaction::Run(Statement statement) {
  std::vector<Statement> statements;
  statements.push_back(std::move(statement));
  RK_CO_TRY(rows, co_await RunAll(std::move(statements)));
  co_return std::move(rows.front());
}

Task<Result<std::vector<Rows>>> Transaction::RunAll(std::vector<Statement> statements) {
  if (!outcome_) co_return Fail(outcome_.error());
  if (statements.empty()) co_return std::vector<Rows>();
  if (AnyNul(statements)) {
    outcome_ = Fail(NulError());
    co_return Fail(outcome_.error());
  }
  Unit begin, unit;
  begin.statements = &begin_;
  unit.statements = &statements;
  begin.deadline = unit.deadline = deadline_;
  Group group;
  if (!begun_) group.push_back(&begin);
  group.push_back(&unit);
  std::vector<Group> groups;
  groups.push_back(std::move(group));
  begun_ = true;
  auto exchanged = co_await lease_.link().Exchange(std::move(groups));
  if (exchanged && unit.state == Unit::State::kDone) co_return std::move(unit.rows);
  bool begin_failed = begin.state == Unit::State::kFailed;
  outcome_ = Fail(Failure(begin_failed ? begin : unit, exchanged));
  co_return Fail(outcome_.error());
}

Error Transaction::Failure(const Unit& unit, const Result<void>& exchanged) {
  if (!exchanged) {
    may_run_again_ = true;
    return exchanged.error();
  }
  if (unit.state != Unit::State::kFailed) return Internal("a statement without an answer");
  may_run_again_ =
      unit.failure.remedy == Remedy::kRunAgain || unit.failure.remedy == Remedy::kPrepareAgain;
  return unit.failure.error;
}

Task<Result<void>> Transaction::Commit() {
  if (!begun_) co_return Result<void>();
  std::vector<Statement> commit = One("COMMIT", "commit");
  Unit unit;
  unit.statements = &commit;
  unit.deadline = deadline_;
  std::vector<Group> groups(1);
  groups.front().push_back(&unit);
  auto exchanged = co_await lease_.link().Exchange(std::move(groups));
  if (exchanged && unit.state == Unit::State::kDone) co_return Result<void>();
  outcome_ = Fail(Failure(unit, exchanged));
  // Whether a commit that was under way has happened is not known.
  if (!exchanged) may_run_again_ = false;
  co_return outcome_;
}

Task<void> Transaction::Rollback() {
  if (!begun_ || !lease_.link().open()) co_return;
  std::vector<Statement> rollback = One("ROLLBACK", "rollback");
  Unit unit;
  unit.statements = &rollback;
  unit.deadline = Clock::now() + kRollbackTime;
  std::vector<Group> groups(1);
  groups.front().push_back(&unit);
  auto exchanged = co_await lease_.link().Exchange(std::move(groups));
  if (!exchanged || unit.state != Unit::State::kDone) lease_.link().Close();
}

Task<Result<void>> RunTransaction(ExclusivePool& pool, std::string_view begin,
                                  const TransactionBody& body, Deadline deadline) {
  RK_CO_TRY(lease, co_await pool.Acquire(deadline));
  for (int attempt = 1;; ++attempt) {
    Transaction transaction(lease, begin, deadline);
    Result<void> result = co_await RunBody(body, transaction);
    if (result && !transaction.outcome()) result = transaction.outcome();
    if (result) result = co_await transaction.Commit();
    if (result) co_return result;
    co_await transaction.Rollback();
    bool again = transaction.may_run_again() && attempt < kMaxAttempts && Clock::now() < deadline;
    if (!again) co_return result;
    // After a lost connection or a cancel request the next attempt gets a fresh one.
    if (!lease.link().reusable()) RK_CO_CHECK_OK(co_await lease.Reconnect(deadline));
  }
}

Task<Result<std::vector<std::vector<Rows>>>> RunPlain(
    ExclusivePool& pool, const std::vector<std::vector<Statement>>& groups, Deadline deadline) {
  for (const auto& statements : groups) {
    if (AnyNul(statements)) co_return Fail(NulError());
  }
  RK_CO_TRY(lease, co_await pool.Acquire(deadline));
  for (int attempt = 1;; ++attempt) {
    std::vector<Unit> units(groups.size());
    std::vector<Group> exchange(groups.size());
    for (std::size_t i = 0; i < groups.size(); ++i) {
      units[i].statements = &groups[i];
      units[i].deadline = deadline;
      exchange[i].push_back(&units[i]);
    }
    auto exchanged = co_await lease.link().Exchange(std::move(exchange));
    bool again = !exchanged;
    Result<std::vector<std::vector<Rows>>> result = std::vector<std::vector<Rows>>();
    if (!exchanged) result = Fail(exchanged.error());
    for (Unit& unit : units) {
      if (!result) break;
      if (unit.state == Unit::State::kDone) {
        result->push_back(std::move(unit.rows));
        continue;
      }
      result = Fail(unit.failure.error);
      again =
          unit.failure.remedy == Remedy::kPrepareAgain || unit.failure.remedy == Remedy::kRunAgain;
    }
    if (result || !again || attempt >= kMaxAttempts || Clock::now() >= deadline) co_return result;
    if (!lease.link().reusable()) RK_CO_CHECK_OK(co_await lease.Reconnect(deadline));
  }
}

}  // namespace renkei::db::postgres
