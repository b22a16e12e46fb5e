#include "app/config.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/log.h"
#include "base/text.h"

namespace renkei::app {
namespace {

constexpr Setting kSettings[] = {
    {"listen", "127.0.0.1:13000", "", "address and port to serve on"},
    {"data", "./data", "", "data folder: database, key, files, backups"},
    {"database-url", "", "", "postgres://user:password@host:port/name; empty: SQLite in the data folder", true},
    {"admin-email", "", "INIT_ROOT_EMAIL", "first start: e-mail of the administrator"},
    {"admin-password", "", "INIT_ROOT_PASSWORD", "first start: password of the administrator", true},
    {"rate-limit", "on", "", "off lifts sign-in and request limits; only when listening on loopback"},
    {"threads", "0", "", "event-loop threads; 0: one per core"},
    {"public-origin", "", "", "address that users see, such as https://renkei.example.com"},
    {"cors-origins", "", "CORS_ORIGIN_WHITELIST", "comma list of origins whose pages may call the API with credentials"},
    {"metrics", "loopback", "", "who may read /metrics: loopback, or open for everyone"},
    {"log-level", "info", "LOGGER_LEVEL", "debug, info, warn or error"},
};

Error Invalid(std::string message, std::string hint) {
  return InvalidArgument("CONFIG_INVALID", std::move(message), std::move(hint));
}

std::string TomlKey(std::string_view name) {
  std::string key(name);
  std::replace(key.begin(), key.end(), '-', '_');
  return key;
}

// The values of renkei.toml in the data folder; empty when there is no file.
Result<std::map<std::string, std::string>> ReadFile(const std::string& path) {
  std::map<std::string, std::string> values;
  if (!std::filesystem::exists(path)) return values;
  toml::table table;
  try {
    table = toml::parse_file(path);
  } catch (const toml::parse_error& fault) {
    return Fail(Invalid(fmt::format("{} is not valid TOML: {} (line {})", path, fault.description(), fault.source().begin.line),
                        "Correct the line or move the file away"));
  }
  for (const auto& [key, node] : table) {
    const std::string_view name = key.str();
    const auto* known = std::find_if(std::begin(kSettings), std::end(kSettings), [&](const Setting& s) { return TomlKey(s.name) == name; });
    if (known == std::end(kSettings)) {
      std::vector<std::string> keys;
      for (const Setting& s : kSettings) keys.push_back(TomlKey(s.name));
      const std::vector<std::string_view> candidates(keys.begin(), keys.end());
      return Fail(Invalid(fmt::format("{}: there is no setting '{}'", path, name), DidYouMean(name, candidates)));
    }
    if (const auto text = node.value<std::string>()) values[std::string(known->name)] = *text;
    else if (const auto number = node.value<std::int64_t>()) values[std::string(known->name)] = std::to_string(*number);
    else return Fail(Invalid(fmt::format("{}: {} must be a text or a number", path, name), ""));
  }
  return values;
}

}  // namespace

std::span<const Setting> AllSettings() { return kSettings; }

std::string EnvironmentName(std::string_view setting) {
  std::string name = "RENKEI_";
  for (const char c : setting) name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return name;
}

Result<Config> Config::Load(const std::map<std::string, std::string>& flags) {
  Config config;
  const auto choose = [&](const Setting& setting, const std::map<std::string, std::string>& file, const std::string& file_name) {
    const std::string name(setting.name);
    if (const auto flag = flags.find(name); flag != flags.end()) return Chosen{flag->second, "flag --" + name};
    for (const std::string& variable : {EnvironmentName(name), std::string(setting.foreign)}) {
      if (variable.empty()) continue;
      if (const char* value = std::getenv(variable.c_str())) return Chosen{value, "environment " + variable};
    }
    if (const auto entry = file.find(name); entry != file.end()) return Chosen{entry->second, "file " + file_name};
    return Chosen{std::string(setting.fallback), "default"};
  };
  const Setting* data = &kSettings[1];
  const std::string file_name = choose(*data, {}, {}).value + "/renkei.toml";
  RK_TRY(file, ReadFile(file_name));
  for (const Setting& setting : kSettings) config.values_[std::string(setting.name)] = choose(setting, file, file_name);
  RK_CHECK_OK(config.Validate());
  return config;
}

const std::string& Config::Get(std::string_view name) const { return Explain(name).value; }

const Config::Chosen& Config::Explain(std::string_view name) const {
  static const Chosen kNone;
  const auto found = values_.find(name);
  return found == values_.end() ? kNone : found->second;
}

std::string Config::host() const {
  const std::string& listen = Get("listen");
  std::string host = listen.substr(0, listen.rfind(':'));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return host;
}

std::uint16_t Config::port() const {
  const std::string& listen = Get("listen");
  unsigned port = 0;
  const char* begin = listen.data() + listen.rfind(':') + 1;
  std::from_chars(begin, listen.data() + listen.size(), port);
  return static_cast<std::uint16_t>(port);
}

bool Config::listens_on_loopback() const {
  const std::string address = host();
  return address == "localhost" || address == "::1" || address.starts_with("127.");
}

int Config::threads() const { return std::atoi(Get("threads").c_str()); }

std::vector<std::string> Config::cors_origins() const { return SplitComma(Get("cors-origins")); }

Result<void> Config::Validate() const {
  const std::string& listen = Get("listen");
  const std::size_t colon = listen.rfind(':');
  unsigned port = 0;
  bool valid = colon != std::string::npos && colon > 0;
  if (valid) {
    const auto [end, fault] = std::from_chars(listen.data() + colon + 1, listen.data() + listen.size(), port);
    valid = fault == std::errc() && end == listen.data() + listen.size() && port <= 65535;
  }
  if (!valid) return Fail(Invalid(fmt::format("listen: '{}' is not an address and a port", listen), "Write it like 127.0.0.1:13000"));
  const std::string& url = Get("database-url");
  if (!url.empty() && !url.starts_with("postgres://") && !url.starts_with("postgresql://")) {
    return Fail(Invalid("database-url must begin with postgres://", "Leave it empty for the embedded SQLite database"));
  }
  const std::string& limit = Get("rate-limit");
  if (limit != "on" && limit != "off") return Fail(Invalid(fmt::format("rate-limit: '{}' is neither on nor off", limit), ""));
  if (limit == "off" && !listens_on_loopback()) {
    return Fail(Invalid(fmt::format("rate-limit is off while listening on {}", listen),
                        "Listen on 127.0.0.1, or remove RENKEI_RATE_LIMIT=off: without limits passwords can be guessed"));
  }
  const std::string& metrics = Get("metrics");
  if (metrics != "loopback" && metrics != "open") return Fail(Invalid(fmt::format("metrics: '{}' is neither loopback nor open", metrics), ""));
  if (!ParseLogLevel(Get("log-level"))) {
    return Fail(Invalid(fmt::format("log-level: '{}' is none of debug, info, warn and error", Get("log-level")), ""));
  }
  int threads = 0;
  const std::string& count = Get("threads");
  const auto [end, fault] = std::from_chars(count.data(), count.data() + count.size(), threads);
  if (fault != std::errc() || end != count.data() + count.size() || threads < 0 || threads > 256) {
    return Fail(Invalid(fmt::format("threads: '{}' is not a number from 0 to 256", count), ""));
  }
  if (Get("data").empty()) return Fail(Invalid("data: the name of the data folder is empty", "Write --data ./data"));
  return {};
}

}  // namespace renkei::app
