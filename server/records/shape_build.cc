// From names to nodes: which columns are read and shown, which statements load appended rows.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "records/read_shape.h"
#include "schema/field_type.h"

namespace renkei::records {
namespace {

using query::ColumnRef;
using query::Condition;
using schema::RelationKind;

std::string MemberKey(std::string_view name) {
  std::string key = ",";
  AppendJsonString(key, name);
  key += ':';
  return key;
}

template <class T>
bool Contains(const std::vector<T>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsStamp(std::string_view name) {
  return name == "createdAt" || name == "updatedAt" || name == "createdById" ||
         name == "updatedById";
}

// Columns a copy made from a template starts without (rest-api.md 3.2, isTemplate).
bool LeftOutOfTemplate(const schema::Field& field, const ReadNode& node) {
  std::string_view type = field.type->name();
  if (type == "sort" || type == "sequence" || field.type->is_password() || IsStamp(field.name))
    return true;
  const schema::Relation* relation = node.association ? &*node.association->relation : nullptr;
  // Rows that are linked, not copied, keep their key.
  bool linked = relation && (relation->kind == RelationKind::kBelongsTo ||
                             relation->kind == RelationKind::kBelongsToMany ||
                             relation->kind == RelationKind::kBelongsToArray);
  if (field.primary_key && !linked) return true;
  return relation && !linked && field.name == relation->foreign_key;
}

class NodeBuilder {
 public:
  explicit NodeBuilder(const ShapeRequest& request) : request_(request) {}

  Result<std::unique_ptr<ReadNode>> Build(const schema::Collection& collection,
                                          const Selection& selection,
                                          const access::Permission& permission,
                                          const schema::Field* association);

 private:
  void AddColumns(ReadNode& node, const Selection& selection, const access::Permission& permission);
  void AddColumn(ReadNode& node, const schema::Field& field, bool asked_for);
  void AddInheritance(ReadNode& node, const Selection& selection);
  Result<void> AddChild(ReadNode& parent, const schema::Field& association,
                        const Selection& selection);
  Result<void> LinkChild(ReadNode& parent, ReadNode& child, const Selection& selection,
                         const ResolvedScope* scope);
  Result<void> OrderChild(ReadNode& child, const Selection& selection);
  void MakeRecursive(ReadNode& child, Condition scope);
  const ResolvedScope* ScopeOf(const schema::Collection& collection) const;
  const schema::Catalog& catalog() const { return *request_.context.catalog; }

  const ShapeRequest& request_;
};

const ResolvedScope* NodeBuilder::ScopeOf(const schema::Collection& collection) const {
  for (const ResolvedScope& scope : request_.scopes) {
    if (scope.collection == &collection) return &scope;
  }
  return nullptr;
}

void NodeBuilder::AddColumn(ReadNode& node, const schema::Field& field, bool asked_for) {
  if (!field.has_column() || field.is_relation()) return;
  bool secret = field.hidden || field.type->is_password();
  if (secret && !(asked_for && request_.internal)) return;
  if (request_.is_template && LeftOutOfTemplate(field, node)) return;
  OutputColumn column;
  column.key = MemberKey(field.name);
  column.field = &field;
  column.index = node.Need(query::kBaseRow, &field);
  if (field.type->is_password()) column.form = OutputColumn::Form::kText;
  node.output.push_back(std::move(column));
}

void NodeBuilder::AddColumns(ReadNode& node, const Selection& selection,
                             const access::Permission& permission) {
  const schema::Collection& collection = *node.collection;
  if (selection.all) {
    for (const schema::Field& field : collection.fields) {
      if (Contains(selection.except, field.name) || !IsReadable(permission, collection, field))
        continue;
      AddColumn(node, field, false);
    }
    return;
  }
  for (const std::string& name : selection.columns) {
    const schema::Field* field = collection.FindField(name);
    if (!field || Contains(selection.except, name) || !IsReadable(permission, collection, *field))
      continue;
    bool again = std::any_of(node.output.begin(), node.output.end(),
                             [&](const OutputColumn& column) { return column.field == field; });
    if (!again) AddColumn(node, *field, true);
  }
  // Nothing of what was asked for may be seen: the key columns remain.
  if (!node.output.empty() || selection.columns.empty() || !permission.fields) return;
  for (const std::string& name : KeyFields(collection)) {
    const schema::Field* field = collection.FindField(name);
    if (field && !Contains(selection.except, name)) AddColumn(node, *field, true);
  }
}

void NodeBuilder::AddInheritance(ReadNode& node, const Selection& selection) {
  if (!request_.context.database.dialect().has_inheritance() || request_.is_template) return;
  bool parent = !catalog().Descendants(node.collection->name).empty();
  for (std::string_view name : {"__tableName", "__schemaName", "__collection"}) {
    bool wanted = selection.all ? parent : Contains(selection.columns, name);
    if (!wanted || Contains(selection.except, name)) continue;
    OutputColumn column;
    column.key = MemberKey(name);
    column.form =
        name == "__schemaName" ? OutputColumn::Form::kSchemaName : OutputColumn::Form::kText;
    if (column.form == OutputColumn::Form::kText)
      column.index = node.Need(query::kBaseRow, nullptr);
    node.output.push_back(std::move(column));
  }
}

Result<std::unique_ptr<ReadNode>> NodeBuilder::Build(const schema::Collection& collection,
                                                     const Selection& selection,
                                                     const access::Permission& permission,
                                                     const schema::Field* association) {
  auto node = std::make_unique<ReadNode>();
  node->collection = &collection;
  node->association = association;
  node->plan.from = &collection;
  AddColumns(*node, selection, permission);
  AddInheritance(*node, selection);
  for (const auto& [field, inner] : selection.associations) {
    if (!permission.MayField(field->name)) continue;
    RK_CHECK_OK(AddChild(*node, *field, *inner));
  }
  if (node->plan.select.empty()) {
    // A statement needs a column even when only appended rows are shown.
    for (const schema::Field& field : collection.fields) {
      if (!field.has_column() || field.is_relation()) continue;
      node->Need(query::kBaseRow, &field);
      break;
    }
  }
  return node;
}

Result<void> NodeBuilder::AddChild(ReadNode& parent, const schema::Field& association,
                                   const Selection& selection) {
  const schema::Relation& relation = *association.relation;
  const schema::Collection* target = catalog().Find(relation.target);
  bool complete = target && query::RelationSourceField(*parent.collection, relation) &&
                  query::RelationTargetField(catalog(), relation);
  if (!complete) return {};  // what no longer exists is not appended
  const ResolvedScope* scope = ScopeOf(*target);
  access::Permission permission = scope ? scope->permission : access::Permission::All();
  RK_TRY(child, Build(*target, selection, permission, &association));
  child->to_many = relation.to_many();
  child->array_link = relation.kind == RelationKind::kBelongsToArray;
  child->key = MemberKey(association.name);
  RK_CHECK_OK(LinkChild(parent, *child, selection, scope));
  parent.children.push_back(std::move(child));
  return {};
}

Result<void> NodeBuilder::OrderChild(ReadNode& child, const Selection& selection) {
  const schema::Relation& relation = *child.association->relation;
  const std::vector<std::string>& wanted =
      selection.sort.empty() ? relation.sort_by : selection.sort;
  query::FilterContext context = request_.filter_context;
  for (const std::string& term : wanted) {
    auto sort = query::ParseSort(term, *child.collection, context, child.plan.joins);
    if (!sort && selection.sort.empty()) continue;  // a stored option may name a field that is gone
    if (!sort) return Fail(std::move(sort).error());
    child.plan.order.push_back(std::move(*sort));
  }
  const auto& keys = child.collection->primary_key.empty() ? KeyFields(*child.collection)
                                                           : child.collection->primary_key;
  for (const std::string& name : keys) {
    const schema::Field* field = child.collection->FindField(name);
    if (!field) continue;
    query::SortTerm term;
    term.column.field = field;
    child.plan.order.push_back(std::move(term));
  }
  return {};
}

void NodeBuilder::MakeRecursive(ReadNode& child, Condition scope) {
  bool up = !child.to_many;
  query::TreeWalk walk;
  walk.direction = up ? query::TreeWalk::Direction::kUp : query::TreeWalk::Direction::kDown;
  walk.key = up ? child.link_field : child.parent_field;
  walk.parent = up ? child.parent_field : child.link_field;
  walk.seeds = std::vector<db::Value>();
  walk.visible = std::move(scope);
  ColumnRef key;
  key.field = walk.key;
  child.plan.where = Condition::Of(query::Test::kInTree, key);
  child.plan.tree = std::move(walk);
  child.recursive = true;
  child.self_column = child.Need(query::kBaseRow, child.parent_field);
}

Result<void> NodeBuilder::LinkChild(ReadNode& parent, ReadNode& child, const Selection& selection,
                                    const ResolvedScope* scope) {
  const schema::Relation& relation = *child.association->relation;
  child.parent_field = query::RelationSourceField(*parent.collection, relation);
  child.link_field = query::RelationTargetField(catalog(), relation);
  child.parent_column = parent.Need(query::kBaseRow, child.parent_field);
  child.bounded = IsIndexed(*child.link_field);
  ColumnRef link;
  link.field = child.link_field;
  if (relation.kind == RelationKind::kBelongsToMany) {
    const schema::Collection* through = catalog().Find(relation.through);
    if (!through->FindField(relation.other_key) ||
        !child.collection->FindField(relation.target_key)) {
      return Fail(InvalidArgument("INVALID_SQL_REFERENCE", std::string(query::kUnknownReference),
                                  "The keys of the association no longer exist",
                                  child.association->name));
    }
    child.plan.through_of = child.association;
    child.plan.through = through;
    link.row = query::kThroughRow;
    bool whole =
        selection.all && !request_.is_template && !Contains(selection.except, through->name);
    if (whole) AddThrough(child, *through);
  }
  child.link_column = child.Need(link.row, child.link_field);
  Condition visible;
  if (scope && !scope->permission.allowed) visible = Condition::False();
  if (scope && scope->filter) {
    RK_TRY(filter, query::ParseFilter(*scope->filter, *child.collection, request_.filter_context,
                                      child.plan.joins));
    visible = std::move(filter);
  }
  bool same_kind =
      relation.kind == RelationKind::kBelongsTo || relation.kind == RelationKind::kHasMany;
  if (selection.recursively && same_kind && parent.collection == child.collection) {
    MakeRecursive(child, std::move(visible));
  } else {
    // The list of keys comes first: it is the statement's first parameter.
    std::vector<Condition> parts;
    parts.push_back(Condition::Of(query::Test::kIn, link));
    parts.push_back(std::move(visible));
    child.plan.where = Condition::And(std::move(parts));
  }
  if (child.plan.where.kind == Condition::Kind::kFalse) return {};
  if (child.to_many || relation.kind == RelationKind::kHasOne)
    RK_CHECK_OK(OrderChild(child, selection));
  RK_TRY(compiled, query::CompileSelect(child.plan, request_.context.database.dialect()));
  child.select = std::move(compiled);
  return {};
}

}  // namespace

std::size_t ReadNode::Need(int row, const schema::Field* field) {
  for (std::size_t i = 0; i < plan.select.size(); ++i) {
    if (plan.select[i].row == row && plan.select[i].field == field) return i;
  }
  plan.select.push_back({row, field});
  return plan.select.size() - 1;
}

void AddThrough(ReadNode& node, const schema::Collection& through) {
  node.through_key = MemberKey(through.name);
  for (const schema::Field& field : through.fields) {
    if (!field.has_column() || field.is_relation() || field.hidden || field.type->is_password())
      continue;
    OutputColumn column;
    column.key = MemberKey(field.name);
    column.field = &field;
    column.index = node.Need(query::kThroughRow, &field);
    node.through.push_back(std::move(column));
  }
}

bool IsIndexed(const schema::Field& field) {
  return field.primary_key || field.unique || FindBool(field.options, "index") ||
         FindBool(field.options, "isForeignKey");
}

const std::vector<std::string>& KeyFields(const schema::Collection& collection) {
  return collection.filter_target_key.empty() ? collection.primary_key
                                              : collection.filter_target_key;
}

bool IsReadable(const access::Permission& permission, const schema::Collection& collection,
                const schema::Field& field) {
  if (!permission.fields || permission.MayField(field.name) || field.primary_key) return true;
  if (field.name == "createdAt" || field.name == "updatedAt" || field.name == "createdById")
    return true;
  return Contains(KeyFields(collection), field.name);
}

Result<std::unique_ptr<ReadNode>> BuildNode(const ShapeRequest& request,
                                            const schema::Collection& collection,
                                            const Selection& selection,
                                            const access::Permission& permission) {
  NodeBuilder builder(request);
  return builder.Build(collection, selection, permission, nullptr);
}

}  // namespace renkei::records
