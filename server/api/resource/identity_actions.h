// The actions of users, roles, sign-in, settings and the other system resources (rest-api.md
// 10, 12.5, 16, 17).
#pragma once

#include <span>
#include <string_view>

#include "api/resource.h"
#include "api/services.h"

namespace renkei::api {

std::span<const Action> IdentityActions();

// True for collections and endpoints whose rows decide who may do what or how people sign in: after
// each successful write to one of them (also by plain records or by an association) the router
// calls RefreshAccess.
bool TouchesAccess(std::string_view resource);
// Reloads access rules and settings here, drops cached sessions, and tells the other processes.
Task<Result<void>> RefreshAccess(Services& services, Deadline deadline);
// Checks a plain write on one of these collections or their associations before it runs: nobody
// grants rights above their own, the last holder of root keeps it. The router calls it for standard
// actions only; ours check themselves.
Task<Result<void>> GuardIdentityWrite(Call& call);

}  // namespace renkei::api
