// The cache key of a counted statement: its text and parameters, unambiguously.
#pragma once

#include <string>

#include "db/connection.h"

namespace renkei::db {

std::string CountKey(const Statement& statement);

}  // namespace renkei::db
