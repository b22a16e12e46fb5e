#include "auth/login_guard.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "base/text.h"

namespace renkei::auth {
namespace {

constexpr std::int64_t Ms(std::chrono::milliseconds span) { return span.count(); }

Error Slow(std::string_view code, std::string message, std::int64_t wait_ms) {
  const std::int64_t minutes = std::max<std::int64_t>(1, (wait_ms + 59'999) / 60'000);
  return Error{ErrorKind::kResourceExhausted,
               code,
               std::move(message),
               "Try again in " + std::to_string(minutes) + (minutes == 1 ? " minute" : " minutes"),
               {},
               {},
               {}};
}

}  // namespace

LoginGuard::LoginGuard(bool enabled, std::function<std::int64_t()> now_ms)
    : enabled_(enabled),
      now_ms_(now_ms ? std::move(now_ms) : std::function<std::int64_t()>(NowMs)) {}

Result<void> LoginGuard::MayTry(std::string_view account, std::string_view address) {
  if (!enabled_) return {};
  const std::int64_t now = now_ms_();
  const std::lock_guard lock(mutex_);
  if (const auto found = accounts_.find(ToLowerAscii(account));
      found != accounts_.end() && found->second.locked_until_ms > now) {
    return Fail(Slow("ACCOUNT_LOCKED",
                     "Too many failed sign-ins; this account is locked for a while",
                     found->second.locked_until_ms - now));
  }
  if (const auto found = addresses_.find(std::string(address));
      found != addresses_.end() && found->second.locked_until_ms > now) {
    return Fail(Slow("RATE_LIMITED", "Too many failed sign-ins from this address",
                     found->second.locked_until_ms - now));
  }
  return {};
}

void LoginGuard::Note(Records& records, std::string_view key, int limit, std::int64_t now) {
  MakeRoom(records, now);
  Record& record = records[std::string(key)];
  if (now - record.window_start_ms > Ms(kFailureWindow)) {
    record.window_start_ms = now;
    record.failures = 0;
  }
  if (++record.failures < limit) return;
  const std::int64_t longest = Ms(kLongestLock);
  const int doublings = std::min(record.locks, 20);
  record.locked_until_ms = now + std::min(longest, Ms(kFirstLock) << doublings);
  ++record.locks;
  record.failures = 0;
}

std::optional<LoginGuard::Lock> LoginGuard::Failed(std::string_view account,
                                                   std::string_view address) {
  if (!enabled_) return std::nullopt;
  const std::int64_t now = now_ms_();
  const std::lock_guard lock(mutex_);
  Note(addresses_, address, kAddressFailures, now);
  if (account.empty()) return std::nullopt;
  const std::string key = ToLowerAscii(account);
  const auto before = accounts_.find(key);
  const int locks = before == accounts_.end() ? 0 : before->second.locks;
  Note(accounts_, key, kAccountFailures, now);
  const Record& record = accounts_[key];
  if (record.locks == locks) return std::nullopt;
  return Lock{record.locked_until_ms, record.locks};
}

void LoginGuard::Restore(std::string_view account, std::optional<Lock> kept) {
  if (!enabled_) return;
  const std::int64_t now = now_ms_();
  const std::lock_guard lock(mutex_);
  const std::string key = ToLowerAscii(account);
  if (!kept) {
    if (const auto found = accounts_.find(key); found != accounts_.end())
      found->second.locked_until_ms = 0;
    return;
  }
  MakeRoom(accounts_, now);
  Record& record = accounts_[key];
  record.locked_until_ms = kept->until_ms;
  record.locks = std::max(record.locks, kept->locks);
}

// The address keeps its count: one good password does not excuse fifty bad guesses at others.
void LoginGuard::Succeeded(std::string_view account, std::string_view address) {
  (void)address;
  if (enabled_) Unlock(account);
}

void LoginGuard::Unlock(std::string_view account) {
  const std::lock_guard lock(mutex_);
  accounts_.erase(ToLowerAscii(account));
}

Result<void> LoginGuard::CountPublicAction(std::string_view action, std::string_view address) {
  if (!enabled_) return {};
  const std::int64_t now = now_ms_();
  const std::lock_guard lock(mutex_);
  MakeRoom(actions_, now);
  Record& record = actions_[std::string(action).append(1, ' ').append(address)];
  if (now - record.window_start_ms > Ms(kFailureWindow)) record = Record{now, 0, 0, 0};
  if (++record.failures <= kPublicActionsPerWindow) return {};
  return Fail(Slow("RATE_LIMITED", "Too many requests from this address",
                   record.window_start_ms + Ms(kFailureWindow) - now));
}

// Never more than kMaxGuardEntries: what has no lock and no recent failure goes first, and if that
// does not help, everything without a lock; an attacker with many addresses must not turn the guard
// into a memory leak.
void LoginGuard::MakeRoom(Records& records, std::int64_t now) {
  if (records.size() < kMaxGuardEntries) return;
  std::erase_if(records, [&](const auto& entry) {
    return entry.second.locked_until_ms <= now &&
           now - entry.second.window_start_ms > Ms(kFailureWindow);
  });
  if (records.size() < kMaxGuardEntries) return;
  std::erase_if(records, [&](const auto& entry) { return entry.second.locked_until_ms <= now; });
  if (records.size() >= kMaxGuardEntries) records.clear();
}

}  // namespace renkei::auth
