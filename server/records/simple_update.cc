#include "records/simple_update.h"

#include "records/write_errors.h"
#include "schema/field_type.h"

namespace renkei::records {
namespace {

using db::ColumnKind;

bool IsComparable(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kVarchar:
    case ColumnKind::kText:
    case ColumnKind::kInt32:
    case ColumnKind::kInt64:
    case ColumnKind::kDouble:
    case ColumnKind::kReal:
    case ColumnKind::kDecimal:
    case ColumnKind::kBoolean:
    case ColumnKind::kJsonb:
    case ColumnKind::kTimestampTz:
    case ColumnKind::kTimestamp:
    case ColumnKind::kDate:
    case ColumnKind::kTime:
    case ColumnKind::kUuid:
      return true;
    default:
      return false;  // no equality of their own
  }
}

struct SimplePlan {
  PreparedValues prepared;
  std::vector<Assignment> stamps;
  db::Value key;
  const schema::Field* key_field = nullptr;
  const schema::Field* identity = nullptr;
  RowShapeRef shape;
};

// One record at most has the key.
bool HasUniqueKey(const schema::Collection& collection) {
  if (collection.filter_target_key.size() != 1 || IdentityOf(collection).size() != 1) return false;
  const schema::Field* key = collection.FindField(collection.filter_target_key.front());
  return key != nullptr && (key->unique || key->name == IdentityOf(collection).front());
}

bool IsSimpleRequest(const Context& context, const schema::Collection& collection,
                     const Params& params, const access::Permission& permission) {
  return context.database.dialect().has_writable_cte() && collection.writable &&
         collection.kind == schema::CollectionKind::kTable && params.filter_by_tk &&
         !params.filter_by_tk->is_structured() && !params.filter && !params.association &&
         params.filter_by_tks.empty() && !permission.filter && HasUniqueKey(collection);
}

Result<std::optional<SimplePlan>> Plan(const Context& context, const schema::Collection& collection,
                                       const Params& params, const json::object& values,
                                       const access::Permission& permission) {
  WriteOptions options;
  options.params = &params;
  options.permission = &permission;
  SimplePlan plan;
  RK_TRY(prepared, PrepareUpdate(context, collection, values, options));
  if (prepared.columns.empty() || !prepared.associations.empty() ||
      NeedsRowByRow(collection, prepared))
    return std::nullopt;
  for (const Assignment& assignment : prepared.columns) {
    if (!IsComparable(assignment.field->spec.kind)) return std::nullopt;
  }
  RK_TRY(stamps, UpdateStamps(context, collection, prepared, NowMs()));
  RK_TRY(key, KeyFromJson(context, collection, collection.filter_target_key, *params.filter_by_tk));
  plan.prepared = std::move(prepared);
  plan.stamps = std::move(stamps);
  plan.key = std::move(key.front());
  plan.key_field = collection.FindField(collection.filter_target_key.front());
  plan.identity = collection.FindField(IdentityOf(collection).front());
  plan.shape = ShapeOf(collection);
  return std::optional<SimplePlan>(std::move(plan));
}

// jsonb of {"before":…,"after":…} for one column.
void AppendChange(WriteSql& sql, const Assignment& assignment) {
  if (IsSecret(*assignment.field)) {
    sql.Text("'{\"redacted\":true}'::jsonb");
    return;
  }
  const std::string before = "rk_old." + sql.Quoted(assignment.field->column);
  const std::string text = sql.dialect().AsText(before);
  std::string after = assignment.value.is_null() ? std::string("null") : ToJson(assignment.json);
  if (after.size() > kMaxAuditValueBytes)
    after = "{\"bytes\":" + std::to_string(after.size()) + "}";
  sql.Text("jsonb_build_object('before', CASE WHEN octet_length(").Text(text).Text(") > ");
  sql.Text(std::to_string(kMaxAuditValueBytes))
      .Text(" THEN jsonb_build_object('bytes', octet_length(")
      .Text(text);
  sql.Text(")) ELSE to_jsonb(").Text(before).Text(") END, 'after', ");
  sql.TypedParam(db::Value::Text(after), ColumnKind::kJsonb).Text(")");
}

// WITH rk_old AS (SELECT … FOR UPDATE), rk_change AS (what differs), rk_row AS (UPDATE …), audit,
// outbox SELECT both rows. A row that another transaction holds is skipped: waiting here would hold
// up everyone on the shared connection.
db::Statement OneStatement(const Context& context, const schema::Collection& collection,
                           const SimplePlan& plan) {
  const db::Dialect& dialect = context.database.dialect();
  WriteSql sql(dialect);
  sql.Text("WITH rk_old AS (SELECT ");
  AppendColumnList(sql, *plan.shape);
  sql.Text(" FROM ");
  AppendTable(sql, collection);
  sql.Text(" WHERE ")
      .Name(plan.key_field->column)
      .Text(" = ")
      .Param(plan.key)
      .Text(" FOR UPDATE SKIP LOCKED)");

  std::vector<std::size_t> params;
  sql.Text(
      ", rk_change AS (SELECT jsonb_object_agg(rk_c.k, rk_c.v) AS changes, jsonb_agg(rk_c.k) AS "
      "names FROM rk_old, LATERAL (VALUES ");
  for (const Assignment& assignment : plan.prepared.columns) {
    sql.Text(params.empty() ? "(" : ", (");
    sql.TypedParam(db::Value::Text(assignment.field->name), ColumnKind::kText)
        .Text(", rk_old.")
        .Name(assignment.field->column);
    sql.Text(" IS DISTINCT FROM ");
    params.push_back(sql.Add(assignment.value));
    sql.Again(params.back()).Text(", ");
    AppendChange(sql, assignment);
    sql.Text(")");
  }
  sql.Text(") AS rk_c (k, differs, v) WHERE rk_c.differs)");

  sql.Text(", rk_row AS (UPDATE ");
  AppendTable(sql, collection);
  const char* separator = " AS rk_t SET ";
  for (std::size_t i = 0; i < plan.prepared.columns.size(); ++i) {
    sql.Text(separator).Name(plan.prepared.columns[i].field->column).Text(" = ").Again(params[i]);
    separator = ", ";
  }
  for (const Assignment& stamp : plan.stamps)
    sql.Text(", ").Name(stamp.field->column).Text(" = ").Param(stamp.value);
  sql.Text(" FROM rk_old, rk_change WHERE rk_change.changes IS NOT NULL AND rk_t.")
      .Name(plan.identity->column);
  sql.Text(" = rk_old.").Name(plan.identity->column).Text(" RETURNING ");
  AppendColumnList(sql, *plan.shape, "rk_t");
  sql.Text(")");

  const std::string key = dialect.AsText("rk_row." + sql.Quoted(plan.key_field->column));
  audit::Entry entry;
  entry.identity = &context.identity;
  entry.trace_id = context.trace_id;
  entry.remote_address = context.remote_address;
  entry.user_agent = context.user_agent;
  std::vector<audit::BoundColumn> shared = audit::SharedColumns(entry);
  const db::Value at = shared.front().value;
  sql.Text(", rk_audit AS (INSERT INTO audit_log (");
  for (const audit::BoundColumn& column : shared) sql.Text(column.name).Text(", ");
  sql.Text("\"action\", \"resource\", \"recordKey\", \"changes\", \"outcome\") SELECT ");
  for (audit::BoundColumn& column : shared)
    sql.TypedParam(std::move(column.value), column.kind).Text(", ");
  sql.Text("'update', ")
      .TypedParam(db::Value::Text(collection.name), ColumnKind::kText)
      .Text(", ")
      .Text(key);
  sql.Text(", rk_change.changes, 'ok' FROM rk_row, rk_change)");
  sql.Text(
      ", rk_outbox AS (INSERT INTO outbox (\"at\", \"event\", \"collection\", \"recordKey\", "
      "\"payload\", \"traceId\") SELECT ");
  sql.TypedParam(at, ColumnKind::kTimestampTz).Text(", 'update', ");
  sql.TypedParam(db::Value::Text(collection.name), ColumnKind::kText).Text(", ").Text(key);
  sql.Text(", jsonb_build_object('changed', rk_change.names), ");
  sql.TypedParam(db::Value::Text(context.trace_id), ColumnKind::kText)
      .Text(" FROM rk_row, rk_change) SELECT ");
  AppendColumnList(sql, *plan.shape);
  sql.Text(", 0 FROM rk_old UNION ALL SELECT ");
  AppendColumnList(sql, *plan.shape);
  sql.Text(", 1 FROM rk_row");
  return sql.Take("update_simple");
}

}  // namespace

