#include "records/read_runner.h"

#include <utility>

namespace renkei::records {

Task<Result<std::vector<db::Rows>>> ReadRunner::Read(std::vector<db::Statement> statements,
                                                     db::ReadCost cost) {
  if (statements.empty()) co_return std::vector<db::Rows>();
  if (!connection_) {
    co_return co_await context_.database.Read(std::move(statements), cost, context_.deadline);
  }
  co_return co_await connection_->RunAll(std::move(statements));
}

Task<Result<db::CountedRows>> ReadRunner::ReadCounted(std::vector<db::Statement> statements,
                                                      db::CountRequest count, db::ReadCost cost) {
  if (!connection_ && !count.tables.empty()) {
    co_return co_await context_.database.ReadCounted(std::move(statements), std::move(count), cost,
                                                     context_.deadline);
  }
  // Inside a transaction, or over a view whose tables are not known: no kept number is the right
  // one.
  statements.push_back(std::move(count.statement));
  auto rows = co_await Read(std::move(statements), cost);
  if (!rows) co_return Fail(std::move(rows).error());
  db::CountedRows counted;
  counted.rows = std::move(*rows);
  if (!counted.rows.back().empty()) counted.count = counted.rows.back().at(0, 0).ToInt();
  counted.rows.pop_back();
  co_return counted;
}

}  // namespace renkei::records
