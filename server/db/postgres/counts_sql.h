// The objects in the database that keep counts exact, and the SQL that asks them (hot-path.md 4).
//
//   rk_counts(table_name, delta, seed)   the sum of a table's deltas is its number of rows, in
//   every snapshot. Every
//                                        statement that inserts or deletes adds one; a compactor
//                                        joins them. Without a seed row (a table that inherits or
//                                        is inherited from) the sum means nothing.
//   rk_v_<hash>                          a sequence per table, moved by every statement that
//   changes the table, after
//                                        taking a shared advisory lock to the end of its
//                                        transaction. Whoever gets the exclusive lock knows that
//                                        every transaction that moved it so far has ended.
//   rk_tracked(relation, lock_key, sequence)   for tables that inherit: a change moves the
//   relatives' sequences too.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.h"

namespace renkei::db::postgres {

std::vector<Statement>
HelperStatements();  // idempotent; one transaction, takes an advisory lock first
std::vector<Statement> TrackStatements(std::string_view table);
std::vector<Statement> UntrackStatements(std::string_view table);

// One row, one column: the number of rows; NULL when it is not kept for this table.
Statement WholeCountStatement(std::string_view table);
// One row, one column: the versions as text, "-" in it for a table that is not tracked.
Statement VersionsStatement(const std::vector<std::string>& tables);
// The same, but NULL when a transaction that changed one of the tables is still under way. A
// transaction of its own, ended before the count begins.
Statement SettleStatement(const std::vector<std::string>& tables);
// Joins deltas; affects the rows it joined. Does nothing while another process does it.
Statement CompactStatement();

}  // namespace renkei::db::postgres
