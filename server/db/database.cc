#include "db/database.h"

namespace renkei::db {

Task<Result<Rows>> Database::ReadOne(Statement statement, ReadCost cost, Deadline deadline) {
  std::vector<Statement> statements;
  statements.push_back(std::move(statement));
  RK_CO_TRY(rows, co_await Read(std::move(statements), cost, deadline));
  co_return std::move(rows.front());
}

}  // namespace renkei::db
