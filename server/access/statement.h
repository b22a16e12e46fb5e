// Prepared SQL for tables the program itself made: every '?' becomes the dialect's numbered
// placeholder. The text is a constant of the program; what a caller sends travels in `params` only.
#pragma once

#include <string_view>
#include <vector>

#include "db/connection.h"
#include "db/dialect.h"

namespace renkei::access {

inline db::Statement Prepare(const db::Dialect& dialect, std::string_view name,
                             std::string_view trusted_sql, std::vector<db::Value> params = {}) {
  db::Statement statement;
  statement.name = name;
  statement.params = std::move(params);
  statement.sql.reserve(trusted_sql.size() + 8);
  std::size_t index = 0;
  for (const char c : trusted_sql) {
    if (c == '?')
      dialect.AppendPlaceholder(statement.sql, ++index);
    else
      statement.sql += c;
  }
  return statement;
}

}  // namespace renkei::access
