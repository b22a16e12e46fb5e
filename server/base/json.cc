#include "base/json.h"

#include <emmintrin.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/text.h"

namespace renkei {
namespace {

// What the reader of the message can look for: the name of the fault, not the parser's own word.
std::string DescribeFault(json::error fault, std::string_view text, std::size_t at) {
  switch (fault) {
    case json::error::incomplete:
      return "the text ends too early";
    case json::error::extra_data:
      return "there is text after the end of the document";
    case json::error::too_deep:
      return fmt::format("values are nested deeper than {} levels", kMaxJsonDepth);
    case json::error::exponent_overflow:
      return "a number is too large";
    case json::error::expected_hex_digit:
      return "an escape \\u needs four hexadecimal digits";
    case json::error::illegal_leading_surrogate:
    case json::error::illegal_trailing_surrogate:
    case json::error::expected_utf16_escape:
      return "this is half of a surrogate pair";
    default:
      break;
  }
  if (at >= text.size()) return "the text ends too early";
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte >= 0x80 && !IsValidUtf8(text)) return "the text is not valid UTF-8";
  if (byte < 0x20 || byte >= 0x7f) return fmt::format("unexpected character 0x{:02x}", byte);
  return fmt::format("unexpected character '{}'", text[at]);
}

Error JsonError(json::error fault, std::string_view text, std::size_t at) {
  at = std::min(at, text.size());
  std::size_t line = 1;
  std::size_t line_start = 0;
  for (std::size_t i = 0; i < at; ++i) {
    if (text[i] == '\n') {
      ++line;
      line_start = i + 1;
    }
  }
  // Columns count characters, as editors do; continuation bytes are no characters.
  std::size_t column = 1;
  for (std::size_t i = line_start; i < at; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) ++column;
  }
  return InvalidArgument("INVALID_JSON",
                         fmt::format("Invalid JSON at line {}, column {}: {}", line, column,
                                     DescribeFault(fault, text, at)),
                         "Check the document with a JSON validator");
}

// Builds the document from the parser's events. json::parser would do the same, but its doubles are
// off by some units in the last place; a number must come back as it was sent.
class DocumentBuilder {
 public:
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();
  using Fault = json::error_code;
  using Text = json::string_view;

  DocumentBuilder(json::storage_ptr storage, unsigned char* buffer, std::size_t size)
      : stack_({}, buffer, size) {
    stack_.reset(std::move(storage));
  }
  json::value Release() { return stack_.release(); }

  bool on_document_begin(Fault&) { return true; }
  bool on_document_end(Fault&) { return true; }
  bool on_object_begin(Fault&) { return true; }
  bool on_object_end(std::size_t count, Fault&) { return stack_.push_object(count), true; }
  bool on_array_begin(Fault&) { return true; }
  bool on_array_end(std::size_t count, Fault&) { return stack_.push_array(count), true; }
  bool on_key_part(Text text, std::size_t, Fault&) { return stack_.push_chars(text), true; }
  bool on_key(Text text, std::size_t, Fault&) { return stack_.push_key(text), true; }
  bool on_string_part(Text text, std::size_t, Fault&) { return stack_.push_chars(text), true; }
  bool on_string(Text text, std::size_t, Fault&) { return stack_.push_string(text), true; }
  bool on_number_part(Text text, Fault&) { return number_.append(text.data(), text.size()), true; }
  bool on_int64(std::int64_t value, Text, Fault&) { return stack_.push_int64(value), EndNumber(); }
  bool on_uint64(std::uint64_t value, Text, Fault&) {
    return stack_.push_uint64(value), EndNumber();
  }
  bool on_double(double value, Text text, Fault& fault) {
    number_.append(text.data(), text.size());
    double exact = value;
    const char* end = number_.data() + number_.size();
    const auto read = std::from_chars(number_.data(), end, exact);
    if (read.ec == std::errc() && read.ptr == end) value = exact;
    if (!std::isfinite(value)) {
      fault = json::error::exponent_overflow;
      return false;
    }
    stack_.push_double(value);
    return EndNumber();
  }
  bool on_bool(bool value, Fault&) { return stack_.push_bool(value), true; }
  bool on_null(Fault&) { return stack_.push_null(), true; }
  bool on_comment_part(Text, Fault&) { return true; }
  bool on_comment(Text, Fault&) { return true; }

