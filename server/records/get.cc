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
  auto planned = co_await PlanRequest(runner, **target, params, PlanUse::kGet);
  if (!planned) co_return Fail(std::move(planned).error());
  const ListPlan& plan = *planned->plan;
  Output output;
  output.data = "null";
  if (plan.nothing) co_return output;
  std::vector<db::Statement> statements;
  statements.push_back(plan.select.ToStatement("records.get", 1, 0));
  if (planned->key) statements[0].params[0] = std::move(*planned->key);
  auto rows = co_await runner.Read(std::move(statements), plan.CostFor(1, 0));
  if (!rows) co_return Fail(std::move(rows).error());
  NodeRows root;
  root.node = plan.root.get();
  root.rows = std::move(rows->front());
  if (root.rows.empty()) co_return output;
  RK_CO_CHECK_OK(co_await LoadChildren(runner, root));
  output.data.clear();
  AppendRow(output.data, root, 0);
  if (params.acl_meta) {
    RK_CO_TRY(allowed, co_await AllowedActions(runner, *planned->input, root, plan.key_columns));
    if (!allowed.empty()) output.meta = "{\"allowedActions\":" + allowed + "}";
  }
  co_return output;
}

}  // namespace renkei::records
