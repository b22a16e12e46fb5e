#include "api/params.h"

#include <gtest/gtest.h>

#include "net/query_string.h"

namespace renkei::api {
namespace {

Result<records::Params> Parse(std::string_view query, std::string_view path = "books:list") {
  return ParseParams(*net::ParseQueryString(query), *ParseAddress(path));
}

TEST(ParamsTest, API006_CommaListsOnlyInPlainStrings) {
  EXPECT_EQ(*Parse("fields=id,title")->fields, (std::vector<std::string>{"id", "title"}));
  EXPECT_EQ(*Parse("fields[]=id&fields[]=title")->fields, (std::vector<std::string>{"id", "title"}));
  EXPECT_EQ(*Parse("fields[]=id,title")->fields, (std::vector<std::string>{"id,title"}));
  EXPECT_FALSE(Parse("fields=")->fields);
  EXPECT_EQ(Parse("sort=-price,id")->sort, (std::vector<std::string>{"-price", "id"}));
}

TEST(ParamsTest, API009_MalformedFilterIsRefused) {
  const auto bad = Parse("filter=%7Bbad%7D");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().kind, ErrorKind::kInvalidArgument);
  EXPECT_TRUE(bad.error().message.starts_with("Invalid filter"));
  EXPECT_EQ(bad.error().field, "filter");
  EXPECT_FALSE(Parse("filter=12"));
  EXPECT_FALSE(Parse("filter=")->filter);
  EXPECT_EQ(ToJson(*Parse("filter[a][$gt]=5")->filter), R"({"a":{"$gt":"5"}})");
}

TEST(ParamsTest, API003_QueryKeyBeatsPathKey) {
  EXPECT_EQ(ToJson(*Parse("filterByTk=2", "books:get/1")->filter_by_tk), "\"2\"");
  EXPECT_EQ(ToJson(*Parse("", "books:get/1")->filter_by_tk), "\"1\"");
  EXPECT_EQ(ToJson(*Parse("filterByTk=[1,2]")->filter_by_tk), "[1,2]");
  EXPECT_EQ(ToJson(*Parse("filterByTk=%7B%22a%22:1%7D")->filter_by_tk), R"({"a":1})");
  EXPECT_EQ(ToJson(*Parse("filterByTk={x}")->filter_by_tk), "\"{x}\"");
  EXPECT_FALSE(Parse("filterByTk=")->filter_by_tk);
  EXPECT_EQ(ToJson(*Parse("filterByTk=1,6")->filter_by_tk), "\"1,6\"");
  EXPECT_EQ(Parse("filterByTks=1,6")->filter_by_tks.size(), 2u);
}

TEST(ParamsTest, API016_PagesAreWholeNumbers) {
  EXPECT_EQ(*Parse("page=2&pageSize=50")->page_size, 50);
  for (const std::string_view query : {"page=0", "page=-1", "page=x", "pageSize=-1", "pageSize=1.5", "page=99999999999999999999"}) {
    const auto params = Parse(query);
    ASSERT_FALSE(params) << query;
    EXPECT_FALSE(params.error().field.empty());
    EXPECT_FALSE(params.error().hint.empty());
  }
}

}  // namespace
}  // namespace renkei::api