 private:
  bool EndNumber() {
    number_.clear();
    return true;
  }
  json::value_stack stack_;
  std::string number_;
};

// Characters of a string that cannot stand as they are: quote, backslash, below U+0020.
inline bool NeedsEscape(unsigned char c) { return c < 0x20 || c == '"' || c == '\\'; }

// Index of the first byte at or after `at` that needs an escape, or size.
std::size_t FindEscape(const char* data, std::size_t at, std::size_t size) {
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i last_control = _mm_set1_epi8(0x1f);
  for (; at + 16 <= size; at += 16) {
    const __m128i chunk = _mm_loadu_si128(reinterpret_cast<const __m128i*>(data + at));
    // min(x, 0x1f) == x tells x <= 0x1f for unsigned bytes.
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(chunk, last_control), chunk);
    const __m128i hit = _mm_or_si128(
        control, _mm_or_si128(_mm_cmpeq_epi8(chunk, quote), _mm_cmpeq_epi8(chunk, backslash)));
    const int mask = _mm_movemask_epi8(hit);
    if (mask != 0) return at + static_cast<std::size_t>(__builtin_ctz(static_cast<unsigned>(mask)));
  }
  while (at < size && !NeedsEscape(static_cast<unsigned char>(data[at]))) ++at;
  return at;
}

void AppendEscape(std::string& out, unsigned char c) {
  static constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out.append("\\\"", 2);
      return;
    case '\\':
      out.append("\\\\", 2);
      return;
    case '\b':
      out.append("\\b", 2);
      return;
    case '\f':
      out.append("\\f", 2);
      return;
    case '\n':
      out.append("\\n", 2);
      return;
    case '\r':
      out.append("\\r", 2);
      return;
    case '\t':
      out.append("\\t", 2);
      return;
    default: {
      const char escape[6] = {'\\', 'u', '0', '0', kHex[c >> 4], kHex[c & 15]};
      out.append(escape, 6);
    }
  }
}

// Lays out `digits` (no point) with the point after `point` digits, as ECMAScript's
// Number::toString does.
void AppendDigits(std::string& out, std::string_view digits, int point) {
  const int count = static_cast<int>(digits.size());
  if (count <= point && point <= 21) {
    out.append(digits);
    out.append(static_cast<std::size_t>(point - count), '0');
  } else if (0 < point && point <= 21) {
    out.append(digits.substr(0, static_cast<std::size_t>(point)));
    out.push_back('.');
    out.append(digits.substr(static_cast<std::size_t>(point)));
  } else if (-6 < point && point <= 0) {
    out.append("0.");
    out.append(static_cast<std::size_t>(-point), '0');
    out.append(digits);
  } else {
    out.push_back(digits[0]);
    if (count > 1) {
      out.push_back('.');
      out.append(digits.substr(1));
    }
    const int exponent = point - 1;
    out.append(exponent < 0 ? "e-" : "e+");
    const fmt::format_int text(exponent < 0 ? -exponent : exponent);
    out.append(text.data(), text.size());
  }
}

}  // namespace

Result<json::value> ParseJson(std::string_view text, json::storage_ptr storage) {
  json::parse_options options;
  options.max_depth = kMaxJsonDepth;
  std::array<unsigned char, 4096> buffer;
  json::basic_parser<DocumentBuilder> parser(options, std::move(storage), buffer.data(),
                                             buffer.size());
  json::error_code fault;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), fault);
  if (!fault && used < text.size()) fault = json::error::extra_data;
  if (fault) return Fail(JsonError(static_cast<json::error>(fault.value()), text, used));
  return parser.handler().Release();
}

