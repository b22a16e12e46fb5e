#include "query/variables.h"

#include <gtest/gtest.h>

#include "query/filter_parse.h"

namespace renkei::query {
namespace {

json::value J(std::string_view text) { return *ParseJson(text); }

TEST(Variables, AreReplacedWholeAndNothingElse) {
  json::object user = J(R"({"id":7,"username":"ann","extra":{"color":"red"}})").as_object();
  std::vector<std::string> roles{"member"};
  json::object loaded{{"department.id", 3}, {"roles.name", json::array{"a", "b"}}};
  VariableScope scope{&user, roles, "member", &loaded, 0};
  EXPECT_EQ(
      Substitute(J(R"({"a":"{{$user.id}}","b":{"$ne":"{{ ctx.state.currentUser.username }}"}})"),
                 scope),
      J(R"({"a":7,"b":{"$ne":"ann"}})"));
  EXPECT_EQ(Substitute(J(R"(["{{$user.id}}", 1, "{{$user.roles.name}}", "{{$nRole}}"])"), scope),
            J(R"([7,1,"a","b","member"])"));
  EXPECT_EQ(Substitute(J(R"(["{{$user.department.id}}","{{$user.extra.color}}"])"), scope),
            J(R"([3,"red"])"));
  EXPECT_EQ(
      Substitute(J(R"({"a":"{{$env.SECRET}}","b":"{{nosuch}}","c":"{{$user.nosuch}}"})"), scope),
      J(R"({"a":null,"b":null,"c":null})"));
  EXPECT_EQ(Substitute(J(R"(["x{{$user.id}}","{{}}","{{a}} {{b}}","{ {a} }"])"), scope),
            J(R"(["x{{$user.id}}","{{}}","{{a}} {{b}}","{ {a} }"])"));
  EXPECT_EQ(Substitute(J(R"(["{{$nDate.now}}"])"), scope), J(R"(["1970-01-01T00:00:00.000Z"])"));
  EXPECT_EQ(Substitute(J(R"({"a":"{{$nDate.thisWeek}}","b":"{{$nDate.thisIsoWeek}}"})"), scope),
            J(R"({"a":{"type":"thisLocalWeek"},"b":{"type":"thisIsoWeek"}})"));
}

TEST(Variables, RolesOfAUnionAreAList) {
  std::vector<std::string> roles{"a", "b"};
  VariableScope scope{nullptr, roles, "__union__", nullptr, 0};
  EXPECT_EQ(Substitute(J(R"({"role":"{{$nRole}}","user":"{{$user.id}}"})"), scope),
            J(R"({"role":["a","b"],"user":null})"));
}

TEST(Variables, PathsThatNeedTheDatabaseAreCollectedOnce) {
  json::object user = J(R"({"id":7,"extra":{"color":"red"}})").as_object();
  json::value filter = J(R"({"$or":[{"a":"{{$user.department.id}}"},{"b":["{{$user.department.id}}",
    "{{$user.extra.color}}","{{$user.name}}"]}]})");
  EXPECT_TRUE(HasVariables(filter));
  EXPECT_EQ(CollectUserPaths(filter, &user), std::vector<std::string>{"department.id"});
  EXPECT_FALSE(HasVariables(J(R"({"a":[1,"x"]})")));
}

TEST(EmptyFilter, IsSeenAtEveryDepth) {
  for (const char* empty :
       {"{}", "[]", "null", "\"\"", R"({"$and":[]})", R"({"$and":[{}]})", R"({"$or":[{}]})",
        R"({"$and":[{"$and":[]}]})", R"({"$and":[{"$or":[]}]})", R"({"$not":{}})", R"({"a":{}})",
        R"({"a":{"$or":[]}})", R"({"$and":{}})", R"([{},{"$and":[]}])", R"({"title.$or":[]})"}) {
    EXPECT_TRUE(IsEmptyFilter(J(empty))) << empty;
  }
  for (const char* full : {R"({"a":1})", R"({"a":null})", R"({"a":[]})", R"({"a":{"$eq":null}})",
                           R"({"a.$empty":{}})", R"({"$and":[{},{"a":1}]})", R"({"a":{"b":1}})"}) {
    EXPECT_FALSE(IsEmptyFilter(J(full))) << full;
  }
}

}  // namespace
}  // namespace renkei::query
