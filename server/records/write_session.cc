#include "records/write_session.h"

#include "base/text.h"
#include "records/write_errors.h"
#include "schema/field_type.h"

namespace renkei::records {
namespace {

// Names that hold secrets by convention (auth.md 5.2, redaction by name).
constexpr std::string_view kSecretNames[] = {"password", "secret", "token", "apikey", "privatekey"};

std::string AuditJson(const db::Cell& cell, const schema::Field& field) {
  if (cell.is_null()) return "null";
  if (cell.view().size() > kMaxAuditValueBytes) {
    return "{\"bytes\":" + std::to_string(cell.view().size()) + "}";
  }
  std::string out;
  field.type->AppendJson(out, cell, field);
  return out;
}

}  // namespace

bool IsSecret(const schema::Field& field) {
  if (field.type->is_password() || field.type->name() == "encryption") return true;
  const std::string lower = ToLowerAscii(field.name);
  for (std::string_view name : kSecretNames) {
    if (lower.find(name) != std::string::npos) return true;
  }
  return field.hidden && field.type->name() != "sort";
}

void ChangeList::Name(const schema::Field& field) {
  if (!names_.empty()) names_ += ',';
  AppendJsonString(names_, field.name);
}

void ChangeList::AddText(const schema::Field& field, std::string_view before_json,
                         std::string_view after_json) {
  Name(field);
  if (!changes_.empty()) changes_ += ',';
  AppendJsonString(changes_, field.name);
  if (IsSecret(field)) {
    changes_ += ":{\"redacted\":true}";
    return;
  }
  changes_ += ":{";
  if (!before_json.empty()) {
    changes_ += "\"before\":";
    changes_ += before_json;
  }
  if (!after_json.empty()) {
    if (!before_json.empty()) changes_ += ',';
    changes_ += "\"after\":";
    changes_ += after_json;
  }
  changes_ += '}';
}

void ChangeList::Add(const schema::Field& field, const db::Cell* before, const db::Cell* after) {
  if (IsSecret(field)) {
    AddText(field, {}, {});
    return;
  }
  AddText(field, before == nullptr ? std::string() : AuditJson(*before, field),
          after == nullptr ? std::string() : AuditJson(*after, field));
}

WriteSession::WriteSession(db::Connection& connection, const Context& context)
    : connection_(connection), context_(context), now_ms_(NowMs()) {}

RowShapeRef WriteSession::Shape(const schema::Collection& collection) {
  RowShapeRef& shape = shapes_[&collection];
  if (shape == nullptr) shape = ShapeOf(collection);
  return shape;
}

Task<Result<db::Rows>> WriteSession::Run(db::Statement statement,
                                         const schema::Collection& collection) {
  auto rows = co_await connection_.Run(std::move(statement));
  if (!rows)
    co_return Fail(
        RewriteWriteError(std::move(rows).error(), catalog(), collection, context_.locale));
  co_return std::move(*rows);
}

Task<Result<std::vector<StoredRow>>> WriteSession::RunRows(db::Statement statement,
                                                           const schema::Collection& collection) {
  RK_CO_TRY(rows, co_await Run(std::move(statement), collection));
  RowShapeRef shape = Shape(collection);
  co_return ToStoredRows(shape, std::move(rows));
}

Task<Result<std::vector<StoredRow>>> WriteSession::Load(
    const schema::Collection& collection, const std::vector<std::string>& key_fields,
    const std::vector<std::vector<db::Value>>& keys, LockMode lock) {
  if (keys.empty() || key_fields.empty()) co_return std::vector<StoredRow>();
  for (const std::string& name : key_fields) {
    if (collection.FindField(name) == nullptr) {
      co_return Fail(Internal("collection " + collection.name + " has no key field " + name));
    }
  }
  std::vector<StoredRow> out;
  for (const KeySpan chunk : KeyChunks(keys, key_fields.size())) {
    WriteSql sql(dialect());
    sql.Text("SELECT ");
    AppendColumnList(sql, *Shape(collection));
    sql.Text(" FROM ");
    AppendTable(sql, collection);
    sql.Text(" WHERE ");
    AppendKeyCondition(sql, collection, key_fields, chunk);
    if (dialect().has_writable_cte() && collection.kind == schema::CollectionKind::kTable) {
      sql.Text(lock == LockMode::kChange ? " FOR UPDATE" : " FOR KEY SHARE");
    }
    db::Statement statement = sql.Take("write_load");
    RK_CO_TRY(rows, co_await RunRows(std::move(statement), collection));
    out.insert(out.end(), std::make_move_iterator(rows.begin()),
               std::make_move_iterator(rows.end()));
  }
  co_return std::move(out);
}

Task<Result<void>> WriteSession::Lock(std::string_view collection, std::string_view field,
                                      std::string_view key) {
  if (!dialect().has_writable_cte()) co_return Result<void>();
  WriteSql sql(dialect());
  sql.Text("INSERT INTO rk_sequences (\"collection\", \"field\", \"key\") VALUES (")
      .Param(db::Value::Text(collection))
      .Text(", ")
      .Param(db::Value::Text(field))
      .Text(", ")
      .Param(db::Value::Text(key))
      .Text(
          ") ON CONFLICT (\"collection\", \"field\", \"key\") DO UPDATE SET \"current\" = "
          "rk_sequences.\"current\"");
  db::Statement statement = sql.Take("write_lock");
  RK_CO_CHECK_OK(co_await connection_.Run(std::move(statement)));
  co_return Result<void>();
}

void WriteSession::JournalChange(std::string_view action, const StoredRow& row,
                                 const ChangeList& changes) {
  const schema::Collection& collection = row.collection();
  audit::Entry entry;
  entry.action = action;
  entry.resource = collection.name;
  entry.record_key = row.KeyText();
  entry.changes = changes.Changes();
  entry.identity = &context_.identity;
  entry.trace_id = context_.trace_id;
  entry.remote_address = context_.remote_address;
  entry.user_agent = context_.user_agent;
  outbox_.push_back(
      OutboxEntry{action, collection.name, entry.record_key, changes.Payload(), context_.trace_id});
  journal_.push_back(std::move(entry));
}

void WriteSession::JournalCreate(const StoredRow& row) {
  ChangeList changes;
  for (std::size_t i = 0; i < row.columns().size(); ++i) {
    if (!row.cell(i).is_null()) changes.Add(*row.columns()[i], nullptr, &row.cell(i));
  }
  JournalChange("create", row, changes);
}

void WriteSession::JournalUpdate(const StoredRow& before, const StoredRow& after) {
  ChangeList changes;
  for (std::size_t i = 0; i < after.columns().size(); ++i) {
    if (!SameCell(before.cell(i), after.cell(i)))
      changes.Add(*after.columns()[i], &before.cell(i), &after.cell(i));
  }
  if (!changes.empty()) JournalChange("update", after, changes);
}

void WriteSession::JournalDestroy(const StoredRow& row) {
  ChangeList changes;
  for (std::size_t i = 0; i < row.columns().size(); ++i) {
    if (!row.cell(i).is_null()) changes.Add(*row.columns()[i], &row.cell(i), nullptr);
  }
  JournalChange("destroy", row, changes);
}

void WriteSession::JournalLinks(const StoredRow& source, const schema::Field& association,
                                std::string_view before_json, std::string_view after_json) {
  ChangeList changes;
  changes.AddText(association, before_json, after_json);
  JournalChange("update", source, changes);
}

Task<Result<void>> WriteSession::Flush() {
  if (journal_.empty()) co_return Result<void>();
  std::vector<db::Statement> statements;
  for (std::size_t from = 0; from < journal_.size(); from += audit::kMaxEntriesPerStatement) {
    const std::size_t count = std::min(audit::kMaxEntriesPerStatement, journal_.size() - from);
    statements.push_back(
        audit::AppendStatement(dialect(), std::span(journal_).subspan(from, count)));
  }
  for (std::size_t from = 0; from < outbox_.size(); from += kMaxOutboxEntriesPerStatement) {
    const std::size_t count = std::min(kMaxOutboxEntriesPerStatement, outbox_.size() - from);
    statements.push_back(OutboxStatement(dialect(), std::span(outbox_).subspan(from, count)));
  }
  journal_.clear();
  outbox_.clear();
  RK_CO_CHECK_OK(co_await connection_.RunAll(std::move(statements)));
  co_return Result<void>();
}

}  // namespace renkei::records
