// The tables that describe the others: collections, fields, and the categories of collections.
#pragma once

#include <vector>

#include "base/json.h"
#include "db/migrate.h"

namespace renkei::schema {

std::vector<db::Migration> SchemaMigrations();  // 0001
// `collections` and `fields` themselves are not among them: only the meta API writes there.
std::vector<json::object> SchemaSystemCollections();

}  // namespace renkei::schema
