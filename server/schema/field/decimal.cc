#include "schema/field/decimal.h"

#include <fmt/format.h>

#include <charconv>

#include "base/text.h"
#include "schema/field/all.h"
#include "schema/field/common.h"

namespace renkei::schema {
namespace {

constexpr int kDefaultPrecision = 10;
constexpr int kMaxPrecision = 1000;  // PostgreSQL's limit for numeric(p, s)
constexpr int kMaxExponent =
    2000;  // beyond it no number fits, and the text would grow without bound

struct Digits {
  bool negative = false;
  std::string digits;  // without the point
  int point = 0;       // how many of them stand before it; may lie outside
};

std::optional<Digits> Split(std::string_view text) {
  Digits number;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    number.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  bool seen_point = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    if (text[i] >= '0' && text[i] <= '9') {
      number.digits.push_back(text[i]);
      if (!seen_point) ++number.point;
    } else if (text[i] == '.' && !seen_point) {
      seen_point = true;
    } else {
      break;
    }
  }
  if (number.digits.empty()) return std::nullopt;
  if (i == text.size()) return number;
  if (text[i] != 'e' && text[i] != 'E') return std::nullopt;
  ++i;
  if (i < text.size() && text[i] == '+') ++i;
  int exponent = 0;
  const auto [end, fault] = std::from_chars(text.data() + i, text.data() + text.size(), exponent);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (exponent > kMaxExponent || exponent < -kMaxExponent) return std::nullopt;
  number.point += exponent;
  return number;
}

// Cuts `digits` to `count` places, rounding half away from zero; true when a digit was carried out
// in front.
bool RoundTo(std::string& digits, std::size_t count) {
  const bool up = count < digits.size() && digits[count] >= '5';
  digits.resize(count, '0');
  if (!up) return false;
  for (std::size_t i = count; i-- > 0;) {
    if (digits[i] != '9') {
      ++digits[i];
      return false;
    }
    digits[i] = '0';
  }
  digits.insert(digits.begin(), '1');
  return true;
}

class DecimalType final : public FieldType {
 public:
  std::string_view name() const override { return "decimal"; }
  Comparison comparison() const override { return Comparison::kNumber; }

  Result<db::ColumnSpec> Spec(const json::object& options) const override {
    db::ColumnSpec spec;
    spec.kind = db::ColumnKind::kDecimal;
    RK_TRY(precision, Option(options, "precision", kDefaultPrecision));
    RK_TRY(scale, Option(options, "scale", 0));
    spec.precision = precision;
    spec.scale = scale;
    if (precision < 1 || precision > kMaxPrecision || scale < 0 || scale > precision) {
      return RefuseOption(
          "precision", fmt::format("precision must be from 1 to {} and scale from 0 to precision",
                                   kMaxPrecision));
    }
    return spec;
  }

  Result<db::Value> ToStored(const json::value& input, const Field& field, const InputContext&,
                             const db::Dialect&) const override {
    std::optional<std::string> text;
    if (input.is_string()) {
      text = std::string(Trim(View(input.get_string())));
    } else if (input.is_number()) {
      text = input.is_double() ? fmt::format("{}", input.get_double()) : ToJson(input);
    }
    if (text) text = FixedDecimal(*text, field.spec.precision, field.spec.scale);
    if (!text) {
      return RefuseValue(field, fmt::format("a number with at most {} digits before the point",
                                            field.spec.precision - field.spec.scale));
    }
    return db::Value::Text(std::move(*text));
  }

  void AppendJson(std::string& out, const db::Cell& cell, const Field&) const override {
    AppendWireText(out, cell);
  }

 private:
  static Result<int> Option(const json::object& options, std::string_view name, int fallback) {
    const json::value* given = Find(options, name);
    if (given == nullptr || given->is_null()) return fallback;
    const auto number = ReadInteger(*given);
    if (!number || *number < 0 || *number > kMaxPrecision) {
      return RefuseOption(
          name, fmt::format("{} must be a whole number from 0 to {}", name, kMaxPrecision));
    }
    return static_cast<int>(*number);
  }
};

}  // namespace

std::optional<std::string> FixedDecimal(std::string_view number, int precision, int scale) {
  std::optional<Digits> parts = Split(number);
  if (!parts) return std::nullopt;
  std::string& digits = parts->digits;
  int& point = parts->point;
  const std::size_t zeros = std::min(digits.find_first_not_of('0'), digits.size());
  digits.erase(0, zeros);
  point -= static_cast<int>(zeros);
  if (digits.empty()) point = 0;
  if (point > precision - scale) return std::nullopt;
  if (point < 0) {
    digits.insert(0, static_cast<std::size_t>(-point), '0');
    point = 0;
  }
  if (RoundTo(digits, static_cast<std::size_t>(point + scale))) ++point;
  if (point > precision - scale) return std::nullopt;

  const bool zero = digits.find_first_not_of('0') == std::string::npos;
  std::string out = parts->negative && !zero ? "-" : "";
  if (point == 0) out.push_back('0');
  out.append(digits, 0, static_cast<std::size_t>(point));
  if (scale > 0) {
    out.push_back('.');
    out.append(digits, static_cast<std::size_t>(point));
  }
  return out;
}

void AddDecimalType(FieldTypeList& list) {
  static const DecimalType decimal;
  list.push_back(&decimal);
}

}  // namespace renkei::schema
