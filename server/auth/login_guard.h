// LoginGuard slows down guessing: failures per account and per address, and a bucket per address
// for other costly public actions (auth.md 4.1, SEC-27). Held in memory, bounded; locks of accounts
// are kept in the table `lockouts` by sign-in. Thread-safe. Time is a parameter, so tests own it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"

namespace renkei::auth {

inline constexpr int kAccountFailures = 5;
inline constexpr int kAddressFailures = 50;
inline constexpr std::chrono::minutes kFailureWindow{5};
inline constexpr std::chrono::minutes kFirstLock{15};  // doubles with each lock that follows
inline constexpr std::chrono::hours kLongestLock{24};
inline constexpr int kPublicActionsPerWindow =
    30;  // signUp, lostPassword, resetPassword … per address
inline constexpr std::size_t kMaxGuardEntries = 50'000;  // forgetting the stale ones first

class LoginGuard {
 public:
  // `now_ms` defaults to the wall clock. `enabled` false: RENKEI_RATE_LIMIT=off.
  explicit LoginGuard(bool enabled = true, std::function<std::int64_t()> now_ms = {});

  // Before a try. Errors: 429 ACCOUNT_LOCKED or RATE_LIMITED; the hint says how long. `retry_after`
  // in seconds.
  Result<void> MayTry(std::string_view account, std::string_view address);
  struct Lock {
    std::int64_t until_ms = 0;
    int locks = 0;  // how often this account has been locked without a success in between
  };
  // The lock that this failure put on the account, for the caller to keep where restarts and other
  // nodes find it.
  std::optional<Lock> Failed(std::string_view account, std::string_view address);
  // What is kept there, before a try; nullopt: no lock any more, somebody took it away.
  void Restore(std::string_view account, std::optional<Lock> kept);
  void Succeeded(std::string_view account, std::string_view address);
  void Unlock(std::string_view account);
  // Counts one call of a costly public action. 429 RATE_LIMITED.
  Result<void> CountPublicAction(std::string_view action, std::string_view address);
  bool enabled() const { return enabled_; }

 private:
  struct Record {
    std::int64_t window_start_ms = 0;
    int failures = 0;
    int locks = 0;
    std::int64_t locked_until_ms = 0;
  };
  using Records = std::unordered_map<std::string, Record>;
  void Note(Records& records, std::string_view key, int limit, std::int64_t now);
  void MakeRoom(Records& records, std::int64_t now);

  bool enabled_;
  std::function<std::int64_t()> now_ms_;
  std::mutex mutex_;
  Records accounts_, addresses_, actions_;
};

}  // namespace renkei::auth
