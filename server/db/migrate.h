// Numbered, append-only migrations of the main database. Each runs in a transaction of its own
// together with its row in `schema_migrations`; a database with a higher number than the program
// knows refuses to start (SCHEMA_TOO_NEW). Areas export their migrations; app joins them in one
// list (app/migrations.cc), ordered by number.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "db/database.h"

namespace renkei::db {

struct Migration {
  int number;
  std::string_view name;
  std::vector<Statement> (*statements)(
      const Database& database);  // pure: same database kind, same statements
};

struct MigrationReport {
  int from = 0, to = 0;
  std::vector<std::string> applied;  // names, or with dry_run the SQL that would run
};

Task<Result<MigrationReport>> Migrate(Database& database, const std::vector<Migration>& migrations,
                                      bool dry_run, Deadline deadline);

}  // namespace renkei::db
