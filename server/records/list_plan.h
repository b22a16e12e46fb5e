// A ListPlan is a list or get ready to run: statements, the shape of the rows, what the count
// depends on. Only page numbers are missing. Immutable; keeps the catalog snapshot alive.
// list_plan.cc builds it.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "db/database.h"
#include "query/compile.h"
#include "records/read_request.h"
#include "records/read_shape.h"

namespace renkei::records {

struct ListPlan {
  schema::CatalogRef catalog;
  std::unique_ptr<ReadNode> root;
  query::CompiledSelect select;
  query::CompiledSelect count;
  std::vector<std::string> count_tables;  // empty: counted each time
  bool whole_table = false;               // no condition: the kept number counts
  bool nothing = false;                   // the condition is never true
  std::vector<std::size_t>
      key_columns;  // for allowedActions and key selection; empty when not wanted
  // The last filtered page was full, so its count had to be asked for: ask at once next time. Only
  // a hint.
  mutable std::atomic<bool> page_was_full{false};
  db::ReadCost CostFor(std::int64_t rows, std::int64_t offset) const {
    return CostOf(root->plan, rows, offset);
  }
};
using ListPlanRef = std::shared_ptr<const ListPlan>;

enum class PlanUse { kList, kGet, kRows, kKeys };  // kRows, kKeys: by filter and key, unpaged

Result<ListPlanRef> BuildListPlan(const ReadInput& input, PlanUse use);

// The plan of a request, made now or before. `input` is there when the plan was made now or meta
// needs it.
struct Planned {
  ListPlanRef plan;
  std::optional<ReadInput> input;
  std::optional<db::Value> key;  // takes the place of the plan's first parameter
};
Task<Result<Planned>> PlanRequest(ReadRunner runner, const schema::Collection& collection,
                                  const Params& params, PlanUse use);

// Page numbers of a request after checking. Errors: 400 INVALID_PAGE, TOO_MANY_ROWS.
struct Page {
  std::int64_t number = 1;
  std::int64_t size = kDefaultPageSize;
  std::int64_t offset() const { return (number - 1) * size; }
};
Result<Page> PageOf(const Params& params);
Error TooManyRows();

// The collection to read: the parent's child named by targetCollection, else `collection`
// (rest-api.md 6.7).
Result<const schema::Collection*> ReadCollection(const Context& context,
                                                 const schema::Collection& collection,
                                                 const Params& params);

}  // namespace renkei::records
