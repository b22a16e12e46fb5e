// Reads for the server itself and for the writing half: documents, rows on a transaction's
// connection, keys.
#include <utility>

#include "records/list_plan.h"
#include "records/records.h"

namespace renkei::records {
namespace {

// All rows by filter and key (or one page when pageSize is given), as "[…]".
Task<Result<std::string>> RowsText(ReadRunner runner, const schema::Collection& collection,
                                   const Params& params) {
  const Context& context = runner.context();
  auto target = ReadCollection(context, collection, params);
  if (!target) co_return Fail(std::move(target).error());
  auto page = PageOf(params);
  if (!page) co_return Fail(std::move(page).error());
  access::Permission permission = context.Check(**target, "view");
  auto input = co_await ResolveInput(runner, **target, params, permission);
  if (!input) co_return Fail(std::move(input).error());
  auto plan = BuildListPlan(*input, PlanUse::kRows);
  if (!plan) co_return Fail(std::move(plan).error());
  if ((*plan)->nothing) co_return std::string("[]");
  bool paged = params.page_size.has_value() && params.paginate;
  std::int64_t limit = paged ? page->size : kMaxAnswerRows + 1;
  std::int64_t offset = paged ? page->offset() : 0;
  std::vector<db::Statement> statements;
  statements.push_back((*plan)->select.ToStatement("records.fetch", limit, offset));
  // Unpaged reads by key give few rows although no limit says so.
  std::int64_t expected = paged ? limit : (params.filter_by_tk ? 1 : limit);
  auto rows = co_await runner.Read(std::move(statements), (*plan)->CostFor(expected, offset));
  if (!rows) co_return Fail(std::move(rows).error());
  NodeRows root;
  root.node = (*plan)->root.get();
  root.rows = std::move(rows->front());
  if (static_cast<std::int64_t>(root.rows.size()) > kMaxAnswerRows) co_return Fail(TooManyRows());
  RK_CO_CHECK_OK(co_await LoadChildren(runner, root));
  std::string text;
  AppendRows(text, root);
  co_return text;
}

Result<json::array> Documents(std::string_view text) {
  RK_TRY(document, ParseJson(text));
  return std::move(document.as_array());
}

}  // namespace

Task<Result<json::array>> FetchWith(ReadRunner runner, const schema::Collection& collection,
                                    const Params& params) {
  auto text = co_await RowsText(runner, collection, params);
  if (!text) co_return Fail(std::move(text).error());
  co_return Documents(*text);
}

Task<Result<json::array>> Fetch(const Context& context, const schema::Collection& collection,
                                const Params& params) {
  co_return co_await FetchWith(ReadRunner(context), collection, params);
}

Task<Result<json::array>> FetchIn(db::Connection& connection, const Context& context,
                                  const schema::Collection& collection, const Params& params) {
  co_return co_await FetchWith(ReadRunner(context, connection), collection, params);
}

Task<Result<Output>> ReadRowsIn(db::Connection& connection, const Context& context,
                                const schema::Collection& collection, const Params& params) {
  ReadRunner runner(context, connection);
  auto text = co_await RowsText(runner, collection, params);
  if (!text) co_return Fail(std::move(text).error());
  Output output;
  output.data = std::move(*text);
  co_return output;
}

Task<Result<json::array>> SelectKeysIn(db::Connection& connection, const Context& context,
                                       const schema::Collection& collection, const Params& params,
                                       const access::Permission& permission) {
  ReadRunner runner(context, connection);
  Params wanted = params;
  wanted.fields.reset();
  wanted.appends.clear();
  wanted.except.clear();
  auto input = co_await ResolveInput(runner, collection, wanted, permission);
  if (!input) co_return Fail(std::move(input).error());
  // Probing by filter is reading: the view permission says which columns may be asked for, where
  // there is one.
  access::Permission view = context.Check(collection, "view");
  if (view.allowed) input->permission.fields = view.fields;
  auto plan = BuildListPlan(*input, PlanUse::kKeys);
  if (!plan) co_return Fail(std::move(plan).error());
  if ((*plan)->key_columns.empty()) {
    co_return Fail(
        InvalidArgument("NO_KEY", "The collection has no key", "Choose a filterTargetKey for it"));
  }
  if ((*plan)->nothing) co_return json::array();
  std::vector<db::Statement> statements;
  statements.push_back((*plan)->select.ToStatement("records.keys", kMaxAnswerRows + 1, 0));
  auto rows = co_await runner.Read(std::move(statements), (*plan)->CostFor(kMaxAnswerRows, 0));
  if (!rows) co_return Fail(std::move(rows).error());
  if (static_cast<std::int64_t>(rows->front().size()) > kMaxAnswerRows)
    co_return Fail(TooManyRows());
  std::string text = "[";
  for (std::size_t row = 0; row < rows->front().size(); ++row) {
    if (row > 0) text += ',';
    AppendKey(text, collection, rows->front(), row, (*plan)->key_columns);
  }
  text += ']';
  co_return Documents(text);
}

}  // namespace renkei::records
