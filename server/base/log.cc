#include "base/log.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"

namespace renkei {
namespace {

constexpr std::size_t kLongestField = 4096;

// Builds one line; the members of every line come first.
class Line {
 public:
  Line(LogLevel level, std::string_view event, std::int64_t now_ms) {
    text_ = "{\"time\":\"";
    AppendIsoUtc(text_, now_ms);
    text_.append("\",\"level\":\"").append(LogLevelName(level)).append("\",\"event\":");
    AppendJsonString(text_, event);
  }
  Line& Text(std::string_view name, std::string_view value) {
    Name(name);
    if (value.size() > kLongestField) value = value.substr(0, kLongestField);
    AppendJsonString(text_, ReplaceInvalidUtf8(value));
    return *this;
  }
  Line& TextIfAny(std::string_view name, std::string_view value) {
    return value.empty() ? *this : Text(name, value);
  }
  Line& Number(std::string_view name, std::int64_t value) {
    Name(name);
    AppendJsonInt(text_, value);
    return *this;
  }
  Line& Duration(std::chrono::nanoseconds took) {
    Name("ms");
    fmt::format_to(std::back_inserter(text_), "{:.3f}", static_cast<double>(took.count()) / 1e6);
    return *this;
  }
  std::string Done() {
    text_.append("}\n");
    return std::move(text_);
  }

 private:
  void Name(std::string_view name) { text_.append(",\"").append(name).append("\":"); }
  std::string text_;
};

struct LineOf {
  const LogOptions& options;
  std::int64_t now_ms;

  bool Below(LogLevel level) const { return level < options.level; }

  std::string operator()(const RequestServed& request) const {
    const bool slow = request.took >= options.slow_request;
    const LogLevel level = request.status >= 500 ? LogLevel::kError
                           : slow                ? LogLevel::kWarning
                                                 : LogLevel::kDebug;
    if (Below(level)) return {};
    return Line(level, "request", now_ms)
        .TextIfAny("traceId", request.trace_id)
        .Text("method", request.method)
        .Text("path",
              request.path.substr(0, request.path.find('?')))  // query strings may hold secrets
        .Number("status", request.status)
        .Duration(request.took)
        .Done();
  }
  std::string operator()(const QueryRan& query) const {
    const LogLevel level =
        query.failed || query.took >= options.slow_query ? LogLevel::kWarning : LogLevel::kDebug;
    if (Below(level)) return {};
    Line line(level, query.failed ? "query failed" : "query", now_ms);
    return line.Text("name", query.name).Duration(query.took).Done();
  }
  std::string operator()(const CatalogReloaded& catalog) const {
    if (Below(LogLevel::kInfo)) return {};
    return Line(LogLevel::kInfo, "catalog reloaded", now_ms)
        .Number("collections", static_cast<std::int64_t>(catalog.collections))
        .Duration(catalog.took)
        .Done();
  }
  std::string operator()(const Fault& fault) const {
    return Line(LogLevel::kError, "fault", now_ms)
        .TextIfAny("traceId", fault.trace_id)
        .Text("where", fault.where)
        .Text("detail", fault.detail)
        .Done();
  }
  std::string operator()(const Note& note) const {
    if (Below(LogLevel::kInfo)) return {};
    return Line(LogLevel::kInfo, note.event, now_ms).TextIfAny("text", note.text).Done();
  }
  std::string operator()(const SignInTried& attempt) const {
    if (Below(LogLevel::kInfo)) return {};
    return Line(LogLevel::kInfo, "sign-in", now_ms)
        .Text("account", attempt.account)
        .Text("address", attempt.address)
        .Text("outcome", attempt.outcome)
        .Done();
  }
};

}  // namespace

std::string_view LogLevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

std::optional<LogLevel> ParseLogLevel(std::string_view text) {
  for (const LogLevel level :
       {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError}) {
    if (EqualsIgnoreCaseAscii(text, LogLevelName(level))) return level;
  }
  if (EqualsIgnoreCaseAscii(text, "warn")) return LogLevel::kWarning;
  return std::nullopt;
}

std::string LogLine(const LogOptions& options, const Observation& observation,
                    std::int64_t now_ms) {
  return std::visit(LineOf{options, now_ms}, observation);
}

Observer LogWriter(LogOptions options) {
  return [options](const Observation& observation) {
    const std::string line = LogLine(options, observation, NowMs());
    if (line.empty()) return;
    [[maybe_unused]] const ssize_t written = ::write(options.file, line.data(), line.size());
  };
}

}  // namespace renkei
