// Tables, columns and indexes of collections as SQL. Statements are meant for one transaction with
// the rows of `collections` and `fields`; both databases roll DDL back.
//
// SQLite cannot do everything in ALTER TABLE: unique and other constraints of added columns are
// indexes of their own, on both databases alike, and indexes over a column are dropped before the
// column.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "db/database.h"
#include "schema/catalog.h"

namespace renkei::schema {

// The table with its columns, keys, indexes and its count tracking. `parents` (linked) only where
// the dialect inherits.
std::vector<db::Statement> CreateTableStatements(
    const db::Database& database, const Collection& collection,
    const std::vector<const Collection*>& parents = {});
std::vector<db::Statement> DropTableStatements(const db::Database& database,
                                               const Collection& collection, bool cascade);

// Adds the column with its index and unique index; rows that exist get the default value.
// `stored_default` is the converted one, or null.
std::vector<db::Statement> AddColumnStatements(const db::Dialect& dialect,
                                               const Collection& collection, const Field& field,
                                               db::Value stored_default);
// `indexes`: the names from IndexesOn().
std::vector<db::Statement> DropColumnStatements(const db::Dialect& dialect,
                                                const Collection& collection,
                                                std::string_view column,
                                                const std::vector<std::string>& indexes);
db::Statement CreateIndexStatement(const db::Dialect& dialect, std::string_view table,
                                   const std::vector<std::string>& columns, bool unique);
db::Statement DropIndexStatement(const db::Dialect& dialect, std::string_view table,
                                 const std::vector<std::string>& columns, bool unique);

// "<table>_<column>_uk", "<table>_<column>_idx"; shortened with a digest beyond 63 bytes.
std::string IndexName(std::string_view table, const std::vector<std::string>& columns, bool unique);

// What is really there. Columns in order, empty when there is no such table or view.
Task<Result<std::vector<std::string>>> ReadColumns(db::Connection& connection,
                                                   const db::Dialect& dialect, std::string table);
Task<Result<std::vector<std::string>>> IndexesOn(db::Connection& connection,
                                                 const db::Dialect& dialect, std::string table,
                                                 std::string column);
// Is the name taken by a table or view, as the database compares names (SQLite ignores case)?
Task<Result<bool>> RelationExists(db::Connection& connection, const db::Dialect& dialect,
                                  std::string name);

// After a row was stored with a client's own value in an auto-increment key: the next generated
// value lies beyond it. nullopt where the database does that by itself. The statement answers one
// row or none.
std::optional<db::Statement> AdvanceSequenceStatement(const db::Dialect& dialect,
                                                      const Catalog& catalog,
                                                      const Collection& collection,
                                                      const Field& field, std::int64_t value);

}  // namespace renkei::schema
