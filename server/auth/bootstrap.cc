#include "auth/bootstrap.h"

#include <utility>

#include "access/statement.h"
#include "audit/journal.h"
#include "auth/accounts.h"
#include "auth/password.h"
#include "base/text.h"

namespace renkei::auth {
namespace {

using access::Prepare;
using db::Value;

Value TextOrNull(const std::string& text) {
  return text.empty() ? Value::Null() : Value::Text(text);
}

void Complete(NewAccount& account) {
  if (account.username.empty()) {
    std::string local = account.email.substr(0, account.email.find('@'));
    if (IsValidUsername(local)) account.username = std::move(local);
  }
  if (account.nickname.empty())
    account.nickname = account.role == "root" ? "Super Admin" : account.username;
}

// Locks the root role's row first, so that two set-ups at once come one after the other on every
// database.
Task<Result<std::int64_t>> Insert(db::Connection& connection, const db::Dialect& dialect,
                                  NewAccount account, std::string hash, bool only_first) {
  db::Statement lock =
      Prepare(dialect, "bootstrap.lock",
              R"(UPDATE "roles" SET "updatedAt" = "updatedAt" WHERE "name" = 'root')");
  RK_CO_CHECK_OK(co_await connection.Run(std::move(lock)));
  if (only_first) {
    db::Statement any = Prepare(dialect, "bootstrap.any", R"(SELECT 1 FROM "users" LIMIT 1)");
    RK_CO_TRY(users, co_await connection.Run(std::move(any)));
    if (!users.empty()) co_return std::int64_t{0};
  }
  const std::string now = IsoUtc(NowMs());
  db::Statement insert = Prepare(
      dialect, "bootstrap.user",
      R"(INSERT INTO "users" ("nickname","username","email","password","appLang","systemSettings","createdAt","updatedAt")
         VALUES (?,?,?,?,?,'{}',?,?) RETURNING "id")",
      {Value::Text(account.nickname), TextOrNull(account.username), TextOrNull(account.email),
       Value::Text(std::move(hash)), TextOrNull(account.language), Value::Text(now),
       Value::Text(now)});
  RK_CO_TRY(made, co_await connection.Run(std::move(insert)));
  const std::int64_t id = made.at(0, 0).ToInt();
  db::Statement role =
      Prepare(dialect, "bootstrap.role",
              R"(INSERT INTO "rolesUsers" ("userId","roleName","default","createdAt","updatedAt")
         SELECT "users"."id", "roles"."name", "users"."id" IS NOT NULL, "users"."createdAt", "users"."updatedAt"
         FROM "users", "roles" WHERE "users"."id" = ? AND "roles"."name" = ?)",
              {Value::Int(id), Value::Text(account.role)});
  RK_CO_TRY(linked, co_await connection.Run(std::move(role)));
  if (linked.affected() == 0) {
    co_return Fail(InvalidArgument("ROLE_NOT_FOUND",
                                   "There is no role named '" + account.role + "'",
                                   "renkei knows root, admin, member and those you made", "role"));
  }
  const access::Identity system = access::Identity::System();
  audit::Entry entry;
  entry.action = "create";
  entry.resource = "users";
  entry.record_key = std::to_string(id);
  entry.identity = &system;
  db::Statement journal = audit::AppendStatement(dialect, entry);
  RK_CO_CHECK_OK(co_await connection.Run(std::move(journal)));
  co_return id;
}

Task<Result<std::int64_t>> Create(db::Database& database, NewAccount account, bool only_first,
                                  Deadline deadline) {
  Complete(account);
  RK_CO_TRY(hash, HashPassword(account.password));
  std::int64_t id = 0;
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    RK_CO_TRY(made, co_await Insert(connection, database.dialect(), account, hash, only_first));
    id = made;
    co_return Result<void>();
  };
  db::TransactionBody work = body;
  auto done = co_await database.Transact(std::move(work), deadline);
  if (!done) co_return Fail(std::move(done).error());
  co_return id;
}

}  // namespace

Task<Result<bool>> HasUsers(db::Database& database, Deadline deadline) {
  db::Statement any =
      Prepare(database.dialect(), "bootstrap.any", R"(SELECT 1 FROM "users" LIMIT 1)");
  RK_CO_TRY(rows, co_await database.ReadOne(std::move(any), db::ReadCost::kBounded, deadline));
  co_return !rows.empty();
}

Task<Result<bool>> EnsureAdministrator(db::Database& database, std::string email,
                                       std::string password, Deadline deadline) {
  RK_CO_TRY(has_users, co_await HasUsers(database, deadline));
  if (has_users) co_return false;
  NewAccount account;
  account.email = std::move(email);
  account.password = std::move(password);
  RK_CO_TRY(id, co_await Create(database, std::move(account), true, deadline));
  co_return id != 0;
}

Task<Result<std::int64_t>> CreateFirstUser(db::Database& database, NewAccount account,
                                           Deadline deadline) {
  return Create(database, std::move(account), true, deadline);
}

Task<Result<std::int64_t>> CreateUser(db::Database& database, NewAccount account,
                                      Deadline deadline) {
  auto made = co_await Create(database, std::move(account), false, deadline);
  if (!made && made.error().code == "UNIQUE_VIOLATION") {
    co_return Fail(InvalidArgument("USER_EXISTS", "A user with this name or address exists already",
                                   "Use 'renkei user reset-password' to change their password"));
  }
  co_return std::move(made);
}

Task<Result<void>> ResetPassword(db::Database& database, std::string account, std::string password,
                                 Deadline deadline) {
  RK_CO_TRY(found, co_await FindAccount(database, account, false, deadline));
  if (!found) {
    co_return Fail(NotFound("USER_NOT_FOUND", "There is no user named '" + account + "'",
                            "Give the user name or the e-mail address"));
  }
  RK_CO_TRY(hash, HashPassword(password));
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    auto statements = PasswordStatements(database, found->id, hash, {});
    for (const std::string& name : {found->username, found->email}) {
      if (name.empty()) continue;
      statements.push_back(Prepare(database.dialect(), "bootstrap.unlock",
                                   R"(DELETE FROM "lockouts" WHERE "account" = ?)",
                                   {Value::Text(ToLowerAscii(name))}));
    }
    RK_CO_CHECK_OK(co_await connection.RunAll(std::move(statements)));
    co_return Result<void>();
  };
  db::TransactionBody work = body;
  auto done = co_await database.Transact(std::move(work), deadline);
  co_return std::move(done);
}

}  // namespace renkei::auth
