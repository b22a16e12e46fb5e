// The log writer: an Observer that turns observations into JSON lines on standard error, one object
// a line with time, level, event, trace id, duration and safe fields (style.md 2.10). Never request
// bodies, query strings or secrets.
//
// Thread-safe without a lock: each line is one write(2). A log that cannot be written is dropped;
// it must not stop the server.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/observe.h"

namespace renkei {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

std::string_view LogLevelName(LogLevel level);  // "debug", "info", "warning", "error"
std::optional<LogLevel> ParseLogLevel(std::string_view text);  // also "warn"

struct LogOptions {
  LogLevel level = LogLevel::kInfo;
  int file = 2;  // descriptor
  std::chrono::milliseconds slow_request{
      1000};  // served slower: a warning; else requests are debug lines
  std::chrono::milliseconds slow_query{500};
};

// The line of one observation with its end of line, or "" when it is below the level. `now_ms` is
// the wall clock.
std::string LogLine(const LogOptions& options, const Observation& observation, std::int64_t now_ms);

Observer LogWriter(LogOptions options);

}  // namespace renkei
