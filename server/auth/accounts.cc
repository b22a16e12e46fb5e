#include "auth/accounts.h"

#include <algorithm>
#include <utility>

#include "access/statement.h"
#include "auth/session_store.h"
#include "base/text.h"

namespace renkei::auth {
namespace {

using access::Prepare;
using db::Value;

constexpr std::string_view kColumns =
    R"(SELECT "id","username","email","nickname","appLang","password" FROM "users" WHERE )";

Task<Result<std::optional<Account>>> Read(db::Database& database, db::Statement statement,
                                          Deadline deadline) {
  RK_CO_TRY(rows,
            co_await database.ReadOne(std::move(statement), db::ReadCost::kBounded, deadline));
  if (rows.empty()) co_return std::optional<Account>();
  Account account;
  account.id = rows.at(0, 0).ToInt();
  account.username = rows.at(0, 1).ToText();
  account.email = rows.at(0, 2).ToText();
  account.nickname = rows.at(0, 3).ToText();
  account.language = rows.at(0, 4).ToText();
  account.password_hash = rows.at(0, 5).ToText();
  co_return std::optional<Account>(std::move(account));
}

}  // namespace

bool IsValidUsername(std::string_view username) {
  if (username.empty() || CountCodePoints(username) > kUsernameMaximum) return false;
  return username.find_first_of("@<>\"'/") == std::string_view::npos;
}

Task<Result<std::optional<Account>>> FindAccount(db::Database& database, std::string account,
                                                 bool email_only, Deadline deadline) {
  std::string sql(kColumns);
  std::vector<Value> params;
  if (!email_only) {
    sql += R"("username" = ? OR )";
    params.push_back(Value::Text(account));
  }
  // Two comparisons instead of lower(email): the index of the column serves both.
  sql += R"("email" = ? OR "email" = ? ORDER BY "id" LIMIT 1)";
  params.push_back(Value::Text(account));
  params.push_back(Value::Text(ToLowerAscii(account)));
  return Read(database, Prepare(database.dialect(), "account.find", sql, std::move(params)),
              deadline);
}

Task<Result<std::optional<Account>>> FindAccountById(db::Database& database, std::int64_t id,
                                                     Deadline deadline) {
  return Read(database,
              Prepare(database.dialect(), "account.byId", std::string(kColumns) + R"("id" = ?)",
                      {Value::Int(id)}),
              deadline);
}

std::vector<db::Statement> PasswordStatements(const db::Database& database, std::int64_t user_id,
                                              std::string hash, std::string_view keep_family) {
  const std::int64_t now = NowMs();
  const db::Dialect& dialect = database.dialect();
  std::vector<db::Statement> out;
  out.push_back(
      Prepare(dialect, "account.password",
              R"(UPDATE "users" SET "password" = ?, "passwordChangedAt" = ? WHERE "id" = ?)",
              {Value::Text(std::move(hash)), Value::Text(IsoUtc(now)), Value::Int(user_id)}));
  for (int look = 0; look < 2; ++look) {  // twice: see SessionStore::Renew
    out.push_back(Prepare(
        dialect, "account.endSessions",
        R"(UPDATE "sessions" SET "endedAt" = ?, "endReason" = ? WHERE "userId" = ? AND "endedAt" IS NULL AND "family" <> ? AND "kind" <> 'apiKey')",
        {Value::Int(now), Value::Text(kReasonPassword), Value::Int(user_id),
         Value::Text(keep_family)}));
  }
  db::Statement notify = database.NotifyStatement(kSessionTopic, "user:" + std::to_string(user_id));
  if (!notify.sql.empty()) out.push_back(std::move(notify));
  return out;
}

db::Statement RehashStatement(const db::Dialect& dialect, std::int64_t user_id,
                              std::string_view old_hash, std::string new_hash) {
  return Prepare(dialect, "account.rehash",
                 R"(UPDATE "users" SET "password" = ? WHERE "id" = ? AND "password" = ?)",
                 {Value::Text(std::move(new_hash)), Value::Int(user_id), Value::Text(old_hash)});
}

}  // namespace renkei::auth
