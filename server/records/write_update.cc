// Changing rows: one statement for all rows that get the same values, row by row where a column
// depends on the row.
#include <map>

#include "records/write_rows.h"
#include "schema/field_type.h"

namespace renkei::records {
namespace {

// By the text the database would show. A false alarm (12.5 and 12.50) costs a statement, nothing
// else: the rows that come back are compared again.
bool MayDiffer(const db::Cell& cell, const db::Value& value) {
  if (cell.is_null() || value.is_null()) return cell.is_null() != value.is_null();
  if (value.kind() == db::Value::Kind::kBool) return cell.ToBool() != value.as_bool();
  return cell.ToText() != BorrowCell(value).ToText();
}

bool MayDiffer(const StoredRow& row, const PreparedValues& prepared) {
  for (const Assignment& assignment : prepared.columns) {
    const db::Cell* cell = row.Find(assignment.field->name);
    if (cell == nullptr || MayDiffer(*cell, assignment.value)) return true;
  }
  return false;
}

bool IsStamp(const std::vector<Assignment>& stamps, const schema::Field& field) {
  for (const Assignment& stamp : stamps) {
    if (stamp.field == &field) return true;
  }
  return false;
}

ChangeList Changes(const StoredRow& before, const StoredRow& after,
                   const std::vector<Assignment>& stamps) {
  ChangeList changes;
  for (std::size_t i = 0; i < after.columns().size(); ++i) {
    const schema::Field& field = *after.columns()[i];
    if (IsStamp(stamps, field) || SameCell(before.cell(i), after.cell(i))) continue;
    changes.Add(field, &before.cell(i), &after.cell(i));
  }
  return changes;
}

std::string IdentityText(const StoredRow& row) {
  std::string out;
  for (const std::string& name : IdentityOf(row.collection())) {
    const db::Cell* cell = row.Find(name);
    out += cell == nullptr ? std::string() : cell->ToText();
    out += '\0';
  }
  return out;
}

db::Statement UpdateStatement(WriteSession& session, const schema::Collection& collection,
                              const std::vector<std::pair<const schema::Field*, db::Value>>& set,
                              KeySpan keys) {
  WriteSql sql(session.dialect());
  sql.Text("UPDATE ");
  AppendTable(sql, collection);
  const char* separator = " SET ";
  for (const auto& [field, value] : set) {
    sql.Text(separator).Name(field->column).Text(" = ").Param(value);
    separator = ", ";
  }
  sql.Text(" WHERE ");
  AppendKeyCondition(sql, collection, IdentityOf(collection), keys);
  sql.Text(" RETURNING ");
  AppendColumnList(sql, *session.Shape(collection));
  return sql.Take("write_update");
}

// Nothing but the stamps changed: they go back to what they were.
Task<Result<StoredRow>> RestoreStamps(WriteSession& session, const StoredRow& before,
                                      StoredRow after, const std::vector<Assignment>& stamps) {
  std::vector<std::pair<const schema::Field*, db::Value>> set;
  for (const Assignment& stamp : stamps)
    set.emplace_back(stamp.field, before.ValueOf(stamp.field->name));
  const schema::Collection& collection = before.collection();
  std::vector<std::vector<db::Value>> keys{KeyOf(after, IdentityOf(collection))};
  db::Statement statement = UpdateStatement(session, collection, set, keys);
  RK_CO_TRY(rows, co_await session.RunRows(std::move(statement), collection));
  if (rows.empty()) co_return std::move(after);
  co_return std::move(rows.front());
}

Task<Result<std::vector<StoredRow>>> UpdateGroup(WriteSession& session,
                                                 const schema::Collection& collection,
                                                 std::vector<StoredRow> rows,
                                                 const PreparedValues& prepared) {
  std::vector<std::size_t> affected;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (MayDiffer(rows[i], prepared)) affected.push_back(i);
  }
  if (affected.empty()) co_return std::move(rows);
  if (IdentityOf(collection).empty()) {
    co_return Fail(InvalidArgument("NO_PRIMARY_KEY",
                                   collection.name + " has no key to find a row again",
                                   "Choose a filterTargetKey for the collection"));
  }
  RK_CO_TRY(stamps, UpdateStamps(session.context(), collection, prepared, session.now_ms()));
  std::vector<std::pair<const schema::Field*, db::Value>> set;
  for (const Assignment& assignment : prepared.columns)
    set.emplace_back(assignment.field, assignment.value);
  for (const Assignment& stamp : stamps) set.emplace_back(stamp.field, stamp.value);
  std::vector<std::vector<db::Value>> keys;
  for (std::size_t i : affected) keys.push_back(KeyOf(rows[i], IdentityOf(collection)));
  std::vector<StoredRow> changed;
  for (const KeySpan chunk : KeyChunks(keys, IdentityOf(collection).size())) {
    db::Statement statement = UpdateStatement(session, collection, set, chunk);
    RK_CO_TRY(part, co_await session.RunRows(std::move(statement), collection));
    changed.insert(changed.end(), part.begin(), part.end());
  }

