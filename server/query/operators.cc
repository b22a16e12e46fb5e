#include "query/operators.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/text.h"

namespace renkei::query {
namespace {

using schema::Comparison;

constexpr std::size_t kMaxPatterns =
    100;  // members of a list of texts ($includes …); FILTER_TOO_LARGE

struct OperatorName {
  std::string_view name;
  Operator op;
};
constexpr std::array kOperators{
    OperatorName{"$eq", Operator::kEq},
    OperatorName{"$ne", Operator::kNe},
    OperatorName{"$neq", Operator::kNe},
    OperatorName{"$gt", Operator::kGt},
    OperatorName{"$gte", Operator::kGte},
    OperatorName{"$lt", Operator::kLt},
    OperatorName{"$lte", Operator::kLte},
    OperatorName{"$between", Operator::kBetween},
    OperatorName{"$notBetween", Operator::kNotBetween},
    OperatorName{"$in", Operator::kIn},
    OperatorName{"$notIn", Operator::kNotIn},
    OperatorName{"$is", Operator::kIs},
    OperatorName{"$not", Operator::kNot},
    OperatorName{"$includes", Operator::kIncludes},
    OperatorName{"$notIncludes", Operator::kNotIncludes},
    OperatorName{"$startsWith", Operator::kStartsWith},
    OperatorName{"$notStartsWith", Operator::kNotStartsWith},
    OperatorName{"$endWith", Operator::kEndWith},
    OperatorName{"$notEndWith", Operator::kNotEndWith},
    OperatorName{"$endsWith", Operator::kEndsWith},
    OperatorName{"$like", Operator::kLike},
    OperatorName{"$notLike", Operator::kNotLike},
    OperatorName{"$iLike", Operator::kILike},
    OperatorName{"$notILike", Operator::kNotILike},
    OperatorName{"$regexp", Operator::kRegexp},
    OperatorName{"$notRegexp", Operator::kNotRegexp},
    OperatorName{"$iRegexp", Operator::kIRegexp},
    OperatorName{"$notIRegexp", Operator::kNotIRegexp},
    OperatorName{"$empty", Operator::kEmpty},
    OperatorName{"$notEmpty", Operator::kNotEmpty},
    OperatorName{"$isTruly", Operator::kIsTruly},
    OperatorName{"$isFalsy", Operator::kIsFalsy},
    OperatorName{"$match", Operator::kMatch},
    OperatorName{"$notMatch", Operator::kNotMatch},
    OperatorName{"$anyOf", Operator::kAnyOf},
    OperatorName{"$noneOf", Operator::kNoneOf},
    OperatorName{"$arrayEmpty", Operator::kArrayEmpty},
    OperatorName{"$arrayNotEmpty", Operator::kArrayNotEmpty},
    OperatorName{"$exists", Operator::kExists},
    OperatorName{"$notExists", Operator::kNotExists},
    OperatorName{"$childIn", Operator::kChildIn},
    OperatorName{"$childNotIn", Operator::kChildNotIn},
    OperatorName{"$dateOn", Operator::kDateOn},
    OperatorName{"$dateNotOn", Operator::kDateNotOn},
    OperatorName{"$dateBefore", Operator::kDateBefore},
    OperatorName{"$dateNotBefore", Operator::kDateNotBefore},
    OperatorName{"$dateAfter", Operator::kDateAfter},
    OperatorName{"$dateNotAfter", Operator::kDateNotAfter},
    OperatorName{"$dateBetween", Operator::kDateBetween},
    OperatorName{"$isCurrentUser", Operator::kIsCurrentUser},
    OperatorName{"$isNotCurrentUser", Operator::kIsNotCurrentUser},
};

// One test being lowered.
struct Lowering {
  const ColumnRef& column;
  const json::value& value;
  std::string_view path;
  const FilterContext& context;

