// Every field type: what goes in, what comes out of either database.
#include <gtest/gtest.h>

#include "schema/field_type.h"
#include "schema/parse_definition.h"

namespace renkei::schema {
namespace {

Field MakeField(std::string_view type, std::string_view options = "{}") {
  json::object definition = json::parse({options.data(), options.size()}).get_object();
  definition["name"] = "v";
  definition["type"] = type;
  auto field = ParseField(definition, "typed");
  EXPECT_TRUE(field.has_value()) << type << ": " << (field ? "" : field.error().message);
  return std::move(field).value();
}

std::string Show(const db::Value& value) {
  switch (value.kind()) {
    case db::Value::Kind::kNull:
      return "null";
    case db::Value::Kind::kBool:
      return value.as_bool() ? "true" : "false";
    case db::Value::Kind::kInt:
      return std::to_string(value.as_int());
    case db::Value::Kind::kDouble:
      return ToJson(json::value(value.as_double()));
    default:
      return value.as_text();
  }
}

// The stored form, or "!" for a refusal.
std::string Stored(const Field& field, std::string_view input, const db::Dialect& dialect,
                   std::string_view zone = "+00:00") {
  InputContext context{*TimeZone::Parse(zone)};
  const json::value value = json::parse({input.data(), input.size()});
  auto stored = field.type->ToStored(value, field, context, dialect);
  if (!stored) {
    EXPECT_EQ(stored.error().code, "INVALID_VALUE");
    EXPECT_EQ(stored.error().message, "v: invalid value");
    EXPECT_EQ(stored.error().field, "v");
    EXPECT_FALSE(stored.error().hint.empty());
    EXPECT_EQ(stored.error().kind, ErrorKind::kInvalidArgument);
    return "!";
  }
  return Show(*stored);
}

db::Cell TextCell(std::string_view text) {
  db::Cell cell;
  cell.kind = db::Cell::Kind::kText;
  cell.text = {text.data(), text.size()};
  return cell;
}
db::Cell IntCell(std::int64_t value) {
  db::Cell cell;
  cell.kind = db::Cell::Kind::kInt;
  cell.integer = value;
  return cell;
}

std::string Wire(const Field& field, const db::Cell& cell) {
  std::string out;
  field.type->AppendJson(out, cell, field);
  return out;
}

struct InputCase {
  std::string_view type, options, input, stored;
};

TEST(FieldTypes, StoreWhatTheyAcceptAndRefuseTheRest) {
  const InputCase cases[] = {
      {"string", "{}", R"("plain")", "plain"},
      {"string", "{}", "12", "12"},
      {"string", "{}", "1.5", "1.5"},
      {"string", "{}", R"({"a":1})", "!"},
      {"string", "{}", "[1]", "!"},
      {"string", "{}", R"("a\u0000b")", "!"},
      {"string", R"({"trim":true})", R"("  x y ")", "x y"},
      {"string", R"({"length":3})", R"("abc")", "abc"},
      {"string", R"({"length":3})", R"("日本語")", "日本語"},
      {"string", R"({"length":3})", R"("abcd")", "!"},
      {"string", R"({"unique":true})", R"("")", "null"},
      {"string", "{}", R"("")", ""},
      {"text", "{}", R"("a\r\nb")", "a\r\nb"},
      {"integer", "{}", "7", "7"},
      {"integer", "{}", R"("8")", "8"},
      {"integer", "{}", "7.0", "7"},
      {"integer", "{}", "7.5", "!"},
      {"integer", "{}", R"("abc")", "!"},
      {"integer", "{}", R"("")", "!"},
      {"integer", "{}", "true", "!"},
      {"integer", "{}", "2147483648", "!"},
      {"integer", "{}", "-2147483648", "-2147483648"},
      {"bigInt", "{}", R"("9223372036854775807")", "9223372036854775807"},
      {"bigInt", "{}", R"("-9223372036854775808")", "-9223372036854775808"},
      {"bigInt", "{}", R"("9223372036854775808")", "!"},
      {"bigInt", "{}", "1e30", "!"},
      {"double", "{}", R"("2.25")", "2.25"},
      {"double", "{}", R"("nan")", "!"},
      {"double", "{}", R"("1e999")", "!"},
      {"real", "{}", "0.1", "0.1"},
      {"decimal", R"({"precision":10,"scale":2})", "12.5", "12.50"},
      {"decimal", R"({"precision":10,"scale":2})", R"("7")", "7.00"},
      {"decimal", R"({"precision":10,"scale":2})", "-3.14159", "-3.14"},
      {"decimal", R"({"precision":10,"scale":2})", R"("0.005")", "0.01"},
      {"decimal", R"({"precision":10,"scale":2})", R"("-0.004")", "0.00"},
      {"decimal", R"({"precision":4,"scale":2})", R"("99.994")", "99.99"},
      {"decimal", R"({"precision":4,"scale":2})", R"("99.995")", "!"},
      {"decimal", R"({"precision":4,"scale":2})", "100", "!"},
      {"decimal", R"({"precision":12,"scale":4})", R"("0.12345")", "0.1235"},
      {"decimal", R"({"precision":30,"scale":10})", R"("12345678901234567890.0123456789")",
       "12345678901234567890.0123456789"},
      {"decimal", R"({"precision":10,"scale":0})", "1e3", "1000"},
      {"decimal", R"({"precision":10,"scale":2})", R"("x")", "!"},
      {"decimal", R"({"precision":10,"scale":2})", R"("1e999999999")", "!"},
      {"decimal", R"({"precision":10,"scale":2})", R"("1e-900")", "0.00"},
      {"boolean", "{}", "true", "true"},
      {"boolean", "{}", R"("false")", "false"},
      {"boolean", "{}", "1", "true"},
      {"boolean", "{}", R"("perhaps")", "!"},
      {"boolean", "{}", "2", "!"},
      {"radio", "{}", "true", "true"},
      {"json", "{}", R"({"a":[1,{"b":null}]})", R"({"a":[1,{"b":null}]})"},
      {"jsonb", "{}", R"("text")", R"("text")"},
      {"json", "{}", R"(["a\u0000"])", "!"},
      {"array", "{}", R"(["a","b"])", R"(["a","b"])"},
      {"array", "{}", R"("a")", "!"},
      {"set", "{}", R"(["a","a","b"])", R"(["a","b"])"},
      {"datetimeTz", "{}", R"("2026-01-02T03:04:05.678Z")", "2026-01-02T03:04:05.678Z"},
      {"date", "{}", R"("2026-01-02T03:04:05+08:00")", "2026-01-01T19:04:05.000Z"},
      {"datetime", "{}", R"("2026-06-30T23:59:59.999-05:00")", "2026-07-01T04:59:59.999Z"},
      {"datetimeTz", "{}", R"("2026-01-02")", "2026-01-02T00:00:00.000Z"},
      {"datetimeTz", "{}", R"("2026-02-30")", "!"},
      {"datetimeTz", "{}", R"("2026-01-02T25:00:00Z")", "!"},
      {"datetimeTz", "{}", R"("nonsense")", "!"},
      {"datetimeTz", "{}", R"("0000-01-01")", "!"},
      {"datetimeTz", "{}", R"("9999-12-31T23:59:59-10:00")", "!"},
      {"datetimeTz", "{}", "1767323045678", "2026-01-02T03:04:05.678Z"},
      {"datetimeTz", "{}", "true", "!"},
      {"datetimeNoTz", "{}", R"("2026-01-02 03:04:05")", "2026-01-02 03:04:05.000"},
      {"datetimeNoTz", "{}", R"("2026-01-02")", "2026-01-02 00:00:00.000"},
      {"dateOnly", "{}", R"("2024-02-29")", "2024-02-29"},
      {"dateOnly", "{}", R"("2026-01-02T20:00:00.000Z")", "2026-01-02"},
      {"dateOnly", "{}", R"("2026-13-01")", "!"},
      {"dateOnly", "{}", "20260102", "!"},
      {"time", "{}", R"("23:59:59")", "23:59:59"},
      {"time", "{}", R"("07:05")", "07:05:00"},
      {"time", "{}", R"("24:00:00")", "!"},
      {"unixTimestamp", R"({"accuracy":"second"})", R"("2026-01-02T03:04:05.678Z")", "1767323045"},
      {"unixTimestamp", R"({"accuracy":"millisecond"})", R"("2026-01-02T03:04:05.678Z")",
       "1767323045678"},
      {"unixTimestamp", R"({"accuracy":"second"})", R"("1969-12-31T23:59:59.500Z")", "-1"},
      {"unixTimestamp", R"({"accuracy":"second"})", "1767323045", "1767323045"},
      {"unixTimestamp", "{}", R"("soon")", "!"},
      {"uid", "{}", R"("own_1")", "own_1"},
      {"uid", "{}", R"("-x")", "!"},
      {"uid", "{}", R"("a b")", "!"},
      {"uuid", "{}", R"("7B0C3A5E-52C5-4B7E-9D6B-0D8D1F6A2C11")",
       "7b0c3a5e-52c5-4b7e-9d6b-0d8d1f6a2c11"},
      {"uuid", "{}", R"("7b0c3a5e")", "!"},
      {"nanoid", "{}", R"("abc")", "abc"},
      {"snowflakeId", "{}", R"("123")", "123"},
      {"sort", "{}", "3", "3"},
      {"sequence", "{}", R"("SO-1")", "SO-1"},
      {"formula", R"({"dataType":"decimal","precision":10,"scale":1})", "2.25", "2.3"},
      {"formula", "{}", R"("1.5")", "1.5"},
      {"context", R"({"dataType":"integer"})", "5", "5"},
      {"context", "{}", R"("x")", "x"},
      {"code", "{}", R"("let x")", "let x"},
      {"password", "{}", R"("secret")", "secret"},
      {"blob", "{}", R"("aGk=")", "hi"},
      {"blob", "{}", R"({"type":"Buffer","data":[104,105]})", "hi"},
      {"blob", "{}", R"("***")", "!"},
      {"point", "{}", "[1,2]", "[1,2]"},
      {"point", "{}", "[1]", "!"},
      {"lineString", "{}", "[[0,0],[1,1.5]]", "[[0,0],[1,1.5]]"},
      {"polygon", "{}", "[[0,0],[1,1]]", "!"},
      {"polygon", "{}", "[[0,0],[1,1],[1,0]]", "[[0,0],[1,1],[1,0]]"},
      {"circle", "{}", "[1,2,3]", "[1,2,3]"},
      {"circle", "{}", "[1,2,-3]", "!"},
  };
  for (const InputCase& item : cases) {
    const Field field = MakeField(item.type, item.options);
    EXPECT_EQ(Stored(field, item.input, db::SqliteDialect()), item.stored)
        << item.type << " " << item.input;
  }
}

TEST(FieldTypes, ShapesAndKeyListsAreNativeOnPostgres) {
  const InputCase cases[] = {
      {"point", "{}", "[1,2]", "(1,2)"},
      {"lineString", "{}", "[[0,0],[1,1.5]]", "[(0,0),(1,1.5)]"},
      {"polygon", "{}", "[[0,0],[1,1],[1,0]]", "((0,0),(1,1),(1,0))"},
      {"circle", "{}", "[1,2,3]", "<(1,2),3>"},
      {"set", R"({"dataType":"array","elementType":"bigInt"})", R"([1,"3",1])", "{1,3}"},
      {"set", R"({"dataType":"array","elementType":"bigInt"})", R"(["x"])", "!"},
      {"array", R"({"dataType":"array","elementType":"string"})", R"(["a","b \"c\"\\"])",
       R"({"a","b \"c\"\\"})"},
      {"array", "{}", R"(["a"])", R"(["a"])"},
  };
  for (const InputCase& item : cases) {
    const Field field = MakeField(item.type, item.options);
    EXPECT_EQ(Stored(field, item.input, db::PostgresDialect()), item.stored)
        << item.type << " " << item.input;
  }
}