  std::map<std::string, StoredRow> by_key;
  const bool single = rows.size() == 1 && changed.size() == 1;  // its key itself may have changed
  for (StoredRow& row : changed)
    by_key.insert_or_assign(single ? std::string() : IdentityText(row), std::move(row));
  for (std::size_t i : affected) {
    const auto found = by_key.find(single ? std::string() : IdentityText(rows[i]));
    if (found == by_key.end()) continue;
    const ChangeList changes = Changes(rows[i], found->second, stamps);
    if (changes.empty() && !stamps.empty()) {
      RK_CO_TRY(restored,
                co_await RestoreStamps(session, rows[i], std::move(found->second), stamps));
      rows[i] = std::move(restored);
      continue;
    }
    if (!changes.empty()) session.JournalChange("update", found->second, changes);
    rows[i] = std::move(found->second);
  }
  co_return std::move(rows);
}

Task<Result<std::vector<StoredRow>>> ApplyPrepared(WriteSession& session,
                                                   const schema::Collection& collection,
                                                   std::vector<StoredRow> rows,
                                                   PreparedValues prepared) {
  if (!NeedsRowByRow(collection, prepared)) {
    co_return co_await UpdateGroup(session, collection, std::move(rows), prepared);
  }
  for (StoredRow& row : rows) {
    PreparedValues own = prepared;
    RK_CO_CHECK_OK(co_await FillUpdateColumns(session, collection, row, own));
    std::vector<StoredRow> one{row};
    RK_CO_TRY(updated, co_await UpdateGroup(session, collection, std::move(one), own));
    row = std::move(updated.front());
  }
  co_return std::move(rows);
}

}  // namespace

Task<Result<std::vector<StoredRow>>> AssignRows(WriteSession& session,
                                                const schema::Collection& collection,
                                                std::vector<StoredRow> rows,
                                                std::vector<Assignment> assignments) {
  if (rows.empty()) co_return std::move(rows);
  PreparedValues prepared;
  prepared.columns = std::move(assignments);
  co_return co_await ApplyPrepared(session, collection, std::move(rows), std::move(prepared));
}

Task<Result<std::vector<StoredRow>>> UpdateRows(WriteSession& session,
                                                const schema::Collection& collection,
                                                std::vector<StoredRow> rows,
                                                const json::object& values,
                                                const WriteOptions& options) {
  if (rows.empty()) co_return std::move(rows);
  if (!collection.writable) {
    co_return Fail(InvalidArgument("COLLECTION_READ_ONLY", collection.name + " cannot be written",
                                   "It is a view or a query; write to the collections behind it"));
  }
  RK_CO_TRY(prepared, PrepareUpdate(session.context(), collection, values, options));
  if (!prepared.associations.empty() && rows.size() > 1) {
    // Objects without a key are created once a row.
    for (StoredRow& row : rows) {
      std::vector<StoredRow> one{row};
      RK_CO_TRY(updated, co_await UpdateRows(session, collection, std::move(one), values, options));
      row = std::move(updated.front());
    }
    co_return std::move(rows);
  }
  std::vector<std::pair<std::string, std::string>> extras;
  RK_CO_CHECK_OK(co_await ResolveOwnKeys(session, collection, prepared, options, extras));
  RK_CO_TRY(updated, co_await ApplyPrepared(session, collection, std::move(rows), prepared));
  for (StoredRow& row : updated) {
    RK_CO_CHECK_OK(co_await ReplaceForeignLinks(session, row, prepared, options, false, extras));
  }
  co_return std::move(updated);
}

}  // namespace renkei::records
