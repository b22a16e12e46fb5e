#include "schema/validation.h"

#include <gtest/gtest.h>

#include "schema/parse_definition.h"

namespace renkei::schema {
namespace {

struct Case {
  std::string_view rules;    // {"type":…,"rules":[…]}
  std::string_view input;    // JSON; "-": not supplied
  std::string_view message;  // "": fine
};

std::string Complaint(const Case& item, std::string_view locale = "en-US",
                      std::string_view title = "Box") {
  json::object definition = {
      {"name", "v"}, {"type", "string"}, {"uiSchema", json::object{{"title", "Thing"}}}};
  definition["validation"] = json::parse({item.rules.data(), item.rules.size()});
  Collection collection;
  collection.name = "boxes";
  collection.title = title;
  const Field field = ParseField(definition, "boxes").value();
  const bool supplied = item.input != "-";
  const json::value input =
      supplied ? json::parse({item.input.data(), item.input.size()}) : json::value();
  auto error = Validate(field, collection, input, supplied, locale);
  if (!error) return "";
  EXPECT_EQ(error->code, "VALIDATION_FAILED");
  EXPECT_EQ(error->field, "v");
  return error->message;
}

#define STRING(rule) R"({"type":"string","rules":[)" rule "]}"
#define NUMBER(rule) R"({"type":"number","rules":[)" rule "]}"
#define DATE(rule) R"({"type":"date","rules":[)" rule "]}"

TEST(Validation, SaysWhatTheTableSays) {
  const Case cases[] = {
      {STRING(R"({"name":"required"})"), "-", "Box: Thing is required"},
      {STRING(R"({"name":"required"})"), "null", "Box: Thing is required"},
      {STRING(R"({"name":"required"})"), R"("")", "Box: Thing is not allowed to be empty"},
      {STRING(R"({"name":"required"})"), R"("x")", ""},
      {STRING(R"({"name":"max","args":{"limit":3}})"), R"("four")",
       "Box: Thing length must be less than or equal to 3 characters long"},
      {STRING(R"({"name":"max","args":{"limit":3}})"), R"("日本語")", ""},
      {STRING(R"({"name":"max","args":{"limit":3}})"), "null", ""},
      {STRING(R"({"name":"max","args":{"limit":3}})"), R"("")", ""},
      {STRING(R"({"name":"max","args":{"limit":3}})"), "7", "Box: Thing must be a string"},
      {STRING(R"({"name":"min","args":{"limit":3}})"), R"("ab")",
       "Box: Thing length must be at least 3 characters long"},
      {STRING(R"({"name":"length","args":{"limit":4}})"), R"("abc")",
       "Box: Thing length must be 4 characters long"},
      {STRING(R"({"name":"pattern","args":{"regex":"^x+$"}})"), R"("y")",
       "Box: Thing with value \"y\" fails to match the required pattern: ^x+$"},
      {STRING(R"({"name":"pattern","args":{"regex":"^x+$"}})"), R"("xx")", ""},
      {STRING(R"({"name":"pattern","args":{"regex":"/^X$/i"}})"), R"("x")", ""},
      {STRING(R"({"name":"email"})"), R"("nope")",
       "Box: Thing email address doesn’t meet the required format"},
      {STRING(R"({"name":"email"})"), R"("ann@example.com")", ""},
      {STRING(R"({"name":"email"})"), R"("ann@example")",
       "Box: Thing email address doesn’t meet the required format"},
      {STRING(R"({"name":"uri","args":{"scheme":["https"]}})"), R"("http://x")",
       "Box: Thing must be a valid uri with a scheme matching the https pattern"},
      {STRING(R"({"name":"uri","args":{"scheme":["https"]}})"), R"("https://x.org/a?b=c")", ""},
      {STRING(R"({"name":"uri"})"), R"("no uri")", "Box: Thing must be a valid uri"},
      {STRING(R"({"name":"uri","args":{"allowRelative":true}})"), R"("/a/b")", ""},
      {STRING(R"({"name":"uuid"})"), R"("nope")", "Box: Thing must be a valid UUID"},
      {STRING(R"({"name":"uuid"})"), R"("7b0c3a5e-52c5-4b7e-9d6b-0d8d1f6a2c11")", ""},
      {STRING(R"({"name":"uuid","args":{"version":["uuidv7"]}})"),
       R"("7b0c3a5e-52c5-4b7e-9d6b-0d8d1f6a2c11")", "Box: Thing must be a valid UUID"},
      {STRING(R"({"name":"hex"})"), R"("0g")",
       "Box: Thing must only contain hexadecimal characters"},
      {STRING(R"({"name":"hex","args":{"byteAligned":true}})"), R"("abc")",
       "Box: Thing hex decoded representation must be byte aligned"},
      {NUMBER(R"({"name":"greater","args":{"limit":3}})"), "3",
       "Box: Thing must be greater than 3"},
      {NUMBER(R"({"name":"greater","args":{"limit":3}})"), R"("4")", ""},
      {NUMBER(R"({"name":"greater","args":{"limit":3}})"), R"("x")", "Box: Thing must be a number"},
      {NUMBER(R"({"name":"less","args":{"limit":3}})"), "3", "Box: Thing must be less than 3"},
      {NUMBER(R"({"name":"max","args":{"limit":9}})"), "10",
       "Box: Thing must be less than or equal to 9"},
      {NUMBER(R"({"name":"min","args":{"limit":2}})"), "1",
       "Box: Thing must be greater than or equal to 2"},
      {NUMBER(R"({"name":"integer"})"), "1.5", "Box: Thing must be an integer"},
      {NUMBER(R"({"name":"multiple","args":{"base":5}})"), "7",
       "Box: Thing must be a multiple of 5"},
      {NUMBER(R"({"name":"multiple","args":{"base":0.1}})"), "0.3", ""},
      {NUMBER(R"({"name":"precision","args":{"limit":2}})"), "1.234",
       "Box: Thing must not have more than 2 decimal places"},
      {NUMBER(R"({"name":"precision","args":{"limit":2}})"), "1.25", ""},
      {NUMBER(""), R"("9007199254740993")", "Box: Thing must be a safe number"},
      {NUMBER(R"({"name":"unsafe"})"), R"("9007199254740993")", ""},
      {DATE(R"({"name":"min","args":{"date":"2026-01-01"}})"), R"("2025-12-31")",
       "Box: Thing must be greater than or equal to 2026-01-01T00:00:00.000Z"},
      {DATE(R"({"name":"less","args":{"date":"2026-01-01"}})"), R"("2025-12-31")", ""},
      {DATE(""), R"("nonsense")", "Box: Thing must be a valid date"},
      {STRING(R"({"name":"min","args":{"limit":3}},{"name":"pattern","args":{"regex":"^x+$"}})"),
       R"("y")", "Box: Thing length must be at least 3 characters long"},
  };
  for (const Case& item : cases)
    EXPECT_EQ(Complaint(item), item.message) << item.rules << " " << item.input;
}

TEST(Validation, SpeaksTheLanguageOfTheRequest) {
  const Case item = {STRING(R"({"name":"max","args":{"limit":3}})"), R"("four")", ""};
  EXPECT_EQ(Complaint(item, "zh-CN"), "Box: Thing 长度不能超过 3 个字符");
  EXPECT_EQ(Complaint(item, "ja-JP"), "Box: Thing は 3 文字以下でなければなりません");
  EXPECT_EQ(Complaint(item, "fr-FR"),
            "Box: Thing length must be less than or equal to 3 characters long");
}

TEST(Validation, LabelFallsBackToNames) {
  const Case item = {STRING(R"({"name":"required"})"), "-", ""};
  EXPECT_EQ(Complaint(item, "en-US", ""), "boxes: Thing is required");
}

TEST(Validation, HostilePatternsEnd) {
  const std::string slow =
      R"({"type":"string","rules":[{"name":"pattern","args":{"regex":"^(a+)+$"}}]})";
  const std::string input = '"' + std::string(60, 'a') + "!\"";
  EXPECT_NE(Complaint({slow, input, ""}), "");
}

}  // namespace
}  // namespace renkei::schema
