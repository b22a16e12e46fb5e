// Accounts: what sign-in needs to know of a user, and the statements that change a password. The
// rest of a user is an ordinary record.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "db/database.h"

namespace renkei::auth {

inline constexpr std::size_t kUsernameMaximum = 50;

struct Account {
  std::int64_t id = 0;
  std::string username, email, nickname, language;
  std::string password_hash;  // empty: no password (signs in elsewhere)
};

// 1-50 characters, none of @ < > " ' / (rest-api.md 10.1).
bool IsValidUsername(std::string_view username);

// By user name or e-mail address; with `email_only`, by address. Addresses are also found in lower
// case.
Task<Result<std::optional<Account>>> FindAccount(db::Database& database, std::string account,
                                                 bool email_only, Deadline deadline);
Task<Result<std::optional<Account>>> FindAccountById(db::Database& database, std::int64_t id,
                                                     Deadline deadline);

// Stores the hash and ends every session of the user but `keep_family`.
std::vector<db::Statement> PasswordStatements(const db::Database& database, std::int64_t user_id,
                                              std::string hash, std::string_view keep_family);
// Only the hash: an upgrade to newer parameters after a good sign-in. Nothing happens when it has
// changed meanwhile.
db::Statement RehashStatement(const db::Dialect& dialect, std::int64_t user_id,
                              std::string_view old_hash, std::string new_hash);

}  // namespace renkei::auth
