#include "base/clock_zone.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <sstream>
#include <string>

#include "base/clock.h"

namespace renkei {
namespace {

constexpr std::string_view kZoneFolder = "/usr/share/zoneinfo/";
constexpr std::size_t kLongestZoneName = 64;
constexpr std::size_t kLargestZoneFile = 256 * 1024;

// Reads big-endian numbers and single bytes; past the end everything is 0 and `failed` is set.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  std::string_view Take(std::size_t size) {
    if (size > bytes_.size()) {
      failed_ = true;
      return {};
    }
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  std::int64_t Number(std::size_t size) {
    const std::string_view taken = Take(size);
    if (taken.empty()) return 0;
    std::uint64_t value = (static_cast<unsigned char>(taken[0]) & 0x80) != 0 ? ~0ULL : 0;
    for (const char c : taken) value = value << 8 | static_cast<unsigned char>(c);
    return static_cast<std::int64_t>(value);
  }
  bool failed() const { return failed_; }
  std::string_view rest() const { return bytes_; }

 private:
  std::string_view bytes_;
  bool failed_ = false;
};

struct TzifHeader {
  char version = 0;
  std::size_t utc_flags = 0, standard_flags = 0, leaps = 0, times = 0, types = 0, letters = 0;
  std::size_t DataSize(std::size_t time_size) const {
    return times * (time_size + 1) + types * 6 + letters + leaps * (time_size + 4) +
           standard_flags + utc_flags;
  }
};

std::optional<TzifHeader> ReadHeader(Reader& reader) {
  if (reader.Take(4) != "TZif") return std::nullopt;
  TzifHeader header;
  const std::string_view version = reader.Take(1);
  header.version = version.empty() ? '\0' : version[0];
  reader.Take(15);
  for (std::size_t* count : {&header.utc_flags, &header.standard_flags, &header.leaps,
                             &header.times, &header.types, &header.letters}) {
    const std::int64_t value = reader.Number(4);
    if (value < 0 || value > static_cast<std::int64_t>(kLargestZoneFile)) return std::nullopt;
    *count = static_cast<std::size_t>(value);
  }
  if (reader.failed() || header.types == 0) return std::nullopt;
  return header;
}

// ---- the POSIX TZ text: std offset [dst [offset] , start [/time] , end [/time]]

bool TakeNumber(std::string_view& text, int& value) {
  std::size_t digits = 0;
  value = 0;
  while (digits < text.size() && digits < 4 && text[digits] >= '0' && text[digits] <= '9') {
    value = value * 10 + (text[digits++] - '0');
  }
  text.remove_prefix(digits);
  return digits > 0;
}

bool TakeChar(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool TakeZoneLetters(std::string_view& text) {
  std::size_t size = 0;
  if (TakeChar(text, '<')) {
    size = text.find('>');
    if (size == std::string_view::npos) return false;
    text.remove_prefix(size + 1);
    return true;
  }
  while (size < text.size() && ((text[size] | 32) >= 'a' && (text[size] | 32) <= 'z')) ++size;
  text.remove_prefix(size);
  return size >= 3;
}

// [+-]hh[:mm[:ss]] in seconds.
bool TakeTime(std::string_view& text, int& seconds) {
  const bool negative = TakeChar(text, '-');
  if (!negative) TakeChar(text, '+');
  int hours = 0;
  int minutes = 0;
  int rest = 0;
  if (!TakeNumber(text, hours)) return false;
  if (TakeChar(text, ':') && !TakeNumber(text, minutes)) return false;
  if (TakeChar(text, ':') && !TakeNumber(text, rest)) return false;
  seconds = hours * 3600 + minutes * 60 + rest;
  if (negative) seconds = -seconds;
  return true;
}

bool TakeSwitch(std::string_view& text, ZoneSwitch& out) {
  if (!TakeChar(text, ',')) return false;
  if (TakeChar(text, 'M')) {
    out.kind = ZoneSwitch::Kind::kMonthWeekDay;
    if (!TakeNumber(text, out.month) || !TakeChar(text, '.') || !TakeNumber(text, out.week) ||
        !TakeChar(text, '.') || !TakeNumber(text, out.weekday)) {
      return false;
    }
    if (out.month < 1 || out.month > 12 || out.week < 1 || out.week > 5 || out.weekday > 6)
      return false;
  } else {
    out.kind = TakeChar(text, 'J') ? ZoneSwitch::Kind::kJulianNoLeap : ZoneSwitch::Kind::kDayOfYear;
    if (!TakeNumber(text, out.day) || out.day > 366) return false;
  }
  return !TakeChar(text, '/') || TakeTime(text, out.seconds);
}

std::int64_t DayNumber(int year, int month, int day) {
  return FromCivil({year, month, day, 0, 0, 0, 0}) / 86'400'000;
}

// Local wall-clock seconds (counted as if they were UTC) of a switch in `year`.
std::int64_t SwitchTime(const ZoneSwitch& when, int year) {
  const bool leap = DaysInMonth(year, 2) == 29;
  std::int64_t day = DayNumber(year, 1, 1);
  if (when.kind == ZoneSwitch::Kind::kMonthWeekDay) {
    day = DayNumber(year, when.month, 1);
    const int first_weekday = static_cast<int>((day % 7 + 11) % 7);  // 1970-01-01 was a Thursday
    int offset = (when.weekday - first_weekday + 7) % 7 + (when.week - 1) * 7;
    while (offset >= DaysInMonth(year, when.month)) offset -= 7;
    day += offset;
  } else if (when.kind == ZoneSwitch::Kind::kJulianNoLeap) {
    day += when.day - 1 + (leap && when.day >= 60 ? 1 : 0);
  } else {
    day += when.day;
  }
  return day * 86'400 + when.seconds;
}

int TailOffset(const ZoneRules& rules, std::int64_t unix_seconds) {
  if (!rules.has_daylight) return rules.standard_offset;
  const int year = ToCivil((unix_seconds + rules.standard_offset) * 1000).year;
  const std::int64_t begins = SwitchTime(rules.daylight_begins, year) - rules.standard_offset;
  const std::int64_t ends = SwitchTime(rules.daylight_ends, year) - rules.daylight_offset;
  const bool daylight = begins < ends ? unix_seconds >= begins && unix_seconds < ends
                                      : unix_seconds >= begins || unix_seconds < ends;
  return daylight ? rules.daylight_offset : rules.standard_offset;
}

bool IsZoneName(std::string_view name) {
  if (name.empty() || name.size() > kLongestZoneName || name.front() == '/' || name.front() == '.')
    return false;
  if (name.find("..") != std::string_view::npos || name.find("//") != std::string_view::npos)
    return false;
  // Copies of the database with leap seconds are no zones anybody means.
  if (name.substr(0, 6) == "right/" || name.substr(0, 6) == "posix/") return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '-' || c == '+';
  });
}

