// ZoneRules is one file of the system's tz database (TZif, RFC 8536): the offsets it lists by
// instant, and the rule that goes on after the last of them. Immutable once read. Private to
// clock.cc and its test.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace renkei {

// "M3.2.0/2": the day and time of day at which daylight saving time begins or ends.
struct ZoneSwitch {
  enum class Kind { kMonthWeekDay, kJulianNoLeap, kDayOfYear };
  Kind kind = Kind::kMonthWeekDay;
  int month = 1, week = 1, weekday = 0, day = 0;
  int seconds = 2 * 3600;  // of local time, from midnight; may be negative or beyond a day
};

struct ZoneRules {
  struct Change {
    std::int64_t at;  // unix seconds
    int offset;       // seconds east of UTC from then on
  };
  int first_offset = 0;         // before the first change
  std::vector<Change> changes;  // ascending
  // After the last change (the file's POSIX TZ text).
  bool has_tail = false;
  int standard_offset = 0, daylight_offset = 0;
  bool has_daylight = false;
  ZoneSwitch daylight_begins, daylight_ends;

  int OffsetAt(std::int64_t unix_seconds) const;
};

// nullopt: the bytes are no such file.
std::optional<ZoneRules> ParseTzif(std::string_view bytes);
// Fills the tail of `rules` from "EST5EDT,M3.2.0,M11.1.0".
bool ParsePosixZone(std::string_view text, ZoneRules& rules);
// Reads and caches; null when there is no such zone. The result is never freed.
const ZoneRules* FindZone(std::string_view name);

}  // namespace renkei