  const schema::Field& field() const { return *column.field; }
  Comparison comparison() const { return field().type->comparison(); }
  bool json_path() const { return !column.json_path.empty(); }
  bool is_array() const {
    return !json_path() &&
           (comparison() == Comparison::kArray || comparison() == Comparison::kJson);
  }
  Condition Is(Test test) const { return Condition::Of(test, column); }
  Error Wrong(std::string hint) const { return InvalidValue(field(), path, std::move(hint)); }
  Error NotForThisField(std::string_view what) const {
    return InvalidArgument(
        "INVALID_OPERATOR", fmt::format("{}: the operator does not fit this field", path),
        fmt::format("{} can be used on {} fields only", "It", what), std::string(path));
  }
};

Error TooLarge(std::string_view path, std::string hint) {
  return InvalidArgument("FILTER_TOO_LARGE", "The filter is too large", std::move(hint),
                         std::string(path));
}

// {a, b} pairs and single dates for comparison operators on date columns go by their range.
bool WantsRange(const Lowering& in) {
  return !in.json_path() && IsDateLike(in.comparison()) && (in.value.is_object());
}

Result<Condition> LowerList(const Lowering& in, bool negate, bool or_null) {
  std::vector<db::Value> values;
  auto take = [&](const json::value& member) -> Result<void> {
    if (member.is_null()) return {};
    if (in.json_path()) {
      RK_TRY(text, TextOf(member, in.field(), in.path));
      values.push_back(std::move(text));
      return {};
    }
    RK_TRY(one, CompareScalar(in.column, Test::kEqual, member, in.path, in.context));
    if (one.kind == Condition::Kind::kTest) values.push_back(std::move(one.values[0]));
    return {};
  };
  if (in.value.is_array()) {
    const json::array& members = in.value.get_array();
    if (members.size() > kMaxListValues) {
      return Fail(TooLarge(in.path, fmt::format("A list may hold {} values", kMaxListValues)));
    }
    values.reserve(members.size());
    for (const json::value& member : members) RK_CHECK_OK(take(member));
  } else {
    RK_CHECK_OK(take(in.value));
  }
  if (!negate) {
    if (values.empty()) return Condition::False();
    return Condition::Of(Test::kIn, in.column, std::move(values));
  }
  if (values.empty()) return or_null ? Condition::True() : in.Is(Test::kNotNull);
  Condition outside = Condition::Of(Test::kNotIn, in.column, std::move(values));
  if (!or_null) return outside;
  std::vector<Condition> parts;
  parts.push_back(std::move(outside));
  parts.push_back(in.Is(Test::kNull));
  return Condition::Or(std::move(parts));
}

Result<Condition> LowerDate(const Lowering& in, Operator op) {
  if (in.json_path() || !IsDateLike(in.comparison())) return Fail(in.NotForThisField("date"));
  RK_TRY(range, CoerceDateRange(in.value, in.field(), in.path, in.context));
  auto at = [&](Test test, const db::Value& value) {
    return Condition::Of(test, in.column, {value});
  };
  std::vector<Condition> parts;
  switch (op) {
    case Operator::kDateBefore:
      return at(Test::kLess, range.start);
    case Operator::kDateNotBefore:
      return at(Test::kGreaterOrEqual, range.start);
    case Operator::kDateAfter:
      return at(Test::kGreaterOrEqual, range.end);
    case Operator::kDateNotAfter:
      return at(Test::kLess, range.end);
    case Operator::kDateNotOn:
      parts.push_back(at(Test::kLess, range.start));
      parts.push_back(at(Test::kGreaterOrEqual, range.end));
      return Condition::Or(std::move(parts));
    default:
      parts.push_back(at(Test::kGreaterOrEqual, range.start));
      parts.push_back(at(Test::kLess, range.end));
      return Condition::And(std::move(parts));
  }
}

Result<Condition> LowerArray(const Lowering& in, Operator op);

Result<Condition> LowerEqual(const Lowering& in) {
  if (in.value.is_null()) return in.Is(Test::kNull);
  if (in.comparison() == Comparison::kArray && !in.json_path()) {
    if (!in.value.is_array()) return Fail(in.Wrong("Give a list"));
    return LowerArray(in, Operator::kMatch);
  }
  if (WantsRange(in)) return LowerDate(in, Operator::kDateOn);
  if (in.value.is_array()) return LowerList(in, false, false);
  return CompareScalar(in.column, Test::kEqual, in.value, in.path, in.context);
}

// `or_null`: $ne keeps rows without a value, $not does not.
Result<Condition> LowerNotEqual(const Lowering& in, bool or_null) {
  if (in.value.is_null()) return in.Is(Test::kNotNull);
  if (in.value.is_array() && !in.is_array()) return LowerList(in, true, false);
  Result<Condition> different = Condition::True();
  if (in.is_array()) {
    different = LowerArray(in, Operator::kNotMatch);
  } else if (WantsRange(in)) {
    different = LowerDate(in, Operator::kDateNotOn);
  } else {
    different = CompareScalar(in.column, Test::kNotEqual, in.value, in.path, in.context);
  }
  if (!different || !or_null) return different;
  std::vector<Condition> parts;
  parts.push_back(std::move(*different));
  parts.push_back(in.Is(Test::kNull));
  return Condition::Or(std::move(parts));
}

Result<Condition> LowerOrder(const Lowering& in, Test test) {
  if (in.value.is_null() || in.value.is_array()) return Fail(in.Wrong("Give one value"));
  if (WantsRange(in)) {
    switch (test) {
      case Test::kGreater:
        return LowerDate(in, Operator::kDateAfter);
      case Test::kGreaterOrEqual:
        return LowerDate(in, Operator::kDateNotBefore);
      case Test::kLess:
        return LowerDate(in, Operator::kDateBefore);
      default:
        return LowerDate(in, Operator::kDateNotAfter);
    }
  }
  return CompareScalar(in.column, test, in.value, in.path, in.context);
}

Result<Condition> LowerBetween(const Lowering& in, bool negate) {
  if (!in.value.is_array() || in.value.get_array().size() != 2)
    return Fail(in.Wrong("Give a list of two values"));
  const json::array& bounds = in.value.get_array();
  if (bounds[0].is_null() || bounds[1].is_null())
    return Fail(in.Wrong("Give a list of two values"));
  Test low_test = negate ? Test::kLess : Test::kGreaterOrEqual;
  Test high_test = negate ? Test::kGreater : Test::kLessOrEqual;
  RK_TRY(low, CompareScalar(in.column, low_test, bounds[0], in.path, in.context));
  RK_TRY(high, CompareScalar(in.column, high_test, bounds[1], in.path, in.context));
  std::vector<Condition> parts;
  parts.push_back(std::move(low));
  parts.push_back(std::move(high));
  return negate ? Condition::Or(std::move(parts)) : Condition::And(std::move(parts));
}

struct TextShape {
  bool before = false, after = false;  // anything before, after
  bool negate = false;
  bool escape = true;
  bool case_sensitive = false;
};

Result<Condition> LowerOneText(const Lowering& in, const json::value& value,
                               const TextShape& shape) {
  RK_TRY(text, TextOf(value, in.field(), in.path));
  if (text.as_text().size() > kMaxPatternBytes) {
    return Fail(
        TooLarge(in.path, fmt::format("A text to look for may have {} bytes", kMaxPatternBytes)));
  }
  std::string pattern;
  if (shape.before) pattern += '%';
  for (char c : text.as_text()) {
    if (shape.escape && (c == '%' || c == '_' || c == '\\')) pattern += '\\';
    pattern += c;
  }
  if (shape.after) pattern += '%';
  // A pattern must not end in a lone escape character: the database would refuse the statement.
  if (!shape.escape) {
    std::size_t slashes = 0;
    while (slashes < pattern.size() && pattern[pattern.size() - 1 - slashes] == '\\') ++slashes;
    if (slashes % 2 == 1) pattern += '\\';
  }
  Condition condition = Condition::Of(shape.negate ? Test::kNotLike : Test::kLike, in.column,
                                      {db::Value::Text(std::move(pattern))});
  condition.case_sensitive = shape.case_sensitive;
  return condition;
}

Result<Condition> LowerText(const Lowering& in, const TextShape& shape) {
  if (in.value.is_null()) return in.Is(shape.negate ? Test::kNotNull : Test::kNull);
  if (!in.value.is_array()) return LowerOneText(in, in.value, shape);
  if (!shape.escape) return Fail(in.Wrong("Give one text"));
  if (in.value.get_array().size() > kMaxPatterns) {
    return Fail(
        TooLarge(in.path, fmt::format("A list of texts may hold {} members", kMaxPatterns)));
  }
  std::vector<Condition> parts;
  for (const json::value& member : in.value.get_array()) {
    if (member.is_null()) continue;
    RK_TRY(part, LowerOneText(in, member, shape));
    parts.push_back(std::move(part));
  }
  return shape.negate ? Condition::And(std::move(parts)) : Condition::Or(std::move(parts));
}

Result<Condition> LowerRegexp(const Lowering& in, bool case_sensitive, bool negate) {
  RK_TRY(text, TextOf(in.value, in.field(), in.path));
  if (!in.context.dialect.has_regexp()) {
    return Fail(InvalidArgument("UNSUPPORTED_OPERATOR",
                                "Regular expressions are not available on this database",
                                "Use $includes, $startsWith or $like", std::string(in.path)));
  }
  if (text.as_text().size() > kMaxPatternBytes) {
    return Fail(TooLarge(in.path, fmt::format("A pattern may have {} bytes", kMaxPatternBytes)));
  }
  Condition condition =
      Condition::Of(negate ? Test::kNotRegexp : Test::kRegexp, in.column, {std::move(text)});
  condition.case_sensitive = case_sensitive;
  return condition;
}

Result<Condition> LowerEmpty(const Lowering& in, bool negate) {
  bool blank = !in.json_path() &&
               (in.comparison() == Comparison::kArray || in.field().type->empty_text_is_empty());
  if (blank) return in.Is(negate ? Test::kNotBlank : Test::kBlank);
  return in.Is(negate ? Test::kNotNull : Test::kNull);
}

Result<Condition> LowerTruth(const Lowering& in, bool wanted) {
  if (in.json_path() || in.comparison() != Comparison::kBoolean)
    return Fail(in.NotForThisField("boolean"));
  bool affirmed = !(in.value.is_bool() && !in.value.get_bool()) &&
                  !(in.value.is_string() &&
                    (in.value.get_string() == "false" || in.value.get_string() == "0")) &&
                  !(in.value.is_int64() && in.value.get_int64() == 0);
  if (wanted == affirmed) return Condition::Of(Test::kEqual, in.column, {db::Value::Bool(true)});
  std::vector<Condition> parts;
  parts.push_back(Condition::Of(Test::kEqual, in.column, {db::Value::Bool(false)}));
  parts.push_back(in.Is(Test::kNull));
  return Condition::Or(std::move(parts));
}

// The elements as a JSON array text, of the type a native array column holds.
Result<db::Value> ElementsOf(const Lowering& in) {
  json::array elements;
  auto take = [&](const json::value& member) -> Result<void> {
    if (member.is_object() || member.is_array())
      return Fail(in.Wrong("Give a list of plain values"));
    if (in.field().spec.kind == db::ColumnKind::kInt64Array) {
      if (member.is_int64()) {
        elements.push_back(member);
        return {};
      }
      std::int64_t number = 0;
      std::string_view text = member.is_string() ? View(member.get_string()) : std::string_view();
      bool digits = !text.empty() && text.size() <= 18;
      for (char c : text) digits = digits && c >= '0' && c <= '9';
      if (!digits) return Fail(in.Wrong("Give a list of whole numbers"));
      for (char c : text) number = number * 10 + (c - '0');
      elements.emplace_back(number);
      return {};
    }
    elements.push_back(member);
    return {};
  };
  if (in.value.is_array()) {
    if (in.value.get_array().size() > kMaxListValues) {
      return Fail(TooLarge(in.path, fmt::format("A list may hold {} values", kMaxListValues)));
    }
    for (const json::value& member : in.value.get_array()) RK_CHECK_OK(take(member));
  } else if (!in.value.is_null()) {
    RK_CHECK_OK(take(in.value));
  }
  return db::Value::Text(ToJson(elements));
}

Result<Condition> LowerArray(const Lowering& in, Operator op) {
  if (!in.is_array()) return Fail(in.NotForThisField("list"));
  if (op == Operator::kArrayEmpty || op == Operator::kArrayNotEmpty) {
    return in.Is(op == Operator::kArrayEmpty ? Test::kBlank : Test::kNotBlank);
  }
  bool match = op == Operator::kMatch || op == Operator::kNotMatch;
  if (match && !in.value.is_array() && !in.value.is_null()) return Fail(in.Wrong("Give a list"));
  RK_TRY(elements, ElementsOf(in));
  Condition test = Condition::Of(match ? Test::kArrayMatch : Test::kArrayAnyOf, in.column,
                                 {std::move(elements)});
  if (op == Operator::kMatch || op == Operator::kAnyOf) return test;
  std::vector<Condition> parts;
  parts.push_back(Condition::Not(std::move(test)));
  parts.push_back(in.Is(op == Operator::kNotMatch ? Test::kNotNull : Test::kNull));
  return op == Operator::kNotMatch ? Condition::And(std::move(parts))
                                   : Condition::Or(std::move(parts));
}

Result<Condition> LowerCurrentUser(const Lowering& in, bool negate) {
  if (!in.context.user_id) return negate ? Condition::True() : Condition::False();
  json::value id = *in.context.user_id;
  Lowering with_id{in.column, id, in.path, in.context};
  return negate ? LowerNotEqual(with_id, true) : LowerEqual(with_id);
}

// `__collection`: which child a row belongs to.
Result<Condition> LowerCollection(const ColumnRef& column, Operator op, const json::value& value,
                                  std::string_view path) {
  bool negate = op == Operator::kChildNotIn || op == Operator::kNotIn || op == Operator::kNe ||
                op == Operator::kNot;
  bool known = negate || op == Operator::kChildIn || op == Operator::kIn || op == Operator::kEq;
  std::vector<db::Value> names;
  auto take = [&](const json::value& member) {
    if (member.is_string()) names.push_back(db::Value::Text(View(member.get_string())));
  };
  if (value.is_array()) {
    for (const json::value& member : value.get_array()) take(member);
  } else {
    take(value);
  }
  if (!known) {
    return Fail(InvalidArgument(
        "INVALID_OPERATOR", fmt::format("{}: the operator does not fit this field", path),
        "Use $childIn or $childNotIn with names of collections", std::string(path)));
  }
  if (names.empty()) return negate ? Condition::True() : Condition::False();
  return Condition::Of(negate ? Test::kCollectionNotIn : Test::kCollectionIn, column,
                       std::move(names));
}

}  // namespace

std::optional<Operator> FindOperator(std::string_view name) {
  for (const OperatorName& known : kOperators) {
    if (known.name == name) return known.op;
  }
  return std::nullopt;
}

std::string OperatorHint(std::string_view name) {
  std::array<std::string_view, kOperators.size()> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kOperators[i].name;
  return DidYouMean(name, names);
}

Result<Condition> LowerTest(const ColumnRef& column, Operator op, const json::value& value,
                            std::string_view path, const FilterContext& context) {
  if (!column.field) return LowerCollection(column, op, value, path);
  Lowering in{column, value, path, context};
  switch (op) {
    case Operator::kEq:
      return LowerEqual(in);
    case Operator::kNe:
      return LowerNotEqual(in, true);
    case Operator::kNot:
      return LowerNotEqual(in, false);
    case Operator::kIs:
      return LowerEqual(in);
    case Operator::kGt:
      return LowerOrder(in, Test::kGreater);
    case Operator::kGte:
      return LowerOrder(in, Test::kGreaterOrEqual);
    case Operator::kLt:
      return LowerOrder(in, Test::kLess);
    case Operator::kLte:
      return LowerOrder(in, Test::kLessOrEqual);
    case Operator::kBetween:
      return LowerBetween(in, false);
    case Operator::kNotBetween:
      return LowerBetween(in, true);
    case Operator::kIn:
      return LowerList(in, false, false);
    case Operator::kNotIn:
      return LowerList(in, true, true);
    case Operator::kIncludes:
      return LowerText(in, {true, true, false, true, false});
    case Operator::kNotIncludes:
      return LowerText(in, {true, true, true, true, false});
    case Operator::kStartsWith:
      return LowerText(in, {false, true, false, true, false});
    case Operator::kNotStartsWith:
      return LowerText(in, {false, true, true, true, false});
    case Operator::kEndWith:
      return LowerText(in, {true, false, false, true, false});
    case Operator::kNotEndWith:
      return LowerText(in, {true, false, true, true, false});
    case Operator::kEndsWith:
      return LowerText(in, {true, false, false, false, true});
    case Operator::kLike:
      return LowerText(in, {false, false, false, false, true});
    case Operator::kNotLike:
      return LowerText(in, {false, false, true, false, true});
    case Operator::kILike:
      return LowerText(in, {false, false, false, false, false});
    case Operator::kNotILike:
      return LowerText(in, {false, false, true, false, false});
    case Operator::kRegexp:
      return LowerRegexp(in, true, false);
    case Operator::kNotRegexp:
      return LowerRegexp(in, true, true);
    case Operator::kIRegexp:
      return LowerRegexp(in, false, false);
    case Operator::kNotIRegexp:
      return LowerRegexp(in, false, true);
    case Operator::kEmpty:
      return LowerEmpty(in, false);
    case Operator::kNotEmpty:
      return LowerEmpty(in, true);
    case Operator::kIsTruly:
      return LowerTruth(in, true);
    case Operator::kIsFalsy:
      return LowerTruth(in, false);
    case Operator::kMatch:
    case Operator::kNotMatch:
    case Operator::kAnyOf:
    case Operator::kNoneOf:
    case Operator::kArrayEmpty:
    case Operator::kArrayNotEmpty:
      return LowerArray(in, op);
    case Operator::kExists:
      return in.Is(Test::kNotNull);
    case Operator::kNotExists:
      return in.Is(Test::kNull);
    case Operator::kChildIn:
    case Operator::kChildNotIn:
      return Fail(in.NotForThisField("__collection"));
    case Operator::kDateOn:
    case Operator::kDateNotOn:
    case Operator::kDateBefore:
    case Operator::kDateNotBefore:
    case Operator::kDateAfter:
    case Operator::kDateNotAfter:
    case Operator::kDateBetween:
      return LowerDate(in, op);
    case Operator::kIsCurrentUser:
      return LowerCurrentUser(in, false);
    case Operator::kIsNotCurrentUser:
      return LowerCurrentUser(in, true);
  }
  return Fail(Internal("operator without meaning"));
}

Result<Condition> LowerImplicit(const ColumnRef& column, const json::value& value,
                                std::string_view path, const FilterContext& context) {
  return LowerTest(column, Operator::kEq, value, path, context);
}

}  // namespace renkei::query