std::unique_ptr<const ZoneRules> LoadZone(std::string_view name) {
  std::ifstream file(std::string(kZoneFolder).append(name), std::ios::binary);
  if (!file) return nullptr;
  std::string bytes(kLargestZoneFile, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  std::optional<ZoneRules> rules = ParseTzif(bytes);
  if (!rules) return nullptr;
  return std::make_unique<const ZoneRules>(*std::move(rules));
}

}  // namespace

int ZoneRules::OffsetAt(std::int64_t unix_seconds) const {
  const auto after =
      std::upper_bound(changes.begin(), changes.end(), unix_seconds,
                       [](std::int64_t at, const Change& change) { return at < change.at; });
  if (after == changes.end() && has_tail) return TailOffset(*this, unix_seconds);
  return after == changes.begin() ? first_offset : std::prev(after)->offset;
}

bool ParsePosixZone(std::string_view text, ZoneRules& rules) {
  int offset = 0;
  if (!TakeZoneLetters(text) || !TakeTime(text, offset)) return false;
  rules.standard_offset = -offset;  // POSIX counts westward
  rules.has_daylight = !text.empty();
  rules.has_tail = true;
  if (!rules.has_daylight) return true;
  if (!TakeZoneLetters(text)) return false;
  rules.daylight_offset = rules.standard_offset + 3600;
  if (!text.empty() && text.front() != ',') {
    if (!TakeTime(text, offset)) return false;
    rules.daylight_offset = -offset;
  }
  return TakeSwitch(text, rules.daylight_begins) && TakeSwitch(text, rules.daylight_ends) &&
         text.empty();
}

std::optional<ZoneRules> ParseTzif(std::string_view bytes) {
  Reader reader(bytes);
  std::optional<TzifHeader> header = ReadHeader(reader);
  if (!header) return std::nullopt;
  std::size_t time_size = 4;
  if (header->version >= '2') {  // the second half has the same content with 64-bit times
    reader.Take(header->DataSize(4));
    header = ReadHeader(reader);
    if (!header) return std::nullopt;
    time_size = 8;
  }
  std::vector<std::int64_t> times(header->times);
  for (std::int64_t& time : times) time = reader.Number(time_size);
  const std::string_view indexes = reader.Take(header->times);
  std::vector<int> offsets(header->types);
  for (int& offset : offsets) {
    offset = static_cast<int>(reader.Number(4));
    reader.Take(2);
  }
  reader.Take(header->letters + header->leaps * (time_size + 4) + header->standard_flags +
              header->utc_flags);
  if (reader.failed()) return std::nullopt;

  ZoneRules rules;
  rules.first_offset = offsets[0];
  rules.changes.reserve(times.size());
  for (std::size_t i = 0; i < times.size(); ++i) {
    const auto type = static_cast<unsigned char>(indexes[i]);
    if (type >= offsets.size() || (i > 0 && times[i] <= times[i - 1])) return std::nullopt;
    rules.changes.push_back({times[i], offsets[type]});
  }
  std::string_view footer = reader.rest();
  if (time_size == 8 && TakeChar(footer, '\n')) {
    footer = footer.substr(0, footer.find('\n'));
    if (!footer.empty() && !ParsePosixZone(footer, rules)) return std::nullopt;
  }
  return rules;
}

const ZoneRules* FindZone(std::string_view name) {
  // A zone is a few kilobytes and there are some 600 names: what was read stays, and pointers to it
  // stay valid.
  static std::shared_mutex mutex;
  static auto* cache = new std::map<std::string, std::unique_ptr<const ZoneRules>, std::less<>>();
  if (!IsZoneName(name)) return nullptr;
  {
    const std::shared_lock lock(mutex);
    const auto found = cache->find(name);
    if (found != cache->end()) return found->second.get();
  }
  std::unique_ptr<const ZoneRules> rules = LoadZone(name);
  if (rules == nullptr) return nullptr;  // not kept: foreign names must not fill the memory
  const std::unique_lock lock(mutex);
  return cache->try_emplace(std::string(name), std::move(rules)).first->second.get();
}

}  // namespace renkei
