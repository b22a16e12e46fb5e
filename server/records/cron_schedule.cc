#include "records/cron_schedule.h"

#include <charconv>
#include <string>
#include <vector>

#include "base/text.h"

namespace renkei::records {
namespace {

constexpr int kYearsAhead = 5;
constexpr std::string_view kMonths[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::string_view kDays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

std::optional<int> Number(std::string_view text, int lowest) {
  int value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault == std::errc() && end == text.data() + text.size()) return value;
  const std::string lower = ToLowerAscii(text);
  if (lowest == 1) {
    for (int i = 0; i < 12; ++i) {
      if (kMonths[i] == lower) return i + 1;
    }
  }
  for (int i = 0; i < 7; ++i) {
    if (kDays[i] == lower) return i;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> ParseField(std::string_view text, int lowest, int highest) {
  std::uint64_t bits = 0;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    std::string_view part = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    int step = 1;
    bool stepped = false;
    if (const std::size_t slash = part.find('/'); slash != std::string_view::npos) {
      const auto value = Number(part.substr(slash + 1), 0);
      if (!value || *value < 1) return std::nullopt;
      step = *value;
      stepped = true;
      part = part.substr(0, slash);
    }
    int from = lowest, to = highest;
    if (part != "*" && part != "?") {
      const std::size_t dash = part.find('-');
      const auto first = Number(part.substr(0, dash), lowest);
      const auto last =
          dash == std::string_view::npos ? first : Number(part.substr(dash + 1), lowest);
      if (!first || !last) return std::nullopt;
      from = *first;
      to = dash == std::string_view::npos && stepped ? highest : *last;
    }
    if (from < lowest || to > highest || from > to) return std::nullopt;
    for (int value = from; value <= to; value += step) bits |= std::uint64_t{1} << value;
  }
  return bits == 0 ? std::nullopt : std::optional(bits);
}

int Weekday(int year, int month, int day) {
  CivilTime civil;
  civil.year = year;
  civil.month = month;
  civil.day = day;
  const std::int64_t days = FromCivil(civil) / 86'400'000;
  return static_cast<int>(((days % 7) + 11) % 7);  // 1970-01-01 was a Thursday
}

}  // namespace

std::optional<CronSchedule> CronSchedule::Parse(std::string_view expression) {
  std::vector<std::string_view> parts;
  while (true) {
    expression = Trim(expression);
    if (expression.empty()) break;
    const std::size_t end = expression.find_first_of(" \t");
    parts.push_back(expression.substr(0, end));
    if (end == std::string_view::npos) break;
    expression.remove_prefix(end);
  }
  if (parts.size() != 5 && parts.size() != 6) return std::nullopt;
  CronSchedule schedule;
  std::size_t at = 0;
  if (parts.size() == 6) {
    const auto seconds = ParseField(parts[at++], 0, 59);
    if (!seconds) return std::nullopt;
    schedule.seconds_ = *seconds;
  }
  const auto minutes = ParseField(parts[at], 0, 59), hours = ParseField(parts[at + 1], 0, 23);
  const auto days = ParseField(parts[at + 2], 1, 31), months = ParseField(parts[at + 3], 1, 12);
  auto weekdays = ParseField(parts[at + 4], 0, 7);
  if (!minutes || !hours || !days || !months || !weekdays) return std::nullopt;
  if ((*weekdays >> 7) & 1) *weekdays |= 1;
  schedule.minutes_ = *minutes;
  schedule.hours_ = *hours;
  schedule.days_ = *days;
  schedule.months_ = *months;
  schedule.weekdays_ = *weekdays;
  schedule.any_day_ = parts[at + 2].front() == '*' || parts[at + 2].front() == '?';
  schedule.any_weekday_ = parts[at + 4].front() == '*' || parts[at + 4].front() == '?';
  return schedule;
}

bool CronSchedule::DayFits(int year, int month, int day) const {
  const bool by_day = (days_ >> day) & 1;
  const bool by_weekday = (weekdays_ >> Weekday(year, month, day)) & 1;
  if (any_day_ || any_weekday_) return by_day && by_weekday;
  return by_day || by_weekday;
}

std::optional<std::int64_t> CronSchedule::Next(std::int64_t unix_ms, const TimeZone& zone) const {
  CivilTime start = zone.ToLocal(unix_ms);
  CivilTime day = start;
  for (int days = 0; days < kYearsAhead * 366; ++days) {
    const bool today = days == 0;
    if (((months_ >> day.month) & 1) && DayFits(day.year, day.month, day.day)) {
      for (int hour = today ? start.hour : 0; hour < 24; ++hour) {
        if (!((hours_ >> hour) & 1)) continue;
        const bool same_hour = today && hour == start.hour;
        for (int minute = same_hour ? start.minute : 0; minute < 60; ++minute) {
          if (!((minutes_ >> minute) & 1)) continue;
          for (int second = 0; second < 60; ++second) {
            if (!((seconds_ >> second) & 1)) continue;
            CivilTime found = day;
            found.hour = hour;
            found.minute = minute;
            found.second = second;
            found.millisecond = 0;
            const std::int64_t instant = zone.ToUtc(found);
            if (instant > unix_ms) return instant;
          }
        }
      }
    }
    if (++day.day > DaysInMonth(day.year, day.month)) {
      day.day = 1;
      if (++day.month > 12) {
        day.month = 1;
        ++day.year;
      }
    }
  }
  return std::nullopt;
}

}  // namespace renkei::records
