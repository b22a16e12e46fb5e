// SqlBuilder: conditions, joins and recursive sets as SQL text. compile.cc puts them together.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "query/compile.h"
#include "schema/field_type.h"

namespace renkei::query {
namespace {

using schema::Comparison;
using schema::RelationKind;

std::string Identifier(const db::Dialect& dialect, std::string_view name) {
  std::string sql;
  dialect.AppendIdentifier(sql, name);
  return sql;
}

std::string_view Sign(Test test) {
  switch (test) {
    case Test::kNotEqual:
      return "<>";
    case Test::kGreater:
      return ">";
    case Test::kGreaterOrEqual:
      return ">=";
    case Test::kLess:
      return "<";
    case Test::kLessOrEqual:
      return "<=";
    default:
      return "=";
  }
}

enum class Family { kNumber, kText, kUuid, kOther };
Family FamilyOf(db::ColumnKind kind) {
  switch (kind) {
    case db::ColumnKind::kVarchar:
    case db::ColumnKind::kText:
      return Family::kText;
    case db::ColumnKind::kInt32:
    case db::ColumnKind::kInt64:
    case db::ColumnKind::kDouble:
    case db::ColumnKind::kReal:
    case db::ColumnKind::kDecimal:
      return Family::kNumber;
    case db::ColumnKind::kUuid:
      return Family::kUuid;
    default:
      return Family::kOther;
  }
}

// A list parameter is an array of this kind; four-byte columns are compared with eight-byte values,
// so that a number outside their range finds nothing instead of failing.
db::ColumnKind ListKind(const ColumnRef& column) {
  if (!column.json_path.empty()) return db::ColumnKind::kText;
  db::ColumnKind kind = column.field->spec.kind;
  return kind == db::ColumnKind::kInt32 ? db::ColumnKind::kInt64 : kind;
}

// Is the condition never true for a row whose join found nothing? Then the join may be an inner
// one.
bool RejectsNull(const Condition& condition, int join) {
  switch (condition.kind) {
    case Condition::Kind::kFalse:
      return true;
    case Condition::Kind::kTrue:
      return false;
    case Condition::Kind::kAnd:
      return std::any_of(condition.parts.begin(), condition.parts.end(),
                         [&](const Condition& part) { return RejectsNull(part, join); });
    case Condition::Kind::kOr:
      return std::all_of(condition.parts.begin(), condition.parts.end(),
                         [&](const Condition& part) { return RejectsNull(part, join); });
    case Condition::Kind::kNot: {
      const Condition& part = condition.parts[0];
      return part.kind == Condition::Kind::kTest && part.test != Test::kNotNull &&
             part.test != Test::kNotBlank && RejectsNull(part, join);
    }
    case Condition::Kind::kTest:
      break;
  }
  bool needs_value = condition.test != Test::kNull && condition.test != Test::kBlank &&
                     condition.test != Test::kCollectionIn &&
                     condition.test != Test::kCollectionNotIn && condition.test != Test::kInTree &&
                     condition.test != Test::kInSource;
  return condition.column.row == join && needs_value;
}

}  // namespace

std::string RowAlias(int row) {
  if (row == kBaseRow) return "t";
  if (row == kThroughRow) return "x";
  return fmt::format("j{}", row);
}

void AppendTable(std::string& sql, const schema::Collection& collection,
                 const db::Dialect& dialect) {
  if (collection.kind == schema::CollectionKind::kSql) {
    std::string_view text = collection.sql;
    while (!text.empty() && (text.back() == ';' || text.back() == ' ' || text.back() == '\n'))
      text.remove_suffix(1);
    // The line break ends a comment at the end of the stored text.
    sql += '(';
    sql += text;
    sql += "\n)";
    return;
  }
  if (!collection.schema_name.empty() && dialect.has_schemas()) {
    dialect.AppendIdentifier(sql, collection.schema_name);
    sql += '.';
  }
  dialect.AppendIdentifier(sql, collection.table.empty() ? collection.name : collection.table);
}

void SqlBuilder::AddTable(const schema::Collection& collection) {
  const std::string& name = collection.table.empty() ? collection.name : collection.table;
  if (std::find(tables_.begin(), tables_.end(), name) == tables_.end()) tables_.push_back(name);
}

std::string SqlBuilder::Table(const schema::Collection& collection, std::string_view alias) {
  AddTable(collection);
  std::string sql;
  AppendTable(sql, collection, dialect_);
  sql += " AS ";
  sql += alias;
  return sql;
}

std::string SqlBuilder::Param(db::Value value) {
  params_.push_back(std::move(value));
  std::string sql;
  dialect_.AppendPlaceholder(sql, params_.size());
  return sql;
}

std::string SqlBuilder::Param(db::Value value, const schema::Field& field) {
  if (field.spec.kind != db::ColumnKind::kInt32) return Param(std::move(value));
  params_.push_back(std::move(value));
  return dialect_.TypedPlaceholder(params_.size(), db::ColumnKind::kInt64);
}

std::string SqlBuilder::Column(int row, const schema::Field& field) const {
  std::string sql = RowAlias(row);
  sql += '.';
  dialect_.AppendIdentifier(sql, field.column);
  return sql;
}

std::string SqlBuilder::CollectionName(int row) const {
  // Only reached where the database has inheritance: the child table a row is stored in.
  return fmt::format("(SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid = {}.tableoid)",
                     RowAlias(row));
}

std::string SqlBuilder::Expression(const ColumnRef& column) {
  if (!column.field) return CollectionName(column.row);
  std::string sql = Column(column.row, *column.field);
  if (column.json_path.empty()) return sql;
  params_.push_back(dialect_.EncodeJsonPath(column.json_path));
  db::ColumnKind kind = column.field->spec.kind;
  return column.as_number ? dialect_.JsonPathNumber(sql, params_.size(), kind)
                          : dialect_.JsonPathText(sql, params_.size(), kind);
}

std::string SqlBuilder::Equal(const std::string& left, const schema::Field& left_field,
                              const std::string& right, const schema::Field& right_field) const {
  if (FamilyOf(left_field.spec.kind) == FamilyOf(right_field.spec.kind))
    return left + " = " + right;
  return dialect_.AsText(left) + " = " + dialect_.AsText(right);
}

std::string SqlBuilder::ThroughOn(int index) const {
  const Join& join = plan_.joins.at(index);
  const schema::Relation& relation = *join.association->relation;
  const schema::Field& key = *join.from->FindField(relation.source_key);
  const schema::Field& link = *join.through->FindField(relation.foreign_key);
  std::string through = fmt::format("jx{}.{}", index, Identifier(dialect_, link.column));
  return Equal(through, link, Column(join.parent, key), key);
}

std::string SqlBuilder::JoinOn(int index) const {
  const Join& join = plan_.joins.at(index);
  const schema::Relation& relation = *join.association->relation;
  if (relation.kind == RelationKind::kBelongsToMany) {
    const schema::Field& key = *join.target->FindField(relation.target_key);
    const schema::Field& link = *join.through->FindField(relation.other_key);
    std::string through = fmt::format("jx{}.{}", index, Identifier(dialect_, link.column));
    return Equal(Column(index, key), key, through, link);
  }
  const schema::Field& here = *RelationSourceField(*join.from, relation);
  bool belongs =
      relation.kind == RelationKind::kBelongsTo || relation.kind == RelationKind::kBelongsToArray;
  const schema::Field& there =
      *join.target->FindField(belongs ? relation.target_key : relation.foreign_key);
  if (relation.kind == RelationKind::kBelongsToArray) {
    return dialect_.ArrayHas(Column(join.parent, here), Column(index, there), here.spec.kind);
  }
  return Equal(Column(index, there), there, Column(join.parent, here), here);
}

void SqlBuilder::AppendJoin(std::string& out, int index, std::string_view word) {
  const Join& join = plan_.joins.at(index);
  if (join.through) {
    out += fmt::format(" {} {} ON {}", word, Table(*join.through, fmt::format("jx{}", index)),
                       ThroughOn(index));
  }
  out += fmt::format(" {} {} ON {}", word, Table(*join.target, RowAlias(index)), JoinOn(index));
}

std::string SqlBuilder::From(const std::vector<bool>& needed) {
  std::string sql = " FROM " + Table(*plan_.from, "t");
  if (plan_.through_of) {
    const schema::Relation& relation = *plan_.through_of->relation;
    const schema::Field& key = *plan_.from->FindField(relation.target_key);
    const schema::Field& link = *plan_.through->FindField(relation.other_key);
    sql += fmt::format(" JOIN {} ON {}", Table(*plan_.through, "x"),
                       Equal(Column(kThroughRow, link), link, Column(kBaseRow, key), key));
  }
  for (std::size_t i = 0; i < plan_.joins.all().size(); ++i) {
    if (needed[i] && plan_.joins.all()[i].in_from)
      AppendJoin(sql, static_cast<int>(i), "LEFT JOIN");
  }
  return sql;
}

void SqlBuilder::Need(int row, std::vector<bool>& needed) const {
  for (; row >= 0; row = plan_.joins.at(row).parent) needed[static_cast<std::size_t>(row)] = true;
}

void SqlBuilder::Need(const Condition& condition, std::vector<bool>& needed) const {
  if (condition.kind == Condition::Kind::kTest) Need(condition.column.row, needed);
  for (const Condition& part : condition.parts) Need(part, needed);
}

std::string SqlBuilder::ListSql(const std::string& column, std::vector<db::Value> values,
                                db::ColumnKind kind, bool negate) {
  if (values.empty() && !key_list_) {
    key_list_ = params_.size();
    key_list_kind_ = kind;
  }
  params_.push_back(dialect_.EncodeList(values, kind));
  return dialect_.InList(column, params_.size(), kind, negate);
}

Result<std::string> SqlBuilder::SourceSql(const Condition& condition) {
  const SourceLookup& source = *condition.source;
  std::string where;
  for (const auto& [field, value] : source.key) {
    if (!where.empty()) where += " AND ";
    where += fmt::format("s.{} = {}", Identifier(dialect_, field->column), Param(value, *field));
  }
  std::string column = Expression(condition.column);
  std::string selected = "s." + Identifier(dialect_, source.column->column);
  std::string from = Table(*source.collection, "s");
  if (source.column_is_array) {
    return fmt::format("EXISTS (SELECT 1 FROM {} WHERE {} AND {})", from, where,
                       dialect_.ArrayHas(selected, column, source.column->spec.kind));
  }
  if (FamilyOf(source.column->spec.kind) != FamilyOf(condition.column.field->spec.kind)) {
    column = dialect_.AsText(column);
    selected = dialect_.AsText(selected);
  }
  return fmt::format("{} IN (SELECT {} FROM {} WHERE {})", column, selected, from, where);
}

Result<std::string> SqlBuilder::CollectionSql(const Condition& condition) {
  bool negate = condition.test == Test::kCollectionNotIn;
  if (dialect_.has_inheritance()) {
    return ListSql(CollectionName(condition.column.row), condition.values, db::ColumnKind::kText,
                   negate);
  }
  int row = condition.column.row;
  const schema::Collection& collection = row < 0 ? *plan_.from : *plan_.joins.at(row).target;
  bool named =
      std::any_of(condition.values.begin(), condition.values.end(),
                  [&](const db::Value& name) { return name.as_text() == collection.name; });
  return std::string(named != negate ? "1=1" : "1=0");
}

Result<std::string> SqlBuilder::TestSql(const Condition& condition) {
  const ColumnRef& ref = condition.column;
  if (condition.test == Test::kCollectionIn || condition.test == Test::kCollectionNotIn)
    return CollectionSql(condition);
  if (condition.test == Test::kInSource) return SourceSql(condition);
  std::string column = Expression(ref);
  bool is_array =
      ref.field && ref.json_path.empty() && ref.field->type->comparison() == Comparison::kArray;
  auto text = [&] {
    bool is_text = !ref.json_path.empty() || FamilyOf(ref.field->spec.kind) == Family::kText;
    return is_text ? column : dialect_.AsText(column);
  };
  switch (condition.test) {
    case Test::kNull:
      return column + " IS NULL";
    case Test::kNotNull:
      return column + " IS NOT NULL";
    case Test::kIn:
    case Test::kNotIn:
      return ListSql(column, condition.values, ListKind(ref), condition.test == Test::kNotIn);
    case Test::kLike:
    case Test::kNotLike: {
      std::string like = text();
      std::string param = Param(condition.values[0]);
      return dialect_.Like(like, param, condition.case_sensitive, condition.test == Test::kNotLike);
    }
    case Test::kRegexp:
    case Test::kNotRegexp: {
      std::string subject = text();
      std::string param = Param(condition.values[0]);
      return dialect_.Regexp(subject, param, condition.case_sensitive,
                             condition.test == Test::kNotRegexp);
    }
    case Test::kBlank:
      if (is_array) {
        return fmt::format("({} IS NULL OR {} = 0)", column,
                           dialect_.ArrayLength(column, ref.field->spec.kind));
      }
      return fmt::format("({} IS NULL OR {} = '')", column, column);
    case Test::kNotBlank:
      if (is_array)
        return fmt::format("{} > 0", dialect_.ArrayLength(column, ref.field->spec.kind));
      return column + " <> ''";
    case Test::kArrayMatch:
    case Test::kArrayAnyOf: {
      params_.push_back(condition.values[0]);
      db::ColumnKind kind = ref.field->spec.kind;
      return condition.test == Test::kArrayMatch
                 ? dialect_.ArrayMatch(column, params_.size(), kind)
                 : dialect_.ArrayAnyOf(column, params_.size(), kind);
    }
    case Test::kInTree:
      return column + " IN (SELECT k FROM tree)";
    default:
      break;
  }
  std::string param =
      ref.json_path.empty() ? Param(condition.values[0], *ref.field) : Param(condition.values[0]);
  return fmt::format("{} {} {}", column, Sign(condition.test), param);
}

Result<std::string> SqlBuilder::Predicate(const Condition& condition) {
  switch (condition.kind) {
    case Condition::Kind::kTrue:
      return std::string("1=1");
    case Condition::Kind::kFalse:
      return std::string("1=0");
    case Condition::Kind::kTest:
      return TestSql(condition);
    case Condition::Kind::kNot: {
      RK_TRY(inner, Predicate(condition.parts[0]));
      return "NOT (" + inner + ")";
    }
    case Condition::Kind::kAnd:
    case Condition::Kind::kOr:
      break;
  }
  std::string sql = "(";
  for (std::size_t i = 0; i < condition.parts.size(); ++i) {
    if (i > 0) sql += condition.kind == Condition::Kind::kAnd ? " AND " : " OR ";
    RK_TRY(part, Predicate(condition.parts[i]));
    sql += part;
  }
  return sql + ")";
}

Result<std::string> SqlBuilder::Exists(const std::vector<const Condition*>& conjuncts,
                                       const std::vector<int>& joins) {
  // Inner joins when every end of the chain must have found a row: the database may then start from
  // either side.
  bool inner = true;
  for (int join : joins) {
    bool has_child = std::any_of(joins.begin(), joins.end(),
                                 [&](int other) { return plan_.joins.at(other).parent == join; });
    bool rejected = std::any_of(conjuncts.begin(), conjuncts.end(), [&](const Condition* conjunct) {
      return RejectsNull(*conjunct, join);
    });
    if (!has_child && !rejected) inner = false;
  }
  std::string sql = "EXISTS (SELECT 1 FROM ";
  std::string where;
  if (inner) {
    int first = joins.front();
    const Join& join = plan_.joins.at(first);
    if (join.through) {
      sql += fmt::format("{} JOIN {} ON {}", Table(*join.through, fmt::format("jx{}", first)),
                         Table(*join.target, RowAlias(first)), JoinOn(first));
      where = ThroughOn(first);
    } else {
      sql += Table(*join.target, RowAlias(first));
      where = JoinOn(first);
    }
    for (std::size_t i = 1; i < joins.size(); ++i) AppendJoin(sql, joins[i], "JOIN");
  } else {
    sql += "(SELECT 1 AS one) AS o";
    for (int join : joins) AppendJoin(sql, join, "LEFT JOIN");
  }
  for (const Condition* conjunct : conjuncts) {
    RK_TRY(part, Predicate(*conjunct));
    if (!where.empty()) where += " AND ";
    where += part;
  }
  return sql + " WHERE " + where + ")";
}

Result<std::string> SqlBuilder::Where(const Condition& where) {
  if (where.is_true()) return std::string();
  std::vector<const Condition*> conjuncts;
  if (where.kind == Condition::Kind::kAnd) {
    for (const Condition& part : where.parts) conjuncts.push_back(&part);
  } else {
    conjuncts.push_back(&where);
  }
  // Conjuncts that share a join outside FROM must be met by one joined row: they go into one
  // EXISTS.
  std::size_t count = plan_.joins.all().size();
  std::vector<std::vector<bool>> used(conjuncts.size(), std::vector<bool>(count));
  std::vector<int> group(conjuncts.size());
  std::iota(group.begin(), group.end(), 0);
  for (std::size_t i = 0; i < conjuncts.size(); ++i) {
    Need(*conjuncts[i], used[i]);
    for (std::size_t j = 0; j < count; ++j)
      used[i][j] = used[i][j] && !plan_.joins.all()[j].in_from;
    for (std::size_t other = 0; other < i; ++other) {
      bool shared = false;
      for (std::size_t j = 0; j < count; ++j) shared = shared || (used[i][j] && used[other][j]);
      if (!shared || group[other] == group[i]) continue;
      int from = group[i], to = group[other];
      std::replace(group.begin(), group.end(), from, to);
    }
  }
  std::string sql;
  for (std::size_t i = 0; i < conjuncts.size(); ++i) {
    std::vector<int> joins;
    std::vector<const Condition*> members;
    if (group[i] != static_cast<int>(i)) continue;  // said by the first of its group
    std::vector<bool> all(count);
    for (std::size_t k = i; k < conjuncts.size(); ++k) {
      if (group[k] != group[i]) continue;
      members.push_back(conjuncts[k]);
      for (std::size_t j = 0; j < count; ++j) all[j] = all[j] || used[k][j];
    }
    for (std::size_t j = 0; j < count; ++j) {
      if (all[j]) joins.push_back(static_cast<int>(j));
    }
    Result<std::string> part = joins.empty() ? Predicate(*members[0]) : Exists(members, joins);
    if (!part) return part;
    sql += sql.empty() ? " WHERE " : " AND ";
    sql += *part;
  }
  return sql;
}

Result<std::string> SqlBuilder::WalkSql(const TreeWalk& walk, std::string_view name, bool up,
                                        bool seeded, std::string_view limit_to) {
  std::string key = Column(kBaseRow, *walk.key), parent = Column(kBaseRow, *walk.parent);
  std::vector<bool> needed(plan_.joins.all().size());
  std::string where;
  if (seeded) {
    ColumnRef column;
    column.field = walk.key;
    where = " WHERE " + ListSql(key, *walk.seeds, ListKind(column), false);
    if (!limit_to.empty()) where += fmt::format(" AND {} IN (SELECT k FROM {})", key, limit_to);
  } else {
    const Condition& start = walk.above ? *walk.above : walk.seed_where;
    Need(start, needed);
    RK_TRY(condition, Where(start));
    where = condition;
  }
  std::string from = From(needed);
  std::string table = Table(*plan_.from, "t");
  std::string step = up ? key + " = w.p" : parent + " = w.k";
  std::string sql =
      fmt::format("{} (k, p) AS (SELECT {}, {}{}{} UNION SELECT {}, {} FROM {} JOIN {} AS w ON {}",
                  name, key, parent, from, where, key, parent, table, name, step);
  if (!limit_to.empty()) sql += fmt::format(" WHERE {} IN (SELECT k FROM {})", key, limit_to);
  return sql + ")";
}

Result<std::string> SqlBuilder::TreePrefix() {
  if (!plan_.tree) return std::string();
  const TreeWalk& walk = *plan_.tree;
  std::string sql = "WITH RECURSIVE ";
  std::string_view visible;
  if (!walk.visible.is_true()) {
    std::vector<bool> needed(plan_.joins.all().size());
    Need(walk.visible, needed);
    RK_TRY(where, Where(walk.visible));
    sql += fmt::format("visible (k) AS (SELECT {}{}{}), ", Column(kBaseRow, *walk.key),
                       From(needed), where);
    visible = "visible";
  }
  bool up = walk.direction == TreeWalk::Direction::kUp;
  if (!up && walk.above) {
    RK_TRY(above, WalkSql(walk, "above", true, false, visible));
    sql += above + ", ";
    visible = "above";
  }
  RK_TRY(tree, WalkSql(walk, "tree", up, walk.seeds.has_value(), visible));
  return sql + tree + " ";
}

}  // namespace renkei::query
