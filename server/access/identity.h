// Identity is who is asking, settled once per request by auth and carried by value-like reference from there on.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace renkei::access {

struct Identity {
  enum class Kind { kAnonymous, kUser, kApiKey, kSystem };
  Kind kind = Kind::kAnonymous;
  std::int64_t user_id = 0;
  std::string user_name;                 // for the audit log
  std::vector<std::string> roles;        // effective for this request: one, or several under union
  std::vector<std::string> all_roles;    // everything the user holds
  std::string current_role;              // "member", "__union__", …
  bool is_root = false;                  // role root is effective
  std::string session_id;
  std::shared_ptr<const json::object> user;  // the user's row as JSON without secrets, for $user variables

  static Identity System() { Identity i; i.kind = Kind::kSystem; i.is_root = true; i.user_name = "system"; return i; }
};

}  // namespace renkei::access
