// Grouped reads (the `query` action, rest-api.md 5.9): dimensions, measures, having, order, limit
// -> SQL. Association paths are joined in FROM, so that a filter on the same path means the same
// joined row. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "query/compile.h"
#include "query/filter_parse.h"

namespace renkei::query {

enum class Aggregation { kNone, kSum, kCount, kAvg, kMin, kMax };

struct AggregateColumn {
  int row = kBaseRow;
  const schema::Field* field = nullptr;
  Aggregation aggregation = Aggregation::kNone;  // kNone: a dimension
  bool distinct = false;
  std::string format;  // of a date dimension; empty: as it is
  std::string alias;
};

struct AggregateOrder {
  std::size_t column = 0;
  bool descending = false;
  bool nulls_first = false;
};

struct AggregatePlan {
  ReadPlan rows;                         // from, joins, where
  std::vector<AggregateColumn> columns;  // dimensions first
  std::optional<json::value> having;     // over aliases
  std::vector<AggregateOrder> order;
  int offset_minutes = 0;  // date formats are evaluated at this offset
};

// One column of the result for each of `columns`; the last two parameters are limit and offset.
Result<CompiledSelect> CompileAggregate(const AggregatePlan& plan, const FilterContext& context);

bool IsNumeric(const schema::Field& field);
bool CanGroup(const schema::Field& field);
bool IsDate(const schema::Field& field);

}  // namespace renkei::query
