#include "schema/field/common.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"

namespace renkei::schema {
namespace {

constexpr std::int64_t kMaxSafeInteger = (std::int64_t{1} << 53) - 1;

bool IsStorable(const json::value& value, std::size_t depth) {
  if (depth > kMaxJsonDepth) return false;
  switch (value.kind()) {
    case json::kind::string:
      return IsStorableText(View(value.get_string()));
    case json::kind::array:
      for (const json::value& item : value.get_array()) {
        if (!IsStorable(item, depth + 1)) return false;
      }
      return true;
    case json::kind::object:
      for (const auto& member : value.get_object()) {
        if (!IsStorableText({member.key().data(), member.key().size()})) return false;
        if (!IsStorable(member.value(), depth + 1)) return false;
      }
      return true;
    default:
      return true;
  }
}

bool LooksLikeNumber(std::string_view text) {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  return !text.empty() && text.front() >= '0' && text.front() <= '9';
}

}  // namespace

tl::unexpected<Error> RefuseValue(const Field& field, std::string_view accepted) {
  const std::string& title = field.title.empty() ? field.name : field.title;
  return Fail(InvalidArgument("INVALID_VALUE", title + ": invalid value",
                              fmt::format("Accepted: {}", accepted), field.name));
}

tl::unexpected<Error> RefuseOption(std::string_view option, std::string message) {
  return Fail(InvalidArgument("INVALID_FIELD_OPTION", std::move(message), {}, std::string(option)));
}

std::optional<std::int64_t> ReadInteger(const json::value& input) {
  if (input.is_int64()) return input.get_int64();
  if (input.is_uint64()) {
    if (input.get_uint64() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return std::nullopt;
    }
    return static_cast<std::int64_t>(input.get_uint64());
  }
  if (input.is_double()) {
    const double value = input.get_double();
    if (!(std::abs(value) <= 9.2e18) || std::trunc(value) != value) return std::nullopt;
    return static_cast<std::int64_t>(value);
  }
  if (!input.is_string()) return std::nullopt;
  std::string_view text = Trim(View(input.get_string()));
  if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> ReadNumber(const json::value& input) {
  if (input.is_int64()) return static_cast<double>(input.get_int64());
  if (input.is_uint64()) return static_cast<double>(input.get_uint64());
  if (input.is_double()) {
    if (!std::isfinite(input.get_double())) return std::nullopt;
    return input.get_double();
  }
  if (!input.is_string()) return std::nullopt;
  std::string_view text = Trim(View(input.get_string()));
  if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

bool IsStorableText(std::string_view text) {
  return text.find('\0') == std::string_view::npos && IsValidUtf8(text);
}

bool IsStorableJson(const json::value& value) { return IsStorable(value, 0); }

std::optional<std::string> ReadText(const json::value& input) {
  if (input.is_string()) {
    const std::string_view text = View(input.get_string());
    if (!IsStorableText(text)) return std::nullopt;
    return std::string(text);
  }
  if (input.is_number()) return ToJson(input);
  return std::nullopt;
}

bool StoresNatively(const db::Dialect& dialect) { return dialect.name() != "sqlite"; }

void AppendWireInteger(std::string& out, const db::Cell& cell) {
  if (cell.kind == db::Cell::Kind::kInt) {
    if (cell.integer > kMaxSafeInteger || cell.integer < -kMaxSafeInteger) {
      out.push_back('"');
      AppendJsonInt(out, cell.integer);
      out.push_back('"');
    } else {
      AppendJsonInt(out, cell.integer);
    }
    return;
  }
  if (cell.kind == db::Cell::Kind::kDouble) return AppendJsonDouble(out, cell.real);
  const std::string_view text = cell.view();
  if (!LooksLikeNumber(text)) return AppendWireText(out, cell);
  constexpr std::size_t kAlwaysSafeDigits = 15;
  if (text.size() <= kAlwaysSafeDigits) {
    out.append(text);
    return;
  }
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool safe = fault == std::errc() && end == text.data() + text.size() &&
                    value <= kMaxSafeInteger && value >= -kMaxSafeInteger;
  if (!safe) out.push_back('"');
  out.append(text);
  if (!safe) out.push_back('"');
}

void AppendWireText(std::string& out, const db::Cell& cell) {
  switch (cell.kind) {
    case db::Cell::Kind::kNull:
      out.append("null");
      return;
    case db::Cell::Kind::kInt:
      out.push_back('"');
      AppendJsonInt(out, cell.integer);
      out.push_back('"');
      return;
    case db::Cell::Kind::kDouble:
      out.push_back('"');
      AppendJsonDouble(out, cell.real);
      out.push_back('"');
      return;
    default:
      AppendJsonString(out, cell.view());
  }
}

void AppendWireDouble(std::string& out, const db::Cell& cell) {
  switch (cell.kind) {
    case db::Cell::Kind::kInt:
      AppendJsonInt(out, cell.integer);
      return;
    case db::Cell::Kind::kDouble:
      AppendJsonDouble(out, cell.real);
      return;
    default:
      // PostgreSQL writes the shortest digits that read back; "NaN" and "Infinity" have no JSON
      // form.
      if (LooksLikeNumber(cell.view())) {
        out.append(cell.view());
      } else {
        out.append("null");
      }
  }
}

void AppendWireBoolean(std::string& out, const db::Cell& cell) {
  if (cell.is_null()) {
    out.append("null");
    return;
  }
  bool value = false;
  if (cell.kind == db::Cell::Kind::kInt) {
    value = cell.integer != 0;
  } else if (cell.kind == db::Cell::Kind::kDouble) {
    value = cell.real != 0;
  } else {
    const std::string_view text = cell.view();
    value = !text.empty() && (text.front() == 't' || text.front() == '1' || text.front() == 'T');
  }
  out.append(value ? "true" : "false");
}

}  // namespace renkei::schema
