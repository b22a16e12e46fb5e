// Two statements besides the count: the page of roots, then every node below them, nested in
// memory.
#include "records/tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace renkei::records {
namespace {

using query::Condition;
using query::Test;

struct TreeFields {
  const schema::Field* key = nullptr;
  const schema::Field* parent = nullptr;
};

TreeFields FieldsOf(const schema::Collection& collection) {
  const schema::Field* association = nullptr;
  for (const schema::Field& field : collection.fields) {
    bool to_self = field.is_relation() &&
                   field.relation->kind == schema::RelationKind::kBelongsTo &&
                   field.relation->target == collection.name;
    if (!to_self) continue;
    if (!association || FindBool(field.options, "treeParent")) association = &field;
    if (FindBool(field.options, "treeParent")) break;
  }
  if (!association) return {};
  TreeFields fields;
  fields.key = collection.FindField(association->relation->target_key);
  fields.parent = collection.FindField(association->relation->foreign_key);
  return fields.key && fields.parent ? fields : TreeFields{};
}

query::ColumnRef BaseColumn(const schema::Field& field) {
  query::ColumnRef column;
  column.field = &field;
  return column;
}

// A filter shows the rows it selects and their ancestors; whoever sees only some rows sees a tree
// of those.
query::TreeWalk WalkOf(const TreeFields& fields, const Condition& wanted, const Condition& scope,
                       bool up) {
  query::TreeWalk walk;
  walk.key = fields.key;
  walk.parent = fields.parent;
  walk.visible = scope;
  if (up) {
    walk.direction = query::TreeWalk::Direction::kUp;
    walk.seed_where = wanted;
  } else {
    walk.seeds = std::vector<db::Value>();
    if (!wanted.is_true()) walk.above = wanted;
  }
  return walk;
}

struct RootPlan {
  query::ReadPlan plan;
  query::CompiledSelect select, count;
};

Result<RootPlan> PlanRoots(const ReadInput& input, const TreeFields& fields) {
  RootPlan roots;
  roots.plan.from = &input.collection;
  roots.plan.select.push_back({query::kBaseRow, fields.key});
  RK_TRY(conditions, MakeConditions(input, roots.plan, false));
  Condition scope = conditions.scope;
  Condition wanted = std::move(conditions).All();
  if (wanted.is_true()) {
    roots.plan.where = Condition::Of(Test::kNull, BaseColumn(*fields.parent));
  } else {
    roots.plan.tree = WalkOf(fields, wanted, scope, true);
    roots.plan.tree_roots_only = true;
    roots.plan.where = Condition::Of(Test::kInTree, BaseColumn(*fields.key));
  }
  RK_CHECK_OK(FillOrder(input, roots.plan));
  roots.plan.limit = 0;
  const db::Dialect& dialect = input.context.database.dialect();
  RK_TRY(select, query::CompileSelect(roots.plan, dialect));
  RK_TRY(count, query::CompileCount(roots.plan, dialect));
  roots.select = std::move(select);
  roots.count = std::move(count);
  return roots;
}

struct NodePlan {
  std::unique_ptr<ReadNode> node;
  query::CompiledSelect select;
  std::size_t key_column = 0, parent_column = 0;
};

Result<NodePlan> PlanNodes(const ReadInput& input, const TreeFields& fields) {
  query::FilterContext context = FilterContextOf(input.context, input.now_ms);
  ShapeRequest request{input.context, context, input.scopes, input.params.is_template,
                       input.internal};
  NodePlan nodes;
  RK_TRY(node, BuildNode(request, input.collection, input.selection, input.permission));
  nodes.node = std::move(node);
  // `children` is nested here; an appended association of that name would say it twice.
  std::erase_if(nodes.node->children,
                [](const auto& child) { return child->association->name == "children"; });
  query::ReadPlan& plan = nodes.node->plan;
  nodes.key_column = nodes.node->Need(query::kBaseRow, fields.key);
  nodes.parent_column = nodes.node->Need(query::kBaseRow, fields.parent);
  RK_TRY(conditions, MakeConditions(input, plan, false));
  Condition scope = conditions.scope;
  Condition wanted = std::move(conditions).All();
  plan.tree = WalkOf(fields, wanted, scope, false);
  plan.where = Condition::Of(Test::kInTree, BaseColumn(*fields.key));
  RK_CHECK_OK(FillOrder(input, plan));
  plan.limit = 0;
  RK_TRY(select, query::CompileSelect(plan, input.context.database.dialect()));
  nodes.select = std::move(select);
  return nodes;
}

// Rows by key and by parent, and the text they make.
class TreeWriter {
 public:
  TreeWriter(const NodeRows& data, std::size_t key_column, std::size_t parent_column)
      : data_(data), key_column_(key_column) {
    for (std::size_t row = 0; row < data.rows.size(); ++row) {
      by_key_.emplace(LinkText(data.rows.at(row, key_column)), row);
      const db::Cell& parent = data.rows.at(row, parent_column);
      if (!parent.is_null()) children_[LinkText(parent)].push_back(row);
    }
  }

