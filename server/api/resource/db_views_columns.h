// What a view or a SELECT gives: its columns as candidates for fields, where they come from, and
// its first rows. The SQL handed in is trusted (a quoted view, or text that passed
// schema::CheckSelect); it runs read-only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "db/database.h"
#include "schema/catalog.h"

namespace renkei::api {

struct Preview {
  json::array rows;
  json::object
      fields;  // name → {name, type, interface, rawType, possibleTypes, source?, uiSchema?}
  std::vector<std::string> sources;  // collections
};

struct PreviewRequest {
  std::string select;               // stands in parentheses
  std::vector<std::string> tables;  // it reads from
  std::int64_t limit = 5, offset = 0;
};

Task<Result<Preview>> RunPreview(db::Database& database, schema::CatalogRef catalog,
                                 PreviewRequest request, Deadline deadline);

// Field types for a column type of the database (rest-api.md 9.9), the default first. Empty: not
// supported.
std::vector<std::string_view> TypesForColumn(std::string_view raw_type);
// {name, field, type, interface, rawType, possibleTypes}
json::object FieldForColumn(std::string_view column, std::string_view raw_type);

}  // namespace renkei::api
