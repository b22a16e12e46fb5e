#include "records/association_values.h"

#include <gtest/gtest.h>

namespace renkei::records {
namespace {

const std::vector<std::string> kId = {"id"};
const std::vector<std::string> kName = {"name"};

json::value Value(std::string_view text) {
  return json::parse(json::string_view(text.data(), text.size()));
}

TEST(AssociationValues, KeysAndObjects) {
  const json::value value = Value(R"([3, "4", {"id":5,"label":"x"}, {"label":"new"}, null])");
  auto links = ParseLinks(value, "tags", kId, kId, "");
  ASSERT_TRUE(links);
  ASSERT_EQ(links->size(), 4u);
  EXPECT_EQ(*(*links)[0].key, Value("3"));
  EXPECT_EQ((*links)[0].object, nullptr);
  EXPECT_NE((*links)[2].key, nullptr);
  EXPECT_NE((*links)[2].object, nullptr);
  EXPECT_EQ((*links)[3].key, nullptr);
}

TEST(AssociationValues, OneValueWithoutAnArray) {
  const json::value bare = Value("7"), object = Value(R"({"name":"x"})"), nothing = Value("null"),
                    empty = Value("\"\"");
  EXPECT_EQ(ParseLinks(bare, "author", kId, kId, "")->size(), 1u);
  EXPECT_EQ(ParseLinks(object, "author", kId, kId, "")->front().key, nullptr);
  EXPECT_TRUE(ParseLinks(nothing, "author", kId, kId, "")->empty());
  EXPECT_TRUE(ParseLinks(empty, "author", kId, kId, "")->empty());
}

TEST(AssociationValues, TheTargetKeyOrThePrimaryKey) {
  const json::value by_name = Value(R"({"name":"admin"})"), by_id = Value(R"({"id":2})"),
                    null_key = Value(R"({"id":null})");
  EXPECT_FALSE(ParseLinks(by_name, "roles", kName, kId, "")->front().by_primary_key);
  EXPECT_TRUE(ParseLinks(by_id, "roles", kName, kId, "")->front().by_primary_key);
  EXPECT_EQ(ParseLinks(null_key, "roles", kName, kId, "")->front().key, nullptr);
}

TEST(AssociationValues, ValuesOfTheThroughRow) {
  const json::value pairs = Value(R"([[1,{"note":"why"}],2,{"id":3,"pt":{"note":"x"}}])");
  auto links = ParseLinks(pairs, "tags", kId, kId, "pt");
  ASSERT_TRUE(links);
  ASSERT_EQ(links->size(), 3u);
  EXPECT_EQ(Find(*(*links)[0].through, "note")->as_string(), "why");
  EXPECT_EQ((*links)[1].through, nullptr);
  EXPECT_NE((*links)[2].through, nullptr);
}

TEST(AssociationValues, RefusesWhatIsNeither) {
  for (std::string_view text : {"true", "[[1,2,3]]", "[true]"}) {
    const json::value value = Value(text);
    EXPECT_FALSE(ParseLinks(value, "tags", kId, kId, "")) << text;
  }
}

TEST(AssociationValues, WhereKeysComeFrom) {
  json::value out;
  const json::value tk = Value("1"), body = Value("[2]"), wrapped = Value(R"({"tk":3})"),
                    empty = Value("{}");
  EXPECT_TRUE(LinkKeysOf(&tk, {}, body, out));
  EXPECT_EQ(out, tk);
  EXPECT_TRUE(LinkKeysOf(nullptr, {json::value("5")}, body, out));
  EXPECT_EQ(out, Value(R"(["5"])"));
  EXPECT_TRUE(LinkKeysOf(nullptr, {}, body, out));
  EXPECT_EQ(out, body);
  EXPECT_TRUE(LinkKeysOf(nullptr, {}, wrapped, out));
  EXPECT_EQ(out, Value("3"));
  EXPECT_FALSE(LinkKeysOf(nullptr, {}, empty, out));
}

}  // namespace
}  // namespace renkei::records
