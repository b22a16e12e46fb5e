#include "base/clock.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/clock_zone.h"

namespace renkei {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
// A larger offset than the widest in use (+14:00), and what databases take.
constexpr int kMaxOffsetMinutes = 15 * 60 + 59;

// Rounds down: instants before 1970 are negative.
std::int64_t FloorDiv(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

bool IsLeap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

// Days since 1970-01-01 in the proleptic Gregorian calendar. Years are counted from March, so that
// the leap day is the last day of a year and the months before it have a regular pattern of 153
// days per five months.
std::int64_t DaysFromCivil(int year, int month, int day) {
  const std::int64_t shifted = year - (month <= 2 ? 1 : 0);
  const std::int64_t era = FloorDiv(shifted, 400);
  const std::int64_t year_of_era = shifted - era * 400;
  const std::int64_t month_from_march = (month + 9) % 12;
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719'468;
}

void CivilFromDays(std::int64_t days, CivilTime& civil) {
  days += 719'468;
  const std::int64_t era = FloorDiv(days, 146'097);
  const std::int64_t day_of_era = days - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  civil.day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  civil.month =
      static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  civil.year = static_cast<int>(year_of_era + era * 400 + (civil.month <= 2 ? 1 : 0));
}

void PutDigits(char* out, int value, int digits) {
  for (int i = digits - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// "+8", "+08", "+0800", "+08:00", "-5:30".
std::optional<int> ParseOffset(std::string_view text) {
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const int sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  std::array<int, 4> digits{};
  std::size_t count = 0;
  const std::size_t colon = text.find(':');
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == colon) continue;
    if (!IsDigit(text[i]) || count == digits.size()) return std::nullopt;
    digits[count++] = text[i] - '0';
  }
  if (colon != std::string_view::npos && (colon == 0 || count != colon + 2)) return std::nullopt;
  int hours = 0;
  int minutes = 0;
  switch (count) {
    case 1:
      hours = digits[0];
      break;
    case 2:
      hours = digits[0] * 10 + digits[1];
      break;
    case 3:
      hours = digits[0];
      minutes = digits[1] * 10 + digits[2];
      break;
    case 4:
      hours = digits[0] * 10 + digits[1];
      minutes = digits[2] * 10 + digits[3];
      break;
    default:
      return std::nullopt;
  }
  const int total = hours * 60 + minutes;
  if (minutes > 59 || total > kMaxOffsetMinutes) return std::nullopt;
  return sign * total;
}

}  // namespace

std::int64_t NowMs() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

CivilTime ToCivil(std::int64_t unix_ms) {
  CivilTime civil;
  const std::int64_t days = FloorDiv(unix_ms, kDayMs);
  CivilFromDays(days, civil);
  int rest = static_cast<int>(unix_ms - days * kDayMs);
  civil.millisecond = rest % 1000;
  rest /= 1000;
  civil.second = rest % 60;
  rest /= 60;
  civil.minute = rest % 60;
  civil.hour = rest / 60;
  return civil;
}

std::int64_t FromCivil(const CivilTime& civil) {
  return DaysFromCivil(civil.year, civil.month, civil.day) * kDayMs +
         ((civil.hour * 60LL + civil.minute) * 60 + civil.second) * 1000 + civil.millisecond;
}

int DaysInMonth(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12) return 0;
  return month == 2 && IsLeap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

void AppendIsoUtc(std::string& out, std::int64_t unix_ms) {
  // The form has four digits for the year; what lies outside is held at its ends.
  constexpr std::int64_t kFirst = -62'135'596'800'000;  // 0001-01-01T00:00:00.000Z
  constexpr std::int64_t kLast = 253'402'300'799'999;   // 9999-12-31T23:59:59.999Z
  const CivilTime civil = ToCivil(std::clamp(unix_ms, kFirst, kLast));
  char text[24] = {'0', '0', '0', '0', '-', '0', '0', '-', '0', '0', 'T', '0',
                   '0', ':', '0', '0', ':', '0', '0', '.', '0', '0', '0', 'Z'};
  PutDigits(text, civil.year, 4);
  PutDigits(text + 5, civil.month, 2);
  PutDigits(text + 8, civil.day, 2);
  PutDigits(text + 11, civil.hour, 2);
  PutDigits(text + 14, civil.minute, 2);
  PutDigits(text + 17, civil.second, 2);
  PutDigits(text + 20, civil.millisecond, 3);
  out.append(text, sizeof text);
}

std::string IsoUtc(std::int64_t unix_ms) {
  std::string out;
  AppendIsoUtc(out, unix_ms);
  return out;
}

std::optional<TimeZone> TimeZone::Parse(std::string_view text) {
  if (text == "Z" || text == "z") return TimeZone();
  if (const std::optional<int> minutes = ParseOffset(text)) return FixedOffset(*minutes);
  const ZoneRules* rules = FindZone(text);
  if (rules == nullptr) return std::nullopt;
  TimeZone zone;
  zone.name_ = text;
  zone.rules_ = rules;
  return zone;
}

TimeZone TimeZone::FixedOffset(int minutes) {
  TimeZone zone;
  zone.fixed_minutes_ = std::clamp(minutes, -kMaxOffsetMinutes, kMaxOffsetMinutes);
  const int size = std::abs(zone.fixed_minutes_);
  zone.name_ =
      fmt::format("{}{:02}:{:02}", zone.fixed_minutes_ < 0 ? '-' : '+', size / 60, size % 60);
  return zone;
}

int TimeZone::OffsetSecondsAt(std::int64_t unix_ms) const {
  if (rules_ == nullptr) return fixed_minutes_ * 60;
  return rules_->OffsetAt(FloorDiv(unix_ms, 1000));
}

int TimeZone::OffsetMinutesAt(std::int64_t unix_ms) const {
  return static_cast<int>(FloorDiv(OffsetSecondsAt(unix_ms), 60));
}

std::int64_t TimeZone::ToUtc(const CivilTime& local) const {
  const std::int64_t wall = FromCivil(local);
  if (rules_ == nullptr) return wall - fixed_minutes_ * 60'000LL;
  // The offsets in force a day before and after; one of them is right, both around an overlap, none
  // inside a gap.
  const std::int64_t before = OffsetSecondsAt(wall - kDayMs) * 1000LL;
  const std::int64_t after = OffsetSecondsAt(wall + kDayMs) * 1000LL;
  const std::int64_t early = wall - before;
  const std::int64_t late = wall - after;
  if (before == after) return early;
  const bool early_holds = OffsetSecondsAt(early) * 1000LL == before;
  const bool late_holds = OffsetSecondsAt(late) * 1000LL == after;
  if (early_holds && late_holds) return std::min(early, late);
  return late_holds ? late
                    : early;  // in a gap the old offset moves the time forward by the gap's length
}

CivilTime TimeZone::ToLocal(std::int64_t unix_ms) const {
  return ToCivil(unix_ms + OffsetSecondsAt(unix_ms) * 1000LL);
}

}  // namespace renkei
