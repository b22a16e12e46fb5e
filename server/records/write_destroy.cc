// Deleting rows with what hangs on them. Referential actions are ours: the database has no foreign
// keys.
#include <set>

#include "records/references.h"
#include "records/write_rows.h"
#include "schema/field_type.h"

namespace renkei::records {
namespace {

std::string TextOf(const db::Value& value) { return BorrowCell(value).ToText(); }

Error Restricted(std::string_view label, const std::string& association) {
  return InvalidArgument("RESTRICT", "RESTRICT: " + std::string(label) + " still has records",
                         "Delete or unlink the associated records first", association);
}

std::vector<std::vector<db::Value>> KeysOf(const std::vector<StoredRow>& rows,
                                           std::string_view field) {
  std::vector<std::vector<db::Value>> keys;
  std::set<std::string> seen;
  for (const StoredRow& row : rows) {
    db::Value value = row.ValueOf(field);
    if (!value.is_null() && seen.insert(TextOf(value)).second) keys.push_back({std::move(value)});
  }
  return keys;
}

Task<Result<bool>> AnyRow(WriteSession& session, const schema::Collection& collection,
                          const schema::Field& field,
                          const std::vector<std::vector<db::Value>>& keys) {
  WriteSql sql(session.dialect());
  sql.Text("SELECT 1 FROM ");
  AppendTable(sql, collection);
  sql.Text(" WHERE ");
  AppendKeyCondition(sql, collection, {field.name}, keys);
  sql.Text(" LIMIT 1");
  db::Statement statement = sql.Take("restrict_check");
  RK_CO_TRY(rows, co_await session.Run(std::move(statement), collection));
  co_return !rows.empty();
}

Task<Result<void>> CheckRestrictions(WriteSession& session, const References& references,
                                     const std::vector<StoredRow>& rows) {
  for (const Reference& reference : references.children) {
    if (reference.action != schema::OnDelete::kRestrict) continue;
    const auto keys = KeysOf(rows, reference.source_key);
    if (keys.empty()) continue;
    RK_CO_TRY(any, co_await AnyRow(session, *reference.child, *reference.foreign_key, keys));
    if (any) co_return Fail(Restricted(reference.label, reference.association));
  }
  for (const ThroughReference& reference : references.through) {
    if (!reference.restrict) continue;
    const auto keys = KeysOf(rows, reference.source_key);
    if (keys.empty()) continue;
    RK_CO_TRY(any, co_await AnyRow(session, *reference.through, *reference.key, keys));
    if (any) co_return Fail(Restricted(reference.label, reference.association));
  }
  co_return Result<void>();
}

Task<Result<void>> FollowReferences(WriteSession& session, const References& references,
                                    const std::vector<StoredRow>& rows) {
  for (const Reference& reference : references.children) {
    if (reference.action == schema::OnDelete::kRestrict) continue;
    auto keys = KeysOf(rows, reference.source_key);
    if (keys.empty()) continue;
    std::vector<std::string> key_name{reference.foreign_key->name};
    RK_CO_TRY(children, co_await session.Load(*reference.child, key_name, keys));
    if (children.empty()) continue;
    if (reference.action == schema::OnDelete::kCascade) {
      RK_CO_CHECK_OK(co_await DestroyRows(session, *reference.child, std::move(children)));
    } else {
      std::vector<Assignment> cleared{
          Assignment{reference.foreign_key, db::Value::Null(), nullptr}};
      RK_CO_CHECK_OK(
          co_await AssignRows(session, *reference.child, std::move(children), std::move(cleared)));
    }
  }
  for (const ThroughReference& reference : references.through) {
    const auto keys = KeysOf(rows, reference.source_key);
    if (keys.empty()) continue;
    WriteSql sql(session.dialect());
    sql.Text("DELETE FROM ");
    AppendTable(sql, *reference.through);
    sql.Text(" WHERE ");
    AppendKeyCondition(sql, *reference.through, {reference.key->name}, keys);
    db::Statement statement = sql.Take("through_cascade");
    RK_CO_CHECK_OK(co_await session.Run(std::move(statement), *reference.through));
  }
  co_return Result<void>();
}

}  // namespace

Task<Result<std::int64_t>> DestroyRows(WriteSession& session, const schema::Collection& collection,
                                       std::vector<StoredRow> rows) {
  if (!collection.writable) {
    co_return Fail(InvalidArgument("COLLECTION_READ_ONLY", collection.name + " cannot be written",
                                   "It is a view or a query; write to the collections behind it"));
  }
  const std::vector<std::string>& identity = IdentityOf(collection);
  if (identity.empty()) {
    co_return Fail(InvalidArgument("NO_PRIMARY_KEY",
                                   collection.name + " has no key to find a row again",
                                   "Choose a filterTargetKey for the collection"));
  }
  std::erase_if(rows, [&](const StoredRow& row) {
    std::string key = collection.name;
    for (const db::Value& part : KeyOf(row, identity)) key += '\0' + TextOf(part);
    return !session.destroyed().insert(std::move(key)).second;
  });
  if (rows.empty()) co_return 0;
  if (session.destroyed().size() > kMaxRowsPerWrite) {
    co_return Fail(InvalidArgument("TOO_MANY_ROWS", "One request deletes at most 100000 records",
                                   "Delete them in parts"));
  }
  const References references = ReferencesTo(session.catalog(), collection);
  RK_CO_CHECK_OK(co_await CheckRestrictions(session, references, rows));
  RK_CO_CHECK_OK(co_await FollowReferences(session, references, rows));

  std::vector<std::vector<db::Value>> keys;
  for (const StoredRow& row : rows) keys.push_back(KeyOf(row, identity));
  for (const KeySpan chunk : KeyChunks(keys, identity.size())) {
    WriteSql sql(session.dialect());
    sql.Text("DELETE FROM ");
    AppendTable(sql, collection);
    sql.Text(" WHERE ");
    AppendKeyCondition(sql, collection, identity, chunk);
    db::Statement statement = sql.Take("write_delete");
    RK_CO_CHECK_OK(co_await session.Run(std::move(statement), collection));
  }
  for (const StoredRow& row : rows) session.JournalDestroy(row);
  co_return static_cast<std::int64_t>(rows.size());
}

}  // namespace renkei::records
