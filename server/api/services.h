// Services is the bundle of long-lived objects that actions use. Owned by app; every member is thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "access/access_rules.h"
#include "db/database.h"
#include "schema/catalog.h"

namespace renkei { class Metrics; }
namespace renkei::auth { class SessionStore; class Settings; class LoginGuard; }

namespace renkei::api {

class Services {
 public:
  db::Database& database;
  schema::CatalogStore& catalog;
  access::AccessStore& access;
  auth::SessionStore& sessions;
  auth::Settings& settings;       // system settings, token policy, authenticator options: one snapshot
  auth::LoginGuard& login_guard;  // failed sign-ins per account and address
  const Metrics* metrics = nullptr;  // null in tests
  bool open_metrics = false;          // /metrics for any address, not for loopback alone
  std::string secret_key;         // 32 bytes
  std::string version;
  std::string setup_token;        // one-time token of first start; empty once set up
  std::vector<std::string> cors_origins;  // empty: any origin, never with credentials
  bool rate_limits = true;
};

}  // namespace renkei::api
