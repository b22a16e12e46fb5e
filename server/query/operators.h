// The operators of the filter language (rest-api.md 7.2) and what they become for a column. One
// line per operator in operators.cc.
#pragma once

#include <optional>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "query/condition.h"
#include "query/filter_parse.h"
#include "schema/field_type.h"

namespace renkei::query {

enum class Operator {
  kEq,
  kNe,
  kGt,
  kGte,
  kLt,
  kLte,
  kBetween,
  kNotBetween,
  kIn,
  kNotIn,
  kIs,
  kNot,
  kIncludes,
  kNotIncludes,
  kStartsWith,
  kNotStartsWith,
  kEndWith,
  kNotEndWith,
  kEndsWith,
  kLike,
  kNotLike,
  kILike,
  kNotILike,
  kRegexp,
  kNotRegexp,
  kIRegexp,
  kNotIRegexp,
  kEmpty,
  kNotEmpty,
  kIsTruly,
  kIsFalsy,
  kMatch,
  kNotMatch,
  kAnyOf,
  kNoneOf,
  kArrayEmpty,
  kArrayNotEmpty,
  kExists,
  kNotExists,
  kChildIn,
  kChildNotIn,
  kDateOn,
  kDateNotOn,
  kDateBefore,
  kDateNotBefore,
  kDateAfter,
  kDateNotAfter,
  kDateBetween,
  kIsCurrentUser,
  kIsNotCurrentUser,
};

std::optional<Operator> FindOperator(std::string_view name);  // "$eq"
// "Did you mean '$includes'?" or "".
std::string OperatorHint(std::string_view name);

// `column op value`. `path` is how the request called the column, for messages. Errors: 400.
Result<Condition> LowerTest(const ColumnRef& column, Operator op, const json::value& value,
                            std::string_view path, const FilterContext& context);
// The implicit form: an array is membership, null is IS NULL, anything else equality.
Result<Condition> LowerImplicit(const ColumnRef& column, const json::value& value,
                                std::string_view path, const FilterContext& context);

// Of values (coerce.cc).
Error InvalidValue(const schema::Field& field, std::string_view path, std::string hint);
// `column op value` for one scalar that is not null, by the column's type.
Result<Condition> CompareScalar(const ColumnRef& column, Test test, const json::value& value,
                                std::string_view path, const FilterContext& context);
Result<db::Value> TextOf(const json::value& value, const schema::Field& field,
                         std::string_view path);
// [start, end) of a date operator as values of the column.
struct StoredRange {
  db::Value start, end;
};
Result<StoredRange> CoerceDateRange(const json::value& value, const schema::Field& field,
                                    std::string_view path, const FilterContext& context);
bool IsDateLike(schema::Comparison comparison);

}  // namespace renkei::query
