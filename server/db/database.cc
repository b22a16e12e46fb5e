#include "db/database.h"

namespace renkei::db {

Task<Result<Rows>> Database::ReadOne(Statement statement, ReadCost cost, Deadline deadline) {
  std::vector<Statement> statements;
  statements.push_back(std::move(statement));
  RK_CO_TRY(rows, co_await Read(std::move(statements), cost, deadline));
  co_return std::move(rows.front());
}

Task<Result<void>> Database::BackupTo(std::string file, Deadline deadline) {
  (void)file;
  (void)deadline;
  co_return Fail(Error{ErrorKind::kUnsupported,
                       "BACKUP_UNSUPPORTED",
                       "This database is backed up by its own tools",
                       "Use pg_dump",
                       {},
                       {},
                       {}});
}

}  // namespace renkei::db
