#include "records/formula.h"

#include <gtest/gtest.h>

#include <map>

namespace renkei::records {
namespace {

const std::map<std::string, json::value, std::less<>> kRow = {
    {"a", 1},          {"b", 2},      {"c", 2.5},    {"name", "Ann"},
    {"none", nullptr}, {"yes", true}, {"text7", "7"}};

json::value Look(std::string_view name) {
  const auto found = kRow.find(name);
  return found == kRow.end() ? json::value(nullptr) : found->second;
}

std::string Eval(std::string_view expression, std::string_view engine = "math.js") {
  auto value = EvaluateFormula(engine, expression, Look);
  return value ? ToJson(*value) : std::string(value.error().code);
}

TEST(Formula, Arithmetic) {
  EXPECT_EQ(Eval("{{a}}+{{b}}*2"), "5");
  EXPECT_EQ(Eval("({{a}}+{{b}})*2"), "6");
  EXPECT_EQ(Eval("10 / 4"), "2.5");
  EXPECT_EQ(Eval("7 % 4"), "3");
  EXPECT_EQ(Eval("-7 % 4"), "1");
  EXPECT_EQ(Eval("2^3^2"), "512");
  EXPECT_EQ(Eval("-2^2"), "-4");
  EXPECT_EQ(Eval("1 - -1"), "2");
  EXPECT_EQ(Eval("{{text7}} + 1"), "8");
  EXPECT_EQ(Eval("1.5e2"), "150");
}

TEST(Formula, MissingValuesAndImpossibleResultsAreNull) {
  EXPECT_EQ(Eval("{{none}} + 1"), "null");
  EXPECT_EQ(Eval("{{nosuch}} * 2"), "null");
  EXPECT_EQ(Eval("1 / 0"), "null");
  EXPECT_EQ(Eval("SQRT(0-1)"), "null");
  EXPECT_EQ(Eval("{{name}} * 2"), "null");
}

TEST(Formula, FunctionsInAnyCase) {
  EXPECT_EQ(Eval("MAX({{a}},{{b}})", "formula.js"), "2");
  EXPECT_EQ(Eval("min(3, {{none}}, 2)", "formula.js"), "2");
  EXPECT_EQ(Eval("SUM(1,2,3)/COUNT(1,2,3)", "formula.js"), "2");
  EXPECT_EQ(Eval("ROUND(1.005, 2)", "formula.js"), "1.01");
  EXPECT_EQ(Eval("ROUND(0-2.5, 0)", "formula.js"), "-3");
  EXPECT_EQ(Eval("IF({{a}} > 1, 'big', 'small')", "formula.js"), "\"small\"");
  EXPECT_EQ(Eval("CONCATENATE({{name}}, ' ', {{b}})", "formula.js"), "\"Ann 2\"");
  EXPECT_EQ(Eval("AND({{yes}}, {{a}} = 1)", "formula.js"), "true");
  EXPECT_EQ(Eval("{{name}} & '!'", "formula.js"), "\"Ann!\"");
}

TEST(Formula, ComparisonsAndLogic) {
  EXPECT_EQ(Eval("{{a}} < {{b}} and not ({{a}} == 2)"), "true");
  EXPECT_EQ(Eval("{{a}} >= 1 ? 'x' : 'y'"), "\"x\"");
  EXPECT_EQ(Eval("{{a}} != 1 || false"), "false");
}

TEST(Formula, Template) {
  EXPECT_EQ(Eval("{{name}}-{{ b }}{{none}}", "string"), "\"Ann-2\"");
  EXPECT_EQ(Eval("{{open", "string"), "\"{{open\"");
}

TEST(Formula, WhatIsOutsideTheSubsetIsNamed) {
  EXPECT_EQ(Eval("det([1,2])"), "UNSUPPORTED_FORMULA");
  EXPECT_EQ(Eval("{{a}} +"), "UNSUPPORTED_FORMULA");
  EXPECT_EQ(Eval("NOSUCH(1)", "formula.js"), "UNSUPPORTED_FORMULA");
  EXPECT_EQ(Eval("1", "lua"), "UNSUPPORTED_FORMULA");
  EXPECT_EQ(Eval(std::string(500, '(') + "1" + std::string(500, ')')), "UNSUPPORTED_FORMULA");
  EXPECT_EQ(Eval(std::string(500, '-') + "1"), "UNSUPPORTED_FORMULA");
  EXPECT_FALSE(CheckFormula("math.js", "{{a"));
  EXPECT_TRUE(CheckFormula("math.js", "{{a}} * (1 + {{b}})"));
}

}  // namespace
}  // namespace renkei::records
