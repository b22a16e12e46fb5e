#include "access/snippets.h"

#include <algorithm>
#include <array>

namespace renkei::access {
namespace {

using Names = std::string_view[];

constexpr Names kPm = {"pm:*"};
constexpr Names kApp = {"app:restart", "app:refresh", "app:clearCache", "app:publishEvent"};
constexpr Names kRoles = {"roles:*",
                          "roles.*",
                          "availableActions:*",
                          "dataSources.roles:*",
                          "dataSources.rolesResourcesScopes:*",
                          "dataSourcesRolesResourcesScopes:*",
                          "rolesResourcesScopes:*",
                          "users:listExcludeRole"};
constexpr Names kUsers = {"users:*", "users.roles:*", "lockouts:*", "sessions:listAll",
                          "sessions:revokeAny"};
constexpr Names kAuthenticators = {"authenticators:*"};
constexpr Names kTokenPolicy = {"tokenControlConfig:*"};
constexpr Names kApiKeys = {"apiKeys:list", "apiKeys:create", "apiKeys:destroy"};
constexpr Names kDocumentation = {"swagger:*"};
constexpr Names kStorages = {"storages:*"};
constexpr Names kSystemSettings = {"systemSettings:put"};
constexpr Names kEnvironment = {"environmentVariables:*"};
constexpr Names kDataSources = {"dataSources:*", "dataSources.collections:*",
                                "dataSourcesCollections.fields:*", "roles.dataSourceResources:*",
                                "dataSourcesCollections:*"};
constexpr Names kMainDataSource = {"collections:*",
                                   "collections.fields:*",
                                   "fields:*",
                                   "collectionCategories:*",
                                   "mainDataSource:*",
                                   "collections.category:*",
                                   "collectionCategories.collections:*"};
constexpr Names kViews = {"dbViews:*"};
constexpr Names kSqlCollections = {"sqlCollection:*"};
constexpr Names kWorkflows = {"workflows:*", "workflows.nodes:*",   "flow_nodes:*", "executions:*",
                              "jobs:*",      "workflowCategories:*"};
constexpr Names kAudit = {"audit:*", "auditLogs:*", "auditChanges:*"};
constexpr Names kPages = {"uiSchemas:*",  "desktopRoutes:*", "mobileRoutes:*",
                          "flowModels:*", "pages:*",         "themeConfig:*"};

constexpr std::array kSnippets = {
    Snippet{"pm", kPm},
    Snippet{"app", kApp},
    Snippet{"pm.acl.roles", kRoles},
    Snippet{"pm.users", kUsers},
    Snippet{"pm.auth.authenticators", kAuthenticators},
    Snippet{"pm.security.token-policy", kTokenPolicy},
    Snippet{"pm.api-keys.configuration", kApiKeys},
    Snippet{"pm.api-doc.documentation", kDocumentation},
    Snippet{"pm.file-manager.storages", kStorages},
    Snippet{"pm.system-settings.system-settings", kSystemSettings},
    Snippet{"pm.environment-variables", kEnvironment},
    Snippet{"pm.data-source-manager", kDataSources},
    Snippet{"pm.data-source-manager.data-source-main", kMainDataSource},
    Snippet{"pm.data-source-manager.collection-view", kViews},
    Snippet{"pm.data-source-manager.collection-sql", kSqlCollections},
    Snippet{"pm.workflow.workflows", kWorkflows},
    Snippet{"pm.audit-logs", kAudit},
    Snippet{"ui.pages", kPages},
};

constexpr std::array kPublic = {
    std::string_view("app:getInfo"),
    std::string_view("app:getLang"),
    std::string_view("auth:checkResetToken"),
    std::string_view("auth:lostPassword"),
    std::string_view("auth:resetPassword"),
    std::string_view("auth:signIn"),
    std::string_view("auth:signUp"),
    std::string_view("authenticators:publicList"),
    std::string_view("pm:listEnabled"),
    std::string_view("pm:listEnabledV2"),
    std::string_view("setup:run"),
    std::string_view("setup:status"),
    std::string_view("systemSettings:get"),
};

constexpr std::array<std::string_view, 34> kSignedIn = {
    "auth:check",
    "auth:signOut",
    "auth:syncCookies",
    "auth:changePassword",
    "auth:signOutEverywhere",
    "auth:sessions",
    "auth:reauthenticate",
    "sessions:list",
    "sessions:revoke",
    "sessions:revokeAll",
    "users:updateProfile",
    "users:updateLang",
    "users:setDefaultRole",
    "roles:check",
    "collections:list",
    "collections:listMeta",
    "collectionCategories:list",
    "dataSources:listEnabled",
    "dataSources:get",
    "swagger:get",
    "swagger:getUrls",
    "attachments:create",
    "attachments:upload",
    "storages:getBasicInfo",
    "storages:check",
    "environmentVariables:list",
    "customVariables:*",
    "asyncTasks:list",
    "asyncTasks:get",
    "asyncTasks:fetchFile",
    "asyncTasks:stop",
    "charts:queryData",
    "*:downloadXlsxTemplate",
    "*:createTemporaryURL",
};

}  // namespace

std::span<const Snippet> AllSnippets() { return kSnippets; }

const Snippet* FindSnippet(std::string_view name) {
  const auto found = std::ranges::find(kSnippets, name, &Snippet::name);
  return found == kSnippets.end() ? nullptr : &*found;
}

bool GlobMatches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool IsPublicEndpoint(std::string_view endpoint) {
  return std::ranges::find(kPublic, endpoint) != kPublic.end();
}

bool IsEndpointForEverySignedIn(std::string_view endpoint) {
  return std::ranges::any_of(
      kSignedIn, [&](std::string_view pattern) { return GlobMatches(pattern, endpoint); });
}

}  // namespace renkei::access
