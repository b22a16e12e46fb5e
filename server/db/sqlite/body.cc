#include "db/sqlite/body.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>

namespace renkei::db::sqlite {

Result<Rows> BodyConnection::RunNow(const Statement& statement) {
  if (!outcome_) return Fail(outcome_.error());
  Result<Rows> rows = handle_.Run(statement, deadline_);
  if (!rows) outcome_ = Fail(rows.error());
  return rows;
}

Task<Result<Rows>> BodyConnection::Run(Statement statement) { co_return RunNow(statement); }

Task<Result<std::vector<Rows>>> BodyConnection::RunAll(std::vector<Statement> statements) {
  std::vector<Rows> all;
  all.reserve(statements.size());
  for (const Statement& statement : statements) {
    RK_CO_TRY(rows, RunNow(statement));
    all.push_back(std::move(rows));
  }
  co_return all;
}

Result<void> RunBody(const TransactionBody& body, BodyConnection& connection) {
  boost::asio::io_context context(1);
  Result<void> result = Fail(Internal("the transaction body did not finish"));
  boost::asio::co_spawn(context, body(connection),
                        [&](std::exception_ptr thrown, Result<void> outcome) {
                          if (!thrown) {
                            result = std::move(outcome);
                            return;
                          }
                          try {
                            std::rethrow_exception(thrown);
                          } catch (const std::exception& exception) {
                            result = Fail(Internal(exception.what()));
                          } catch (...) {
                            result = Fail(Internal("unknown exception in a transaction"));
                          }
                        });
  context.run();
  if (result && !connection.outcome()) return connection.outcome();
  return result;
}

}  // namespace renkei::db::sqlite
