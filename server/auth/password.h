// Passwords at rest: Argon2id in PHC form; scrypt hashes of migrated NocoBase users are verified
// and then replaced.
//
// The plain functions take about 30 ms of one core. The Async ones run them on two threads of their
// own behind a bounded queue (SEC-30): a full queue is 503 PASSWORD_QUEUE_FULL. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/task.h"

namespace renkei::auth {

// OWASP's second choice: little memory, so that a burst of sign-ins does not push the process out
// of its budget.
inline constexpr std::uint32_t kArgon2MemoryKib = 19 * 1024;
inline constexpr std::uint32_t kArgon2Passes = 2;
inline constexpr std::uint32_t kArgon2Lanes = 1;
inline constexpr std::size_t kArgon2SaltBytes = 16;
inline constexpr std::size_t kArgon2KeyBytes = 32;

inline constexpr int kPasswordThreads = 2;
inline constexpr int kPasswordQueueLimit = 256;  // waiting and running; more: PASSWORD_QUEUE_FULL

inline constexpr std::size_t kPasswordMinimum = 8;    // code points
inline constexpr std::size_t kPasswordMaximum = 128;  // code points; longer is refused, never cut

struct PasswordCheck {
  bool matches = false;
  bool needs_rehash = false;  // scrypt, or other parameters than ours
};

Result<std::string> HashPassword(std::string_view password);
PasswordCheck VerifyPassword(std::string_view stored, std::string_view password);
// A hash nobody's password fits: unknown accounts are verified against it, so that they take as
// long as known ones.
std::string_view DummyPasswordHash();

Task<Result<std::string>> HashPasswordAsync(std::string password);
Task<Result<PasswordCheck>> VerifyPasswordAsync(std::string stored, std::string password);

// Length and obviousness (auth.md 4.1). Errors: 400 PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG,
// PASSWORD_TOO_WEAK; field "password".
Result<void> CheckPasswordPolicy(std::string_view password, std::string_view username,
                                 std::string_view email);

}  // namespace renkei::auth
