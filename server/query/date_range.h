// Date values of filters (rest-api.md 7.4): units, instants, weeks, intervals, pairs and relative
// dates become half-open ranges. Pure; the clock is a parameter.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"

namespace renkei::query {

// [start, end), as instants and as the wall clock it was written in (milliseconds as if the wall
// clock were UTC).
struct DateRange {
  std::int64_t start_ms = 0, end_ms = 0;
  std::int64_t wall_start_ms = 0, wall_end_ms = 0;
};

struct DateContext {
  TimeZone zone;  // of values without an offset
  std::int64_t now_ms = 0;
};

// Errors: 400 INVALID_DATE "Invalid Date: <value>", "Unsupported type: <type>".
Result<DateRange> ParseDateRange(const json::value& value, const DateContext& context);
// One textual value ("2026Q1", "[a,b)"). For fuzzing too.
Result<DateRange> ParseDateText(std::string_view text, const DateContext& context);

}  // namespace renkei::query
