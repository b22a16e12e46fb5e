// Creating, changing and deleting rows inside one transaction: what create, update, destroy, the
// upserts, the association actions and nested association values are made of. Free functions over a
// WriteSession; none of them checks whether the caller may (their callers and links.cc do), all of
// them write the journal.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/task.h"
#include "records/association_values.h"
#include "records/write_session.h"
#include "records/write_values.h"

namespace renkei::records {

// A row that was written with the associations that were written along, as JSON for the answer.
struct Written {
  StoredRow row;
  std::vector<std::pair<std::string, std::string>> extras;  // member name, JSON text
  std::string Json(const Echo& echo) const;
};

// ---- rows (write_rows.cc, write_update.cc, write_destroy.cc)
// `values` is borrowed until the task ends. Errors: 400 for values, 403 for nested records the
// caller may not write.
Task<Result<Written>> CreateRow(WriteSession& session, const schema::Collection& collection,
                                const json::object& values, const WriteOptions& options);
// The same values for all rows; gives the rows as they are now, in the same order.
Task<Result<std::vector<StoredRow>>> UpdateRows(WriteSession& session,
                                                const schema::Collection& collection,
                                                std::vector<StoredRow> rows,
                                                const json::object& values,
                                                const WriteOptions& options);
// Just these columns, with stamps and journal: keys of associations, sort numbers.
Task<Result<std::vector<StoredRow>>> AssignRows(WriteSession& session,
                                                const schema::Collection& collection,
                                                std::vector<StoredRow> rows,
                                                std::vector<Assignment> assignments);
// With everything that hangs on them (onDelete, through rows). Gives the number of `rows` that are
// gone.
Task<Result<std::int64_t>> DestroyRows(WriteSession& session, const schema::Collection& collection,
                                       std::vector<StoredRow> rows);

// The statement of an insert of prepared columns that returns the row.
db::Statement InsertStatement(WriteSession& session, const schema::Collection& collection,
                              const PreparedValues& prepared, bool ignore_conflict);

// ---- columns that depend on other rows (write_hooks.cc)
Task<Result<void>> FillCreateColumns(WriteSession& session, const schema::Collection& collection,
                                     PreparedValues& prepared);
// For one row: sort numbers of a changed scope, radio, formulas, tree rules.
Task<Result<void>> FillUpdateColumns(WriteSession& session, const schema::Collection& collection,
                                     const StoredRow& row, PreparedValues& prepared);
bool NeedsRowByRow(const schema::Collection& collection, const PreparedValues& prepared);
// A client's number of an auto-increment column moves the database's own counter past it.
Task<Result<void>> AdvanceAutoIncrement(WriteSession& session, const schema::Collection& collection,
                                        const PreparedValues& prepared, const StoredRow& row);
// The highest sort number of the scope that `scope_value` names, plus one; takes the scope's lock.
Task<Result<std::int64_t>> NextSortNumber(WriteSession& session,
                                          const schema::Collection& collection,
                                          const schema::Field& sort_field, db::Value scope_value);

// ---- links (links.cc)
const schema::Collection* TargetOf(WriteSession& session, const schema::Field& association);
// The fields of the target that a bare key of this association means.
std::vector<std::string> LinkKeyFields(const schema::Field& association,
                                       const schema::Collection& target);

struct LinkedRow {
  StoredRow row;
  const json::object* through = nullptr;
  std::string json;  // for the answer
};
// Links by key, creates what has none (unless options.links_only), updates what
// updateAssociationValues names. Rows that do not exist are left out; `must_exist`: they are 400
// instead. `preset`: columns every one of these rows gets (the foreign key of has-relations).
Task<Result<std::vector<LinkedRow>>> ResolveLinks(WriteSession& session,
                                                  const schema::Field& association,
                                                  const schema::Collection& target,
                                                  const json::value& value, bool must_exist,
                                                  const std::vector<Assignment>& preset,
                                                  const WriteOptions& options);
// belongsTo and belongsToArray: before the row is written; sets the foreign key in `prepared`.
Task<Result<void>> ResolveOwnKeys(WriteSession& session, const schema::Collection& collection,
                                  PreparedValues& prepared, const WriteOptions& options,
                                  std::vector<std::pair<std::string, std::string>>& extras);
// hasOne, hasMany, belongsToMany: after it is written; replaces the whole link set.
Task<Result<void>> ReplaceForeignLinks(WriteSession& session, const StoredRow& row,
                                       const PreparedValues& prepared, const WriteOptions& options,
                                       bool fresh,
                                       std::vector<std::pair<std::string, std::string>>& extras);
// Of a belongsToMany: adds through rows that are missing, and writes their values; removes those
// not among `targets` when `replace`. One journal entry on the source.
Task<Result<void>> LinkThrough(WriteSession& session, const StoredRow& source,
                               const schema::Field& association, std::vector<LinkedRow> targets,
                               bool replace);
Task<Result<void>> UnlinkThrough(WriteSession& session, const StoredRow& source,
                                 const schema::Field& association, std::vector<StoredRow> targets);
Task<Result<bool>> IsLinkedThrough(WriteSession& session, const StoredRow& source,
                                   const schema::Field& association, const StoredRow& target);
// Of a hasOne, hasMany: the foreign key of the rows that point to `source` but are not named by
// `keep` (an association value) becomes null.
Task<Result<void>> UnlinkForeign(WriteSession& session, const StoredRow& source,
                                 const schema::Field& association, const schema::Collection& target,
                                 const json::value& keep);
Result<Assignment> ForeignKeyOf(WriteSession& session, const StoredRow& source,
                                const schema::Field& association, const schema::Collection& target);

}  // namespace renkei::records
