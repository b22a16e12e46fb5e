// renkei user create | reset-password: for the day nobody can sign in. Works while the server runs on PostgreSQL; on
// SQLite it waits for the file like any other writer.
#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/program.h"
#include "auth/bootstrap.h"
#include "auth/password.h"

namespace renkei::app {
namespace {

// Opens folder and database, migrates, runs `work`, closes.
int WithDatabase(const Config& config, const std::function<Result<void>(db::Database&)>& work) {
  auto folder = DataFolder::Open(config.data_folder(), false);
  if (!folder) return ReportFailure(folder.error());
  auto database = OpenMainDatabase(config, **folder, 0);
  if (!database) return ReportFailure(database.error());
  auto prepared = PrepareDatabase(**database, **folder);
  Result<void> outcome;
  if (!prepared) outcome = Fail(prepared.error());
  else outcome = work(**database);
  (*database)->Close();
  return outcome ? 0 : ReportFailure(outcome.error());
}

Result<std::string> PasswordOrAsk(const std::string& given) {
  std::string password = given.empty() ? AskPassword("New password") : given;
  RK_CHECK_OK(auth::CheckPasswordPolicy(password, {}, {}));
  return password;
}

}  // namespace

int RunUserCreate(const Config& config, const std::string& email, const std::string& password, const std::string& role) {
  auto chosen = PasswordOrAsk(password);
  if (!chosen) return ReportFailure(chosen.error());
  return WithDatabase(config, [&](db::Database& database) -> Result<void> {
    auth::NewAccount account;
    account.email = email;
    account.password = *chosen;
    account.role = role;
    RK_TRY(id, Block(auth::CreateUser(database, std::move(account), Clock::now() + kStartDeadline)));
    fmt::print("Created user {} with role {} (id {}).\n", email, role, id);
    return {};
  });
}

int RunUserResetPassword(const Config& config, const std::string& account, const std::string& password) {
  auto chosen = PasswordOrAsk(password);
  if (!chosen) return ReportFailure(chosen.error());
  return WithDatabase(config, [&](db::Database& database) -> Result<void> {
    RK_CHECK_OK(Block(auth::ResetPassword(database, account, *chosen, Clock::now() + kStartDeadline)));
    fmt::print("The password of {} is changed; its sessions are ended.\n", account);
    return {};
  });
}

}  // namespace renkei::app
