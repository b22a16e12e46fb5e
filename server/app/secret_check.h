// Ties the secret key to the database: its fingerprint is stored at first start, and a server with another key refuses
// to start, since it could read none of the sealed secrets.
#pragma once

#include <string>
#include <vector>

#include "base/task.h"
#include "db/database.h"
#include "db/migrate.h"

namespace renkei::app {

std::vector<db::Migration> InstanceMigrations();  // table instance(name, value)

// Errors: WRONG_SECRET_KEY.
Task<Result<void>> CheckSecretKey(db::Database& database, std::string fingerprint, std::string key_file, Deadline deadline);

}  // namespace renkei::app
