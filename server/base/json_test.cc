#include "base/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>

namespace renkei {
namespace {

TEST(ParseJson, ReadsEveryKindAndWritesItBack) {
  const struct {
    std::string_view text, out;
  } kCases[] = {
      {"null", "null"},
      {" true ", "true"},
      {"false", "false"},
      {"-0", "0"},
      {"1.0", "1"},
      {"18446744073709551615", "18446744073709551615"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"\"a\\u00e9\\n\"", "\"aé\\n\""},
      {"[]", "[]"},
      {"{}", "{}"},
      {"[1,[2,{}],\"\"]", "[1,[2,{}],\"\"]"},
      {"{\"a\":1,\"a\":2}", "{\"a\":2}"},
      {"\"\\ud83d\\ude00\"", "\"😀\""},
      {"\"\\u0000\"", "\"\\u0000\""},
  };
  for (const auto& c : kCases) {
    const Result<json::value> value = ParseJson(c.text);
    ASSERT_TRUE(value) << c.text << ": " << value.error().message;
    EXPECT_EQ(ToJson(*value), c.out) << c.text;
  }
}

TEST(ParseJson, ReadsDoublesExactly) {
  for (const std::string_view text :
       {"0.30000000000000004", "1.0071192547409907e+30", "2.2250738585072014e-308", "5e-324",
        "1.7976931348623157e+308", "123456789.12345679", "-9.869604401089358", "0.1", "8.41e+21",
        "9007199254740993.5"}) {
    const Result<json::value> value = ParseJson(std::string("[") + std::string(text) + "]");
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(value->at(0).as_double(), std::strtod(std::string(text).c_str(), nullptr)) << text;
  }
  EXPECT_FALSE(ParseJson("1e999999999999999999"));
  EXPECT_FALSE(ParseJson("[1e400]"));
  EXPECT_EQ(ParseJson("1e-400")->as_double(), 0);
}

TEST(ParseJson, NamesThePlaceOfTheFault) {
  const struct {
    std::string_view text, message;
  } kCases[] = {
      {"{\"title\":\"x\",", "Invalid JSON at line 1, column 14: the text ends too early"},
      {"", "Invalid JSON at line 1, column 1: the text ends too early"},
      {"{\n  \"a\": ,\n}", "Invalid JSON at line 2, column 8: unexpected character ','"},
      {"{\"é\": }", "Invalid JSON at line 1, column 7: unexpected character '}'"},
      {"1 2", "Invalid JSON at line 1, column 3: there is text after the end of the document"},
      {"{bad", "Invalid JSON at line 1, column 2: unexpected character 'b'"},
      {"\"a\tb\"", "Invalid JSON at line 1, column 3: unexpected character 0x09"},
  };
  for (const auto& c : kCases) {
    const Result<json::value> value = ParseJson(c.text);
    ASSERT_FALSE(value) << c.text;
    EXPECT_EQ(value.error().code, "INVALID_JSON");
    EXPECT_EQ(value.error().message, c.message);
  }
}

TEST(ParseJson, RefusesWhatIsNoJson) {
  for (const std::string_view text :
       {"nul", "[1,]", "{\"a\"}", "'a'", "NaN", "01", "1.", "\"\\x\"", "\"\\ud800\"", "\"\xff\"",
        "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"abc", "[", "}", "// a"}) {
    EXPECT_FALSE(ParseJson(text)) << text;
  }
}

TEST(ParseJson, EndsAtTheDepthLimit) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(ParseJson(nested(kMaxJsonDepth)));
  EXPECT_FALSE(ParseJson(nested(kMaxJsonDepth + 1)));
  EXPECT_FALSE(ParseJson(std::string(1'000'000, '[')));
}

TEST(AppendJsonString, EscapesAtEveryPositionOfAChunk) {
  for (std::size_t size = 0; size < 40; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'a');
      text[at] = '"';
      std::string out;
      AppendJsonString(out, text);
      EXPECT_EQ(out, "\"" + std::string(at, 'a') + "\\\"" + std::string(size - at - 1, 'a') + "\"");
    }
  }
}

TEST(AppendJsonString, EveryByteReadsBack) {
  std::string text;
  for (int c = 0; c < 128; ++c) text.push_back(static_cast<char>(c));
  text += "日本語 é 😀 \xE2\x80\xA8";
  std::string out;
  AppendJsonString(out, text);
  const Result<json::value> back = ParseJson(out);
  ASSERT_TRUE(back);
  EXPECT_EQ(View(back->get_string()), text);
  EXPECT_NE(out.find("\\u001f"), std::string::npos);
  EXPECT_NE(out.find("\\b"), std::string::npos);
}

TEST(AppendJsonDouble, LaysNumbersOutAsJavaScriptDoes) {
  const struct {
    double value;
    std::string_view out;
  } kCases[] = {
      {0, "0"},
      {-0.0, "0"},
      {1, "1"},
      {-1, "-1"},
      {0.1, "0.1"},
      {1.5, "1.5"},
      {100000, "100000"},
      {1e20, "100000000000000000000"},
      {1e21, "1e+21"},
      {1.5e21, "1.5e+21"},
      {123456789012345680000.0, "123456789012345680000"},
      {1e-6, "0.000001"},
      {1e-7, "1e-7"},
      {1.25e-7, "1.25e-7"},
      {0.0001, "0.0001"},
      {5e-324, "5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {9007199254740993.0, "9007199254740992"},
      {-2.5e-10, "-2.5e-10"},
      {0.30000000000000004, "0.30000000000000004"},
      {1e100, "1e+100"},
      {12345.678, "12345.678"},
      {std::numeric_limits<double>::infinity(), "null"},
      {std::nan(""), "null"},
  };
  for (const auto& c : kCases) {
    std::string out;
    AppendJsonDouble(out, c.value);
    EXPECT_EQ(out, c.out);
    if (std::isfinite(c.value)) {
      EXPECT_EQ(std::strtod(out.c_str(), nullptr), c.value);
    }
  }
}

TEST(Find, ReadsOptionsWithFallbacks) {
  const json::value value = *ParseJson(R"({"s":"x","b":true,"i":7,"d":3.0,"n":null})");
  const json::object& object = value.get_object();
  EXPECT_EQ(FindString(object, "s"), "x");
  EXPECT_EQ(FindString(object, "i", "none"), "none");
  EXPECT_TRUE(FindBool(object, "b"));
  EXPECT_FALSE(FindBool(object, "s"));
  EXPECT_EQ(FindInt(object, "i"), 7);
  EXPECT_EQ(FindInt(object, "d"), 3);
  EXPECT_EQ(FindInt(object, "zz", -1), -1);
  EXPECT_NE(Find(value, "n"), nullptr);
  EXPECT_EQ(Find(json::value(1), "n"), nullptr);
}

}  // namespace
}  // namespace renkei
