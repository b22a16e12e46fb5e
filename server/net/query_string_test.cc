#include "net/query_string.h"

#include <gtest/gtest.h>

namespace renkei::net {
namespace {

void ExpectParsed(std::string_view query, std::string_view expected) {
  const Result<json::object> result = ParseQueryString(query);
  ASSERT_TRUE(result) << query << ": " << result.error().message;
  EXPECT_EQ(json::value(*result), *ParseJson(expected)) << query << " gave " << ToJson(*result);
}

TEST(ParseQueryString, ReadsTheQsDialect) {
  const struct {
    std::string_view query, expected;
  } kCases[] = {
      {"", "{}"},
      {"&&", "{}"},
      {"=x", "{}"},
      {"a=1", R"({"a":"1"})"},
      {"a", R"({"a":null})"},
      {"a=", R"({"a":""})"},
      {"a=1&b=2", R"({"a":"1","b":"2"})"},
      {"a=b=c", R"({"a":"b=c"})"},
      {"a=1&a=2", R"({"a":["1","2"]})"},
      {"a=1&a=2&a", R"({"a":["1","2",null]})"},
      {"a+b=c+d%2B", R"({"a b":"c d+"})"},
      {"a=%E6%97%A5", R"({"a":"日"})"},
      {"a=50%&b=%zz", R"({"a":"50%","b":"%zz"})"},
      {"a[]=1", R"({"a":["1"]})"},
      {"a[]=1&a[]=2", R"({"a":["1","2"]})"},
      {"a[]", R"({"a":[null]})"},
      {"a[0]=x&a[1]=y", R"({"a":["x","y"]})"},
      {"a[1]=y&a[0]=x", R"({"a":["x","y"]})"},
      {"a[7]=y&a[2]=x", R"({"a":["x","y"]})"},
      {"a[100]=x", R"({"a":["x"]})"},
      {"a[101]=x", R"({"a":{"101":"x"}})"},
      {"a[0]=x&a[101]=y", R"({"a":{"0":"x","101":"y"}})"},
      {"a[01]=x", R"({"a":{"01":"x"}})"},
      {"a[-1]=x", R"({"a":{"-1":"x"}})"},
      {"a[b]=1", R"({"a":{"b":"1"}})"},
      {"a[b][c]=1&a[b][d]=2", R"({"a":{"b":{"c":"1","d":"2"}}})"},
      {"a[b][]=1&c", R"({"a":{"b":["1"]},"c":null})"},
      {"filter[authorId]", R"({"filter":{"authorId":null}})"},
      {"filter[$and][0][$or][0][x][$eq]=1&filter[$and][0][$or][1][y]=2",
       R"({"filter":{"$and":[{"$or":[{"x":{"$eq":"1"}},{"y":"2"}]}]}})"},
      {"filter%5Bpages%5D%5B%24gte%5D=248", R"({"filter":{"pages":{"$gte":"248"}}})"},
      {"filter%5ba%5d=x=y", R"({"filter":{"a":"x=y"}})"},
      {"a[x=y]=z", R"({"a":{"x=y":"z"}})"},
      {"a[0][x]=1&a[0][y]=2", R"({"a":[{"x":"1","y":"2"}]})"},
      {"a[][x]=1&a[][x]=2", R"({"a":[{"x":["1","2"]}]})"},
      {"a=1&a[b]=2", R"({"a":["1",{"b":"2"}]})"},
      {"a[b]=1&a=2", R"({"a":{"b":"1","2":"true"}})"},
      {"a[]=1&a=2", R"({"a":["1","2"]})"},
      {"a=1&a[]=2", R"({"a":["1","2"]})"},
      {"a[]=1&a[0]=2", R"({"a":["1","2"]})"},
      {"a[]=1&a[b]=2", R"({"a":{"0":"1","b":"2"}})"},
      {"a[b]=1&a[]=2", R"({"a":{"b":"1","0":"2"}})"},
      {"a[b=1", R"({"a[b":"1"})"},
      {"a]=1", R"({"a]":"1"})"},
      {"[]=1", R"({"0":"1"})"},
      {"[a]=1", R"({"a":"1"})"},
      {"[=1", R"({"[":"1"})"},
      {"a[b[c]]=1", R"({"a[b":{"c":"1"}})"},
      {"a[b]c[d]=1", R"({"a":{"b":{"d":"1"}}})"},
      {"__proto__=1&constructor[prototype][x]=2&hasOwnProperty=3",
       R"({"__proto__":"1","constructor":{"prototype":{"x":"2"}},"hasOwnProperty":"3"})"},
      {"a=%FF", R"({"a":"%FF"})"},
      {"filter={\"a\":[1]}&b=2", R"({"filter":"{\"a\":[1]}","b":"2"})"},
  };
  for (const auto& c : kCases) ExpectParsed(c.query, c.expected);
}

TEST(ParseQueryString, RefusesWhatIsTooDeepOrTooLong) {
  std::string deep = "filter";
  for (std::size_t i = 0; i < kMaxQueryDepth; ++i) deep += "[a]";
  EXPECT_TRUE(ParseQueryString(deep + "=1"));
  const Result<json::object> refused = ParseQueryString(deep + "[a]=1");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "QUERY_TOO_DEEP");
  EXPECT_EQ(refused.error().field, "filter");
  EXPECT_FALSE(ParseQueryString("x" + std::string(500'000, '[') + std::string(500'000, ']'))
                   .value()
                   .empty());
  std::string many;
  for (std::size_t i = 0; i < kMaxQueryPairs; ++i) many += "a=1&";
  EXPECT_TRUE(ParseQueryString(many));
  EXPECT_EQ(ParseQueryString(many + "b=1").error().code, "QUERY_TOO_LONG");
  EXPECT_EQ(ParseQueryString("c[]&" + many + "b=1").error().code, "QUERY_TOO_LONG");
}

}  // namespace
}  // namespace renkei::net
