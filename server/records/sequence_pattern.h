// The text of a sequence field (rest-api.md 8.4): its patterns in order. Pure; the counters live in
// sequence_counter.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"

namespace renkei::records {

inline constexpr int kMaxSequenceDigits = 18;
inline constexpr int kMaxRandomCharacters = 64;

struct SequencePart {
  enum class Kind { kString, kInteger, kDate, kRandomChar };
  Kind kind = Kind::kString;
  std::string value;       // kString: the text; kDate: the format
  std::string field;       // kDate: the field whose time is written; empty: now
  int digits = 1;          // kInteger: padded to; kRandomChar: length
  std::int64_t start = 1;  // kInteger
  int base = 10;           // kInteger: 2 … 36
  std::string cycle;       // kInteger: cron expression of the reset
  std::string key;         // kInteger: tells the counters of one field apart
  std::string alphabet;    // kRandomChar
};

// Errors: 400 INVALID_FIELD_OPTIONS naming the pattern.
Result<std::vector<SequencePart>> ParseSequencePatterns(const json::object& field_options);

// The number after `current` (none yet: the start). Past the largest number of that many digits it
// starts again.
std::int64_t NextNumber(const SequencePart& part, std::optional<std::int64_t> current);
// Has the counter to start again, when it last moved at `last_ms`?
bool CycleEnded(const SequencePart& part, std::int64_t last_ms, std::int64_t now_ms,
                const TimeZone& zone);

std::string FormatNumber(const SequencePart& part, std::int64_t number);
std::string FormatRandom(const SequencePart& part);
// Tokens of moment.js: YYYY YY MMMM MMM MM M DD D dddd ddd HH H hh h mm m ss s SSS A a Q, [text],
// everything else as it is.
std::string FormatMoment(std::string_view format, std::int64_t unix_ms, const TimeZone& zone);

// Does a client's text have the shape of the patterns? Gives the numbers of its integer parts.
std::optional<std::vector<std::int64_t>> MatchSequence(const std::vector<SequencePart>& parts,
                                                       std::string_view text);

}  // namespace renkei::records