Task<Result<std::optional<Output>>> TrySimpleUpdate(const Context& context,
                                                    const schema::Collection& collection,
                                                    const Params& params, const json::value& values,
                                                    const access::Permission& permission) {
  if (!values.is_object() || !IsSimpleRequest(context, collection, params, permission))
    co_return std::nullopt;
  const access::Permission view = context.Check(collection, "view");
  if (view.filter) co_return std::nullopt;
  RK_CO_TRY(planned, Plan(context, collection, params, values.get_object(), permission));
  if (!planned) co_return std::nullopt;
  const SimplePlan& plan = *planned;
  db::Statement statement = OneStatement(context, collection, plan);
  auto rows = co_await context.database.Write(std::move(statement), context.deadline);
  if (!rows)
    co_return Fail(
        RewriteWriteError(std::move(rows).error(), *context.catalog, collection, context.locale));
  const std::size_t tag = plan.shape->columns.size();
  std::size_t before = 0, after = 0, shown = 0;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const bool changed = rows->at(i, tag).ToInt() == 1;
    ++(changed ? after : before);
    if (changed || after == 0) shown = i;
  }
  if (before != 1) co_return std::nullopt;  // missing, or locked
  std::vector<StoredRow> stored = ToStoredRows(plan.shape, std::move(*rows));
  const access::Permission keys_only{true, std::nullopt, std::vector<std::string>()};
  Output output;
  output.data = "[{";
  AppendRowMembers(output.data, stored[shown],
                   Echo{view.allowed ? &view : &keys_only, &values, &permission});
  output.data += "}]";
  co_return std::optional<Output>(std::move(output));
}

}  // namespace renkei::records
