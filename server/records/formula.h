// Formula fields without a script worker: the subset of math.js and formula.js that arithmetic over
// the fields of one record needs. Pure; any thread.
//
// The subset: numbers, 'text' and "text", true, false, null, pi, e; {{field}} (bare names too); + -
// * / % ^ (right associative), unary + and -; = == != <> < <= > >=; and or not, && || !; condition
// ? a : b; & joins texts (formula.js); parentheses; the functions of Functions() in formula.cc,
// letter case ignored. Everything else is UNSUPPORTED_FORMULA. The engine "string" is a template:
// each {{field}} is replaced by its text.
//
// As in the original an evaluation that fails (a missing value in arithmetic, division by zero)
// gives null, not an error.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace renkei::records {

inline constexpr std::size_t kMaxFormulaLength = 10000;  // UNSUPPORTED_FORMULA beyond
inline constexpr int kMaxFormulaDepth = 100;             // nested parentheses and calls

// The value of a field, null when it has none.
using FormulaVariables = std::function<json::value(std::string_view name)>;

// Errors: 400 UNSUPPORTED_FORMULA for an expression outside the subset.
Result<json::value> EvaluateFormula(std::string_view engine, std::string_view expression,
                                    const FormulaVariables& variables);
// The same check without values: what a field's definition is judged by.
Result<void> CheckFormula(std::string_view engine, std::string_view expression);

}  // namespace renkei::records
