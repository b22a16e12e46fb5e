#include "records/write_guard.h"

#include <gtest/gtest.h>

#include "query/filter_parse.h"

namespace renkei::records {
namespace {

json::value Value(std::string_view text) {
  return json::parse(json::string_view(text.data(), text.size()));
}

TEST(WriteGuard, EmptyAtEveryDepth) {
  for (std::string_view text : {"{}", "[]", "null", "\"\"", R"({"$and":[]})", R"({"$and":[{}]})",
                                R"({"$and":[{"$and":[]}]})", R"({"$or":[{}]})", R"([{}])",
                                R"({"$not":{}})", R"({"title":{}})", R"({"author":{"name":{}}})"}) {
    EXPECT_TRUE(query::IsEmptyFilter(Value(text))) << text;
  }
  for (std::string_view text : {R"({"id":1})", R"({"title":null})", R"({"$and":[{},{"id":1}]})",
                                R"({"id":{"$in":[]}})", R"({"tags":{"$empty":true}})"}) {
    EXPECT_FALSE(query::IsEmptyFilter(Value(text))) << text;
  }
}

TEST(WriteGuard, NamesTheAction) {
  Params params;
  auto refused = CheckWriteGuard("destroy", params);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "to do destroy action, filter or filterByTk is required");
  EXPECT_EQ(refused.error().kind, ErrorKind::kInvalidArgument);
  EXPECT_TRUE(CheckWriteGuard("create", params));
  EXPECT_TRUE(CheckWriteGuard("list", params));
}

TEST(WriteGuard, KeysFiltersAndForce) {
  Params params;
  params.force_update = true;
  EXPECT_TRUE(CheckWriteGuard("update", params));
  EXPECT_FALSE(CheckWriteGuard("destroy", params));
  params = Params();
  params.filter_by_tk = Value("1");
  EXPECT_TRUE(CheckWriteGuard("destroy", params));
  params.filter_by_tk = Value("\"\"");
  EXPECT_FALSE(CheckWriteGuard("destroy", params));
  params.filter = Value(R"({"id":1})");
  EXPECT_TRUE(CheckWriteGuard("destroy", params));
}

}  // namespace
}  // namespace renkei::records
