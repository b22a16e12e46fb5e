#include "auth/settings.h"

#include <charconv>
#include <utility>

#include "access/statement.h"
#include "base/text.h"

namespace renkei::auth {
namespace {

using std::chrono::milliseconds;

json::value Document(const db::Cell& cell, json::value fallback) {
  if (cell.is_null()) return fallback;
  auto parsed = ParseJson(cell.view());
  return parsed ? std::move(*parsed) : std::move(fallback);
}

json::object ObjectOf(const db::Cell& cell) {
  json::value value = Document(cell, json::object());
  return value.is_object() ? std::move(value.get_object()) : json::object();
}

bool PublicFlag(const json::object& options, std::string_view name) {
  const json::value* shared = Find(options, "public");
  return shared != nullptr && shared->is_object() && FindBool(shared->get_object(), name);
}

constexpr std::string_view kSettings =
    R"(SELECT "id", "title", "showLogoOnly", "logoId", "allowSignUp", "smsAuthEnabled", "roleMode", "appLang", "enabledLanguages",
       "options", "timezone", "enableEditProfile", "enableChangePassword" FROM "systemSettings" ORDER BY "id" LIMIT 1)";
constexpr std::string_view kPolicy = R"(SELECT "config" FROM "tokenControlConfig" WHERE "key" = ?)";
constexpr std::string_view kAuthenticators =
    R"(SELECT "id", "name", "authType", "title", "description", "options", "enabled" FROM "authenticators" ORDER BY "sort", "id")";
constexpr std::string_view kVariables =
    R"(SELECT "name", "value" FROM "environmentVariables" WHERE "type" = 'default')";

void ReadSettings(const db::Rows& rows, SettingsSnapshot& out) {
  if (rows.empty()) return;
  const auto text = [&](std::size_t column) -> json::value {
    return rows.at(0, column).is_null() ? json::value(nullptr)
                                        : json::value(rows.at(0, column).ToText());
  };
  const auto flag = [&](std::size_t column, bool fallback) {
    return rows.at(0, column).ToBool(fallback);
  };
  out.id = rows.at(0, 0).ToInt(1);
  out.raw_title = rows.at(0, 1).ToText();
  if (!rows.at(0, 6).is_null()) out.role_mode = rows.at(0, 6).ToText();
  if (!rows.at(0, 7).is_null()) out.app_language = rows.at(0, 7).ToText();
  const json::value languages = Document(rows.at(0, 8), json::array());
  if (languages.is_array()) {
    out.languages.clear();
    for (const json::value& item : languages.get_array()) {
      if (item.is_string()) out.languages.emplace_back(View(item.get_string()));
    }
  }
  out.time_zone = rows.at(0, 10).ToText();
  out.enable_edit_profile = flag(11, true);
  out.enable_change_password = flag(12, true);
  out.row = json::object{{"id", out.id},
                         {"raw_title", out.raw_title},
                         {"showLogoOnly", flag(2, false)},
                         {"logoId", rows.at(0, 3).is_null() ? json::value(nullptr)
                                                            : json::value(rows.at(0, 3).ToInt())},
                         {"allowSignUp", flag(4, false)},
                         {"smsAuthEnabled", flag(5, false)},
                         {"roleMode", out.role_mode},
                         {"appLang", out.app_language},
                         {"enabledLanguages", languages},
                         {"options", Document(rows.at(0, 9), json::object())},
                         {"timezone", text(10)},
                         {"enableEditProfile", out.enable_edit_profile},
                         {"enableChangePassword", out.enable_change_password}};
}

void ReadAuthenticators(const db::Rows& rows, SettingsSnapshot& out) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Authenticator authenticator;
    authenticator.id = rows.at(i, 0).ToInt();
    authenticator.name = rows.at(i, 1).ToText();
    authenticator.type = rows.at(i, 2).ToText();
    authenticator.title = rows.at(i, 3).ToText();
    authenticator.description = rows.at(i, 4).ToText();
    authenticator.options = ObjectOf(rows.at(i, 5));
    authenticator.enabled = rows.at(i, 6).ToBool();
    out.authenticators.push_back(std::move(authenticator));
  }
}

}  // namespace

