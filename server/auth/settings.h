// Settings is what administrators decided, read often and changed seldom: system settings, token
// policy, authenticators, variables of the environment. One immutable snapshot, swapped whole by
// Load(). Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "base/task.h"
#include "db/database.h"

namespace renkei::auth {

inline constexpr std::string_view kTokenPolicyKey = "token-policy-config";
inline constexpr std::string_view kRoleModeDefault = "default";
inline constexpr std::string_view kRoleModeAllowUnion = "allow-use-union";
inline constexpr std::string_view kRoleModeOnlyUnion = "only-use-union";
inline constexpr std::string_view kPasswordAuthType = "Email/Password";
inline constexpr std::chrono::seconds kShortestSpan{1};
inline constexpr std::chrono::hours kLongestSpan{24 * 366 * 10};

// "1d", "12h", "30m", "90s", "1500ms", "2w"; also a number of milliseconds. nullopt: not a span, or
// out of bounds.
std::optional<std::chrono::milliseconds> ParseSpan(const json::value& value);

struct TokenPolicy {
  std::chrono::milliseconds token_life = std::chrono::hours(24);
  std::chrono::milliseconds session_life = std::chrono::hours(24 * 7);
  std::chrono::milliseconds renew_limit = std::chrono::hours(24);
};
// Errors: 400 INVALID_TOKEN_POLICY naming the member.
Result<TokenPolicy> ParseTokenPolicy(const json::object& config);

struct Authenticator {
  std::int64_t id = 0;
  std::string name, type, title, description;
  json::object options;
  bool enabled = false;
  bool allow_sign_up() const;         // options.public.allowSignUp
  bool allow_password_reset() const;  // options.public.enableResetPassword
};

struct SettingsSnapshot {
  std::int64_t id = 1;
  std::string raw_title = "Renkei";
  std::string app_language = "en-US";
  std::vector<std::string> languages{"en-US"};
  std::string role_mode{kRoleModeDefault};
  std::string time_zone;  // empty: the process's own
  bool enable_edit_profile = true;
  bool enable_change_password = true;
  json::object row;  // the whole systemSettings row as the wire shows it, without `title`
  TokenPolicy token_policy;
  json::object token_policy_config;
  std::vector<Authenticator> authenticators;  // by sort, then id
  std::map<std::string, std::string>
      environment;  // plain variables only; secrets are unsealed where they are used

  const Authenticator* FindAuthenticator(std::string_view name) const;
  // `{{$env.NAME}}` replaced by plain variables.
  std::string Render(std::string_view text) const;
};
using SettingsRef = std::shared_ptr<const SettingsSnapshot>;

class Settings {
 public:
  explicit Settings(db::Database& database);
  SettingsRef Current() const { return std::atomic_load(&current_); }
  Task<Result<void>> Load(
      Deadline deadline);  // at start, after each change, on a notification "settings"

 private:
  db::Database& database_;
  SettingsRef current_;
};

inline constexpr std::string_view kSettingsTopic = "settings";

}  // namespace renkei::auth
