#include "api/resource/identity_actions.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "access/permission_changes.h"
#include "api/resource/identity_support.h"
#include "base/observe.h"

namespace renkei::api {
namespace {

constexpr std::string_view kAccessResources[] = {
    "users",
    "roles",
    "rolesUsers",
    "dataSourcesRoles",
    "dataSourcesRolesResources",
    "dataSourcesRolesResourcesActions",
    "dataSourcesRolesResourcesScopes",
    "rolesResourcesScopes",
    "dataSources.roles",
    "dataSources.rolesResourcesScopes",
    "authenticators",
    "usersAuthenticators",
    "tokenControlConfig",
    "systemSettings",
    "environmentVariables",
};

}  // namespace

std::span<const Action> IdentityActions() {
  static const std::vector<Action> all = [] {
    std::vector<Action> joined;
    for (const ActionList list :
         {AuthActions(), SessionActions(), SetupActions(), UserActions(), RoleActions(),
          RoleResourceActions(), ScopeActions(), AuthenticatorActions(), TokenPolicyActions(),
          SystemSettingsActions(), AppActions(), StorageActions(), EnvironmentVariableActions(), ApiKeyActions(), RoleLinkActions()}) {
      joined.insert(joined.end(), list.begin(), list.end());
    }
    return joined;
  }();
  return all;
}

bool TouchesAccess(std::string_view resource) {
  return std::ranges::find(kAccessResources, resource) != std::end(kAccessResources);
}

Task<Result<void>> RefreshAccess(Services& services, Deadline deadline) {
  auto rules = co_await services.access.Load(deadline);
  auto settings = co_await services.settings.Load(deadline);
  services.sessions.ForgetAll();
  // The others learn it with the commit of this; a notification that cannot be sent leaves them
  // kCacheTrust behind.
  for (const std::string_view topic : {access::kAccessTopic, auth::kSettingsTopic}) {
    db::Statement notify = services.database.NotifyStatement(topic, "");
    if (notify.sql.empty()) continue;
    auto sent = co_await services.database.Write(std::move(notify), deadline);
    if (!sent) Emit(Fault{"access_notify", sent.error().detail, {}});
  }
  if (!rules) co_return Fail(std::move(rules).error());
  if (!settings) co_return Fail(std::move(settings).error());
  co_return Result<void>();
}

}  // namespace renkei::api