void AppendJsonString(std::string& out, std::string_view text) {
  const char* data = text.data();
  const std::size_t size = text.size();
  out.push_back('"');
  std::size_t start = 0;
  while (true) {
    const std::size_t stop = FindEscape(data, start, size);
    out.append(data + start, stop - start);
    if (stop == size) break;
    AppendEscape(out, static_cast<unsigned char>(data[stop]));
    start = stop + 1;
  }
  out.push_back('"');
}

void AppendJsonInt(std::string& out, std::int64_t value) {
  const fmt::format_int text(value);
  out.append(text.data(), text.size());
}

void AppendJsonDouble(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out.append("null");
    return;
  }
  constexpr double kExactIntegers = 9007199254740992.0;  // 2^53
  if (std::fabs(value) < kExactIntegers && value == std::trunc(value)) {
    AppendJsonInt(out, static_cast<std::int64_t>(value));  // -0 becomes 0, as in JavaScript
    return;
  }
  // "d.ddddde±xx": the shortest digits; their layout is ours.
  std::array<char, 40> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::scientific);
  std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  if (text.front() == '-') {
    out.push_back('-');
    text.remove_prefix(1);
  }
  const std::size_t e = text.find('e');
  int exponent = 0;
  const char* exponent_text = text.data() + e + (text[e + 1] == '+' ? 2 : 1);
  std::from_chars(exponent_text, text.data() + text.size(), exponent);
  std::array<char, 24> digits;
  std::size_t count = 0;
  for (const char c : text.substr(0, e)) {
    if (c != '.') digits[count++] = c;
  }
  AppendDigits(out, {digits.data(), count}, exponent + 1);
}

void AppendJson(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      out.append("null");
      return;
    case json::kind::bool_:
      out.append(value.get_bool() ? "true" : "false");
      return;
    case json::kind::int64:
      AppendJsonInt(out, value.get_int64());
      return;
    case json::kind::uint64: {
      const fmt::format_int text(value.get_uint64());
      out.append(text.data(), text.size());
      return;
    }
    case json::kind::double_:
      AppendJsonDouble(out, value.get_double());
      return;
    case json::kind::string:
      AppendJsonString(out, View(value.get_string()));
      return;
    case json::kind::array: {
      char separator = '[';
      for (const json::value& element : value.get_array()) {
        out.push_back(separator);
        separator = ',';
        AppendJson(out, element);
      }
      if (separator == '[') out.push_back('[');
      out.push_back(']');
      return;
    }
    case json::kind::object:
      AppendJson(out, value.get_object());
      return;
  }
}

void AppendJson(std::string& out, const json::object& object) {
  char separator = '{';
  for (const auto& [name, member] : object) {
    out.push_back(separator);
    separator = ',';
    AppendJsonString(out, {name.data(), name.size()});
    out.push_back(':');
    AppendJson(out, member);
  }
  if (separator == '{') out.push_back('{');
  out.push_back('}');
}

std::string ToJson(const json::value& value) {
  std::string out;
  AppendJson(out, value);
  return out;
}

const json::value* Find(const json::value& object, std::string_view name) {
  return object.is_object() ? Find(object.get_object(), name) : nullptr;
}

const json::value* Find(const json::object& object, std::string_view name) {
  return object.if_contains(json::string_view(name.data(), name.size()));
}

std::string_view FindString(const json::object& object, std::string_view name,
                            std::string_view fallback) {
  const json::value* member = Find(object, name);
  return member != nullptr && member->is_string() ? View(member->get_string()) : fallback;
}

bool FindBool(const json::object& object, std::string_view name, bool fallback) {
  const json::value* member = Find(object, name);
  return member != nullptr && member->is_bool() ? member->get_bool() : fallback;
}

std::int64_t FindInt(const json::object& object, std::string_view name, std::int64_t fallback) {
  const json::value* member = Find(object, name);
  if (member == nullptr) return fallback;
  if (member->is_int64()) return member->get_int64();
  if (member->is_uint64()) return fallback;  // beyond the range of int64
  if (!member->is_double()) return fallback;
  const double value = member->get_double();
  const bool whole = value == std::trunc(value) && std::fabs(value) < 9.2e18;
  return whole ? static_cast<std::int64_t>(value) : fallback;
}

}  // namespace renkei
