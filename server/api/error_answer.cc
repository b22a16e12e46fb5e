#include "api/error_answer.h"

#include "api/resource/identity_messages.h"
#include "base/json.h"
#include "base/observe.h"
#include "schema/messages.h"

namespace renkei::api {
namespace {

constexpr std::string_view kRetryAfterSeconds = "2";

// The person's language where there is a text in it, else English.
std::string InLanguage(const std::string& english, std::string_view locale) {
  if (english.empty() || locale.starts_with("en")) return english;
  for (const schema::MessageTable table : {schema::CommonMessages(), IdentityMessages()}) {
    if (auto text = schema::Translate(table, locale, english)) return *std::move(text);
  }
  return english;
}

void AppendEntry(std::string& out, const Error& error, std::string_view trace_id, std::string_view locale) {
  out += "{\"message\":";
  AppendJsonString(out, InLanguage(error.message, locale));
  out += ",\"code\":";
  AppendJsonString(out, error.code);
  if (!error.hint.empty()) {
    out += ",\"hint\":";
    AppendJsonString(out, InLanguage(error.hint, locale));
  }
  if (!error.field.empty()) {
    out += ",\"field\":";
    AppendJsonString(out, error.field);
  }
  out += ",\"traceId\":";
  AppendJsonString(out, trace_id);
  out += '}';
}

}  // namespace

void AnswerError(const Error& error, std::string_view trace_id, std::string_view locale, net::Answer& answer) {
  answer.status = HttpStatus(error.kind);
  answer.content_type = "application/json; charset=utf-8";
  answer.static_body = {};
  answer.body = "{\"errors\":[";
  AppendEntry(answer.body, error, trace_id, locale);
  for (const Error& other : error.also) {
    answer.body += ',';
    AppendEntry(answer.body, other, trace_id, locale);
  }
  answer.body += "]}";
  if (error.kind == ErrorKind::kUnavailable || error.kind == ErrorKind::kResourceExhausted) {
    if (answer.extra_headers.find("Retry-After") == std::string::npos) answer.AddHeader("Retry-After", kRetryAfterSeconds);
  }
  if (error.kind == ErrorKind::kInternal || !error.detail.empty()) {
    Emit(Fault{error.code, error.detail.empty() ? std::string_view(error.message) : std::string_view(error.detail), trace_id});
  }
}

void AnswerNotFound(net::Answer& answer) {
  answer.status = 404;
  answer.content_type = "text/plain; charset=utf-8";
  answer.static_body = {};
  answer.body = "Not Found";
}

}  // namespace renkei::api
