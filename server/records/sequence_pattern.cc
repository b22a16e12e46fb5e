#include "records/sequence_pattern.h"

#include <fmt/format.h>

#include <charconv>

#include "base/id.h"
#include "records/cron_schedule.h"

namespace renkei::records {
namespace {

constexpr std::string_view kMonthNames[] = {"January",   "February", "March",    "April",
                                            "May",       "June",     "July",     "August",
                                            "September", "October",  "November", "December"};
constexpr std::string_view kDayNames[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                          "Thursday", "Friday", "Saturday"};

Error InvalidPattern(std::string_view what) {
  return InvalidArgument("INVALID_FIELD_OPTIONS", "patterns: " + std::string(what),
                         "A pattern is {type: string|integer|date|randomChar, options: {…}}",
                         "patterns");
}

std::string Alphabet(const json::object& options) {
  std::string out;
  const json::value* sets = Find(options, "charsets");
  if (sets != nullptr && sets->is_array()) {
    for (const json::value& set : sets->get_array()) {
      if (!set.is_string()) continue;
      const std::string_view name = View(set.get_string());
      if (name == "number") out += "0123456789";
      if (name == "lowercase") out += "abcdefghijklmnopqrstuvwxyz";
      if (name == "uppercase") out += "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
      if (name == "symbol") out += "!@#$%^&*_-+";
    }
  }
  return out.empty() ? "0123456789" : out;
}

Result<SequencePart> ParsePart(const json::object& pattern, std::size_t index) {
  static const json::object kNone;
  const json::value* given = Find(pattern, "options");
  const json::object& options =
      given != nullptr && given->is_object() ? given->get_object() : kNone;
  const std::string_view type = FindString(pattern, "type");
  SequencePart part;
  if (type == "string") {
    part.kind = SequencePart::Kind::kString;
    part.value = FindString(options, "value");
  } else if (type == "integer") {
    part.kind = SequencePart::Kind::kInteger;
    part.digits = static_cast<int>(FindInt(options, "digits", 1));
    part.start = FindInt(options, "start", 0);
    part.base = static_cast<int>(FindInt(options, "base", 10));
    part.cycle = FindString(options, "cycle");
    const json::value* key = Find(options, "key");
    part.key = key == nullptr || key->is_null() ? std::to_string(index)
               : key->is_string()               ? std::string(View(key->get_string()))
                                                : ToJson(*key);
    if (part.digits < 1 || part.digits > kMaxSequenceDigits)
      return Fail(InvalidPattern("digits must be 1 to 18"));
    if (part.base < 2 || part.base > 36) return Fail(InvalidPattern("base must be 2 to 36"));
    if (part.start < 0) return Fail(InvalidPattern("start must not be negative"));
  } else if (type == "date") {
    part.kind = SequencePart::Kind::kDate;
    part.value = FindString(options, "format", "YYYYMMDD");
    part.field = FindString(options, "field");
  } else if (type == "randomChar") {
    part.kind = SequencePart::Kind::kRandomChar;
    part.digits = static_cast<int>(FindInt(options, "length", 6));
    part.alphabet = Alphabet(options);
    if (part.digits < 1 || part.digits > kMaxRandomCharacters)
      return Fail(InvalidPattern("length must be 1 to 64"));
  } else {
    return Fail(InvalidPattern("unknown type " + std::string(type)));
  }
  return part;
}

std::int64_t Largest(const SequencePart& part) {
  std::int64_t limit = 1;
  for (int i = 0; i < part.digits; ++i) {
    if (limit > (std::int64_t{1} << 58) / part.base) return std::int64_t{1} << 58;
    limit *= part.base;
  }
  return limit - 1;
}

int Weekday(const CivilTime& civil) {
  CivilTime day = civil;
  day.hour = day.minute = day.second = day.millisecond = 0;
  const std::int64_t days = FromCivil(day) / 86'400'000;
  return static_cast<int>(((days % 7) + 11) % 7);
}

struct Token {
  std::string_view text;
  std::string (*write)(const CivilTime&);
};
int Hour12(const CivilTime& t) { return t.hour % 12 == 0 ? 12 : t.hour % 12; }
// Longer tokens first.
constexpr Token kTokens[] = {
    {"YYYY", [](const CivilTime& t) { return fmt::format("{:04}", t.year); }},
    {"YY", [](const CivilTime& t) { return fmt::format("{:02}", t.year % 100); }},
    {"MMMM", [](const CivilTime& t) { return std::string(kMonthNames[t.month - 1]); }},
    {"MMM", [](const CivilTime& t) { return std::string(kMonthNames[t.month - 1].substr(0, 3)); }},
    {"MM", [](const CivilTime& t) { return fmt::format("{:02}", t.month); }},
    {"M", [](const CivilTime& t) { return fmt::format("{}", t.month); }},
    {"DD", [](const CivilTime& t) { return fmt::format("{:02}", t.day); }},
    {"D", [](const CivilTime& t) { return fmt::format("{}", t.day); }},
    {"dddd", [](const CivilTime& t) { return std::string(kDayNames[Weekday(t)]); }},
    {"ddd", [](const CivilTime& t) { return std::string(kDayNames[Weekday(t)].substr(0, 3)); }},
    {"HH", [](const CivilTime& t) { return fmt::format("{:02}", t.hour); }},
    {"H", [](const CivilTime& t) { return fmt::format("{}", t.hour); }},
    {"hh", [](const CivilTime& t) { return fmt::format("{:02}", Hour12(t)); }},
    {"h", [](const CivilTime& t) { return fmt::format("{}", Hour12(t)); }},
    {"mm", [](const CivilTime& t) { return fmt::format("{:02}", t.minute); }},
    {"m", [](const CivilTime& t) { return fmt::format("{}", t.minute); }},
    {"ss", [](const CivilTime& t) { return fmt::format("{:02}", t.second); }},
    {"s", [](const CivilTime& t) { return fmt::format("{}", t.second); }},
    {"SSS", [](const CivilTime& t) { return fmt::format("{:03}", t.millisecond); }},
    {"A", [](const CivilTime& t) { return std::string(t.hour < 12 ? "AM" : "PM"); }},
    {"a", [](const CivilTime& t) { return std::string(t.hour < 12 ? "am" : "pm"); }},
    {"Q", [](const CivilTime& t) { return fmt::format("{}", (t.month + 2) / 3); }},
};

}  // namespace

Result<std::vector<SequencePart>> ParseSequencePatterns(const json::object& field_options) {
  std::vector<SequencePart> parts;
  const json::value* patterns = Find(field_options, "patterns");
  if (patterns == nullptr || patterns->is_null()) return parts;
  if (!patterns->is_array()) return Fail(InvalidPattern("must be an array"));
  std::size_t index = 0;
  for (const json::value& pattern : patterns->get_array()) {
    if (!pattern.is_object()) return Fail(InvalidPattern("each must be an object"));
    RK_TRY(part, ParsePart(pattern.get_object(), index++));
    parts.push_back(std::move(part));
  }
  return parts;
}

std::int64_t NextNumber(const SequencePart& part, std::optional<std::int64_t> current) {
  if (!current) return part.start;
  const std::int64_t next = *current + 1;
  return next > Largest(part) || next < part.start ? part.start : next;
}

bool CycleEnded(const SequencePart& part, std::int64_t last_ms, std::int64_t now_ms,
                const TimeZone& zone) {
  if (part.cycle.empty()) return false;
  const auto schedule = CronSchedule::Parse(part.cycle);
  if (!schedule) return false;
  const auto next = schedule->Next(last_ms, zone);
  return next && *next <= now_ms;
}

std::string FormatNumber(const SequencePart& part, std::int64_t number) {
  char digits[72];
  const auto [end, fault] = std::to_chars(digits, digits + sizeof digits, number, part.base);
  std::string text(digits, end);
  if (text.size() < static_cast<std::size_t>(part.digits))
    text.insert(0, part.digits - text.size(), '0');
  return text;
}

std::string FormatRandom(const SequencePart& part) {
  return RandomNanoid(static_cast<std::size_t>(part.digits), part.alphabet);
}

std::string FormatMoment(std::string_view format, std::int64_t unix_ms, const TimeZone& zone) {
  const CivilTime local = zone.ToLocal(unix_ms);
  std::string out;
  while (!format.empty()) {
    if (format.front() == '[') {
      const std::size_t end = format.find(']');
      if (end != std::string_view::npos) {
        out += format.substr(1, end - 1);
        format.remove_prefix(end + 1);
        continue;
      }
    }
    const Token* match = nullptr;
    for (const Token& token : kTokens) {
      if (format.starts_with(token.text)) {
        match = &token;
        break;
      }
    }
    if (match == nullptr) {
      out += format.front();
      format.remove_prefix(1);
    } else {
      out += match->write(local);
      format.remove_prefix(match->text.size());
    }
  }
  return out;
}

std::optional<std::vector<std::int64_t>> MatchSequence(const std::vector<SequencePart>& parts,
                                                       std::string_view text) {
  std::vector<std::int64_t> numbers;
  for (const SequencePart& part : parts) {
    std::size_t size = 0;
    switch (part.kind) {
      case SequencePart::Kind::kString:
        if (!text.starts_with(part.value)) return std::nullopt;
        size = part.value.size();
        break;
      case SequencePart::Kind::kDate:
        size = FormatMoment(part.value, 0, TimeZone()).size();
        break;
      case SequencePart::Kind::kRandomChar:
        size = static_cast<std::size_t>(part.digits);
        break;
      case SequencePart::Kind::kInteger: {
        size = static_cast<std::size_t>(part.digits);
        if (text.size() < size) return std::nullopt;
        std::int64_t number = 0;
        const auto [end, fault] =
            std::from_chars(text.data(), text.data() + size, number, part.base);
        if (fault != std::errc() || end != text.data() + size) return std::nullopt;
        numbers.push_back(number);
        break;
      }
    }
    if (text.size() < size) return std::nullopt;
    text.remove_prefix(size);
  }
  if (!text.empty()) return std::nullopt;
  return numbers;
}

}  // namespace renkei::records
