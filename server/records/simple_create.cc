#include "records/simple_create.h"

#include "records/write_errors.h"
#include "schema/field_type.h"

namespace renkei::records {
namespace {

// What is written, ready for the database.
struct SimplePlan {
  PreparedValues prepared;
  ChangeList changes;
  RowShapeRef shape;
};

// Columns that need other rows, or the database's counters, are not simple.
bool IsSimple(const Context& context, const schema::Collection& collection,
              const PreparedValues& prepared) {
  if (!prepared.associations.empty()) return false;
  for (const schema::Field& field : collection.fields) {
    if (!field.has_column()) continue;
    const Assignment* given = prepared.Find(field.name);
    switch (RoleOf(collection, field)) {
      case FieldRole::kSort:
        if (given == nullptr || given->value.is_null()) return false;
        break;
      case FieldRole::kSequence:
        return false;
      case FieldRole::kRadio:
        if (given != nullptr && !given->value.is_null()) return false;
        break;
      default:
        break;
    }
    if (field.auto_increment && given != nullptr && context.database.dialect().has_writable_cte())
      return false;
  }
  return true;
}

Result<std::optional<SimplePlan>> Plan(const Context& context, const schema::Collection& collection,
                                       const Params& params, const json::object& values,
                                       const access::Permission& permission) {
  if (!collection.writable || collection.kind != schema::CollectionKind::kTable)
    return std::nullopt;
  WriteOptions options;
  options.params = &params;
  options.permission = &permission;
  SimplePlan plan;
  RK_TRY(prepared, PrepareCreate(context, collection, values, options, NowMs()));
  if (!IsSimple(context, collection, prepared)) return std::nullopt;
  const auto lookup = [&prepared = prepared](std::string_view name) {
    const Assignment* assignment = prepared.Find(name);
    return assignment == nullptr ? json::value(nullptr) : assignment->json;
  };
  RK_TRY(computed, ComputeFormulas(context, collection, lookup));
  for (Assignment& assignment : computed) prepared.Set(std::move(assignment));
  for (const Assignment& assignment : prepared.columns) {
    if (assignment.value.is_null()) continue;
    std::string after = ToJson(assignment.json);
    if (after.size() > kMaxAuditValueBytes)
      after = "{\"bytes\":" + std::to_string(after.size()) + "}";
    plan.changes.AddText(*assignment.field, {}, after);
  }
  plan.prepared = std::move(prepared);
  plan.shape = ShapeOf(collection);
  return std::optional<SimplePlan>(std::move(plan));
}

void AppendInsert(WriteSql& sql, const schema::Collection& collection, const SimplePlan& plan) {
  sql.Text("INSERT INTO ");
  AppendTable(sql, collection);
  if (plan.prepared.columns.empty()) {
    sql.Text(" DEFAULT VALUES");
  } else {
    const char* separator = " (";
    for (const Assignment& assignment : plan.prepared.columns) {
      sql.Text(separator).Name(assignment.field->column);
      separator = ", ";
    }
    separator = ") VALUES (";
    for (const Assignment& assignment : plan.prepared.columns) {
      sql.Text(separator).Param(assignment.value);
      separator = ", ";
    }
    sql.Text(")");
  }
  sql.Text(" RETURNING ");
  AppendColumnList(sql, *plan.shape);
}

audit::Entry EntryOf(const Context& context, const schema::Collection& collection,
                     const SimplePlan& plan) {
  audit::Entry entry;
  entry.action = "create";
  entry.resource = collection.name;
  entry.changes = plan.changes.Changes();
  entry.identity = &context.identity;
  entry.trace_id = context.trace_id;
  entry.remote_address = context.remote_address;
  entry.user_agent = context.user_agent;
  return entry;
}

// WITH row AS (INSERT …), audit AS (INSERT …), outbox AS (INSERT …) SELECT … FROM row.
db::Statement OneStatement(const Context& context, const schema::Collection& collection,
                           const SimplePlan& plan) {
  using db::ColumnKind;
  const db::Dialect& dialect = context.database.dialect();
  WriteSql sql(dialect);
  const std::string key = dialect.AsText(
      sql.Quoted(collection.FindField(collection.filter_target_key.front())->column));
  sql.Text("WITH rk_row AS (");
  AppendInsert(sql, collection, plan);
  const audit::Entry entry = EntryOf(context, collection, plan);
  std::vector<audit::BoundColumn> shared = audit::SharedColumns(entry);
  const db::Value at = shared.front().value;
  sql.Text("), rk_audit AS (INSERT INTO audit_log (");
  for (const audit::BoundColumn& column : shared) sql.Text(column.name).Text(", ");
  sql.Text("\"action\", \"resource\", \"recordKey\", \"changes\", \"outcome\") SELECT ");
  for (audit::BoundColumn& column : shared)
    sql.TypedParam(std::move(column.value), column.kind).Text(", ");
  sql.Text("'create', ")
      .TypedParam(db::Value::Text(collection.name), ColumnKind::kText)
      .Text(", ")
      .Text(key)
      .Text(", ");
  sql.TypedParam(db::Value::Text(entry.changes), ColumnKind::kJsonb).Text(", 'ok' FROM rk_row)");
  sql.Text(
      ", rk_outbox AS (INSERT INTO outbox (\"at\", \"event\", \"collection\", \"recordKey\", "
      "\"payload\", \"traceId\") SELECT ");
  sql.TypedParam(at, ColumnKind::kTimestampTz).Text(", 'create', ");
  sql.TypedParam(db::Value::Text(collection.name), ColumnKind::kText)
      .Text(", ")
      .Text(key)
      .Text(", ");
  sql.TypedParam(db::Value::Text(plan.changes.Payload()), ColumnKind::kJsonb).Text(", ");
  sql.TypedParam(db::Value::Text(context.trace_id), ColumnKind::kText)
      .Text(" FROM rk_row) SELECT ");
  AppendColumnList(sql, *plan.shape);
  sql.Text(" FROM rk_row");
  return sql.Take("create_simple");
}

Task<Result<StoredRow>> RunOne(const Context& context, const schema::Collection& collection,
                               const SimplePlan& plan) {
  db::Statement statement = OneStatement(context, collection, plan);
  RK_CO_TRY(rows, co_await context.database.Write(std::move(statement), context.deadline));
  std::vector<StoredRow> stored = ToStoredRows(plan.shape, std::move(rows));
  if (stored.empty())
    co_return Fail(Internal("an insert into " + collection.name + " returned no row"));
  co_return std::move(stored.front());
}

Task<Result<StoredRow>> RunSteps(const Context& context, const schema::Collection& collection,
                                 const SimplePlan& plan) {
  const db::Dialect& dialect = context.database.dialect();
  WriteSql sql(dialect);
  AppendInsert(sql, collection, plan);
  const db::Statement insert = sql.Take("create_insert");
  const audit::Entry entry = EntryOf(context, collection, plan);
  const std::string payload = plan.changes.Payload();
  StoredRow result;
  // Runs on the writer's thread: as little as possible happens there.
  db::TransactionBody body = [&](db::Connection& connection) -> Task<Result<void>> {
    db::Statement statement = insert;
    RK_CO_TRY(inserted, co_await connection.Run(std::move(statement)));
    std::vector<StoredRow> stored = ToStoredRows(plan.shape, std::move(inserted));
    if (stored.empty())
      co_return Fail(Internal("an insert into " + collection.name + " returned no row"));
    result = std::move(stored.front());
    audit::Entry journal = entry;
    journal.record_key = result.KeyText();
    const OutboxEntry outbox{"create", collection.name, journal.record_key, payload,
                             context.trace_id};
    std::vector<db::Statement> statements;
    statements.push_back(audit::AppendStatement(dialect, journal));
    statements.push_back(OutboxStatement(dialect, outbox));
    RK_CO_CHECK_OK(co_await connection.RunAll(std::move(statements)));
    co_return Result<void>();
  };
  RK_CO_CHECK_OK(co_await context.database.Transact(std::move(body), context.deadline));
  co_return std::move(result);
}

}  // namespace

Task<Result<std::optional<Output>>> TrySimpleCreate(const Context& context,
                                                    const schema::Collection& collection,
                                                    const Params& params, const json::value& values,
                                                    const access::Permission& permission) {
  if (params.association || !values.is_object()) co_return std::nullopt;
  RK_CO_TRY(planned, Plan(context, collection, params, values.get_object(), permission));
  if (!planned) co_return std::nullopt;
  const SimplePlan& plan = *planned;
  const bool one_statement =
      context.database.dialect().has_writable_cte() && collection.filter_target_key.size() == 1;
  Result<StoredRow> row;
  if (one_statement) {
    row = co_await RunOne(context, collection, plan);
  } else {
    row = co_await RunSteps(context, collection, plan);
  }
  if (!row)
    co_return Fail(
        RewriteWriteError(std::move(row).error(), *context.catalog, collection, context.locale));
  const access::Permission view = context.Check(collection, "view");
  const Echo echo = view.allowed ? Echo{&view, &values, &permission} : Echo{};
  Output output;
  output.data = "{";
  AppendRowMembers(output.data, *row, echo);
  for (const auto& [field, value] : plan.prepared.virtuals) {
    if (output.data.size() > 1) output.data += ',';
    AppendJsonString(output.data, field->name);
    output.data += ':';
    AppendJson(output.data, *value);
  }
  output.data += '}';
  co_return std::optional<Output>(std::move(output));
}

}  // namespace renkei::records
