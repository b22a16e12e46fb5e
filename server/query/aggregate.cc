#include "query/aggregate.h"

#include <fmt/format.h>

#include "schema/field_type.h"

namespace renkei::query {
namespace {

using schema::Comparison;

// Decimals are exact texts in some databases: they are compared and ordered through a second column
// of numbers.
bool NeedsNumber(const AggregateColumn& column) {
  return column.field->spec.kind == db::ColumnKind::kDecimal &&
         column.aggregation != Aggregation::kCount;
}

std::string DimensionSql(const AggregateColumn& column, const std::string& sql,
                         const AggregatePlan& plan, const db::Dialect& dialect) {
  if (column.format.empty() || !IsDate(*column.field)) return sql;
  Comparison comparison = column.field->type->comparison();
  if (comparison == Comparison::kUnixTime) {
    std::string instant = dialect.InstantFromUnix(sql, column.field->unit_ms == 1);
    return dialect.FormatDate(instant, column.format, plan.offset_minutes, true);
  }
  return dialect.FormatDate(sql, column.format, plan.offset_minutes,
                            comparison == Comparison::kInstant);
}

std::string MeasureSql(const AggregateColumn& column, const std::string& sql,
                       const db::Dialect& dialect) {
  std::string argument = column.distinct ? "DISTINCT " + sql : sql;
  switch (column.aggregation) {
    case Aggregation::kSum:
      return dialect.Sum(argument, column.field->spec.kind);
    case Aggregation::kAvg:
      return dialect.Avg(argument, column.field->spec.kind);
    case Aggregation::kMin:
      return "min(" + sql + ")";
    case Aggregation::kMax:
      return "max(" + sql + ")";
    default:
      return "count(" + argument + ")";
  }
}

// The result's columns as a collection of their own, so that `having` is an ordinary filter.
schema::Collection ResultCollection(const AggregatePlan& plan, std::string sql) {
  schema::Collection result;
  result.name = "result";
  result.kind = schema::CollectionKind::kSql;
  result.sql = std::move(sql);
  for (std::size_t i = 0; i < plan.columns.size(); ++i) {
    const AggregateColumn& column = plan.columns[i];
    schema::Field field;
    field.name = column.alias;
    field.title = column.alias;
    field.column = fmt::format("{}{}", NeedsNumber(column) ? "n" : "c", i);
    bool own_type = column.aggregation == Aggregation::kMin ||
                    column.aggregation == Aggregation::kMax ||
                    (column.aggregation == Aggregation::kNone && column.format.empty());
    if (own_type && !NeedsNumber(column)) {
      field.type = column.field->type;
      field.spec = column.field->spec;
      field.unit_ms = column.field->unit_ms;
    } else if (column.aggregation == Aggregation::kNone && !NeedsNumber(column)) {
      field.type = schema::FindFieldType("text");
      field.spec.kind = db::ColumnKind::kText;
    } else {
      field.type = schema::FindFieldType("double");
      field.spec.kind = db::ColumnKind::kDouble;
    }
    result.fields.push_back(std::move(field));
  }
  for (std::size_t i = 0; i < result.fields.size(); ++i)
    result.field_index.emplace(result.fields[i].name, i);
  return result;
}

Result<std::string> GroupedSql(const AggregatePlan& plan, SqlBuilder& builder,
                               const db::Dialect& dialect) {
  std::string sql = "SELECT ", groups;
  std::vector<bool> needed(plan.rows.joins.all().size());
  for (std::size_t i = 0; i < plan.columns.size(); ++i) {
    const AggregateColumn& column = plan.columns[i];
    std::string source = builder.Column(column.row, *column.field);
    bool dimension = column.aggregation == Aggregation::kNone;
    std::string expression = dimension ? DimensionSql(column, source, plan, dialect)
                                       : MeasureSql(column, source, dialect);
    if (i > 0) sql += ", ";
    sql += fmt::format("{} AS c{}", expression, i);
    if (dimension) groups += (groups.empty() ? "" : ", ") + expression;
    if (NeedsNumber(column))
      sql += fmt::format(", CAST({} AS DOUBLE PRECISION) AS n{}", expression, i);
    builder.Need(column.row, needed);
  }
  builder.Need(plan.rows.where, needed);
  sql += builder.From(needed);
  RK_TRY(where, builder.Where(plan.rows.where));
  sql += where;
  if (!groups.empty()) sql += " GROUP BY " + groups;
  return sql;
}

}  // namespace

bool IsNumeric(const schema::Field& field) {
  Comparison comparison = field.type->comparison();
  return comparison == Comparison::kNumber || comparison == Comparison::kInteger;
}

bool CanGroup(const schema::Field& field) {
  return field.has_column() && !field.is_relation() &&
         field.type->comparison() != Comparison::kNone &&
         (field.type->comparison() < Comparison::kJson ||
          field.type->comparison() == Comparison::kUuid);
}

bool IsDate(const schema::Field& field) {
  Comparison comparison = field.type->comparison();
  return comparison == Comparison::kInstant || comparison == Comparison::kWallClock ||
         comparison == Comparison::kDay || comparison == Comparison::kUnixTime;
}

Result<CompiledSelect> CompileAggregate(const AggregatePlan& plan, const FilterContext& context) {
  const db::Dialect& dialect = context.dialect;
  SqlBuilder inner(plan.rows, dialect);
  inner.AddTable(*plan.rows.from);
  RK_TRY(grouped, GroupedSql(plan, inner, dialect));
  schema::Collection result = ResultCollection(plan, std::move(grouped));
  ReadPlan outer;
  outer.from = &result;
  if (plan.having) {
    FilterContext having = context;
    having.guard = nullptr;
    RK_TRY(where, ParseFilter(*plan.having, result, having, outer.joins));
    outer.where = std::move(where);
  }
  SqlBuilder builder(outer, dialect);
  builder.params() =
      inner.params();  // the grouped rows come first in the text, and so do their parameters
  std::string sql = "SELECT ";
  for (std::size_t i = 0; i < plan.columns.size(); ++i)
    sql += fmt::format("{}t.c{}", i > 0 ? ", " : "", i);
  sql += builder.From({});
  RK_TRY(where, builder.Where(outer.where));
  sql += where;
  for (std::size_t i = 0; i < plan.order.size(); ++i) {
    const AggregateOrder& order = plan.order[i];
    std::string column = builder.Column(kBaseRow, result.fields[order.column]);
    sql += i == 0 ? " ORDER BY " : ", ";
    if (order.nulls_first) {
      sql += fmt::format("CASE WHEN {} IS NULL THEN 0 ELSE 1 END, ", column);
    }
    sql += dialect.OrderBy(column, order.descending);
  }
  std::string limit, offset;
  dialect.AppendPlaceholder(limit, builder.NextParam());
  dialect.AppendPlaceholder(offset, builder.NextParam() + 1);
  sql += ' ';
  sql += dialect.LimitOffset(limit, offset);
  CompiledSelect compiled;
  compiled.sql = std::move(sql);
  compiled.params = std::move(builder.params());
  compiled.has_page = true;
  compiled.tables = std::move(inner.tables());
  return compiled;
}

}  // namespace renkei::query
