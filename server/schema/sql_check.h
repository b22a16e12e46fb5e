// May this SQL stand for a collection, or be previewed (rest-api.md 9.1)? Looks at words outside of
// texts, quoted names and comments. The database's read-only session is the second wall.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace renkei::schema {

// 400 SQL_MISSING, SQL_NOT_SELECT, SQL_DANGEROUS.
Result<void> CheckSelect(std::string_view sql);

// Words and quoted names in order, as written but for the quotes; texts and comments are left out,
// ".", "," "(" … stay.
struct SqlToken {
  enum class Kind { kWord, kQuoted, kText, kNumber, kSymbol };
  Kind kind;
  std::string text;
};
std::vector<SqlToken> TokenizeSql(std::string_view sql);

// Names after FROM and JOIN, without schema.
std::vector<std::string> ReferencedTables(std::string_view sql);

// Without a final semicolon: ready to stand in parentheses.
std::string WithoutSemicolon(std::string_view sql);

}  // namespace renkei::schema
