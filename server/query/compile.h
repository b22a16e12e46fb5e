// ReadPlan -> SQL of one dialect. Values travel only as parameters, a list is one parameter, so the
// text of a plan is the same for all values and prepared statements are reused. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "db/connection.h"
#include "db/dialect.h"
#include "query/read_plan.h"

namespace renkei::query {

struct CompiledSelect {
  std::string sql;
  std::vector<db::Value> params;  // without limit and offset when `has_page`
  // The list of keys that is given when the statement runs (a kIn without values, seeds without
  // values): its parameter.
  std::optional<std::size_t> key_list;
  db::ColumnKind key_list_kind = db::ColumnKind::kText;
  bool has_page = false;            // the last two placeholders are limit and offset
  std::vector<std::string> tables;  // every table that is read; the base first

  db::Statement ToStatement(std::string_view name, std::int64_t limit, std::int64_t offset) const;
};

// The rows. Errors: UNSUPPORTED when the dialect lacks an operator.
Result<CompiledSelect> CompileSelect(const ReadPlan& plan, const db::Dialect& dialect);
// "SELECT count(*)" of the same rows, without order and page. With `cap`, counts at most that many.
Result<CompiledSelect> CompileCount(const ReadPlan& plan, const db::Dialect& dialect,
                                    std::optional<std::int64_t> cap = std::nullopt);

// The physical rows of a collection as they stand in FROM: table, schema.view or (sql).
void AppendTable(std::string& sql, const schema::Collection& collection,
                 const db::Dialect& dialect);

// "t" for the base row, "x" for the through row, "j<n>" for joins.
std::string RowAlias(int row);

// Builds one statement; used by CompileSelect and by the aggregation.
class SqlBuilder {
 public:
  SqlBuilder(const ReadPlan& plan, const db::Dialect& dialect) : plan_(plan), dialect_(dialect) {}

  std::string Param(db::Value value);  // plain placeholder
  std::string Param(db::Value value,
                    const schema::Field& field);  // typed where the column needs it
  std::size_t NextParam() const { return params_.size() + 1; }
  std::string Column(int row, const schema::Field& field) const;  // t."title"
  std::string Expression(const ColumnRef& column);  // also json paths and collection names
  std::string CollectionName(int row) const;        // which child table a row is of

  // " FROM …" with the base, the through row and the joins of `needed` that stand in FROM.
  std::string From(const std::vector<bool>& needed);
  // " WHERE …" or "". Joins that are not in FROM become EXISTS that select the rows a LEFT JOIN
  // would.
  Result<std::string> Where(const Condition& where);
  Result<std::string> Predicate(const Condition& condition);
  Result<std::string> TreePrefix();  // "WITH RECURSIVE … " or ""
  // Marks the joins a condition or column needs, parents included.
  void Need(const Condition& condition, std::vector<bool>& needed) const;
  void Need(int row, std::vector<bool>& needed) const;

  std::vector<db::Value>& params() { return params_; }
  std::optional<std::size_t> key_list() const { return key_list_; }
  db::ColumnKind key_list_kind() const { return key_list_kind_; }
  std::vector<std::string>& tables() { return tables_; }
  void AddTable(const schema::Collection& collection);

 private:
  Result<std::string> TestSql(const Condition& condition);
  Result<std::string> SourceSql(const Condition& condition);
  Result<std::string> CollectionSql(const Condition& condition);
  Result<std::string> Exists(const std::vector<const Condition*>& conjuncts,
                             const std::vector<int>& joins);
  Result<std::string> WalkSql(const TreeWalk& walk, std::string_view name, bool up, bool seeded,
                              std::string_view limit_to);
  std::string ListSql(const std::string& column, std::vector<db::Value> values, db::ColumnKind kind,
                      bool negate);
  void AppendJoin(std::string& out, int index, std::string_view word);
  std::string JoinOn(int index) const;
  std::string ThroughOn(int index) const;
  std::string Equal(const std::string& left, const schema::Field& left_field,
                    const std::string& right, const schema::Field& right_field) const;
  std::string Table(const schema::Collection& collection, std::string_view alias);

  const ReadPlan& plan_;
  const db::Dialect& dialect_;
  std::vector<db::Value> params_;
  std::vector<std::string> tables_;
  std::optional<std::size_t> key_list_;
  db::ColumnKind key_list_kind_ = db::ColumnKind::kText;
};

}  // namespace renkei::query
