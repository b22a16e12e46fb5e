// renkei config explain [KEY]: which of flag, environment, file and default won.
#include <algorithm>
#include <cstdio>
#include <fmt/format.h>

#include "app/cli/commands.h"
#include "base/text.h"

namespace renkei::app {
namespace {

void PrintSetting(const Config& config, const Setting& setting) {
  const Config::Chosen& chosen = config.Explain(setting.name);
  const std::string value = setting.secret && !chosen.value.empty() ? "(set, not shown)" : chosen.value;
  fmt::print("{}\n  {}\n  value:   {}\n  from:    {}\n  default: {}\n  set by:  --{}, {}{}{}, or {} in renkei.toml\n", setting.name, setting.help,
             value.empty() ? "(empty)" : value, chosen.origin, setting.fallback.empty() ? "(empty)" : setting.fallback, setting.name,
             EnvironmentName(setting.name), setting.foreign.empty() ? "" : ", ", setting.foreign, setting.name);
}

}  // namespace

int RunConfigExplain(const Config& config, const std::string& key) {
  std::vector<std::string_view> names;
  for (const Setting& setting : AllSettings()) {
    names.push_back(setting.name);
    if (key.empty() || key == setting.name) PrintSetting(config, setting);
  }
  if (!key.empty() && std::find(names.begin(), names.end(), key) == names.end()) {
    return ReportFailure(InvalidArgument("UNKNOWN_SETTING", fmt::format("There is no setting '{}'", key), DidYouMean(key, names)));
  }
  return 0;
}

}  // namespace renkei::app
