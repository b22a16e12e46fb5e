// Time. Instants travel as milliseconds since 1970-01-01T00:00:00Z (negative before), years
// 0001-9999.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace renkei {

using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;

std::int64_t NowMs();  // wall clock

struct CivilTime {
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0;
};
CivilTime ToCivil(std::int64_t unix_ms);
std::int64_t FromCivil(
    const CivilTime& civil);  // days beyond the month's end are the caller's fault
int DaysInMonth(int year, int month);

// "2026-01-02T03:04:05.678Z": always 24 characters.
void AppendIsoUtc(std::string& out, std::int64_t unix_ms);
std::string IsoUtc(std::int64_t unix_ms);

struct ZoneRules;  // clock_zone.h: one IANA zone's table, cached for the life of the process

// A zone is a fixed offset ("+08:00", "+0800", "+8", "Z") or an IANA name ("Asia/Tokyo", from the
// system's tz database). A small value; the functions may be called from any thread.
class TimeZone {
 public:
  TimeZone() = default;  // UTC
  static std::optional<TimeZone> Parse(std::string_view text);
  static TimeZone FixedOffset(int minutes);
  int OffsetMinutesAt(std::int64_t unix_ms) const;   // of an instant
  int OffsetSecondsAt(std::int64_t unix_ms) const;   // local mean times of old have seconds
  std::int64_t ToUtc(const CivilTime& local) const;  // gaps move forward, overlaps take the earlier
  CivilTime ToLocal(std::int64_t unix_ms) const;
  std::string_view name() const { return name_; }

 private:
  std::string name_ = "+00:00";
  int fixed_minutes_ = 0;
  const ZoneRules* rules_ = nullptr;  // null: fixed
};

}  // namespace renkei
