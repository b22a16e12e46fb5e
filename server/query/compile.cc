#include "query/compile.h"

#include <fmt/format.h>

namespace renkei::query {
namespace {

Result<std::string> WhereOf(const ReadPlan& plan, SqlBuilder& builder) {
  RK_TRY(where, builder.Where(plan.where));
  if (plan.tree && plan.tree_roots_only) {
    // The roots of what is shown: rows whose parent is not in the tree.
    where += fmt::format("{}NOT EXISTS (SELECT 1 FROM tree AS p WHERE p.k = {})",
                         where.empty() ? " WHERE " : " AND ",
                         builder.Column(kBaseRow, *plan.tree->parent));
  }
  return where;
}

void AppendOrder(std::string& sql, const ReadPlan& plan, SqlBuilder& builder,
                 const db::Dialect& dialect) {
  for (std::size_t i = 0; i < plan.order.size(); ++i) {
    const SortTerm& term = plan.order[i];
    sql += i == 0 ? " ORDER BY " : ", ";
    std::string column = builder.Expression(term.column);
    const schema::Field* field = term.column.field;
    // A column of the row itself that is never null needs no word on nulls, and an index serves it
    // as it is.
    bool never_null = term.column.row < 0 && field && term.column.json_path.empty() &&
                      (field->primary_key || !field->allow_null);
    sql += never_null ? dialect.OrderByNotNull(column, term.descending)
                      : dialect.OrderBy(column, term.descending);
  }
}

}  // namespace

db::Statement CompiledSelect::ToStatement(std::string_view name, std::int64_t limit,
                                          std::int64_t offset) const {
  db::Statement statement;
  statement.sql = sql;
  statement.params.reserve(params.size() + 2);
  statement.params = params;
  if (has_page) {
    statement.params.push_back(db::Value::Int(limit));
    statement.params.push_back(db::Value::Int(offset));
  }
  statement.name = name;
  return statement;
}

Result<CompiledSelect> CompileSelect(const ReadPlan& plan, const db::Dialect& dialect) {
  SqlBuilder builder(plan, dialect);
  builder.AddTable(*plan.from);
  RK_TRY(prefix, builder.TreePrefix());
  std::string sql = prefix + "SELECT ";
  std::vector<bool> needed(plan.joins.all().size());
  for (std::size_t i = 0; i < plan.select.size(); ++i) {
    const SelectedColumn& selected = plan.select[i];
    if (i > 0) sql += ", ";
    sql += selected.field ? builder.Column(selected.row, *selected.field)
                          : builder.CollectionName(selected.row);
    builder.Need(selected.row, needed);
  }
  for (const SortTerm& term : plan.order) builder.Need(term.column.row, needed);
  builder.Need(plan.where, needed);
  sql += builder.From(needed);
  RK_TRY(where, WhereOf(plan, builder));
  sql += where;
  AppendOrder(sql, plan, builder, dialect);
  CompiledSelect compiled;
  if (plan.limit) {
    std::string limit, offset;
    dialect.AppendPlaceholder(limit, builder.NextParam());
    dialect.AppendPlaceholder(offset, builder.NextParam() + 1);
    sql += ' ';
    sql += dialect.LimitOffset(limit, offset);
    compiled.has_page = true;
  }
  compiled.sql = std::move(sql);
  compiled.key_list = builder.key_list();
  compiled.key_list_kind = builder.key_list_kind();
  compiled.params = std::move(builder.params());
  compiled.tables = std::move(builder.tables());
  return compiled;
}

Result<CompiledSelect> CompileCount(const ReadPlan& plan, const db::Dialect& dialect,
                                    std::optional<std::int64_t> cap) {
  SqlBuilder builder(plan, dialect);
  builder.AddTable(*plan.from);
  RK_TRY(prefix, builder.TreePrefix());
  std::vector<bool> needed(plan.joins.all().size());
  builder.Need(plan.where, needed);
  std::string rows = builder.From(needed);
  RK_TRY(where, WhereOf(plan, builder));
  CompiledSelect compiled;
  if (cap) {
    compiled.sql = fmt::format("{}SELECT count(*) FROM (SELECT 1{}{} LIMIT {}) AS capped", prefix,
                               rows, where, *cap);
  } else {
    compiled.sql = fmt::format("{}SELECT count(*){}{}", prefix, rows, where);
  }
  compiled.params = std::move(builder.params());
  compiled.tables = std::move(builder.tables());
  return compiled;
}

}  // namespace renkei::query
