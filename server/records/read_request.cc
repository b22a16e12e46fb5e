#include "records/read_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "query/variables.h"
#include "records/records.h"
#include "schema/field_type.h"

namespace renkei::records {
namespace {

using query::ColumnRef;
using query::Condition;
using query::Test;
using schema::RelationKind;

// Groups of to-many joins: the caller's conditions and the server's are met by different related
// rows.
constexpr int kClientGroup = 0, kScopeGroup = 1;

bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void CollectTargets(const Selection& selection, const schema::Catalog& catalog,
                    std::vector<const schema::Collection*>& targets) {
  for (const auto& [field, inner] : selection.associations) {
    const schema::Collection* target = catalog.Find(field->relation->target);
    if (!target) continue;
    if (std::find(targets.begin(), targets.end(), target) == targets.end())
      targets.push_back(target);
    CollectTargets(*inner, catalog, targets);
  }
}

// The values of {{$user.<path>}} that the caller's own row does not hold.
Task<Result<json::object>> LoadUserPaths(ReadRunner runner, std::vector<std::string> paths) {
  json::object loaded;
  const Context& context = runner.context();
  const schema::Collection* users = context.catalog->Find("users");
  if (!users || context.identity.user_id == 0) co_return loaded;
  Context server = context;
  server.enforce_access = false;
  Params params;
  params.filter_by_tk = json::value(context.identity.user_id);
  for (const std::string& path : paths) params.appends.push_back(path.substr(0, path.rfind('.')));
  auto rows = co_await FetchWith(runner.For(server), *users, params);
  if (!rows) co_return Fail(std::move(rows).error());
  if (rows->empty()) co_return loaded;
  for (const std::string& path : paths) loaded[path] = query::ValueAtPath((*rows)[0], path);
  co_return loaded;
}

Error InvalidKey(std::string message, const schema::Collection& collection) {
  return InvalidArgument(
      "INVALID_KEY", std::move(message),
      fmt::format("The key of '{}' is {}", collection.name, fmt::join(KeyFields(collection), ", ")),
      "filterByTk");
}

Result<Condition> OneKey(const ReadInput& input, const query::FilterContext& context,
                         const json::value& key) {
  const std::vector<std::string>& names = KeyFields(input.collection);
  if (names.size() > 1 && !key.is_object()) {
    return Fail(InvalidKey("multi filter target key value must be object", input.collection));
  }
  std::vector<Condition> parts;
  for (const std::string& name : names) {
    const json::value* value = key.is_object() ? Find(key.get_object(), name) : &key;
    const schema::Field* field = input.collection.FindField(name);
    if (!value || !field)
      return Fail(InvalidKey(fmt::format("The key needs '{}'", name), input.collection));
    auto coerced = query::CoerceValue(*value, *field, context);
    if (!coerced) {
      Error error = std::move(coerced).error();
      error.field = "filterByTk";
      return Fail(std::move(error));
    }
    ColumnRef column;
    column.field = field;
    parts.push_back(Condition::Of(Test::kEqual, std::move(column), {std::move(*coerced)}));
  }
  return Condition::And(std::move(parts));
}

Result<Condition> SourceCondition(const ReadInput& input, const query::FilterContext& context,
                                  query::ReadPlan& plan) {
  const AssociationRef& ref = *input.params.association;
  const schema::Catalog& catalog = *input.context.catalog;
  const schema::Collection* source = catalog.Find(ref.source_collection);
  const schema::Field* association = source ? source->FindField(ref.association) : nullptr;
  if (!association || !association->is_relation()) {
    return Fail(NotFound("NOT_FOUND", fmt::format("'{}' is not an association", ref.association)));
  }
  if (ref.source_key.is_string() && ref.source_key.get_string() == "_") return Condition::True();
  const schema::Relation& relation = *association->relation;
  auto lookup = std::make_shared<query::SourceLookup>();
  lookup->collection = source;
  lookup->column = query::RelationSourceField(*source, relation);
  lookup->column_is_array = relation.kind == RelationKind::kBelongsToArray;
  const schema::Field* linked = query::RelationTargetField(catalog, relation);
  if (!lookup->column || !linked) {
    return Fail(
        NotFound("NOT_FOUND", fmt::format("The keys of '{}' no longer exist", ref.association)));
  }
  bool key_here = relation.kind == RelationKind::kBelongsTo || lookup->column_is_array;
  std::vector<std::string> names = KeyFields(*source);
  if (!key_here && !ref.source_key.is_object()) names = {relation.source_key};
  for (const std::string& name : names) {
    const schema::Field* field = source->FindField(name);
    const json::value* value =
        ref.source_key.is_object() ? Find(ref.source_key.get_object(), name) : &ref.source_key;
    if (!field || !value || (names.size() > 1 && !ref.source_key.is_object())) {
      return Fail(InvalidKey("multi filter target key value must be object", *source));
    }
    RK_TRY(coerced, query::CoerceValue(*value, *field, context));
    lookup->key.emplace_back(field, std::move(coerced));
  }
  if (lookup->key.empty()) return Fail(InvalidKey("The source has no key", *source));
  ColumnRef column;
  column.field = linked;
  if (relation.kind == RelationKind::kBelongsToMany) {
    column.row = query::kThroughRow;
    plan.through_of = association;
    plan.through = catalog.Find(relation.through);
    if (!plan.through->FindField(relation.other_key) ||
        !input.collection.FindField(relation.target_key)) {
      return Fail(
          NotFound("NOT_FOUND", fmt::format("The keys of '{}' no longer exist", ref.association)));
    }
  }
  Condition condition = Condition::Of(Test::kInSource, std::move(column));
  condition.source = std::move(lookup);
  return condition;
}

void AddOrder(query::ReadPlan& plan, const schema::Field& field) {
  for (const query::SortTerm& term : plan.order) {
    if (term.column.row == query::kBaseRow && term.column.field == &field) return;
  }
  query::SortTerm term;
  term.column.field = &field;
  plan.order.push_back(std::move(term));
}

bool NamesFewRows(const Condition& condition) {
  if (condition.kind == Condition::Kind::kAnd) {
    return std::any_of(condition.parts.begin(), condition.parts.end(), NamesFewRows);
  }
  if (condition.kind != Condition::Kind::kTest) return false;
  const ColumnRef& column = condition.column;
  if (condition.test == Test::kInSource) return column.field && IsIndexed(*column.field);
  bool by_value = condition.test == Test::kEqual ||
                  (condition.test == Test::kIn &&
                   condition.values.size() <= static_cast<std::size_t>(kBoundedPage));
  return by_value && column.row == query::kBaseRow && column.field && column.json_path.empty() &&
         IsIndexed(*column.field);
}

// Bounds of the very column whose index gives the order: the page begins at the bound and ends with its last row.
bool BoundsTheOrder(const Condition& condition, const schema::Field* ordered_by) {
  if (condition.kind == Condition::Kind::kAnd) {
    return std::all_of(condition.parts.begin(), condition.parts.end(),
                       [&](const Condition& part) { return BoundsTheOrder(part, ordered_by); });
  }
  const bool bound = condition.test == Test::kGreater || condition.test == Test::kGreaterOrEqual ||
                     condition.test == Test::kLess || condition.test == Test::kLessOrEqual;
  return condition.kind == Condition::Kind::kTest && bound &&
         condition.column.row == query::kBaseRow && condition.column.field == ordered_by &&
         condition.column.json_path.empty();
}

// One row at most, whatever the order.
bool NamesOneRow(const Condition& condition) {
  if (condition.kind == Condition::Kind::kAnd) {
    return std::any_of(condition.parts.begin(), condition.parts.end(), NamesOneRow);
  }
  return condition.kind == Condition::Kind::kTest && condition.test == Test::kEqual &&
         condition.column.row == query::kBaseRow && condition.column.field &&
         (condition.column.field->primary_key || condition.column.field->unique);
}

}  // namespace

Result<void> ViewGuard::MayUse(const schema::Collection& collection,
                               const schema::Field& field) const {
  // Probing a hidden value by filters would give it away; root sees everything anyway, but no hash.
  const bool kept_back = field.hidden && field.type->name() != "sort" && !context_.identity.is_root;
  if (field.type->is_password() || kept_back) {
    return Fail(PermissionDenied(
        fmt::format("'{}' is hidden and cannot be filtered or sorted by", field.name)));
  }
  access::Permission own;
  const access::Permission* permission = &view_;
  if (&collection != &base_) {
    own = context_.Check(collection, "view");
    permission = &own;
  }
  if (!permission->fields && permission->allowed) return {};
  // The key of a related row is the foreign key the caller sees anyway.
  if (Contains(KeyFields(collection), field.name) || field.primary_key) return {};
  bool readable = permission->allowed && IsReadable(*permission, collection, field);
  if (!readable && permission->allowed && field.is_relation()) {
    const schema::Field* key = field.relation->kind == RelationKind::kBelongsTo
                                   ? collection.FindField(field.relation->foreign_key)
                                   : nullptr;
    readable = key && IsReadable(*permission, collection, *key);
  }
  if (readable) return {};
  return Fail(PermissionDenied(fmt::format("'{}' of '{}' is not among the fields you may view",
                                           field.name, collection.name)));
}

query::FilterContext FilterContextOf(const Context& context, std::int64_t now_ms) {
  query::FilterContext filter{*context.catalog,
                              context.database.dialect(),
                              context.request_zone,
                              context.server_zone,
                              now_ms,
                              std::nullopt,
                              nullptr,
                              kScopeGroup};
  if (context.identity.user_id != 0) filter.user_id = context.identity.user_id;
  return filter;
}

Task<Result<json::value>> ResolveVariables(ReadRunner runner, const json::value& filter,
                                           std::int64_t now_ms) {
  const Context& context = runner.context();
  query::VariableScope scope;
  scope.user = context.identity.user.get();
  scope.roles = context.identity.roles;
  scope.current_role = context.identity.current_role;
  scope.now_ms = now_ms;
  json::object loaded;
  std::vector<std::string> paths = query::CollectUserPaths(filter, scope.user);
  if (!paths.empty()) {
    auto values = co_await LoadUserPaths(runner, std::move(paths));
    if (!values) co_return Fail(std::move(values).error());
    loaded = std::move(*values);
    scope.loaded = &loaded;
  }
  co_return query::Substitute(filter, scope);
}

Task<Result<ReadInput>> ResolveInput(ReadRunner runner, const schema::Collection& collection,
                                     const Params& params, const access::Permission& permission) {
  if (!permission.allowed) co_return Fail(PermissionDenied());
  const Context& context = runner.context();
  bool free = !context.enforce_access || context.identity.kind == access::Identity::Kind::kSystem;
  ReadInput input{context,           collection, params, permission, params.filter,
                  permission.filter, {},         {},     NowMs(),    free};
  auto selection = ParseSelection(params, collection, *context.catalog);
  if (!selection) co_return Fail(std::move(selection).error());
  input.selection = std::move(*selection);
  if (input.filter && query::HasVariables(*input.filter)) {
    RK_CO_TRY(resolved, co_await ResolveVariables(runner, *params.filter, input.now_ms));
    input.filter = std::move(resolved);
  }
  if (input.scope && query::HasVariables(*input.scope)) {
    RK_CO_TRY(resolved, co_await ResolveVariables(runner, *permission.filter, input.now_ms));
    input.scope = std::move(resolved);
  }
  if (free || input.selection.associations.empty()) co_return input;
  std::vector<const schema::Collection*> targets;
  CollectTargets(input.selection, *context.catalog, targets);
  for (const schema::Collection* target : targets) {
    ResolvedScope scope;
    scope.collection = target;
    scope.permission = context.Check(*target, "view");
    scope.filter = scope.permission.filter;
    if (scope.filter && query::HasVariables(*scope.filter)) {
      RK_CO_TRY(resolved,
                co_await ResolveVariables(runner, *scope.permission.filter, input.now_ms));
      scope.filter = std::move(resolved);
    }
    input.scopes.push_back(std::move(scope));
  }
  co_return input;
}

Condition RequestConditions::All() && {
  std::vector<Condition> parts;
  parts.push_back(std::move(source));
  parts.push_back(std::move(key));
  parts.push_back(std::move(filter));
  parts.push_back(std::move(scope));
  return Condition::And(std::move(parts));
}

Result<Condition> KeyCondition(const ReadInput& input) {
  query::FilterContext context = FilterContextOf(input.context, input.now_ms);
  std::vector<const json::value*> keys;
  bool given = false;
  auto take = [&](const json::value& value) {
    bool absent = value.is_null() || (value.is_string() && value.get_string().empty());
    if (absent) return;
    given = true;
    if (!value.is_array()) {
      keys.push_back(&value);
      return;
    }
    for (const json::value& member : value.get_array()) keys.push_back(&member);
  };
  if (input.params.filter_by_tk) take(*input.params.filter_by_tk);
  for (const json::value& value : input.params.filter_by_tks) take(value);
  if (!given) return Condition::True();
  if (KeyFields(input.collection).empty()) {
    return Fail(InvalidArgument("NO_KEY", fmt::format("'{}' has no key", input.collection.name),
                                "Choose a filterTargetKey for the collection, or use filter",
                                "filterByTk"));
  }
  if (keys.size() > kMaxKeys) {
    return Fail(InvalidArgument("TOO_MANY_KEYS", "Too many keys",
                                fmt::format("Name at most {}", kMaxKeys), "filterByTk"));
  }
  std::vector<Condition> parts;
  for (const json::value* key : keys) {
    RK_TRY(one, OneKey(input, context, *key));
    parts.push_back(std::move(one));
  }
  bool plain = KeyFields(input.collection).size() == 1;
  if (!plain || parts.size() < 2) return Condition::Or(std::move(parts));
  std::vector<db::Value> values;
  for (Condition& part : parts) values.push_back(std::move(part.values[0]));
  return Condition::Of(Test::kIn, parts[0].column, std::move(values));
}

Result<RequestConditions> MakeConditions(const ReadInput& input, query::ReadPlan& plan,
                                         bool with_key) {
  query::FilterContext context = FilterContextOf(input.context, input.now_ms);
  RequestConditions conditions;
  if (input.params.association) {
    RK_TRY(source, SourceCondition(input, context, plan));
    conditions.source = std::move(source);
  }
  if (with_key) {
    RK_TRY(key, KeyCondition(input));
    conditions.key = std::move(key);
  }
  if (input.filter) {
    ViewGuard guard(input.context, input.collection, input.permission);
    query::FilterContext client = context;
    client.guard = input.internal ? nullptr : &guard;
    client.group = kClientGroup;
    RK_TRY(filter, query::ParseFilter(*input.filter, input.collection, client, plan.joins));
    conditions.filter = std::move(filter);
  }
  if (input.scope) {
    RK_TRY(scope, query::ParseFilter(*input.scope, input.collection, context, plan.joins));
    conditions.scope = std::move(scope);
  }
  return conditions;
}

Result<void> FillOrder(const ReadInput& input, query::ReadPlan& plan) {
  ViewGuard guard(input.context, input.collection, input.permission);
  query::FilterContext context = FilterContextOf(input.context, input.now_ms);
  context.guard = input.internal ? nullptr : &guard;
  if (input.params.sort.size() > kMaxSortTerms) {
    return Fail(InvalidArgument("TOO_MANY_SORT_TERMS", "Too many columns to sort by",
                                fmt::format("Sort by at most {}", kMaxSortTerms), "sort"));
  }
  for (const std::string& text : input.params.sort) {
    if (text.empty() || text == "-") continue;
    RK_TRY(term, query::ParseSort(text, input.collection, context, plan.joins));
    plan.order.push_back(std::move(term));
  }
  if (plan.order.empty() && input.params.association) {
    const schema::Collection* source =
        input.context.catalog->Find(input.params.association->source_collection);
    const schema::Field* association =
        source ? source->FindField(input.params.association->association) : nullptr;
    context.guard = nullptr;
    for (const std::string& text :
         association ? association->relation->sort_by : std::vector<std::string>()) {
      auto term = query::ParseSort(text, input.collection, context, plan.joins);
      if (term) plan.order.push_back(std::move(*term));
    }
  }
  for (const auto* names : {&KeyFields(input.collection), &input.collection.primary_key}) {
    for (const std::string& name : *names) {
      if (const schema::Field* field = input.collection.FindField(name)) AddOrder(plan, *field);
    }
  }
  if (!KeyFields(input.collection).empty()) return {};
  for (const schema::Field& field : input.collection.fields) {
    schema::Comparison comparison = field.type->comparison();
    bool ordered =
        field.has_column() && !field.is_relation() && comparison < schema::Comparison::kJson;
    if (ordered) AddOrder(plan, field);
  }
  return {};
}

db::ReadCost CostOf(const query::ReadPlan& plan, std::int64_t rows, std::int64_t offset) {
  if (plan.from->kind != schema::CollectionKind::kTable || rows > kBoundedPage ||
      offset > kBoundedOffset) {
    return db::ReadCost::kUnbounded;
  }
  if (NamesOneRow(plan.where)) return db::ReadCost::kBounded;
  const schema::Field* first = plan.order.empty() ? nullptr : plan.order[0].column.field;
  bool ordered = first && plan.order[0].column.row == query::kBaseRow && IsIndexed(*first);
  bool few = plan.where.is_true() || NamesFewRows(plan.where) || BoundsTheOrder(plan.where, first);
  return ordered && few ? db::ReadCost::kBounded : db::ReadCost::kUnbounded;
}

}  // namespace renkei::records
