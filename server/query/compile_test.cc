// Golden: testdata/sql.case holds a filter, then the SQL of each dialect and the parameters. With
// RENKEI_ACCEPT=1 the file is written anew; read the difference before it is committed.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sstream>

#include "query/compile.h"
#include "query/filter_parse.h"
#include "testing/library_fixture.h"

namespace renkei::query {
namespace {

schema::CatalogRef LibraryCatalog() {
  auto data = std::filesystem::path(__FILE__).parent_path() / "testdata" / "library.json";
  json::value document = testing::Must(ParseJson(testing::ReadTestFile(data)));
  std::vector<json::object> definitions;
  for (const json::value& one : document.at("collections").as_array())
    definitions.push_back(one.as_object());
  return testing::MakeCatalog(definitions);
}

std::string ShowParams(const std::vector<db::Value>& params) {
  std::string text;
  for (const db::Value& value : params) {
    if (!text.empty()) text += " | ";
    switch (value.kind()) {
      case db::Value::Kind::kInt:
        text += std::to_string(value.as_int());
        break;
      case db::Value::Kind::kBool:
        text += value.as_bool() ? "true" : "false";
        break;
      case db::Value::Kind::kDouble:
        text += fmt::format("{}", value.as_double());
        break;
      default:
        text += fmt::format("'{}'", value.as_text());
    }
  }
  return text;
}

Result<CompiledSelect> Compile(const schema::Catalog& catalog, const json::value& filter,
                               const db::Dialect& dialect) {
  const schema::Collection& books = *catalog.Find("books");
  FilterContext context{catalog, dialect, TimeZone(), TimeZone(), 0, {}, nullptr, 0};
  ReadPlan plan;
  plan.from = &books;
  RK_TRY(where, ParseFilter(filter, books, context, plan.joins));
  plan.where = std::move(where);
  plan.select.push_back({kBaseRow, books.FindField("id")});
  RK_TRY(order, ParseSort("-code", books, context, plan.joins));
  plan.order.push_back(std::move(order));
  plan.limit = 0;
  return CompileSelect(plan, dialect);
}

TEST(Compile, GoldenSql) {
  schema::CatalogRef catalog = LibraryCatalog();
  auto path = std::filesystem::path(__FILE__).parent_path() / "testdata" / "sql.case";
  std::istringstream lines(testing::ReadTestFile(path));
  std::string line, now, before;
  while (std::getline(lines, line)) {
    before += line + "\n";
    if (!line.starts_with("{") && !line.starts_with("#")) continue;
    now += line + "\n";
    if (line.starts_with("#")) continue;
    json::value filter = testing::Must(ParseJson(line));
    for (const db::Dialect* dialect : {&db::SqliteDialect(), &db::PostgresDialect()}) {
      auto compiled = Compile(*catalog, filter, *dialect);
      now += compiled ? fmt::format("  {}: {}\n    {}\n", dialect->name(), compiled->sql,
                                    ShowParams(compiled->params))
                      : fmt::format("  {}: {}\n", dialect->name(), compiled.error().message);
    }
  }
  if (std::getenv("RENKEI_ACCEPT")) std::ofstream(path) << now;
  EXPECT_EQ(now, std::getenv("RENKEI_ACCEPT") ? now : before);
}

TEST(Compile, TheTextDoesNotDependOnTheValues) {
  schema::CatalogRef catalog = LibraryCatalog();
  const db::Dialect& dialect = db::PostgresDialect();
  auto sql = [&](std::string_view filter) {
    return testing::Must(Compile(*catalog, testing::Must(ParseJson(filter)), dialect)).sql;
  };
  EXPECT_EQ(sql(R"({"pages":{"$in":[1,2,3]}})"), sql(R"({"pages":{"$in":[4]}})"));
  EXPECT_EQ(sql(R"({"title.$includes":"a"})"),
            sql(R"({"title.$includes":"'; drop table books; --"})"));
}

TEST(Filters, MistakesAreRefusedWithTheirPlace) {
  schema::CatalogRef catalog = LibraryCatalog();
  struct Bad {
    const char* filter;
    const char* code;
    const char* field;
  };
  std::string deep = "{\"pages\":1}";
  for (int i = 0; i < 30; ++i) deep = "{\"$and\":[" + deep + "]}";
  std::string many = "{\"$or\":[{\"pages\":1}";
  for (int i = 0; i < 1200; ++i) many += ",{\"pages\":1}";
  many += "]}";
  for (const Bad& bad : std::vector<Bad>{
           {R"({"nosuch":1})", "INVALID_SQL_REFERENCE", "nosuch"},
           {R"({"author.nosuch":1})", "INVALID_SQL_REFERENCE", "author.nosuch"},
           {R"({"genres":{"nosuch":1}})", "INVALID_SQL_REFERENCE", "genres.nosuch"},
           {R"({"title.x":1})", "INVALID_SQL_REFERENCE", "title.x"},
           {R"({"title":{"$nosuch":1}})", "INVALID_OPERATOR", "title"},
           {R"({"$nosuch":[]})", "INVALID_OPERATOR", ""},
           {R"({"pages":{}})", "INVALID_FILTER", "pages"},
           {R"({"author":1})", "INVALID_FILTER", "author"},
           {R"({"author":null})", "INVALID_FILTER", "author"},
           {"12", "INVALID_FILTER", ""},
           {R"([1])", "INVALID_FILTER", ""},
           {R"({"$and":"x"})", "INVALID_FILTER", "$and"},
           {R"({"price":"abc"})", "INVALID_VALUE", "price"},
           {R"({"price":""})", "INVALID_VALUE", "price"},
           {R"({"pages":"12x"})", "INVALID_VALUE", "pages"},
           {R"({"pages":true})", "INVALID_VALUE", "pages"},
           {R"({"title":{"$eq":{"a":1}}})", "INVALID_VALUE", "title"},
           {R"({"title":"a\u0000b"})", "INVALID_VALUE", "title"},
           {R"({"inPrint":"perhaps"})", "INVALID_VALUE", "inPrint"},
           {R"({"pages":{"$between":[1]}})", "INVALID_VALUE", "pages"},
           {R"({"pages":{"$isTruly":true}})", "INVALID_OPERATOR", "pages"},
           {R"({"title":{"$arrayEmpty":true}})", "INVALID_OPERATOR", "title"},
           {R"({"title":{"$dateOn":"2026"}})", "INVALID_OPERATOR", "title"},
           {deep.c_str(), "FILTER_TOO_DEEP", ""},
           {many.c_str(), "FILTER_TOO_LARGE", "pages"},
       }) {
    auto compiled = Compile(*catalog, testing::Must(ParseJson(bad.filter)), db::PostgresDialect());
    ASSERT_FALSE(compiled) << bad.filter;
    EXPECT_EQ(compiled.error().code, bad.code) << bad.filter;
    EXPECT_EQ(compiled.error().field, bad.field) << bad.filter;
    EXPECT_EQ(HttpStatus(compiled.error().kind), 400) << bad.filter;
  }
  auto near = Compile(*catalog, testing::Must(ParseJson(R"({"titel":1})")), db::PostgresDialect());
  ASSERT_FALSE(near);
  EXPECT_EQ(near.error().message, "Invalid SQL column or table reference");
  EXPECT_NE(near.error().hint.find("title"), std::string::npos);
}

}  // namespace
}  // namespace renkei::query
