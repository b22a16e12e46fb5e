// Values of filters and keys as columns store and compare them.
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "query/date_range.h"
#include "query/operators.h"
#include "schema/field_type.h"

namespace renkei::query {
namespace {

using schema::Comparison;

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::size_t kMaxNumberText = 400;  // digits of a number given as text

DateContext DateContextOf(const schema::Field& field, const FilterContext& context) {
  (void)field;
  return DateContext{context.request_zone, context.now_ms};
}

std::string WallText(std::int64_t wall_ms, bool with_time) {
  CivilTime civil = ToCivil(wall_ms);
  if (!with_time) return fmt::format("{:04}-{:02}-{:02}", civil.year, civil.month, civil.day);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}", civil.year, civil.month,
                     civil.day, civil.hour, civil.minute, civil.second, civil.millisecond);
}

std::int64_t CeilDiv(std::int64_t value, std::int64_t by) {
  std::int64_t quotient = value / by;
  return quotient + (value % by > 0 ? 1 : 0);
}

// The bound of a range in the column's own form. Bounds of coarser columns move up: c >= 1.5 s is c
// >= 2 s.
db::Value StoredBound(std::int64_t instant_ms, std::int64_t wall_ms, const schema::Field& field) {
  switch (field.type->comparison()) {
    case Comparison::kInstant:
      return db::Value::Text(IsoUtc(instant_ms));
    case Comparison::kWallClock:
      return db::Value::Text(WallText(wall_ms, true));
    case Comparison::kDay:
      return db::Value::Text(WallText(CeilDiv(wall_ms, kDayMs) * kDayMs, false));
    default:
      break;
  }
  return db::Value::Int(field.unit_ms == 1 ? instant_ms : CeilDiv(instant_ms, 1000));
}

enum class Whole { kExact, kFraction, kTooLow, kTooHigh, kInvalid };
struct Integer {
  Whole state = Whole::kInvalid;
  std::int64_t floor = 0;
};

Integer FromDouble(double number) {
  if (std::isnan(number)) return {};
  if (number >= 9223372036854775807.0) return {Whole::kTooHigh, 0};
  if (number < -9223372036854775808.0) return {Whole::kTooLow, 0};
  double floor = std::floor(number);
  return {floor == number ? Whole::kExact : Whole::kFraction, static_cast<std::int64_t>(floor)};
}

Integer FromText(std::string_view text) {
  std::string_view trimmed = Trim(text);
  if (trimmed.starts_with('+')) trimmed.remove_prefix(1);
  if (trimmed.empty() || trimmed.size() > kMaxNumberText) return {};
  std::int64_t whole = 0;
  auto [end, fault] = std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), whole);
  if (fault == std::errc() && end == trimmed.data() + trimmed.size()) return {Whole::kExact, whole};
  double number = 0;
  auto [end2, fault2] = std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), number);
  if (end2 != trimmed.data() + trimmed.size()) return {};
  if (fault2 == std::errc::result_out_of_range)
    return {trimmed[0] == '-' ? Whole::kTooLow : Whole::kTooHigh, 0};
  if (fault2 != std::errc() || !std::isfinite(number)) return {};
  return FromDouble(number);
}

Integer ToInteger(const json::value& value) {
  switch (value.kind()) {
    case json::kind::int64:
      return {Whole::kExact, value.get_int64()};
    case json::kind::uint64:
      return {Whole::kTooHigh, 0};
    case json::kind::double_:
      return FromDouble(value.get_double());
    case json::kind::string:
      return FromText(View(value.get_string()));
    default:
      return {};
  }
}

