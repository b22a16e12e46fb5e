// app:*, pm:*, asyncTasks:*: what the system is. The plugin manager of NocoBase's clients finds built-in
// features and nothing to switch (rest-api.md 17.1).
#include <algorithm>
#include <utility>

#include "api/resource/identity_actions.h"
#include "api/resource/identity_support.h"

namespace renkei::api {
namespace {

using records::Output;

constexpr std::string_view kCompatible = "nocobase 2.2";  // the wire level this server matches

Task<Result<Output>> GetInfo(Call& call) {
  const auth::SettingsRef settings = call.services.settings.Current();
  std::string language = settings->app_language;
  if (!call.request.x_locale.empty()) language = call.context.locale;
  co_return Answer(
      json::object{{"database", json::object{{"dialect", call.services.database.dialect().name()}}},
                   {"version", call.services.version},
                   {"compatible", kCompatible},
                   {"lang", std::move(language)},
                   {"name", "main"},
                   {"theme", "default"}});
}

// The texts of the pages are inside the pages; clients that ask get the language settled and empty
// books.
Task<Result<Output>> GetLang(Call& call) {
  std::string language(FindString(call.query, "locale"));
  if (language.empty()) language = call.context.locale;
  json::object resources;
  const std::string_view wanted = FindString(call.query, "ns");
  resources[wanted.empty() ? std::string_view("client") : wanted] = json::object();
  co_return Answer(json::object{{"lang", std::move(language)},
                                {"resources", std::move(resources)},
                                {"antd", json::object()},
                                {"cronstrue", json::object()},
                                {"cron", json::object()}});
}

Task<Result<Output>> Refresh(Call& call) {
  RK_CO_CHECK_OK(co_await call.services.catalog.Load(call.context.deadline));
  RK_CO_CHECK_OK(co_await RefreshAccess(call.services, call.context.deadline));
  co_return NoAnswer();
}

Task<Result<Output>> Restart(Call&) {
  co_return Fail(Error{ErrorKind::kUnsupported,
                       "RESTART_UNSUPPORTED",
                       "The server does not restart itself",
                       "Changes hold at once; to restart the process use your service manager, for "
                       "example systemctl restart renkei",
                       {},
                       {},
                       {}});
}

Task<Result<Output>> PublishEvent(Call&) { co_return NoAnswer(); }

// ------------------------------------------------------------------------------------------------------------
// features

constexpr std::string_view kFeatures[] = {"acl",
                                          "api-doc",
                                          "api-keys",
                                          "auth",
                                          "collection-sql",
                                          "collection-tree",
                                          "collection-view",
                                          "data-source-main",
                                          "data-source-manager",
                                          "environment-variables",
                                          "error-handler",
                                          "field-formula",
                                          "field-sequence",
                                          "field-sort",
                                          "file-manager",
                                          "system-settings",
                                          "users"};

json::object Feature(const Call& call, std::string_view name, std::int64_t id) {
  const std::string package = "@nocobase/plugin-" + std::string(name);
  return json::object{{"id", id},
                      {"name", name},
                      {"packageName", package},
                      {"version", call.services.version},
                      {"enabled", true},
                      {"installed", true},
                      {"builtIn", true},
                      {"displayName", name},
                      {"description", ""}};
}

json::array Features(const Call& call) {
  json::array rows;
  for (const std::string_view name : kFeatures)
    rows.push_back(Feature(call, name, static_cast<std::int64_t>(rows.size()) + 1));
  return rows;
}

Task<Result<Output>> ListFeatures(Call& call) { co_return Answer(Features(call)); }

// Browser bundles of plugins: there are none.
Task<Result<Output>> ListEnabled(Call&) { co_return Answer(json::array()); }

Task<Result<Output>> GetFeature(Call& call) {
  const std::string key = TargetKey(call);
  for (json::value& feature : Features(call)) {
    const json::object& row = feature.get_object();
    if (FindString(row, "name") == key || FindString(row, "packageName") == key ||
        std::to_string(FindInt(row, "id")) == key) {
      co_return Answer(feature);
    }
  }
  co_return Answer(json::value(nullptr));
}

Task<Result<Output>> Fixed(Call&) {
  co_return Fail(Forbidden("FEATURES_ARE_BUILT_IN",
                           "Features are part of the program and cannot be changed",
                           "Roles decide who may use them"));
}

// Background tasks: everything this server does is done when its answer comes, so there are never any.
Task<Result<Output>> ListTasks(Call&) { co_return Answer(json::array()); }
Task<Result<Output>> NoTask(Call&) { co_return Fail(NotHere()); }

constexpr Action kActions[] = {
    {"asyncTasks", "list", ListTasks, false},
    {"asyncTasks", "get", NoTask, false},
    {"asyncTasks", "fetchFile", NoTask, false},
    {"asyncTasks", "stop", NoTask},
    {"app", "getInfo", GetInfo, false},
    {"app", "getLang", GetLang, false},
    {"app", "refresh", Refresh},
    {"app", "clearCache", Refresh},
    {"app", "restart", Restart},
    {"app", "publishEvent", PublishEvent},
    {"pm", "list", ListFeatures, false},
    {"pm", "get", GetFeature, false},
    {"pm", "listEnabled", ListEnabled, false},
    {"pm", "listEnabledV2", ListEnabled, false},
    {"pm", "add", Fixed},
    {"pm", "update", Fixed},
    {"pm", "enable", Fixed},
    {"pm", "disable", Fixed},
    {"pm", "remove", Fixed},
};

}  // namespace

ActionList AppActions() { return kActions; }

}  // namespace renkei::api