  void AppendRoots(std::string& out, const db::Rows& roots) const {
    out += '[';
    std::size_t shown = 0;
    for (std::size_t i = 0; i < roots.size(); ++i) {
      auto found = by_key_.find(LinkText(roots.at(i, 0)));
      if (found == by_key_.end()) continue;
      if (shown > 0) out += ',';
      Append(out, found->second, std::to_string(shown++), 0);
    }
    out += ']';
  }

 private:
  void Append(std::string& out, std::size_t row, const std::string& index, int depth) const {
    std::string extra = fmt::format(",\"__index\":\"{}\"", index);
    auto children = children_.find(LinkText(data_.rows.at(row, key_column_)));
    if (children != children_.end() && depth < kMaxTreeDepth) {
      extra += ",\"children\":[";
      for (std::size_t i = 0; i < children->second.size(); ++i) {
        if (i > 0) extra += ',';
        Append(extra, children->second[i], fmt::format("{}.children.{}", index, i), depth + 1);
      }
      extra += ']';
    }
    AppendRow(out, data_, row, extra);
  }

  const NodeRows& data_;
  std::size_t key_column_;
  std::unordered_map<std::string, std::size_t> by_key_;
  std::unordered_map<std::string, std::vector<std::size_t>> children_;
};

std::vector<db::Value> KeysOf(const db::Rows& roots) {
  std::vector<db::Value> keys;
  keys.reserve(roots.size());
  for (std::size_t row = 0; row < roots.size(); ++row) {
    const db::Cell& cell = roots.at(row, 0);
    keys.push_back(cell.kind == db::Cell::Kind::kInt ? db::Value::Int(cell.integer)
                                                     : db::Value::Text(cell.ToText()));
  }
  return keys;
}

}  // namespace

bool IsTree(const schema::Collection& collection) {
  return collection.tree && FieldsOf(collection).key != nullptr;
}

Task<Result<Output>> ListTree(ReadRunner runner, const ReadInput& input, Page page) {
  TreeFields fields = FieldsOf(input.collection);
  auto roots = PlanRoots(input, fields);
  if (!roots) co_return Fail(std::move(roots).error());
  std::int64_t limit = input.params.paginate ? page.size : kMaxAnswerRows + 1;
  std::int64_t offset = input.params.paginate ? page.offset() : 0;
  std::vector<db::Statement> statements;
  statements.push_back(roots->select.ToStatement("records.tree_roots", limit, offset));
  db::CountRequest count;
  count.tables = roots->count.tables;
  count.statement = roots->count.ToStatement("records.tree_count", 0, 0);
  auto counted = co_await runner.ReadCounted(std::move(statements), std::move(count),
                                             db::ReadCost::kUnbounded);
  if (!counted) co_return Fail(std::move(counted).error());
  const db::Rows& root_rows = counted->rows.front();
  auto nodes = PlanNodes(input, fields);
  if (!nodes) co_return Fail(std::move(nodes).error());
  NodeRows data;
  data.node = nodes->node.get();
  if (!root_rows.empty()) {
    db::Statement statement =
        nodes->select.ToStatement("records.tree_nodes", kMaxAnswerRows + 1, 0);
    std::vector<db::Value> keys = KeysOf(root_rows);
    statement.params[*nodes->select.key_list] =
        runner.dialect().EncodeList(keys, nodes->select.key_list_kind);
    std::vector<db::Statement> one;
    one.push_back(std::move(statement));
    auto rows = co_await runner.Read(std::move(one), db::ReadCost::kUnbounded);
    if (!rows) co_return Fail(std::move(rows).error());
    data.rows = std::move(rows->front());
    if (static_cast<std::int64_t>(data.rows.size()) > kMaxAnswerRows) co_return Fail(TooManyRows());
    RK_CO_CHECK_OK(co_await LoadChildren(runner, data));
  }
  Output output;
  TreeWriter writer(data, nodes->key_column, nodes->parent_column);
  writer.AppendRoots(output.data, root_rows);
  if (!input.params.paginate) co_return output;
  std::string pages =
      page.size > 0 ? std::to_string((counted->count + page.size - 1) / page.size) : "null";
  output.meta = fmt::format("{{\"count\":{},\"page\":{},\"pageSize\":{},\"totalPage\":{}",
                            counted->count, page.number, page.size, pages);
  if (input.params.acl_meta && !data.rows.empty()) {
    std::vector<std::size_t> key_columns{nodes->key_column};
    RK_CO_TRY(allowed, co_await AllowedActions(runner, input, data, key_columns));
    if (!allowed.empty()) output.meta += ",\"allowedActions\":" + allowed;
  }
  output.meta += '}';
  co_return output;
}

}  // namespace renkei::records
