#include "db/migrate.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/observe.h"

namespace renkei::db {
namespace {

Statement CreateTable() {
  return {
      "CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER NOT NULL PRIMARY KEY, name "
      "TEXT NOT NULL, "
      "applied_at TEXT NOT NULL)",
      {},
      "migrate.prepare"};
}

Statement Record(const Dialect& dialect, const Migration& migration) {
  std::string sql = "INSERT INTO schema_migrations (number, name, applied_at) VALUES (";
  for (std::size_t i = 1; i <= 3; ++i) {
    if (i > 1) sql += ", ";
    dialect.AppendPlaceholder(sql, i);
  }
  sql += ")";
  std::vector<Value> params = {Value::Int(migration.number), Value::Text(migration.name),
                               Value::Text(IsoUtc(NowMs()))};
  return {std::move(sql), std::move(params), "migrate.record"};
}

// Two processes may start at once: the second waits here and then finds the work done.
Task<Result<int>> LockAndReadVersion(Connection& connection, const Dialect& dialect) {
  if (dialect.has_schemas()) {
    Statement lock{"LOCK TABLE schema_migrations IN EXCLUSIVE MODE", {}, "migrate.lock"};
    RK_CO_CHECK_OK(co_await connection.Run(std::move(lock)));
  }
  Statement read{"SELECT coalesce(max(number), 0) FROM schema_migrations", {}, "migrate.version"};
  RK_CO_TRY(rows, co_await connection.Run(std::move(read)));
  co_return static_cast<int>(rows.at(0, 0).ToInt());
}

Task<Result<int>> ReadVersion(Database& database, Deadline deadline) {
  int version = 0;
  TransactionBody body = [&](Connection& connection) -> Task<Result<void>> {
    RK_CO_CHECK_OK(co_await connection.Run(CreateTable()));
    RK_CO_TRY(found, co_await LockAndReadVersion(connection, database.dialect()));
    version = found;
    co_return Result<void>();
  };
  RK_CO_CHECK_OK(co_await database.Transact(body, deadline));
  co_return version;
}

Error TooNew(int found, int known) {
  Error error;
  error.kind = ErrorKind::kUnavailable;
  error.code = "SCHEMA_TOO_NEW";
  error.message =
      fmt::format("The database has schema version {}, this program knows only {}", found, known);
  error.hint =
      "Start the newer version of Renkei again, or restore a backup made before it was started";
  return error;
}

// Runs one migration unless another process has done it meanwhile; tells whether it ran.
Task<Result<bool>> Apply(Database& database, const Migration& migration, Deadline deadline) {
  bool ran = false;
  std::vector<Statement> statements = migration.statements(database);
  TransactionBody body = [&](Connection& connection) -> Task<Result<void>> {
    ran = false;
    RK_CO_TRY(version, co_await LockAndReadVersion(connection, database.dialect()));
    if (version >= migration.number) co_return Result<void>();
    for (const Statement& statement : statements) {
      Statement copy = statement;
      auto done = co_await connection.Run(std::move(copy));
      if (!done) {
        Error error = std::move(done).error();
        error.detail = fmt::format("migration {} {}: {}: {}", migration.number, migration.name,
                                   statement.sql, error.detail);
        co_return Fail(std::move(error));
      }
    }
    RK_CO_CHECK_OK(co_await connection.Run(Record(database.dialect(), migration)));
    ran = true;
    co_return Result<void>();
  };
  RK_CO_CHECK_OK(co_await database.Transact(body, deadline));
  co_return ran;
}

}  // namespace

Task<Result<MigrationReport>> Migrate(Database& database, const std::vector<Migration>& migrations,
                                      bool dry_run, Deadline deadline) {
  std::vector<const Migration*> ordered;
  for (const Migration& migration : migrations) ordered.push_back(&migration);
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const Migration* a, const Migration* b) { return a->number < b->number; });

  MigrationReport report;
  RK_CO_TRY(version, co_await ReadVersion(database, deadline));
  report.from = report.to = version;
  int known = ordered.empty() ? 0 : ordered.back()->number;
  if (version > known) co_return Fail(TooNew(version, known));

  for (const Migration* migration : ordered) {
    if (migration->number <= version) continue;
    if (dry_run) {
      report.to = migration->number;
      report.applied.push_back(fmt::format("-- {:04} {}", migration->number, migration->name));
      for (const Statement& statement : migration->statements(database))
        report.applied.push_back(statement.sql);
      continue;
    }
    RK_CO_TRY(ran, co_await Apply(database, *migration, deadline));
    report.to = migration->number;
    if (!ran) continue;
    report.applied.emplace_back(migration->name);
    Emit(Note{"migrated", fmt::format("{} {}", migration->number, migration->name)});
  }
  co_return report;
}

}  // namespace renkei::db
