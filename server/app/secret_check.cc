#include "app/secret_check.h"

#include <fmt/format.h>

namespace renkei::app {
namespace {

std::vector<db::Statement> CreateInstance(const db::Database& database) {
  const std::string text = database.dialect().ColumnType({.kind = db::ColumnKind::kText});
  return {{fmt::format("CREATE TABLE instance (name {} NOT NULL PRIMARY KEY, value {} NOT NULL)", text, text), {}, "create_instance"}};
}

db::Statement WithPlaceholders(const db::Dialect& dialect, std::string_view before, std::vector<db::Value> params, std::string_view name) {
  std::string sql(before);
  for (std::size_t i = 1; i <= params.size(); ++i) {
    dialect.AppendPlaceholder(sql, i);
    sql += i < params.size() ? ", " : "";
  }
  return {std::move(sql), std::move(params), name};
}

}  // namespace

std::vector<db::Migration> InstanceMigrations() { return {{4, "instance", CreateInstance}}; }

Task<Result<void>> CheckSecretKey(db::Database& database, std::string fingerprint, std::string key_file, Deadline deadline) {
  db::Statement select{"SELECT value FROM instance WHERE name = 'key_fingerprint'", {}, "key_fingerprint"};
  RK_CO_TRY(rows, co_await database.ReadOne(std::move(select), db::ReadCost::kBounded, deadline));
  if (rows.empty()) {
    db::Statement insert = WithPlaceholders(database.dialect(), "INSERT INTO instance (name, value) VALUES (",
                                            {db::Value::Text("key_fingerprint"), db::Value::Text(fingerprint)}, "key_fingerprint_set");
    insert.sql += ")";
    auto written = co_await database.Write(std::move(insert), deadline);
    if (!written) co_return Fail(std::move(written).error());
    co_return Result<void>();
  }
  if (rows.at(0, 0).ToText() != fingerprint) {
    co_return Fail(InvalidArgument("WRONG_SECRET_KEY", fmt::format("{} is not the key this database was made with", key_file),
                                   "Put the original secret.key back (it is in every backup); without it stored credentials cannot be read"));
  }
  co_return Result<void>();
}

}  // namespace renkei::app
