// When does a five- or six-field cron expression fire next? For the reset of sequence counters.
// Pure.
//
// Fields: [second] minute hour day-of-month month day-of-week. Each is `*`, numbers, ranges, lists,
// steps; names of months and days; `?` is `*`; 7 is Sunday. Day-of-month and day-of-week both
// given: either fits, as in cron(8).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"

namespace renkei::records {

class CronSchedule {
 public:
  static std::optional<CronSchedule> Parse(std::string_view expression);
  // The first instant after `unix_ms` that fits, in the zone's wall clock; nullopt within the next
  // five years: never.
  std::optional<std::int64_t> Next(std::int64_t unix_ms, const TimeZone& zone) const;

 private:
  bool DayFits(int year, int month, int day) const;
  // Bit n: the value n fits.
  std::uint64_t seconds_ = 1, minutes_ = 0, hours_ = 0, days_ = 0, months_ = 0, weekdays_ = 0;
  bool any_day_ = true, any_weekday_ = true;
};

}  // namespace renkei::records