// A number in plain notation (no exponent), digits as written where it came as text.
std::optional<std::string> DecimalText(const json::value& value) {
  if (value.is_int64()) return fmt::format("{}", value.get_int64());
  if (value.is_uint64()) return fmt::format("{}", value.get_uint64());
  std::string text;
  if (value.is_double()) {
    if (!std::isfinite(value.get_double())) return std::nullopt;
    text = fmt::format("{}", value.get_double());
  } else if (value.is_string()) {
    text = std::string(Trim(View(value.get_string())));
  }
  if (text.starts_with('+')) text.erase(0, 1);
  if (text.empty() || text.size() > kMaxNumberText) return std::nullopt;
  std::size_t exponent = text.find_first_of("eE");
  if (exponent != std::string::npos) {
    double number = 0;
    auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc() || end != text.data() + text.size() || std::fabs(number) > 1e300)
      return std::nullopt;
    return fmt::format("{:.20f}", number);
  }
  std::size_t digits = 0, dots = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] >= '0' && text[i] <= '9') {
      ++digits;
    } else if (text[i] == '.') {
      ++dots;
    } else if (!(text[i] == '-' && i == 0)) {
      return std::nullopt;
    }
  }
  if (digits == 0 || dots > 1) return std::nullopt;
  if (text.back() == '.') text.pop_back();
  std::size_t first = text[0] == '-' ? 1 : 0;
  if (text[first] == '.') text.insert(first, "0");
  return text;
}

std::optional<bool> BooleanOf(const json::value& value) {
  if (value.is_bool()) return value.get_bool();
  if (value.is_int64() && (value.get_int64() == 0 || value.get_int64() == 1))
    return value.get_int64() == 1;
  if (!value.is_string()) return std::nullopt;
  std::string_view text = View(value.get_string());
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return std::nullopt;
}

Result<db::Value> CoerceNumber(const json::value& value, const schema::Field& field,
                               std::string_view path) {
  auto text = DecimalText(value);
  if (!text) return Fail(InvalidValue(field, path, "Give a number"));
  if (field.spec.kind == db::ColumnKind::kDecimal) return db::Value::Text(std::move(*text));
  double number = 0;
  std::from_chars(text->data(), text->data() + text->size(), number);
  return db::Value::Double(number);
}

Result<db::Value> CoerceInstantLike(const json::value& value, const schema::Field& field,
                                    std::string_view path, const FilterContext& context) {
  if (field.type->comparison() == Comparison::kUnixTime) {
    // A number is stored as it is given; a text of digits is one, too.
    bool digits = value.is_string() && View(value.get_string()).size() > 4;
    if (value.is_int64() || digits) {
      Integer integer = ToInteger(value);
      if (integer.state == Whole::kExact) return db::Value::Int(integer.floor);
    }
  }
  if (!value.is_string())
    return Fail(InvalidValue(field, path, "Give a date such as 2026-03-10 or an ISO instant"));
  auto range = ParseDateText(View(value.get_string()), DateContextOf(field, context));
  if (!range)
    return Fail(InvalidValue(field, path, "Give a date such as 2026-03-10 or an ISO instant"));
  return StoredBound(range->start_ms, range->wall_start_ms, field);
}

Result<Condition> CompareInteger(const ColumnRef& column, Test test, const json::value& value,
                                 std::string_view path) {
  Integer integer = ToInteger(value);
  auto some = [&](bool yes) {
    // What the database would say of a bound no row can reach: all rows with a value, or none.
    return yes ? Condition::Of(Test::kNotNull, column) : Condition::False();
  };
  switch (integer.state) {
    case Whole::kInvalid:
      return Fail(InvalidValue(*column.field, path, "Give a whole number"));
    case Whole::kExact:
      return Condition::Of(test, column, {db::Value::Int(integer.floor)});
    case Whole::kTooHigh:
      return some(test == Test::kLess || test == Test::kLessOrEqual || test == Test::kNotEqual);
    case Whole::kTooLow:
      return some(test == Test::kGreater || test == Test::kGreaterOrEqual ||
                  test == Test::kNotEqual);
    case Whole::kFraction:
      break;
  }
  if (test == Test::kEqual) return Condition::False();
  if (test == Test::kNotEqual) return Condition::Of(Test::kNotNull, column);
  bool above = test == Test::kGreater || test == Test::kGreaterOrEqual;
  return Condition::Of(above ? Test::kGreater : Test::kLessOrEqual, column,
                       {db::Value::Int(integer.floor)});
}

Result<Condition> CompareJsonPath(ColumnRef column, Test test, const json::value& value,
                                  std::string_view path) {
  bool ordered = test != Test::kEqual && test != Test::kNotEqual;
  bool number = value.is_number() || (ordered && value.is_string() && DecimalText(value));
  if (number) {
    auto text = DecimalText(value);
    if (!text) return Fail(InvalidValue(*column.field, path, "Give a number"));
    column.as_number = true;
    if (value.is_int64()) return Condition::Of(test, column, {db::Value::Int(value.get_int64())});
    double real = 0;
    std::from_chars(text->data(), text->data() + text->size(), real);
    return Condition::Of(test, column, {db::Value::Double(real)});
  }
  const schema::Field& field = *column.field;
  RK_TRY(text, TextOf(value, field, path));
  return Condition::Of(test, std::move(column), {std::move(text)});
}

}  // namespace

