#include "access/access_rules.h"

#include <gtest/gtest.h>

#include "access/role.h"
#include "access/snippets.h"

namespace renkei::access {
namespace {

schema::Collection MakeCollection(std::string name, bool owned, bool system = false) {
  schema::Collection collection;
  collection.name = std::move(name);
  collection.system = system;
  if (owned) {
    collection.fields.emplace_back();
    collection.fields.back().name = "createdById";
    collection.field_index.emplace("createdById", 0);
  }
  return collection;
}

Role MakeRole(std::string name, std::vector<std::string> actions,
              std::vector<std::string> snippets = {}) {
  Role role;
  role.name = std::move(name);
  json::array list;
  for (const std::string& action : actions) list.emplace_back(action);
  role.strategy = json::object{{"actions", std::move(list)}};
  role.snippets = std::move(snippets);
  SettleRole(role);
  return role;
}

class AccessRulesTest : public testing::Test {
 protected:
  Role& Add(Role role) {
    std::string name = role.name;
    return impl_->roles.insert_or_assign(name, std::move(role)).first->second;
  }
  Identity As(std::vector<std::string> roles) const {
    Identity identity;
    identity.kind = Identity::Kind::kUser;
    identity.user_id = 7;
    identity.roles = std::move(roles);
    for (const std::string& role : identity.roles) identity.is_root |= role == kRootRole;
    return identity;
  }
  Permission Check(std::vector<std::string> roles, const schema::Collection& collection,
                   std::string_view action) const {
    return AccessRules(impl_).Check(As(std::move(roles)), catalog_, collection, action);
  }
  bool MayCall(std::vector<std::string> roles, std::string_view resource,
               std::string_view action) const {
    return AccessRules(impl_).MayCall(As(std::move(roles)), resource, action);
  }

