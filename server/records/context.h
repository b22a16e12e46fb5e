// Context is what a records operation needs to know about its caller. One per request (or per job); borrowed by the
// operation for its whole life.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "access/access_rules.h"
#include "access/identity.h"
#include "access/permission.h"
#include "base/clock.h"
#include "db/database.h"
#include "schema/catalog.h"

namespace renkei::records {

struct Context {
  db::Database& database;
  schema::CatalogRef catalog;
  access::AccessRulesRef rules;
  access::Identity identity;
  TimeZone request_zone;   // X-Timezone, else server_zone: zone-less date filters, formats
  TimeZone server_zone;    // the system's setting
  std::string locale = "en-US";
  std::string trace_id;
  std::string remote_address;
  std::string user_agent;
  Deadline deadline;
  // A collection whose access was settled before (a snippet or an allow-list of the route): Check() is All() for it.
  std::string_view granted;
  bool enforce_access = true;  // false: the server's own work (set-up, jobs)

  // Permission of the caller, All() when access is not enforced.
  access::Permission Check(const schema::Collection& collection, std::string_view permission_name) const;
};

}  // namespace renkei::records
