// The tables of identity: users, roles and their permissions, authenticators, settings, sessions,
// storages, attachments.
#pragma once

#include <vector>

#include "base/json.h"
#include "db/migrate.h"

namespace renkei::auth {

std::vector<db::Migration> AuthMigrations();  // 0002
std::vector<json::object>
AuthSystemCollections();  // definitions, in the form of a collections:create body

}  // namespace renkei::auth
