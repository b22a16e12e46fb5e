// Dates and times as people and programs write them (rest-api.md 8.2). Pure functions.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace renkei::schema {

struct DateTimeText {
  CivilTime civil;
  bool has_time = false;
  std::optional<int> offset_minutes;  // "Z" is 0
};

// 2026-01-02, 2026-01-02 03:04, 2026-01-02T03:04:05.678, each time with Z, +08:00, +0800 or +08
// behind. nullopt: another form, or a day or time that does not exist.
std::optional<DateTimeText> ParseDateTime(std::string_view text);
// 03:04 or 03:04:05, a fraction is cut.
std::optional<CivilTime> ParseTimeOfDay(std::string_view text);

// The instant that `text` means; without an offset in `zone`, a bare day at midnight UTC. nullopt:
// see above, or outside of the years 1 to 9999.
std::optional<std::int64_t> ParseInstant(std::string_view text, const TimeZone& zone);

}  // namespace renkei::schema
