// Config is what the process was told: flags, then environment (RENKEI_…, then NocoBase's names), then renkei.toml,
// then the default. Read once at start; `renkei config explain` prints where each value came from.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace renkei::app {

// One setting. `flag`, `environment` and the TOML key are derived from `name` ("database-url" → --database-url,
// RENKEI_DATABASE_URL, database_url); `foreign` is NocoBase's variable of the same meaning.
struct Setting {
  std::string_view name;
  std::string_view fallback;
  std::string_view foreign;
  std::string_view help;
  bool secret = false;
};
std::span<const Setting> AllSettings();
std::string EnvironmentName(std::string_view setting);

class Config {
 public:
  struct Chosen {
    std::string value;
    std::string origin;  // "flag --listen", "environment RENKEI_LISTEN", "file …/renkei.toml", "default"
  };

  // `flags`: setting name → value, as the command line gave them. Errors: CONFIG_INVALID with one clear sentence.
  static Result<Config> Load(const std::map<std::string, std::string>& flags);

  const std::string& Get(std::string_view name) const;
  const Chosen& Explain(std::string_view name) const;

  // Typed views, validated by Load().
  std::string host() const;
  std::uint16_t port() const;
  bool listens_on_loopback() const;
  std::string data_folder() const { return Get("data"); }
  bool uses_postgres() const { return !Get("database-url").empty(); }
  bool rate_limits() const { return Get("rate-limit") != "off"; }
  int threads() const;
  std::vector<std::string> cors_origins() const;

 private:
  Result<void> Validate() const;
  std::map<std::string, Chosen, std::less<>> values_;
};

}  // namespace renkei::app