TEST(FieldTypes, ZonelessTimesAreReadInTheServersZone) {
  const Field at = MakeField("datetimeTz");
  EXPECT_EQ(Stored(at, R"("2026-01-02 03:04:05")", db::SqliteDialect(), "+08:00"),
            "2026-01-01T19:04:05.000Z");
  EXPECT_EQ(Stored(at, R"("2026-01-02")", db::SqliteDialect(), "+08:00"),
            "2026-01-02T00:00:00.000Z");
  const Field local = MakeField("datetimeNoTz");
  EXPECT_EQ(Stored(local, R"("2026-01-02T03:04:05Z")", db::SqliteDialect(), "+08:00"),
            "2026-01-02 11:04:05.000");
}

struct OutputCase {
  std::string_view type, options, cell, wire;
};

TEST(FieldTypes, AnswerFromTheTextFormOfBothDatabases) {
  const OutputCase cases[] = {
      {"string", "{}", "a\"b", R"("a\"b")"},
      {"integer", "{}", "42", "42"},
      {"bigInt", "{}", "9007199254740991", "9007199254740991"},
      {"bigInt", "{}", "9007199254740993", R"("9007199254740993")"},
      {"bigInt", "{}", "-9223372036854775807", R"("-9223372036854775807")"},
      {"double", "{}", "1e+20", "1e+20"},
      {"double", "{}", "NaN", "null"},
      {"decimal", R"({"precision":10,"scale":2})", "12.50", R"("12.50")"},
      {"boolean", "{}", "t", "true"},
      {"boolean", "{}", "f", "false"},
      {"json", "{}", R"({"a": 1})", R"({"a": 1})"},
      {"datetimeTz", "{}", "2026-01-02 03:04:05.67+00", R"("2026-01-02T03:04:05.670Z")"},
      {"datetimeTz", "{}", "2026-01-02 03:04:05+00", R"("2026-01-02T03:04:05.000Z")"},
      {"datetimeTz", "{}", "2026-01-02T03:04:05.678Z", R"("2026-01-02T03:04:05.678Z")"},
      {"datetimeNoTz", "{}", "2026-01-02 03:04:05.678", R"("2026-01-02 03:04:05")"},
      {"dateOnly", "{}", "2026-01-02", R"("2026-01-02")"},
      {"time", "{}", "03:04:05", R"("03:04:05")"},
      {"unixTimestamp", R"({"accuracy":"second"})", "1767323045", R"("2026-01-02T03:04:05.000Z")"},
      {"unixTimestamp", R"({"accuracy":"millisecond"})", "1767323045678",
       R"("2026-01-02T03:04:05.678Z")"},
      {"set", R"({"dataType":"array","elementType":"bigInt"})", "{1,3,NULL}", "[1,3,null]"},
      {"array", R"({"dataType":"array","elementType":"string"})", R"({a,"b c","d\"e"})",
       R"(["a","b c","d\"e"])"},
      {"array", R"({"dataType":"array","elementType":"string"})", "{}", "[]"},
      {"array", "{}", R"(["a"])", R"(["a"])"},
      {"point", "{}", "(1,2)", "[1,2]"},
      {"point", "{}", "[1,2]", "[1,2]"},
      {"lineString", "{}", "[(0,0),(1,1.5)]", "[[0,0],[1,1.5]]"},
      {"lineString", "{}", "[[0,0],[1,1.5]]", "[[0,0],[1,1.5]]"},
      {"polygon", "{}", "((0,0),(1,1),(1,0))", "[[0,0],[1,1],[1,0]]"},
      {"circle", "{}", "<(1,2),3>", "[1,2,3]"},
      {"blob", "{}", "\\x6869", R"("aGk=")"},
      {"password", "{}", "hash", "null"},
      {"formula", R"({"dataType":"boolean"})", "t", "true"},
  };
  for (const OutputCase& item : cases) {
    const Field field = MakeField(item.type, item.options);
    EXPECT_EQ(Wire(field, TextCell(item.cell)), item.wire) << item.type << " " << item.cell;
  }
  EXPECT_EQ(Wire(MakeField("boolean"), IntCell(1)), "true");
  EXPECT_EQ(Wire(MakeField("bigInt"), IntCell(9007199254740993)), R"("9007199254740993")");
  EXPECT_EQ(Wire(MakeField("unixTimestamp"), IntCell(0)), R"("1970-01-01T00:00:00.000Z")");
  for (const FieldType* type : AllFieldTypes()) {
    Field field;
    field.type = type;
    EXPECT_EQ(Wire(field, db::Cell()), "null") << type->name();
  }
}