Error InvalidValue(const schema::Field& field, std::string_view path, std::string hint) {
  return InvalidArgument(
      "INVALID_VALUE",
      fmt::format("{}: invalid value", field.title.empty() ? field.name : field.title),
      std::move(hint), std::string(path.empty() ? std::string_view(field.name) : path));
}

bool IsDateLike(Comparison comparison) {
  return comparison == Comparison::kInstant || comparison == Comparison::kWallClock ||
         comparison == Comparison::kDay || comparison == Comparison::kUnixTime;
}

Result<db::Value> TextOf(const json::value& value, const schema::Field& field,
                         std::string_view path) {
  switch (value.kind()) {
    case json::kind::string: {
      std::string_view text = View(value.get_string());
      if (text.find('\0') != std::string_view::npos) break;
      return db::Value::Text(text);
    }
    case json::kind::int64:
      return db::Value::Text(fmt::format("{}", value.get_int64()));
    case json::kind::uint64:
      return db::Value::Text(fmt::format("{}", value.get_uint64()));
    case json::kind::double_: {
      std::string text;
      AppendJsonDouble(text, value.get_double());
      return db::Value::Text(std::move(text));
    }
    case json::kind::bool_:
      return db::Value::Text(value.get_bool() ? "true" : "false");
    default:
      break;
  }
  return Fail(InvalidValue(field, path, "Give a text"));
}

Result<StoredRange> CoerceDateRange(const json::value& value, const schema::Field& field,
                                    std::string_view path, const FilterContext& context) {
  auto range = ParseDateRange(value, DateContextOf(field, context));
  if (!range) {
    Error error = std::move(range).error();
    error.field = std::string(path);
    return Fail(std::move(error));
  }
  return StoredRange{StoredBound(range->start_ms, range->wall_start_ms, field),
                     StoredBound(range->end_ms, range->wall_end_ms, field)};
}

Result<db::Value> CoerceValue(const json::value& value, const schema::Field& field,
                              const FilterContext& context) {
  std::string_view path = field.name;
  if (value.is_null()) return Fail(InvalidValue(field, path, "Give a value"));
  switch (field.type->comparison()) {
    case Comparison::kText:
      return TextOf(value, field, path);
    case Comparison::kInteger: {
      Integer integer = ToInteger(value);
      if (integer.state != Whole::kExact)
        return Fail(InvalidValue(field, path, "Give a whole number"));
      return db::Value::Int(integer.floor);
    }
    case Comparison::kNumber:
      return CoerceNumber(value, field, path);
    case Comparison::kBoolean: {
      auto boolean = BooleanOf(value);
      if (!boolean) return Fail(InvalidValue(field, path, "Give true or false"));
      return db::Value::Bool(*boolean);
    }
    case Comparison::kInstant:
    case Comparison::kWallClock:
    case Comparison::kDay:
    case Comparison::kUnixTime:
      return CoerceInstantLike(value, field, path, context);
    case Comparison::kTimeOfDay:
    case Comparison::kUuid: {
      schema::InputContext input{context.server_zone};
      return field.type->ToStored(value, field, input, context.dialect);
    }
    default:
      break;
  }
  return Fail(InvalidValue(field, path, "This field cannot be compared with a value"));
}

Result<Condition> CompareScalar(const ColumnRef& column, Test test, const json::value& value,
                                std::string_view path, const FilterContext& context) {
  const schema::Field& field = *column.field;
  if (!column.json_path.empty()) return CompareJsonPath(column, test, value, path);
  if (field.type->comparison() == Comparison::kInteger)
    return CompareInteger(column, test, value, path);
  auto coerced = CoerceValue(value, field, context);
  if (!coerced) {
    Error error = std::move(coerced).error();
    error.field = std::string(path);
    return Fail(std::move(error));
  }
  return Condition::Of(test, column, {std::move(*coerced)});
}

}  // namespace renkei::query
