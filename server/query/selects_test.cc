// Every line of testdata/selects.case against a real database: which rows a filter selects, and how
// many are counted.
#include <gtest/gtest.h>

#include <sstream>

#include "query/compile.h"
#include "query/filter_parse.h"
#include "testing/library_fixture.h"

namespace renkei::query {
namespace {

struct Selected {
  std::string codes;
  std::int64_t count = 0;
};

Result<Selected> Select(testing::LibraryFixture& fixture, const schema::Collection& collection,
                        const json::value& filter, std::string_view zone) {
  FilterContext context{*fixture.catalog(),
                        fixture.database().dialect(),
                        TimeZone(),
                        TimeZone(),
                        NowMs(),
                        {},
                        nullptr,
                        0};
  if (!zone.empty()) context.request_zone = *TimeZone::Parse(zone);
  ReadPlan plan;
  plan.from = &collection;
  RK_TRY(where, ParseFilter(filter, collection, context, plan.joins));
  plan.where = std::move(where);
  plan.select.push_back({kBaseRow, collection.FindField("code")});
  RK_TRY(order, ParseSort("code", collection, context, plan.joins));
  plan.order.push_back(std::move(order));
  RK_TRY(select, CompileSelect(plan, fixture.database().dialect()));
  RK_TRY(count, CompileCount(plan, fixture.database().dialect()));
  std::vector<db::Statement> statements;
  statements.push_back(select.ToStatement("test", 0, 0));
  statements.push_back(count.ToStatement("test", 0, 0));
  auto rows = fixture.Run(
      fixture.database().Read(std::move(statements), db::ReadCost::kUnbounded, fixture.Soon()));
  if (!rows) {
    Error error = rows.error();
    error.message += " in " + select.sql;
    return Fail(std::move(error));
  }
  Selected selected;
  for (std::size_t row = 0; row < (*rows)[0].size(); ++row)
    selected.codes += (*rows)[0].at(row, 0).view();
  selected.count = (*rows)[1].at(0, 0).ToInt();
  return selected;
}

TEST(Selects, EveryCaseOfTheTable) {
  testing::LibraryFixture fixture;
  auto file = std::filesystem::path(__FILE__).parent_path() / "testdata" / "selects.case";
  std::istringstream lines(testing::ReadTestFile(file));
  std::string line;
  while (std::getline(lines, line)) {
    if (line.empty() || line[0] == '#') continue;
    json::value test = testing::Must(ParseJson(line));
    const json::object& object = test.as_object();
    std::string zone(FindString(object, "zone"));
    const json::value* filter = Find(object, "filter");
    json::value none;
    auto selected = Select(fixture, fixture.Find(FindString(object, "collection")),
                           filter ? *filter : none, zone);
    ASSERT_TRUE(selected) << line << "\n"
                          << selected.error().message << " " << selected.error().detail;
    EXPECT_EQ(selected->codes, FindString(object, "want")) << line;
    EXPECT_EQ(selected->count, static_cast<std::int64_t>(selected->codes.size())) << line;
  }
}

}  // namespace
}  // namespace renkei::query