  std::shared_ptr<AccessRules::Impl> impl_ = std::make_shared<AccessRules::Impl>();
  schema::Catalog catalog_{{}, 1};
  schema::Collection books_ = MakeCollection("books", true);
};

TEST_F(AccessRulesTest, StrategyAllowsWhatItNames) {
  Add(MakeRole("reader", {"view"}));
  EXPECT_TRUE(Check({"reader"}, books_, "view").allowed);
  for (const char* other : {"create", "update", "destroy", "export", "importXlsx"}) {
    EXPECT_FALSE(Check({"reader"}, books_, other).allowed) << other;
  }
  EXPECT_FALSE(Check({}, books_, "view").allowed);
  EXPECT_FALSE(Check({"nosuch"}, books_, "view").allowed);
}

TEST_F(AccessRulesTest, OwnNarrowsToTheCallersRowsAndNeedsAnOwner) {
  Add(MakeRole("own", {"view:own"}));
  const Permission permission = Check({"own"}, books_, "view");
  ASSERT_TRUE(permission.allowed);
  EXPECT_EQ(permission.filter, json::value(json::object{{"createdById", 7}}));
  EXPECT_FALSE(Check({"own"}, MakeCollection("ownerless", false), "view").allowed);
}

TEST_F(AccessRulesTest, AnEntryReplacesTheStrategy) {
  Role& role = Add(MakeRole("r", {"view", "create"}));
  ResourceRule& entry = role.resources["books"];
  entry.actions["view"].fields = std::vector<std::string>{"title"};
  EXPECT_FALSE(Check({"r"}, books_, "view").fields.has_value()) << "not yet in use";
  entry.using_actions_config = true;
  EXPECT_EQ(Check({"r"}, books_, "view").fields, std::vector<std::string>{"title"});
  EXPECT_FALSE(Check({"r"}, books_, "create").allowed);
}

TEST_F(AccessRulesTest, UnionAddsActionsRowsAndFields) {
  for (const char* name : {"one", "two"}) {
    Role& role = Add(MakeRole(name, {}));
    ResourceRule& entry = role.resources["books"];
    entry.using_actions_config = true;
    entry.actions["view"].filter = json::object{{"rank", std::string_view(name) == "one" ? 1 : 3}};
    entry.actions["view"].fields =
        std::vector<std::string>{std::string_view(name) == "one" ? "title" : "rank"};
  }
  const Permission both = Check({"one", "two"}, books_, "view");
  EXPECT_EQ(both.filter,
            json::value(json::object{
                {"$or", json::array{json::object{{"rank", 1}}, json::object{{"rank", 3}}}}}));
  EXPECT_EQ(both.fields, (std::vector<std::string>{"title", "rank"}));
  Add(MakeRole("all", {"view", "destroy:own"}));
  EXPECT_FALSE(Check({"one", "all"}, books_, "view").filter.has_value());
  EXPECT_FALSE(Check({"one", "all"}, books_, "view").fields.has_value());
  EXPECT_TRUE(Check({"one", "all"}, books_, "destroy").filter.has_value());
}

TEST_F(AccessRulesTest, RootMayEverything) {
  EXPECT_TRUE(Check({"root"}, MakeCollection("sessions", false, true), "destroy").allowed);
  EXPECT_TRUE(MayCall({"root"}, "app", "restart"));
}

TEST_F(AccessRulesTest, SystemCollectionsNeedTheirSnippet) {
  Add(MakeRole("everything", {"view", "create", "update", "destroy"}));
  Add(MakeRole("manager", {}, {"pm.acl.roles"}));
  const schema::Collection roles = MakeCollection("roles", false, true),
                           users = MakeCollection("users", true, true);
  for (const char* action : {"view", "create", "update", "destroy"}) {
    EXPECT_FALSE(Check({"everything"}, roles, action).allowed) << action;
    // Writing goes through roles:create and its like, never through values nested in another
    // record.
    EXPECT_EQ(Check({"manager"}, roles, action).allowed, std::string_view(action) == "view")
        << action;
  }
  EXPECT_TRUE(Check({"everything"}, users, "view").allowed);
  EXPECT_FALSE(Check({"everything"}, users, "update").allowed);
}

TEST_F(AccessRulesTest, SnippetsGlobsAndNegation) {
  struct Case {
    std::vector<std::string> snippets;
    std::string_view resource, action;
    bool may;
  };
  const Case cases[] = {
      {{"pm.acl.roles"}, "roles", "list", true},
      {{"pm.acl.roles"}, "roles.users", "add", true},
      {{"pm.acl.roles"}, "users", "list", false},
      {{"pm.acl.roles", "!pm.acl.roles"}, "roles", "list", false},
      {{"pm.*"}, "roles", "list", true},
      {{"pm.*"}, "collections", "create", true},
      {{"pm.*"}, "pm", "enable", false},
      {{"pm"}, "pm", "enable", true},
      {{"pm.*", "!pm.users"}, "users", "create", false},
      {{"!pm", "!pm.*", "!ui.*"}, "roles", "list", false},
      {{}, "auth", "check", true},
      {{}, "roles", "check", true},
      {{}, "books", "downloadXlsxTemplate", true},
      {{}, "environmentVariables", "list", true},
      {{}, "environmentVariables", "create", false},
      {{}, "auth", "signIn", true},
      {{"ui.*", "pm", "pm.*"}, "app", "restart", false},
  };
  for (const Case& c : cases) {
    Add(MakeRole("r", {}, c.snippets));
    EXPECT_EQ(MayCall({"r"}, c.resource, c.action), c.may) << c.resource << ':' << c.action;
  }
  Add(MakeRole("no", {}, {"!pm.*"}));
  Add(MakeRole("yes", {}, {"pm.users"}));
  EXPECT_TRUE(MayCall({"no", "yes"}, "users", "list"))
      << "a positive snippet of one role beats a negation in another";
}

TEST_F(AccessRulesTest, AnonymousReachesOnlyPublicEndpoints) {
  const Identity nobody;
  const AccessRules rules(impl_);
  EXPECT_TRUE(rules.MayCall(nobody, "auth", "signIn"));
  EXPECT_TRUE(rules.MayCall(nobody, "systemSettings", "get"));
  EXPECT_FALSE(rules.MayCall(nobody, "auth", "check"));
  EXPECT_FALSE(rules.MayCall(nobody, "systemSettings", "put"));
}

TEST_F(AccessRulesTest, ActionsFold) {
  constexpr std::pair<std::string_view, std::string_view> kCases[] = {{"list", "view"},
                                                                      {"get", "view"},
                                                                      {"query", "view"},
                                                                      {"firstOrCreate", "create"},
                                                                      {"updateOrCreate", "create"},
                                                                      {"move", "update"},
                                                                      {"add", "update"},
                                                                      {"toggle", "update"},
                                                                      {"destroy", "destroy"},
                                                                      {"importXlsx", "importXlsx"}};
  for (const auto& [action, folded] : kCases) EXPECT_EQ(AccessRules::FoldAction(action), folded);
}

TEST_F(AccessRulesTest, NobodyGrantsMoreThanTheyHave) {
  Add(MakeRole("root", {}));
  Add(MakeRole("admin", {"create", "view", "update", "destroy", "export", "importXlsx"},
               {"ui.*", "pm", "pm.*"}));
  Add(MakeRole("member", {"view:own"}, {"!ui.*", "!pm", "!pm.*"}));
  Add(MakeRole("manager", {"view:own"}, {"pm.users"}));
  Add(MakeRole("reader", {"view"}));
  impl_->default_role = "member";
  const AccessRules rules(impl_);
  EXPECT_TRUE(MayGrant(rules, As({"root"}), "root"));
  EXPECT_FALSE(MayGrant(rules, As({"admin"}), "root"));
  EXPECT_TRUE(MayGrant(rules, As({"admin"}), "admin"));
  EXPECT_TRUE(MayGrant(rules, As({"admin"}), "manager"));
  EXPECT_FALSE(MayGrant(rules, As({"manager"}), "admin"));
  EXPECT_FALSE(MayGrant(rules, As({"manager"}), "reader"));
  EXPECT_TRUE(MayGrant(rules, As({"manager"}), "member"));
}

TEST(Glob, Matches) {
  EXPECT_TRUE(GlobMatches("pm.*", "pm.data-source-manager.data-source-main"));
  EXPECT_FALSE(GlobMatches("pm.*", "pm"));
  EXPECT_TRUE(GlobMatches("*:create", "books:create"));
  EXPECT_FALSE(GlobMatches("roles:*", "roles.users:add"));
  EXPECT_TRUE(GlobMatches("r?les", "roles"));
}

}  // namespace
}  // namespace renkei::access
