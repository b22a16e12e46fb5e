#include "query/date_range.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>

#include "base/text.h"

namespace renkei::query {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kMaxRelativeNumber = 10'000;  // past and next: units, INVALID_DATE
constexpr std::size_t kMaxDateText = 100;            // longer texts are no date, INVALID_DATE

Error InvalidDate(std::string_view text) {
  return InvalidArgument(
      "INVALID_DATE", fmt::format("Invalid Date: {}", text.substr(0, kMaxDateText)),
      "Give a date such as 2026-03-10, 2026-03, 2026Q1, 2026W11 or an ISO instant");
}

enum class Unit {
  kYear,
  kQuarter,
  kMonth,
  kIsoWeek,
  kLocalWeek,
  kDay,
  kHour,
  kMinute,
  kSecond,
  kMillisecond
};

std::int64_t WallOf(int year, int month, int day) {
  CivilTime civil;
  civil.year = year;
  civil.month = month;
  civil.day = day;
  return FromCivil(civil);
}

// 0 is Monday.
int WeekdayOf(std::int64_t wall_ms) {
  std::int64_t days = wall_ms >= 0 ? wall_ms / kDayMs : -((-wall_ms + kDayMs - 1) / kDayMs);
  return static_cast<int>(((days + 3) % 7 + 7) % 7);
}

std::int64_t AddMonths(std::int64_t wall_ms, int months) {
  CivilTime civil = ToCivil(wall_ms);
  int total = civil.year * 12 + (civil.month - 1) + months;
  civil.year = total / 12;
  civil.month = total % 12 + 1;
  return FromCivil(civil);
}

// `wall_ms` is the start of a unit; `count` units later (or earlier).
std::int64_t Step(std::int64_t wall_ms, Unit unit, int count) {
  switch (unit) {
    case Unit::kYear:
      return AddMonths(wall_ms, 12 * count);
    case Unit::kQuarter:
      return AddMonths(wall_ms, 3 * count);
    case Unit::kMonth:
      return AddMonths(wall_ms, count);
    case Unit::kIsoWeek:
    case Unit::kLocalWeek:
      return wall_ms + 7 * kDayMs * count;
    case Unit::kDay:
      return wall_ms + kDayMs * count;
    case Unit::kHour:
      return wall_ms + 3'600'000LL * count;
    case Unit::kMinute:
      return wall_ms + 60'000LL * count;
    case Unit::kSecond:
      return wall_ms + 1000LL * count;
    case Unit::kMillisecond:
      return wall_ms + count;
  }
  return wall_ms;
}

std::int64_t StartOf(std::int64_t wall_ms, Unit unit) {
  CivilTime civil = ToCivil(wall_ms);
  std::int64_t day = WallOf(civil.year, civil.month, civil.day);
  switch (unit) {
    case Unit::kYear:
      return WallOf(civil.year, 1, 1);
    case Unit::kQuarter:
      return WallOf(civil.year, (civil.month - 1) / 3 * 3 + 1, 1);
    case Unit::kMonth:
      return WallOf(civil.year, civil.month, 1);
    case Unit::kIsoWeek:
      return day - kDayMs * WeekdayOf(day);
    case Unit::kLocalWeek:
      return day - kDayMs * ((WeekdayOf(day) + 1) % 7);
    default:
      return day;
  }
}

DateRange RangeIn(const TimeZone& zone, std::int64_t wall_start, std::int64_t wall_end) {
  DateRange range;
  range.wall_start_ms = wall_start;
  range.wall_end_ms = wall_end;
  range.start_ms = zone.ToUtc(ToCivil(wall_start));
  range.end_ms = zone.ToUtc(ToCivil(wall_end));
  return range;
}

// Reads a fixed shape from the left; stays where it is when the shape does not fit.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  bool done() const { return at_ == text_.size(); }
  bool Is(char c) {
    if (done() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::optional<int> Digits(std::size_t count) {
    if (text_.size() - at_ < count) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      char c = text_[at_ + i];
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    at_ += count;
    return value;
  }
  // One to nine digits of a fraction, as milliseconds (further digits are dropped).
  std::optional<int> Fraction() {
    int value = 0;
    std::size_t count = 0;
    while (!done() && text_[at_] >= '0' && text_[at_] <= '9' && count < 9) {
      if (count < 3) value = value * 10 + (text_[at_] - '0');
      ++at_;
      ++count;
    }
    if (count == 0) return std::nullopt;
    for (; count < 3; ++count) value *= 10;
    return value;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

struct Parsed {
  std::int64_t wall_ms = 0;
  Unit unit = Unit::kDay;
};

std::optional<Parsed> ParseTimeOfDay(Reader& in, Parsed day) {
  auto hour = in.Digits(2);
  if (!hour || *hour > 23) return std::nullopt;
  Parsed out{day.wall_ms + *hour * 3'600'000LL, Unit::kHour};
  if (in.done()) return out;
  if (!in.Is(':')) return std::nullopt;
  auto minute = in.Digits(2);
  if (!minute || *minute > 59) return std::nullopt;
  out = {out.wall_ms + *minute * 60'000LL, Unit::kMinute};
  if (in.done()) return out;
  if (!in.Is(':')) return std::nullopt;
  auto second = in.Digits(2);
  if (!second || *second > 59) return std::nullopt;
  out = {out.wall_ms + *second * 1000LL, Unit::kSecond};
  if (in.done()) return out;
  if (!in.Is('.')) return std::nullopt;
  auto fraction = in.Fraction();
  if (!fraction || !in.done()) return std::nullopt;
  return Parsed{out.wall_ms + *fraction, Unit::kMillisecond};
}

std::optional<Parsed> ParseWeek(Reader& in, int year, Unit unit) {
  auto week = in.Digits(2);
  if (!week || !in.done() || *week < 1 || *week > 53) return std::nullopt;
  // ISO week 1 holds 4 January; the local week 1 holds 1 January.
  std::int64_t first = StartOf(WallOf(year, 1, unit == Unit::kIsoWeek ? 4 : 1), unit);
  return Parsed{Step(first, unit, *week - 1), unit};
}

// The text without zone.
std::optional<Parsed> ParseLocal(std::string_view text) {
  Reader in(text);
  auto year = in.Digits(4);
  if (!year || *year < 1 || *year > 9998) return std::nullopt;
  if (in.done()) return Parsed{WallOf(*year, 1, 1), Unit::kYear};
  if (in.Is('Q') || in.Is('q')) {
    auto quarter = in.Digits(1);
    if (!quarter || !in.done() || *quarter < 1 || *quarter > 4) return std::nullopt;
    return Parsed{WallOf(*year, *quarter * 3 - 2, 1), Unit::kQuarter};
  }
  if (in.Is('W')) return ParseWeek(in, *year, Unit::kIsoWeek);
  if (in.Is('w')) return ParseWeek(in, *year, Unit::kLocalWeek);
  if (!in.Is('-')) return std::nullopt;
  auto month = in.Digits(2);
  if (!month || *month < 1 || *month > 12) return std::nullopt;
  if (in.done()) return Parsed{WallOf(*year, *month, 1), Unit::kMonth};
  if (!in.Is('-')) return std::nullopt;
  auto day = in.Digits(2);
  if (!day || *day < 1 || *day > DaysInMonth(*year, *month)) return std::nullopt;
  Parsed parsed{WallOf(*year, *month, *day), Unit::kDay};
  if (in.done()) return parsed;
  if (!in.Is('T') && !in.Is(' ') && !in.Is('t')) return std::nullopt;
  return ParseTimeOfDay(in, parsed);
}

bool LooksLikeOffset(std::string_view tail) {
  return tail.size() == 6 && (tail[0] == '+' || tail[0] == '-' || tail[0] == ' ') && tail[3] == ':';
}

Result<DateRange> ParseUnit(std::string_view text, const DateContext& context) {
  std::string_view body = Trim(text);
  if (body.empty() || body.size() > kMaxDateText) return Fail(InvalidDate(text));
  TimeZone zone = context.zone;
  bool instant = false;
  if (body.back() == 'Z' || body.back() == 'z') {
    zone = TimeZone();
    body.remove_suffix(1);
    instant = true;
  } else if (body.size() > 6 && LooksLikeOffset(body.substr(body.size() - 6)) &&
             (body[body.size() - 6] != ' ')) {
    auto own = TimeZone::Parse(body.substr(body.size() - 6));
    if (!own) return Fail(InvalidDate(text));
    zone = *own;
    body.remove_suffix(6);
  }
  auto parsed = ParseLocal(body);
  if (!parsed) return Fail(InvalidDate(text));
  // "…T02:00:00Z" names an instant, not the second that begins there.
  Unit unit = instant && parsed->unit == Unit::kSecond ? Unit::kMillisecond : parsed->unit;
  return RangeIn(zone, parsed->wall_ms, Step(parsed->wall_ms, unit, 1));
}

Result<DateRange> JoinRanges(const DateRange& from, const DateRange& to, char open, char close) {
  DateRange range;
  range.start_ms = open == '(' ? from.end_ms : from.start_ms;
  range.wall_start_ms = open == '(' ? from.wall_end_ms : from.wall_start_ms;
  range.end_ms = close == ')' ? to.start_ms : to.end_ms;
  range.wall_end_ms = close == ')' ? to.wall_start_ms : to.wall_end_ms;
  return range;
}

bool IsInterval(std::string_view text) {
  return text.size() > 2 && (text.front() == '[' || text.front() == '(') &&
         (text.back() == ']' || text.back() == ')');
}

struct RelativeUnit {
  std::string_view name;
  Unit unit;
};
constexpr std::array<RelativeUnit, 6> kRelativeUnits{{{"Week", Unit::kIsoWeek},
                                                      {"IsoWeek", Unit::kIsoWeek},
                                                      {"LocalWeek", Unit::kLocalWeek},
                                                      {"Month", Unit::kMonth},
                                                      {"Quarter", Unit::kQuarter},
                                                      {"Year", Unit::kYear}}};

struct NamedRange {
  std::string_view name;
  int from_day, to_day;  // both inclusive, today is 0
};
constexpr std::array<NamedRange, 9> kDayRanges{{{"today", 0, 0},
                                                {"yesterday", -1, -1},
                                                {"tomorrow", 1, 1},
                                                {"last7Days", -6, 0},
                                                {"next7Days", 1, 7},
                                                {"last30Days", -29, 0},
                                                {"next30Days", 1, 30},
                                                {"last90Days", -89, 0},
                                                {"next90Days", 1, 90}}};

std::optional<Unit> CountedUnit(std::string_view name) {
  if (name == "day" || name == "days") return Unit::kDay;
  if (name == "week" || name == "weeks" || name == "isoWeek") return Unit::kIsoWeek;
  if (name == "month" || name == "months") return Unit::kMonth;
  if (name == "quarter" || name == "quarters") return Unit::kQuarter;
  if (name == "year" || name == "years") return Unit::kYear;
  return std::nullopt;
}

std::optional<std::int64_t> CountOf(const json::object& relative) {
  const json::value* number = Find(relative, "number");
  if (!number || number->is_null()) return 1;
  std::int64_t count = 0;
  if (number->is_int64()) {
    count = number->get_int64();
  } else if (number->is_string()) {
    for (char c : View(number->get_string())) {
      if (c < '0' || c > '9' || count > kMaxRelativeNumber) return std::nullopt;
      count = count * 10 + (c - '0');
    }
  } else {
    return std::nullopt;
  }
  if (count < 1 || count > kMaxRelativeNumber) return std::nullopt;
  return count;
}

// past n / next n: the n whole units beside the current one.
Result<DateRange> ParseCounted(const json::object& relative, bool past, std::int64_t now_wall,
                               const TimeZone& zone) {
  std::string_view unit_name = FindString(relative, "unit", "day");
  auto unit = CountedUnit(unit_name);
  if (!unit)
    return Fail(InvalidArgument("INVALID_DATE", fmt::format("Unsupported unit: {}", unit_name),
                                "Units are day, week, month, quarter and year"));
  auto count = CountOf(relative);
  if (!count) return Fail(InvalidDate(ToJson(relative)));
  std::int64_t start = StartOf(now_wall, *unit);
  int step = static_cast<int>(*count);
  std::int64_t from = past ? Step(start, *unit, -step) : Step(start, *unit, 1);
  std::int64_t to = past ? start : Step(start, *unit, 1 + step);
  constexpr std::int64_t kYear1 = -62'135'596'800'000, kYear9999 = 253'370'764'800'000;
  if (from < kYear1 || to > kYear9999) return Fail(InvalidDate(ToJson(relative)));
  return RangeIn(zone, from, to);
}

Result<DateRange> ParseRelative(const json::object& relative, const DateContext& context) {
  std::string_view type = FindString(relative, "type");
  std::int64_t now_wall = FromCivil(context.zone.ToLocal(context.now_ms));
  if (type == "past" || type == "next") {
    return ParseCounted(relative, type == "past", now_wall, context.zone);
  }
  if (type == "exact") {
    const json::value* value = Find(relative, "value");
    if (value && !value->is_object()) return ParseDateRange(*value, context);
  }
  for (const NamedRange& named : kDayRanges) {
    if (named.name != type) continue;
    std::int64_t today = StartOf(now_wall, Unit::kDay);
    return RangeIn(context.zone, today + named.from_day * kDayMs,
                   today + (named.to_day + 1) * kDayMs);
  }
  for (auto [word, step] : {std::pair{"this", 0}, std::pair{"last", -1}, std::pair{"next", 1}}) {
    if (!type.starts_with(word)) continue;
    for (const RelativeUnit& unit : kRelativeUnits) {
      if (type.substr(4) != unit.name) continue;
      std::int64_t start = Step(StartOf(now_wall, unit.unit), unit.unit, step);
      return RangeIn(context.zone, start, Step(start, unit.unit, 1));
    }
  }
  return Fail(InvalidArgument(
      "INVALID_DATE",
      fmt::format("Unsupported type: {}", type.empty() ? ToJson(relative) : std::string(type)),
      "Types are today, yesterday, tomorrow, this/last/next with Week, Month, Quarter or "
      "Year, past and next"));
}

Result<DateRange> ParsePair(const json::array& pair, const DateContext& context) {
  if (pair.size() < 2 || pair.size() > 4) return Fail(InvalidDate(ToJson(pair)));
  DateContext inner = context;
  if (pair.size() == 4 && !pair[3].is_null()) {
    auto zone = pair[3].is_string() ? TimeZone::Parse(View(pair[3].get_string())) : std::nullopt;
    if (!zone) return Fail(InvalidDate(ToJson(pair)));
    inner.zone = *zone;
  }
  char open = '[', close = ']';
  if (pair.size() >= 3 && !pair[2].is_null()) {
    std::string_view brackets =
        pair[2].is_string() ? View(pair[2].get_string()) : std::string_view();
    if (brackets.size() != 2 || (brackets[0] != '[' && brackets[0] != '(') ||
        (brackets[1] != ']' && brackets[1] != ')')) {
      return Fail(InvalidDate(ToJson(pair)));
    }
    open = brackets[0];
    close = brackets[1];
  }
  RK_TRY(from, ParseDateRange(pair[0], inner));
  RK_TRY(to, ParseDateRange(pair[1], inner));
  return JoinRanges(from, to, open, close);
}

}  // namespace

Result<DateRange> ParseDateText(std::string_view text, const DateContext& context) {
  std::string_view trimmed = Trim(text);
  if (!IsInterval(trimmed)) return ParseUnit(text, context);
  std::string_view inside = trimmed.substr(1, trimmed.size() - 2);
  std::size_t comma = inside.find(',');
  if (comma == std::string_view::npos) return Fail(InvalidDate(text));
  RK_TRY(from, ParseUnit(inside.substr(0, comma), context));
  RK_TRY(to, ParseUnit(inside.substr(comma + 1), context));
  return JoinRanges(from, to, trimmed.front(), trimmed.back());
}

Result<DateRange> ParseDateRange(const json::value& value, const DateContext& context) {
  switch (value.kind()) {
    case json::kind::string:
      return ParseDateText(View(value.get_string()), context);
    case json::kind::int64:
      return ParseDateText(fmt::format("{}", value.get_int64()), context);
    case json::kind::object:
      return ParseRelative(value.get_object(), context);
    case json::kind::array:
      return ParsePair(value.get_array(), context);
    default:
      return Fail(InvalidDate(ToJson(value)));
  }
}

}  // namespace renkei::query
