// A read request on its way to a plan: permission checked, variables replaced, parameters
// understood. The pieces list, get, tree, aggregation and key selection have in common.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "query/filter_parse.h"
#include "records/context.h"
#include "records/params.h"
#include "records/read_runner.h"
#include "records/read_shape.h"

namespace renkei::records {

inline constexpr std::int64_t kDefaultPageSize = 20;
inline constexpr std::int64_t kMaxAnswerRows = 100'000;  // TOO_MANY_ROWS
inline constexpr std::int64_t kBoundedPage = 200;        // rows a read on the event loop may give
inline constexpr std::int64_t kBoundedOffset = 2'000;    // rows it may skip
inline constexpr std::int64_t kMaxPage = 1'000'000'000;  // INVALID_PAGE
inline constexpr std::size_t kMaxSortTerms = 10;         // TOO_MANY_SORT_TERMS
inline constexpr std::size_t kMaxKeys = 20'000;          // filterByTk, TOO_MANY_KEYS

// May the caller filter and sort by a column? Hidden columns and passwords never; others as view
// permits (rest-api.md 7.1, 12.2).
class ViewGuard : public query::FieldGuard {
 public:
  ViewGuard(const Context& context, const schema::Collection& base, const access::Permission& view)
      : context_(context), base_(base), view_(view) {}
  Result<void> MayUse(const schema::Collection& collection,
                      const schema::Field& field) const override;

 private:
  const Context& context_;
  const schema::Collection& base_;
  const access::Permission& view_;
};

// Everything a plan is made of, all variables replaced.
struct ReadInput {
  const Context& context;
  const schema::Collection& collection;
  const Params& params;
  access::Permission permission;
  std::optional<json::value> filter;  // the client's
  std::optional<json::value> scope;   // the permission's
  std::vector<ResolvedScope> scopes;  // of appended collections
  Selection selection;
  std::int64_t now_ms = 0;
  bool internal = false;
};

// Error: 403 when the permission is not given.
Task<Result<ReadInput>> ResolveInput(ReadRunner runner, const schema::Collection& collection,
                                     const Params& params, const access::Permission& permission);
// All rows a request selects as documents: Fetch() on any runner.
Task<Result<json::array>> FetchWith(ReadRunner runner, const schema::Collection& collection,
                                    const Params& params);
// `{{…}}` replaced; loads paths of the caller when needed.
Task<Result<json::value>> ResolveVariables(ReadRunner runner, const json::value& filter,
                                           std::int64_t now_ms);

query::FilterContext FilterContextOf(const Context& context, std::int64_t now_ms);

// The conditions of a request, each on its own. They belong to the plan whose joins they were made
// with.
struct RequestConditions {
  query::Condition source;  // association resource
  query::Condition key;     // filterByTk, filterByTks
  query::Condition filter;
  query::Condition scope;
  query::Condition All() &&;
};
Result<RequestConditions> MakeConditions(const ReadInput& input, query::ReadPlan& plan,
                                         bool with_key);
Result<query::Condition> KeyCondition(const ReadInput& input);
// The request's sort, then the key; without a key every column that has an order.
Result<void> FillOrder(const ReadInput& input, query::ReadPlan& plan);

// Is the plan cheap enough for the event loop's own connection?
db::ReadCost CostOf(const query::ReadPlan& plan, std::int64_t rows, std::int64_t offset);

// Loads all appended rows of `root`, level by level.
Task<Result<void>> LoadChildren(ReadRunner runner, NodeRows& root);

// {"view":[…],"update":[…],"destroy":[…]} for the rows of a page (rest-api.md 12.3); "" for no
// rows.
Task<Result<std::string>> AllowedActions(ReadRunner runner, const ReadInput& input,
                                         const NodeRows& rows,
                                         const std::vector<std::size_t>& key_columns);
// The target key of a row as JSON: a scalar, or an object for a composite key.
void AppendKey(std::string& out, const schema::Collection& collection, const db::Rows& rows,
               std::size_t row, const std::vector<std::size_t>& key_columns);

}  // namespace renkei::records
