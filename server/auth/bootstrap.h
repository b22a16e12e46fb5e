// The first administrator, and the command line's way to users. Writes through the database
// directly: there is nobody yet whose permission could be asked. Each change has its audit entry.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "db/database.h"

namespace renkei::auth {

struct NewAccount {
  std::string email;     // may be empty when there is a user name
  std::string username;  // may be empty
  std::string nickname;
  std::string password;  // plain; hashed here
  std::string language;
  std::string role = "root";
};

Task<Result<bool>> HasUsers(db::Database& database, Deadline deadline);
// Creates the account with its role (as default) when there is no user at all; false: there was one
// already. A password below policy is taken: the operator chose it (the caller warns).
Task<Result<bool>> EnsureAdministrator(db::Database& database, std::string email,
                                       std::string password, Deadline deadline);
// The same with every detail, for set-up: id of the new user, or 0 when somebody was faster.
Task<Result<std::int64_t>> CreateFirstUser(db::Database& database, NewAccount account,
                                           Deadline deadline);
// `renkei user create`: errors when the name or address is taken (USER_EXISTS) or the role unknown.
Task<Result<std::int64_t>> CreateUser(db::Database& database, NewAccount account,
                                      Deadline deadline);
// `renkei user reset-password`: by e-mail or user name; ends the user's sessions. USER_NOT_FOUND.
Task<Result<void>> ResetPassword(db::Database& database, std::string account, std::string password,
                                 Deadline deadline);

}  // namespace renkei::auth
