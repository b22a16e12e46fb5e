// ReadPlan -> SQL of one dialect. Values travel only as parameters, a list is one parameter, so the
// text of a plan is the same for all values and prepared statements are reused. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "db/connection.h"
#include "db/dialect.h"
#include "query/read_plan.h"

namespace renkei::query {

struct CompiledSelect {
  std::string sql;
  std::vector<db::Value> params;    // without limit and offset when `has_page`
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

// Builds fragments of one statement; used by CompileSelect and by the aggregation.
class SqlBuilder {
 public:
  SqlBuilder(const JoinTree& joins, const db::Dialect& dialect)
      : joins_(joins), dialect_(dialect) {}

  std::string& sql() { return sql_; }
  std::vector<db::Value>& params() { return params_; }
  std::string Param(db::Value value);  // plain placeholder
  std::string Param(db::Value value,
                    const schema::Field& field);                  // typed where the column needs it
  std::string Column(int row, const schema::Field& field) const;  // t."title"
  std::string Expression(const ColumnRef& column);  // also json paths, collection names
  // Everything after FROM: base, joins in FROM. Joins that EXISTS uses come with the condition.
  void AppendFrom(const ReadPlan& plan);
  // "" when it is always true.
  Result<std::string> Where(const ReadPlan& plan, const Condition& where);
  Result<std::string> Predicate(const Condition& condition);
  Result<std::string> TreePrefix(const ReadPlan& plan);  // "WITH RECURSIVE …"
  const std::vector<std::string>& tables() const { return tables_; }
  void AddTable(const schema::Collection& collection);
  void set_plan(const ReadPlan* plan) { plan_ = plan; }

 private:
  Result<std::string> TestSql(const Condition& condition);
  Result<std::string> ListTest(const Condition& condition);
  Result<std::string> SourceTest(const Condition& condition);
  std::string ExistsJoins(const std::vector<int>& joins, bool inner, std::string* correlation);
  std::string JoinOn(int index) const;
  void AppendLeftJoin(std::string& out, int index);

  const JoinTree& joins_;
  const db::Dialect& dialect_;
  const ReadPlan* plan_ = nullptr;
  std::string sql_;
  std::vector<db::Value> params_;
  std::vector<std::string> tables_;
};

}  // namespace renkei::query
