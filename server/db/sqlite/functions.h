// What our SQL needs and SQLite has not: the functions rk_* and the collation RK_DECIMAL, on one
// connection.
//
//   RK_DECIMAL                          decimals kept as text, ordered by value
//   rk_text(x)                          as PostgreSQL's ::text prints numbers
//   rk_like(x, pattern), rk_ilike       LIKE with '\' as escape; rk_ilike folds case, all of
//   Unicode rk_regexp(x, pattern, case)         ICU regular expression, found anywhere; bounded
//   time rk_json_text(doc, path), rk_json_number      path is a JSON array of names and indexes
//   rk_array_match(doc, list, as_text), rk_array_any, rk_array_has(doc, scalar)
//   rk_sum(x), rk_avg(x)                over decimals, exact before the last rounding
#pragma once

struct sqlite3;

namespace renkei::db::sqlite {

// A fault of the caller's data inside a function is an SQL error with this prefix: INVALID_VALUE.
inline constexpr char kInvalidValuePrefix[] = "rk_invalid_value: ";

int RegisterFunctions(sqlite3* connection);  // SQLITE_OK or an error
int RegisterJsonFunctions(
    sqlite3* connection);  // the part in json_functions.cc; called by RegisterFunctions

}  // namespace renkei::db::sqlite
