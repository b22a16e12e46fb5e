#include "db/dialect.h"

#include <fmt/format.h>

namespace renkei::db {

std::string Dialect::Sum(std::string_view column, ColumnKind) const {
  return fmt::format("sum({})", column);
}
std::string Dialect::Avg(std::string_view column, ColumnKind) const {
  return fmt::format("avg({})", column);
}

std::string Dialect::OrderByNotNull(std::string_view column, bool descending) const {
  return fmt::format("{} {}", column, descending ? "DESC" : "ASC");
}

}  // namespace renkei::db
