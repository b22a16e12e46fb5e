#include "schema/field/date_text.h"

#include "base/text.h"

namespace renkei::schema {
namespace {

constexpr std::int64_t kMillisecondsPerMinute = 60'000;
constexpr int kMaxOffsetMinutes = 16 * 60;

// Reads exactly `count` digits off the front.
bool TakeDigits(std::string_view& text, std::size_t count, int& value) {
  if (text.size() < count) return false;
  value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return true;
}

bool Take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

bool TakeTime(std::string_view& text, CivilTime& civil) {
  if (!TakeDigits(text, 2, civil.hour) || !Take(text, ':') || !TakeDigits(text, 2, civil.minute))
    return false;
  if (civil.hour > 23 || civil.minute > 59) return false;
  if (!Take(text, ':')) return true;
  if (!TakeDigits(text, 2, civil.second) || civil.second > 59) return false;
  if (!text.empty() && (text.front() == '.' || text.front() == ',')) {
    text.remove_prefix(1);
    std::size_t digits = 0;
    int scale = 100;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
      civil.millisecond += (text[digits] - '0') * scale;
      scale /= 10;
      ++digits;
    }
    if (digits == 0) return false;
    text.remove_prefix(digits);
  }
  return true;
}

std::optional<int> TakeOffset(std::string_view& text) {
  if (text == "Z" || text == "z") {
    text = {};
    return 0;
  }
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  int hours = 0, minutes = 0;
  if (!TakeDigits(text, 2, hours)) return std::nullopt;
  const bool colon = Take(text, ':');
  if ((colon || !text.empty()) && !TakeDigits(text, 2, minutes)) return std::nullopt;
  if (minutes > 59 || hours * 60 + minutes > kMaxOffsetMinutes) return std::nullopt;
  return sign * (hours * 60 + minutes);
}

}  // namespace

std::optional<DateTimeText> ParseDateTime(std::string_view text) {
  text = Trim(text);
  DateTimeText parsed;
  CivilTime& civil = parsed.civil;
  if (!TakeDigits(text, 4, civil.year) || !Take(text, '-') || !TakeDigits(text, 2, civil.month) ||
      !Take(text, '-') || !TakeDigits(text, 2, civil.day)) {
    return std::nullopt;
  }
  if (civil.year < 1 || civil.month < 1 || civil.month > 12 || civil.day < 1 ||
      civil.day > DaysInMonth(civil.year, civil.month)) {
    return std::nullopt;
  }
  if (text.empty()) return parsed;
  if (!Take(text, 'T') && !Take(text, ' ') && !Take(text, 't')) return std::nullopt;
  if (!TakeTime(text, civil)) return std::nullopt;
  parsed.has_time = true;
  text = Trim(text);
  if (text.empty()) return parsed;
  parsed.offset_minutes = TakeOffset(text);
  if (!parsed.offset_minutes || !text.empty()) return std::nullopt;
  return parsed;
}

std::optional<CivilTime> ParseTimeOfDay(std::string_view text) {
  text = Trim(text);
  CivilTime civil;
  if (!TakeTime(text, civil) || !text.empty()) return std::nullopt;
  return civil;
}

std::optional<std::int64_t> ParseInstant(std::string_view text, const TimeZone& zone) {
  const auto parsed = ParseDateTime(text);
  if (!parsed) return std::nullopt;
  std::int64_t instant = 0;
  if (parsed->offset_minutes) {
    instant = FromCivil(parsed->civil) - *parsed->offset_minutes * kMillisecondsPerMinute;
  } else if (parsed->has_time) {
    instant = zone.ToUtc(parsed->civil);
  } else {
    instant = FromCivil(parsed->civil);
  }
  const CivilTime check = ToCivil(instant);
  if (check.year < 1 || check.year > 9999) return std::nullopt;
  return instant;
}

}  // namespace renkei::schema
