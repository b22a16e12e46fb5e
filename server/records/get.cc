// get: one row by key, filter or order; null when there is none (rest-api.md 5.2).
#include <utility>

#include "records/list_plan.h"
#include "records/records.h"

namespace renkei::records {

Task<Result<Output>> Get(const Context& context, const schema::Collection& collection,
                         const Params& params) {
  ReadRunner runner(context);
  auto target = ReadCollection(context, collection, params);
  if (!target) co_return Fail(std::move(target).error());
  access::Permission permission = context.Check(**target, "view");
  auto input = co_await ResolveInput(runner, **target, params, permission);
  if (!input) co_return Fail(std::move(input).error());
  auto plan = BuildListPlan(*input, PlanUse::kGet);
  if (!plan) co_return Fail(std::move(plan).error());
  Output output;
  output.data = "null";
  if ((*plan)->nothing) co_return output;
  std::vector<db::Statement> statements;
  statements.push_back((*plan)->select.ToStatement("records.get", 1, 0));
  auto rows = co_await runner.Read(std::move(statements), (*plan)->CostFor(1, 0));
  if (!rows) co_return Fail(std::move(rows).error());
  NodeRows root;
  root.node = (*plan)->root.get();
  root.rows = std::move(rows->front());
  if (root.rows.empty()) co_return output;
  RK_CO_CHECK_OK(co_await LoadChildren(runner, root));
  output.data.clear();
  AppendRow(output.data, root, 0);
  if (params.acl_meta) {
    RK_CO_TRY(allowed, co_await AllowedActions(runner, *input, root, (*plan)->key_columns));
    if (!allowed.empty()) output.meta = "{\"allowedActions\":" + allowed + "}";
  }
  co_return output;
}

}  // namespace renkei::records
