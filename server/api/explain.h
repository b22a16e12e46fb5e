// ?explain=1 for administrators: why did I get these rows, and where did the time go (style.md 2.10).
#pragma once

#include <string>

#include "api/resource.h"
#include "db/explaining_database.h"

namespace renkei::api {

// The JSON object for the envelope's member "explain": roles, permission, statements with their timing.
std::string ExplainJson(const Call& call, const db::ExplainingDatabase& database);

}  // namespace renkei::api
