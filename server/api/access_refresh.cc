#include "api/access_refresh.h"

#include "access/permission_changes.h"
#include "auth/session_store.h"
#include "base/observe.h"

namespace renkei::api {

Task<void> RefreshAccess(Services& services, Deadline deadline) {
  auto loaded = co_await services.access.Load(deadline);
  if (!loaded) Emit(Fault{"access_refresh", loaded.error().detail, {}});
  services.sessions.ForgetAll();
  db::Statement notify = services.database.NotifyStatement(access::kAccessTopic, "");
  auto sent = co_await services.database.Write(std::move(notify), deadline);
  if (!sent) Emit(Fault{"access_notify", sent.error().detail, {}});
}

}  // namespace renkei::api
