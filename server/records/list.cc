// list: a page of rows with its exact count (rest-api.md 5.1, 6.5).
#include <fmt/format.h>

#include <utility>

#include "records/list_plan.h"
#include "records/records.h"
#include "records/tree.h"

namespace renkei::records {
namespace {

constexpr std::int64_t kCountCap = 10'001;  // rows a capped count looks at (?count=capped)

enum class CountMode { kExact, kCapped, kNone };

Result<CountMode> CountModeOf(const schema::Collection& collection, const Params& params) {
  if (params.count_mode) {
    if (*params.count_mode == "capped") return CountMode::kCapped;
    if (*params.count_mode == "none") return CountMode::kNone;
    // An estimate may always be better than asked for.
    if (*params.count_mode != "estimated" && *params.count_mode != "exact") {
      return Fail(InvalidArgument("INVALID_COUNT", "count must be exact, capped, estimated or none",
                                  "Leave it out for an exact count", "count"));
    }
    return CountMode::kExact;
  }
  return collection.simple_paginate ? CountMode::kNone : CountMode::kExact;
}

std::string PageMeta(std::int64_t count, const Page& page) {
  if (page.size == 0)
    return fmt::format("{{\"count\":{},\"page\":{},\"pageSize\":0,\"totalPage\":null", count,
                       page.number);
  return fmt::format("{{\"count\":{},\"page\":{},\"pageSize\":{},\"totalPage\":{}", count,
                     page.number, page.size, (count + page.size - 1) / page.size);
}

db::CountRequest CountRequestOf(const ListPlan& plan) {
  db::CountRequest request;
  request.tables = plan.count_tables;
  request.whole_table = plan.whole_table;
  request.statement = plan.count.ToStatement("records.count", 0, 0);
  return request;
}

struct Counted {
  db::Rows rows;
  std::int64_t count = 0;
};

// Rows and count. A filtered page that is not full tells the count itself; a kept number costs
// nothing.
Task<Result<Counted>> ReadPage(ReadRunner runner, const ListPlan& plan, const Page& page) {
  Counted result;
  db::ReadCost cost = plan.CostFor(page.size, page.offset());
  std::vector<db::Statement> statements;
  if (page.size > 0)
    statements.push_back(plan.select.ToStatement("records.list", page.size, page.offset()));
  if (!plan.whole_table && page.size > 0 && !plan.page_was_full.load(std::memory_order_relaxed)) {
    auto rows = co_await runner.Read(std::move(statements), cost);
    if (!rows) co_return Fail(std::move(rows).error());
    result.rows = std::move(rows->front());
    auto found = static_cast<std::int64_t>(result.rows.size());
    if (found < page.size && (found > 0 || page.number == 1)) {
      result.count = page.offset() + found;
      co_return result;
    }
    plan.page_was_full.store(true, std::memory_order_relaxed);
    statements.clear();
    if (cost == db::ReadCost::kBounded && page.size < kBoundedPage) cost = db::ReadCost::kUnbounded;
  }
  db::CountRequest request = CountRequestOf(plan);
  auto counted = co_await runner.ReadCounted(std::move(statements), std::move(request), cost);
  if (!counted) co_return Fail(std::move(counted).error());
  if (!counted->rows.empty()) result.rows = std::move(counted->rows.front());
  result.count = counted->count;
  if (result.count <= page.size) plan.page_was_full.store(false, std::memory_order_relaxed);
  co_return result;
}

Task<Result<Output>> Finish(ReadRunner runner, const Planned& planned, NodeRows& root,
                            std::string meta) {
  const ListPlan& plan = *planned.plan;
  Output output;
  if (!plan.root->children.empty() && !root.rows.empty()) {
    RK_CO_CHECK_OK(co_await LoadChildren(runner, root));
  } else {
    root.children.clear();
  }
  AppendRows(output.data, root);
  if (!meta.empty()) {
    if (planned.input && planned.input->params.acl_meta && !root.rows.empty()) {
      RK_CO_TRY(allowed, co_await AllowedActions(runner, *planned.input, root, plan.key_columns));
      if (!allowed.empty()) meta += ",\"allowedActions\":" + allowed;
    }
    output.meta = std::move(meta) + "}";
  }
  co_return output;
}

// The whole result as a plain array.
Task<Result<Output>> ListAll(ReadRunner runner, const Planned& planned) {
  const ListPlan& plan = *planned.plan;
  std::vector<db::Statement> statements;
  statements.push_back(plan.select.ToStatement("records.list_all", kMaxAnswerRows + 1, 0));
  auto rows = co_await runner.Read(std::move(statements), plan.CostFor(kMaxAnswerRows, 0));
  if (!rows) co_return Fail(std::move(rows).error());
  NodeRows root;
  root.node = plan.root.get();
  root.rows = std::move(rows->front());
  if (static_cast<std::int64_t>(root.rows.size()) > kMaxAnswerRows) co_return Fail(TooManyRows());
  co_return co_await Finish(runner, planned, root, "");
}

// {hasNext,page,pageSize}: one row more than the page is read, and not shown.
Task<Result<Output>> ListWithoutCount(ReadRunner runner, const Planned& planned, Page page) {
  const ListPlan& plan = *planned.plan;
  std::vector<db::Statement> statements;
  statements.push_back(plan.select.ToStatement("records.list", page.size + 1, page.offset()));
  auto rows = co_await runner.Read(std::move(statements), plan.CostFor(page.size, page.offset()));
  if (!rows) co_return Fail(std::move(rows).error());
  NodeRows root;
  root.node = plan.root.get();
  root.rows = std::move(rows->front());
  bool more = static_cast<std::int64_t>(root.rows.size()) > page.size;
  if (more) root.shown = static_cast<std::size_t>(page.size);
  std::string meta =
      fmt::format("{{\"hasNext\":{},\"page\":{},\"pageSize\":{}", more, page.number, page.size);
  co_return co_await Finish(runner, planned, root, std::move(meta));
}

Task<Result<Output>> ListCapped(ReadRunner runner, const Planned& planned, Page page) {
  const ListPlan& plan = *planned.plan;
  auto capped = query::CompileCount(plan.root->plan, runner.dialect(), kCountCap);
  if (!capped) co_return Fail(std::move(capped).error());
  std::vector<db::Statement> statements;
  statements.push_back(plan.select.ToStatement("records.list", page.size, page.offset()));
  statements.push_back(capped->ToStatement("records.count_capped", 0, 0));
  auto rows = co_await runner.Read(std::move(statements), db::ReadCost::kUnbounded);
  if (!rows) co_return Fail(std::move(rows).error());
  NodeRows root;
  root.node = plan.root.get();
  root.rows = std::move((*rows)[0]);
  std::int64_t count = (*rows)[1].empty() ? 0 : (*rows)[1].at(0, 0).ToInt();
  std::string meta = PageMeta(count, page);
  if (count >= kCountCap) meta += ",\"countState\":\"capped\"";
  co_return co_await Finish(runner, planned, root, std::move(meta));
}

Task<Result<Output>> ListWith(ReadRunner runner, const schema::Collection& collection,
                              const Params& params) {
  const Context& context = runner.context();
  auto target = ReadCollection(context, collection, params);
  if (!target) co_return Fail(std::move(target).error());
  auto page = PageOf(params);
  if (!page) co_return Fail(std::move(page).error());
  auto mode = CountModeOf(**target, params);
  if (!mode) co_return Fail(std::move(mode).error());
  if (params.tree && !params.association && IsTree(**target)) {
    access::Permission permission = context.Check(**target, "view");
    auto input = co_await ResolveInput(runner, **target, params, permission);
    if (!input) co_return Fail(std::move(input).error());
    co_return co_await ListTree(runner, *input, *page);
  }
  auto planned = co_await PlanRequest(runner, **target, params, PlanUse::kList);
  if (!planned) co_return Fail(std::move(planned).error());
  if (!params.paginate) co_return co_await ListAll(runner, *planned);
  if (*mode == CountMode::kNone) co_return co_await ListWithoutCount(runner, *planned, *page);
  if (*mode == CountMode::kCapped) co_return co_await ListCapped(runner, *planned, *page);
  auto counted = co_await ReadPage(runner, *planned->plan, *page);
  if (!counted) co_return Fail(std::move(counted).error());
  NodeRows root;
  root.node = planned->plan->root.get();
  root.rows = std::move(counted->rows);
  std::string meta = PageMeta(counted->count, *page);
  co_return co_await Finish(runner, *planned, root, std::move(meta));
}

}  // namespace

Task<Result<Output>> List(const Context& context, const schema::Collection& collection,
                          const Params& params) {
  co_return co_await ListWith(ReadRunner(context), collection, params);
}

}  // namespace renkei::records