std::optional<milliseconds> ParseSpan(const json::value& value) {
  double amount = 0;
  double unit = 1;
  if (value.is_number()) {
    amount = value.to_number<double>();
  } else if (value.is_string()) {
    const std::string_view text = Trim(View(value.get_string()));
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), amount);
    if (fault != std::errc()) return std::nullopt;
    const std::string suffix =
        ToLowerAscii(Trim(text.substr(static_cast<std::size_t>(end - text.data()))));
    if (suffix.empty() || suffix == "ms")
      unit = 1;
    else if (suffix == "s" || suffix == "sec" || suffix == "second" || suffix == "seconds")
      unit = 1e3;
    else if (suffix == "m" || suffix == "min" || suffix == "minute" || suffix == "minutes")
      unit = 60e3;
    else if (suffix == "h" || suffix == "hr" || suffix == "hour" || suffix == "hours")
      unit = 3600e3;
    else if (suffix == "d" || suffix == "day" || suffix == "days")
      unit = 86400e3;
    else if (suffix == "w" || suffix == "week" || suffix == "weeks")
      unit = 7 * 86400e3;
    else
      return std::nullopt;
  } else {
    return std::nullopt;
  }
  const double total = amount * unit;
  const double least = static_cast<double>(milliseconds(kShortestSpan).count());
  const double most = static_cast<double>(milliseconds(kLongestSpan).count());
  if (!(total >= least && total <= most)) return std::nullopt;
  return milliseconds(static_cast<std::int64_t>(total));
}

Result<TokenPolicy> ParseTokenPolicy(const json::object& config) {
  TokenPolicy policy;
  const std::pair<std::string_view, milliseconds*> members[] = {
      {"tokenExpirationTime", &policy.token_life},
      {"sessionExpirationTime", &policy.session_life},
      {"expiredTokenRenewLimit", &policy.renew_limit}};
  for (const auto& [name, member] : members) {
    const json::value* value = Find(config, name);
    if (value == nullptr) continue;
    const auto span = ParseSpan(*value);
    if (!span) {
      return Fail(InvalidArgument(
          "INVALID_TOKEN_POLICY", std::string(name) + " is not a time span",
          "Write a number and a unit from 1s up, for example 30m, 12h or 7d", std::string(name)));
    }
    *member = *span;
  }
  if (policy.token_life >= policy.session_life) {
    return Fail(InvalidArgument(
        "INVALID_TOKEN_POLICY", "tokenExpirationTime must be shorter than sessionExpirationTime",
        "A session outlives its tokens; shorten the first or lengthen the second",
        "tokenExpirationTime"));
  }
  return policy;
}

bool Authenticator::allow_sign_up() const { return PublicFlag(options, "allowSignUp"); }
bool Authenticator::allow_password_reset() const {
  return PublicFlag(options, "enableResetPassword");
}

const Authenticator* SettingsSnapshot::FindAuthenticator(std::string_view name) const {
  for (const Authenticator& authenticator : authenticators) {
    if (authenticator.name == name) return &authenticator;
  }
  return nullptr;
}

std::string SettingsSnapshot::Render(std::string_view text) const {
  constexpr std::string_view kEnv = "$env.";
  std::string out;
  while (true) {
    const std::size_t open = text.find("{{");
    const std::size_t close = open == std::string_view::npos ? open : text.find("}}", open);
    if (close == std::string_view::npos) break;
    const std::string_view inside = Trim(text.substr(open + 2, close - open - 2));
    out += text.substr(0, open);
    const auto variable = inside.starts_with(kEnv)
                              ? environment.find(std::string(inside.substr(kEnv.size())))
                              : environment.end();
    if (variable != environment.end())
      out += variable->second;
    else if (!inside.starts_with(kEnv))
      out += text.substr(open, close + 2 - open);
    text.remove_prefix(close + 2);
  }
  out += text;
  return out;
}

Settings::Settings(db::Database& database)
    : database_(database), current_(std::make_shared<const SettingsSnapshot>()) {}

Task<Result<void>> Settings::Load(Deadline deadline) {
  const db::Dialect& dialect = database_.dialect();
  std::vector<db::Statement> statements;
  statements.push_back(access::Prepare(dialect, "settings.system", kSettings));
  statements.push_back(
      access::Prepare(dialect, "settings.policy", kPolicy, {db::Value::Text(kTokenPolicyKey)}));
  statements.push_back(access::Prepare(dialect, "settings.authenticators", kAuthenticators));
  statements.push_back(access::Prepare(dialect, "settings.environment", kVariables));
  RK_CO_TRY(rows,
            co_await database_.Read(std::move(statements), db::ReadCost::kUnbounded, deadline));
  auto next = std::make_shared<SettingsSnapshot>();
  ReadSettings(rows[0], *next);
  if (!rows[1].empty()) {
    next->token_policy_config = ObjectOf(rows[1].at(0, 0));
    if (auto policy = ParseTokenPolicy(next->token_policy_config)) next->token_policy = *policy;
  }
  ReadAuthenticators(rows[2], *next);
  for (std::size_t i = 0; i < rows[3].size(); ++i) {
    next->environment.insert_or_assign(rows[3].at(i, 0).ToText(), rows[3].at(i, 1).ToText());
  }
  SettingsRef ready = std::move(next);
  std::atomic_store(&current_, std::move(ready));
  co_return Result<void>();
}

}  // namespace renkei::auth
