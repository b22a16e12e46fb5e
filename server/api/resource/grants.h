// Nobody grants rights above their own (rest-api.md 12.4 F, SEC-38), and somebody always holds
// root.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/resource.h"
#include "db/connection.h"

namespace renkei::api {

// 403 naming the first role that exceeds the caller's rights.
Result<void> CheckGrant(const Call& call, const std::vector<std::string>& roles);
// 403 when a role with this strategy and these snippets would exceed the caller's rights. Null
// members count as none.
Result<void> CheckRoleContent(const Call& call, const json::value* strategy,
                              const json::value* snippets);
// 403 when the configured actions of one resource would exceed the caller's rights.
Result<void> CheckResourceContent(const Call& call, std::string_view collection,
                                  const json::value* actions);
// 403 when one of the users holds a role that exceeds the caller's: whoever may manage users may
// not take over their betters.
Task<Result<void>> CheckMayActOn(db::Connection& connection, const Call& call,
                                 const std::vector<std::int64_t>& users);
// In the transaction, after the change: 403 when nobody holds root any more.
Task<Result<void>> CheckRootRemains(db::Connection& connection, const Call& call);
Task<Result<std::vector<std::string>>> RolesOfUser(const Call& call, std::int64_t user_id);

// "member" | {"name":"member"} | ["member", {"name":"x"}] → names. Keys in `key_name`.
std::vector<std::string> KeyTexts(const json::value& value, std::string_view key_name);

}  // namespace renkei::api
