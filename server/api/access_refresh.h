// After a committed change of users, roles or permissions: the new rules hold from the next request on, here at once and
// in other processes by notification.
#pragma once

#include "api/services.h"
#include "base/clock.h"
#include "base/task.h"

namespace renkei::api {

Task<void> RefreshAccess(Services& services, Deadline deadline);

}  // namespace renkei::api
