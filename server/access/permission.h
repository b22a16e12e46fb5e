// Permission is the answer of the access rules to "may this identity do this action on this collection?": it narrows
// a request, it runs nothing. records applies it (filter merged by $and, fields by intersection; rest-api.md 12).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "schema/collection.h"

namespace renkei::access {

struct Permission {
  bool allowed = false;
  // Row scope in the filter language, variables not yet resolved; nullopt: every row. Several roles joined by $or.
  std::optional<json::value> filter;
  // Fields that may be read (view) or written (create, update); nullopt: all. Key columns, createdAt, updatedAt and
  // createdById are always readable (rest-api.md 12.2).
  std::optional<std::vector<std::string>> fields;

  static Permission All() { return Permission{true, std::nullopt, std::nullopt}; }
  static Permission None() { return Permission{}; }
  bool MayField(std::string_view name) const;
};

}  // namespace renkei::access
