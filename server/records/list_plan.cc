#include "records/list_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "records/plan_cache.h"

namespace renkei::records {
namespace {

// "_pivot_" and the through row come with rows of a many-to-many association (rest-api.md 6.3).
void AddPivot(const ReadInput& input, PlanUse use, ReadNode& root) {
  if (!root.plan.through_of || input.params.fields || input.params.is_template ||
      use == PlanUse::kKeys)
    return;
  AddThrough(root, *root.plan.through);
  root.pivot = true;
}

void SetCountTables(const ReadInput& input, ListPlan& plan) {
  bool tables_known = true;
  for (const std::string& table : plan.count.tables) {
    const schema::Collection* found = input.context.catalog->Find(table);
    tables_known = tables_known && found && found->kind == schema::CollectionKind::kTable &&
                   found->table == table;
  }
  if (!tables_known) return;
  plan.count_tables = plan.count.tables;
  if (!input.context.database.dialect().has_inheritance()) return;
  for (std::size_t i = 0, count = plan.count.tables.size(); i < count; ++i) {
    for (const schema::Collection* child :
         input.context.catalog->Descendants(plan.count.tables[i])) {
      plan.count_tables.push_back(child->table);
    }
  }
}

}  // namespace

Error TooManyRows() {
  return InvalidArgument("TOO_MANY_ROWS",
                         fmt::format("An answer holds at most {} rows", kMaxAnswerRows),
                         "Read page by page, or narrow the filter", "pageSize");
}

Result<Page> PageOf(const Params& params) {
  Page page;
  page.number = params.page.value_or(1);
  page.size = params.page_size.value_or(kDefaultPageSize);
  if (page.number < 1 || page.number > kMaxPage) {
    return Fail(InvalidArgument("INVALID_PAGE", "page must be a positive whole number",
                                "Pages count from 1", "page"));
  }
  if (page.size < 0) {
    return Fail(InvalidArgument("INVALID_PAGE", "pageSize must be a positive whole number",
                                "Give 20, for example", "pageSize"));
  }
  if (page.size > kMaxAnswerRows) return Fail(TooManyRows());
  return page;
}

Result<const schema::Collection*> ReadCollection(const Context& context,
                                                 const schema::Collection& collection,
                                                 const Params& params) {
  if (!params.target_collection || *params.target_collection == collection.name) return &collection;
  for (const schema::Collection* child : context.catalog->Descendants(collection.name)) {
    if (child->name == *params.target_collection) return child;
  }
  return Fail(InvalidArgument(
      "INVALID_TARGET_COLLECTION",
      fmt::format("'{}' does not inherit from '{}'", *params.target_collection, collection.name),
      "Name a child collection", "targetCollection"));
}

Result<ListPlanRef> BuildListPlan(const ReadInput& input, PlanUse use) {
  auto plan = std::make_shared<ListPlan>();
  plan->catalog = input.context.catalog;
  query::FilterContext filter_context = FilterContextOf(input.context, input.now_ms);
  ShapeRequest request{input.context, filter_context, input.scopes, input.params.is_template,
                       input.internal};
  if (use == PlanUse::kKeys) {
    plan->root = std::make_unique<ReadNode>();
    plan->root->collection = &input.collection;
    plan->root->plan.from = &input.collection;
  } else {
    RK_TRY(root, BuildNode(request, input.collection, input.selection, input.permission));
    plan->root = std::move(root);
  }
  ReadNode& root = *plan->root;
  RK_TRY(conditions, MakeConditions(input, root.plan, use != PlanUse::kList));
  AddPivot(input, use, root);
  root.plan.where = std::move(conditions).All();
  plan->nothing = root.plan.where.kind == query::Condition::Kind::kFalse;
  plan->whole_table =
      root.plan.where.is_true() && input.collection.kind == schema::CollectionKind::kTable;
  RK_CHECK_OK(FillOrder(input, root.plan));
  if (input.params.acl_meta || use == PlanUse::kKeys) {
    for (const std::string& name : KeyFields(input.collection)) {
      const schema::Field* field = input.collection.FindField(name);
      if (field) plan->key_columns.push_back(root.Need(query::kBaseRow, field));
    }
  }
  if (root.plan.select.empty()) return ListPlanRef(std::move(plan));  // keys of rows that have none
  root.plan.limit = 0;                                                // the number is a parameter
  const db::Dialect& dialect = input.context.database.dialect();
  RK_TRY(select, query::CompileSelect(root.plan, dialect));
  plan->select = std::move(select);
  if (use == PlanUse::kList) {
    RK_TRY(count, query::CompileCount(root.plan, dialect));
    plan->count = std::move(count);
    SetCountTables(input, *plan);
  }
  return ListPlanRef(std::move(plan));
}

Task<Result<Planned>> PlanRequest(ReadRunner runner, const schema::Collection& collection,
                                  const Params& params, PlanUse use) {
  const Context& context = runner.context();
  Planned planned;
  std::optional<std::string> key = PlanKey(context, collection, params, use);
  if (key) planned.plan = PlanCache::OfThisThread().Find(*key, context);
  if (planned.plan) {
    if (!HasKeySlot(collection, params, use)) co_return planned;
    const schema::Field* field = collection.FindField(KeyFields(collection)[0]);
    query::FilterContext filter_context = FilterContextOf(context, 0);
    auto value = query::CoerceValue(*params.filter_by_tk, *field, filter_context);
    if (!value) {
      Error error = std::move(value).error();
      error.field = "filterByTk";
      co_return Fail(std::move(error));
    }
    planned.key = std::move(*value);
    co_return planned;
  }
  access::Permission permission = context.Check(collection, "view");
  auto input = co_await ResolveInput(runner, collection, params, permission);
  if (!input) co_return Fail(std::move(input).error());
  planned.input.emplace(std::move(*input));
  auto plan = BuildListPlan(*planned.input, use);
  if (!plan) co_return Fail(std::move(plan).error());
  planned.plan = std::move(*plan);
  // A condition that is never true has no parameter for a key.
  bool keep = key && !planned.plan->nothing;
  if (keep) PlanCache::OfThisThread().Put(std::move(*key), context, *planned.input, planned.plan);
  co_return planned;
}

}  // namespace renkei::records
