// The through rows of many-to-many associations.
#include <map>
#include <set>

#include "records/write_rows.h"
#include "schema/field_type.h"

namespace renkei::records {
namespace {

// Up to so many links are looked up pair by pair; beyond, all links of the source are read.
constexpr std::size_t kPairLookup = 200;

std::string TextOf(const db::Value& value) { return BorrowCell(value).ToText(); }

// The through collection with its two keys, checked once.
struct Through {
  const schema::Collection* collection = nullptr;
  const schema::Field* to_source = nullptr;
  const schema::Field* to_target = nullptr;
  Assignment source;  // what `to_source` holds for this source row
};

Result<Through> ThroughOf(WriteSession& session, const StoredRow& source,
                          const schema::Field& association) {
  const schema::Relation& relation = *association.relation;
  Through through;
  through.collection = session.catalog().Find(relation.through);
  if (through.collection != nullptr) {
    through.to_source = through.collection->FindField(relation.foreign_key);
    through.to_target = through.collection->FindField(relation.other_key);
  }
  if (through.to_source == nullptr || through.to_target == nullptr ||
      !through.to_source->has_column() || !through.to_target->has_column()) {
    return Fail(InvalidArgument(
        "BROKEN_ASSOCIATION", "The association " + association.name + " is not complete",
        "Its through collection or its keys are missing; check the field's settings",
        association.name));
  }
  through.source = Assignment{through.to_source, source.ValueOf(relation.source_key),
                              source.JsonOf(relation.source_key)};
  if (through.source.value.is_null()) {
    return Fail(InvalidArgument("SOURCE_KEY_MISSING",
                                association.name + " needs a value of " + relation.source_key,
                                "Give the record its key first", relation.source_key));
  }
  return through;
}

// DELETE of the source's through rows to these targets; gives the keys of the targets that were
// linked.
Task<Result<std::vector<std::string>>> DeleteThrough(WriteSession& session, const Through& through,
                                                     std::vector<db::Value> targets) {
  WriteSql sql(session.dialect());
  sql.Text("DELETE FROM ");
  AppendTable(sql, *through.collection);
  sql.Text(" WHERE ")
      .Name(through.to_source->column)
      .Text(" = ")
      .Param(through.source.value)
      .Text(" AND ");
  std::vector<std::vector<db::Value>> keys;
  for (db::Value& target : targets) keys.push_back({std::move(target)});
  AppendKeyCondition(sql, *through.collection, {through.to_target->name}, keys);
  sql.Text(" RETURNING ");
  AppendColumnList(sql, *session.Shape(*through.collection));
  db::Statement statement = sql.Take("through_delete");
  RK_CO_TRY(rows, co_await session.RunRows(std::move(statement), *through.collection));
  std::vector<std::string> removed;
  for (const StoredRow& row : rows) removed.push_back(ToJson(row.JsonOf(through.to_target->name)));
  co_return std::move(removed);
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ',';
    out += text;
  }
  return out + "]";
}

Task<Result<void>> InsertThrough(WriteSession& session, const Through& through,
                                 const LinkedRow& target, db::Value key, json::value key_json) {
  static const json::object kNoValues;
  WriteOptions options;
  options.journal = false;
  options.ignore_conflict = true;
  options.preset.push_back(through.source);
  options.preset.push_back(Assignment{through.to_target, std::move(key), std::move(key_json)});
  const json::object& values = target.through == nullptr ? kNoValues : *target.through;
  RK_CO_CHECK_OK(co_await CreateRow(session, *through.collection, values, options));
  co_return Result<void>();
}

}  // namespace

Task<Result<void>> LinkThrough(WriteSession& session, const StoredRow& source,
                               const schema::Field& association, std::vector<LinkedRow> targets,
                               bool replace) {
  if (targets.empty() && !replace) co_return Result<void>();
  RK_CO_TRY(through, ThroughOf(session, source, association));
  const std::string& target_key = association.relation->target_key;
  std::vector<std::string> key_names{through.to_source->name};
  std::vector<std::vector<db::Value>> keys;
  if (replace || targets.size() > kPairLookup) {
    keys.push_back({through.source.value});
  } else {
    key_names.push_back(through.to_target->name);
    for (const LinkedRow& target : targets)
      keys.push_back({through.source.value, target.row.ValueOf(target_key)});
  }
  RK_CO_TRY(existing, co_await session.Load(*through.collection, key_names, keys));
  std::map<std::string, StoredRow> linked;
  for (StoredRow& row : existing)
    linked.insert_or_assign(TextOf(row.ValueOf(through.to_target->name)), std::move(row));

  std::set<std::string> wanted;
  std::vector<std::string> added, removed;
  for (const LinkedRow& target : targets) {
    db::Value key = target.row.ValueOf(target_key);
    const std::string text = TextOf(key);
    if (key.is_null() || !wanted.insert(text).second) continue;
    const auto found = linked.find(text);
    if (found == linked.end()) {
      json::value key_json = target.row.JsonOf(target_key);
      added.push_back(ToJson(key_json));
      RK_CO_CHECK_OK(
          co_await InsertThrough(session, through, target, std::move(key), std::move(key_json)));
    } else if (target.through != nullptr) {
      std::vector<StoredRow> one{found->second};
      WriteOptions options;
      options.preset.push_back(through.source);  // the link itself does not move
      options.preset.push_back(
          Assignment{through.to_target, std::move(key), target.row.JsonOf(target_key)});
      RK_CO_CHECK_OK(co_await UpdateRows(session, *through.collection, std::move(one),
                                         *target.through, options));
    }
  }
  if (replace) {
    std::vector<db::Value> gone;
    for (const auto& [text, row] : linked) {
      if (!wanted.contains(text)) gone.push_back(row.ValueOf(through.to_target->name));
    }
    if (!gone.empty()) {
      RK_CO_TRY(deleted, co_await DeleteThrough(session, through, std::move(gone)));
      removed = std::move(deleted);
    }
  }
  if (!added.empty() || !removed.empty())
    session.JournalLinks(source, association, Joined(removed), Joined(added));
  co_return Result<void>();
}

Task<Result<bool>> IsLinkedThrough(WriteSession& session, const StoredRow& source,
                                   const schema::Field& association, const StoredRow& target) {
  RK_CO_TRY(through, ThroughOf(session, source, association));
  std::vector<std::string> key_names{through.to_source->name, through.to_target->name};
  std::vector<std::vector<db::Value>> keys;
  keys.push_back({through.source.value, target.ValueOf(association.relation->target_key)});
  RK_CO_TRY(rows, co_await session.Load(*through.collection, key_names, keys));
  co_return !rows.empty();
}

Task<Result<void>> UnlinkThrough(WriteSession& session, const StoredRow& source,
                                 const schema::Field& association, std::vector<StoredRow> targets) {
  if (targets.empty()) co_return Result<void>();
  RK_CO_TRY(through, ThroughOf(session, source, association));
  std::vector<db::Value> keys;
  for (const StoredRow& target : targets)
    keys.push_back(target.ValueOf(association.relation->target_key));
  RK_CO_TRY(removed, co_await DeleteThrough(session, through, std::move(keys)));
  if (!removed.empty()) session.JournalLinks(source, association, Joined(removed), "[]");
  co_return Result<void>();
}

}  // namespace renkei::records