TEST(FieldTypes, GenerateKeys) {
  const auto generated = [](std::string_view type, std::string_view options) {
    const Field field = MakeField(type, options);
    auto value = field.type->Generate(field);
    return value ? ToJson(*value) : std::string("none");
  };
  EXPECT_EQ(generated("uid", R"({"prefix":"p_"})").substr(0, 3), "\"p_");
  EXPECT_EQ(generated("uid", R"({"prefix":"p_"})").size(), 15u);
  EXPECT_EQ(generated("uuid", "{}").size(), 38u);
  EXPECT_EQ(generated("uuid", R"({"autoFill":false})"), "none");
  EXPECT_EQ(generated("nanoid", R"({"size":8})").size(), 10u);
  EXPECT_EQ(generated("nanoid", R"({"size":4,"customAlphabet":"a"})"), R"("aaaa")");
  EXPECT_NE(generated("snowflakeId", "{}"), "none");
  EXPECT_EQ(generated("string", "{}"), "none");
}

TEST(FieldTypes, EveryTypeOfTheReferenceIsKnown) {
  for (const std::string_view name :
       {"string",        "text",        "integer",       "bigInt",   "float",      "double",
        "real",          "decimal",     "boolean",       "radio",    "json",       "jsonb",
        "array",         "set",         "date",          "datetime", "datetimeTz", "datetimeNoTz",
        "dateOnly",      "time",        "unixTimestamp", "password", "uid",        "uuid",
        "nanoid",        "snowflakeId", "sort",          "sequence", "formula",    "virtual",
        "context",       "encryption",  "code",          "blob",     "point",      "lineString",
        "polygon",       "circle",      "belongsTo",     "hasOne",   "hasMany",    "belongsToMany",
        "belongsToArray"}) {
    ASSERT_NE(FindFieldType(name), nullptr) << name;
    EXPECT_EQ(FindFieldType(name)->name(), name);
  }
  EXPECT_EQ(FindFieldType("nosuchtype"), nullptr);
  EXPECT_EQ(FindFieldType("formula:double"), nullptr);
}

TEST(FieldTypes, EncryptedTextComesBack) {
  const Field field = MakeField("encryption");
  SetFieldEncryptionKey(std::string(32, 'k'));
  auto stored = field.type->ToStored(json::value("plain"), field, {}, db::SqliteDialect());
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(stored->as_text().find("plain"), std::string::npos);
  EXPECT_EQ(Wire(field, TextCell(stored->as_text())), R"("plain")");
  SetFieldEncryptionKey({});
}

}  // namespace
}  // namespace renkei::schema
