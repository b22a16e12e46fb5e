// Creating, changing, deleting, linking and moving on a real database (SQLite; PostgreSQL with
// RENKEI_TEST_POSTGRES).
#include <gtest/gtest.h>

#include "access/role.h"
#include "records/outbox_dispatcher.h"
#include "records/records.h"
#include "records/system_records.h"
#include "testing/library_fixture.h"

namespace renkei::records {
namespace {

constexpr std::string_view kDefinitions = R"([
{"name":"people","autoGenId":false,"fields":[{"name":"id","type":"bigInt","autoIncrement":true,"primaryKey":true,"allowNull":false},
  {"name":"name","type":"string"},{"name":"age","type":"integer"}]},
{"name":"labels","autoGenId":false,"fields":[{"name":"id","type":"bigInt","autoIncrement":true,"primaryKey":true,"allowNull":false},
  {"name":"label","type":"string"}]},
{"name":"pt","autoGenId":false,"fields":[{"name":"id","type":"bigInt","autoIncrement":true,"primaryKey":true,"allowNull":false},
  {"name":"postId","type":"bigInt"},{"name":"tagId","type":"bigInt"},{"name":"note","type":"string"}]},
{"name":"comments","autoGenId":false,"fields":[{"name":"id","type":"bigInt","autoIncrement":true,"primaryKey":true,"allowNull":false},
  {"name":"text","type":"string"},{"name":"postId","type":"bigInt"},
  {"name":"writer","type":"belongsTo","target":"people","foreignKey":"writerId","targetKey":"id"}]},
{"name":"posts","title":"Posts","autoGenId":false,"fields":[{"name":"id","type":"bigInt","autoIncrement":true,"primaryKey":true,"allowNull":false},
  {"name":"title","type":"string","defaultValue":"untitled"},{"name":"code","type":"string","unique":true,"uiSchema":{"title":"Code"}},
  {"name":"price","type":"decimal","precision":10,"scale":2},{"name":"secret","type":"string","hidden":true},
  {"name":"createdAt","type":"date","interface":"createdAt"},{"name":"updatedAt","type":"date","interface":"updatedAt"},
  {"name":"author","type":"belongsTo","target":"people","foreignKey":"authorId","targetKey":"id"},
  {"name":"tags","type":"belongsToMany","target":"labels","through":"pt","foreignKey":"postId","otherKey":"tagId","sourceKey":"id","targetKey":"id"},
  {"name":"comments","type":"hasMany","target":"comments","foreignKey":"postId","sourceKey":"id","targetKey":"id","onDelete":"CASCADE"}]},
{"name":"cards","autoGenId":false,"fields":[{"name":"id","type":"bigInt","autoIncrement":true,"primaryKey":true,"allowNull":false},
  {"name":"code","type":"string"},{"name":"state","type":"string"},{"name":"sort","type":"sort","scopeKey":"state"}]},
{"name":"nodes","template":"tree","tree":"adjacencyList","autoGenId":false,"fields":[
  {"name":"id","type":"bigInt","autoIncrement":true,"primaryKey":true,"allowNull":false},{"name":"name","type":"string"},
  {"name":"parentId","type":"bigInt","isForeignKey":true},
  {"name":"parent","type":"belongsTo","treeParent":true,"foreignKey":"parentId","target":"nodes","targetKey":"id","onDelete":"CASCADE"},
  {"name":"children","type":"hasMany","treeChildren":true,"foreignKey":"parentId","target":"nodes","sourceKey":"id","targetKey":"id"}]},
{"name":"orders","autoGenId":false,"fields":[{"name":"id","type":"bigInt","autoIncrement":true,"primaryKey":true,"allowNull":false},
  {"name":"no","type":"sequence","patterns":[{"type":"string","options":{"value":"SO-"}},{"type":"integer","options":{"digits":4,"start":1}}]},
  {"name":"a","type":"integer"},{"name":"b","type":"integer"},{"name":"main","type":"radio"},
  {"name":"sum","type":"formula","engine":"math.js","expression":"{{a}}+{{b}}*2","dataType":"double"}]},
{"name":"users","autoGenId":false,"fields":[{"name":"id","type":"bigInt","autoIncrement":true,"primaryKey":true,"allowNull":false},
  {"name":"username","type":"string"}]},
{"name":"notes","title":"Notes","autoGenId":false,"fields":[{"name":"id","type":"snowflakeId","primaryKey":true,"allowNull":false},
  {"name":"title","type":"string","uiSchema":{"title":"Title"},"validation":{"type":"string","rules":[{"key":"r","name":"max","args":{"limit":5}}]}},
  {"name":"word","type":"password"},{"name":"who","type":"context","dataIndex":"state.currentUser.id","dataType":"integer"},
  {"name":"v","type":"virtual"},{"name":"readerIds","type":"array"},
  {"name":"readers","type":"belongsToArray","target":"people","foreignKey":"readerIds","targetKey":"id"},
  {"name":"createdBy","type":"belongsTo","interface":"createdBy","target":"users","foreignKey":"createdById","targetKey":"id"},
  {"name":"updatedBy","type":"belongsTo","interface":"updatedBy","target":"users","foreignKey":"updatedById","targetKey":"id"}]},
{"name":"couples","filterTargetKey":["a","b"],"autoGenId":false,"fields":[{"name":"a","type":"string","primaryKey":true,"allowNull":false},
  {"name":"b","type":"integer","primaryKey":true,"allowNull":false},{"name":"label","type":"string"}]}
])";

json::value Doc(std::string_view text) { return testing::Must(ParseJson(text)); }

class WriteTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::vector<json::object> definitions;
    const json::value document = Doc(kDefinitions);
    for (const json::value& one : document.as_array()) definitions.push_back(one.as_object());
    fixture_ = new testing::LibraryFixture(std::move(definitions));
    db::Database& database = fixture_->database();
    db::TransactionBody body = [&](db::Connection& connection) -> Task<Result<void>> {
      for (std::string_view table : {"audit_log", "outbox", "rk_sequences"}) {
        db::Statement drop{"DROP TABLE IF EXISTS " + std::string(table), {}, "test"};
        RK_CO_CHECK_OK(co_await connection.Run(std::move(drop)));
      }
      for (db::Statement& statement : RecordsMigrations().front().statements(database)) {
        RK_CO_CHECK_OK(co_await connection.Run(std::move(statement)));
      }
      co_return Result<void>();
    };
    testing::Must(fixture_->Run(database.Transact(body, fixture_->Soon())));
  }
  static void TearDownTestSuite() {
    delete fixture_;
    fixture_ = nullptr;
  }

  WriteTest() : context_{.database = fixture_->database(), .catalog = fixture_->catalog()} {
    context_.enforce_access = false;
    context_.deadline = fixture_->Soon();
    context_.trace_id = "trace";
  }

  Result<json::value> Parsed(Result<Output> output) {
    if (!output) return Fail(std::move(output).error());
    return output->data.empty() ? json::value(nullptr) : Doc(output->data);
  }
  Result<json::value> TryCreate(std::string_view collection, std::string_view values) {
    const json::value body = Doc(values);
    return Parsed(fixture_->Run(Create(context_, fixture_->Find(collection), params_, body)));
  }
  json::value Make(std::string_view collection, std::string_view values) {
    return testing::Must(TryCreate(collection, values));
  }
  Result<json::value> TryUpdate(std::string_view collection, std::string_view key,
                                std::string_view values) {
    Params params = params_;
    params.filter_by_tk = Doc(key);
    const json::value body = Doc(values);
    return Parsed(fixture_->Run(Update(context_, fixture_->Find(collection), params, body)));
  }
  json::value Change(std::string_view collection, std::string_view key, std::string_view values) {
    return testing::Must(TryUpdate(collection, key, values));
  }
  Result<json::value> TryDestroy(std::string_view collection, std::string_view key) {
    Params params;
    params.filter_by_tk = Doc(key);
    return Parsed(fixture_->Run(Destroy(context_, fixture_->Find(collection), params)));
  }
  Result<json::value> TryLink(std::string_view collection, std::string_view key,
                              std::string_view association, LinkChange change,
                              std::string_view body) {
    Params params;
    params.association =
        AssociationRef{std::string(collection), Doc(key), std::string(association)};
    const json::value keys = Doc(body);
    return Parsed(fixture_->Run(ChangeLinks(context_, params, change, keys)));
  }
  json::array Rows(std::string_view collection, std::string_view filter = "{}",
                   std::vector<std::string> appends = {}) {
    Params params;
    params.filter = Doc(filter);
    params.appends = std::move(appends);
    return testing::Must(fixture_->Run(Fetch(context_, fixture_->Find(collection), params)));
  }
  std::int64_t Count(std::string sql) {
    db::Statement statement{std::move(sql), {}, "test"};
    return testing::Must(fixture_->Run(fixture_->database().ReadOne(
                             std::move(statement), db::ReadCost::kBounded, fixture_->Soon())))
        .at(0, 0)
        .ToInt();
  }
  // The caller becomes user 7 with a role that may do these actions on these collections.
  struct Right {
    std::string collection, action;
    std::optional<std::vector<std::string>> fields;
    std::string filter;
  };
  void BeUser(const std::vector<Right>& rights) {
    access::Role role;
    role.name = "tester";
    for (const Right& right : rights) {
      access::ResourceRule& rule = role.resources[right.collection];
      rule.using_actions_config = true;
      rule.actions[right.action].fields = right.fields;
      if (!right.filter.empty()) rule.actions[right.action].filter = Doc(right.filter);
    }
    auto rules = std::make_shared<access::AccessRules::Impl>();
    rules->roles.insert_or_assign(role.name, std::move(role));
    context_.rules = std::make_shared<access::AccessRules>(rules);
    context_.identity.kind = access::Identity::Kind::kUser;
    context_.identity.user_id = 7;
    context_.identity.roles = {"tester"};
    context_.identity.current_role = "tester";
    context_.enforce_access = true;
  }
  void BeServer() { context_.enforce_access = false; }
  Result<json::value> TryDestroyWhere(std::string_view collection, std::string_view filter) {
    Params params;
    params.filter = Doc(filter);
    return Parsed(fixture_->Run(Destroy(context_, fixture_->Find(collection), params)));
  }
  static std::string Id(const json::value& row) { return ToJson(row.at("id")); }

  static testing::LibraryFixture* fixture_;
  Context context_;
  Params params_;
};
testing::LibraryFixture* WriteTest::fixture_ = nullptr;

TEST_F(WriteTest, CreateAnswersTheStoredRow) {
  const std::int64_t audit = Count("SELECT count(*) FROM audit_log"),
                     outbox = Count("SELECT count(*) FROM outbox");
  const json::value row = Make("posts", R"({"code":"c1","price":12.5,"secret":"s","nosuch":1})");
  EXPECT_EQ(row.at("title"), "untitled");
  EXPECT_EQ(row.at("price"), "12.50");
  EXPECT_EQ(row.at("authorId"), nullptr);
  EXPECT_FALSE(row.as_object().contains("secret"));
  EXPECT_TRUE(row.at("createdAt").is_string());
  EXPECT_EQ(Count("SELECT count(*) FROM audit_log"), audit + 1);
  EXPECT_EQ(Count("SELECT count(*) FROM outbox"), outbox + 1);
  EXPECT_EQ(Count("SELECT count(*) FROM audit_log WHERE \"recordKey\" = '" + Id(row) +
                  "' AND \"resource\" = 'posts'"),
            1);
}

TEST_F(WriteTest, UniqueAndFailingBatch) {
  Make("posts", R"({"code":"u1"})");
  const std::size_t before = Rows("posts").size();
  auto refused = TryCreate("posts", R"([{"code":"u2"},{"code":"u1"}])");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "Code already exists");
  EXPECT_EQ(refused.error().field, "code");
  EXPECT_EQ(Rows("posts").size(), before);
  EXPECT_FALSE(TryCreate("posts", R"({"code":"u1"})"));
  EXPECT_TRUE(TryCreate("posts", R"([{"code":""},{"code":""}])"));
}

TEST_F(WriteTest, NestedAssociationsOfCreate) {
  const json::value red = Make("labels", R"({"label":"red"})");
  const json::value post = Make(
      "posts",
      R"({"title":"n","author":{"name":"Eve","age":22},"tags":[)" + Id(red) +
          R"(,{"label":"fresh"}],"comments":[{"text":"c1"},{"text":"c2","writer":{"name":"W"}}]})");
  EXPECT_EQ(post.at("author").at("name"), "Eve");
  EXPECT_EQ(post.at("authorId"), post.at("author").at("id"));
  EXPECT_EQ(post.at("comments").at(1).at("postId"), post.at("id"));
  EXPECT_EQ(post.at("tags").as_array().size(), 2u);
  const json::array rows = Rows("posts", "{\"id\":" + Id(post) + "}", {"tags", "comments.writer"});
  EXPECT_EQ(rows[0].at("tags").as_array().size(), 2u);
  auto dangling = TryCreate("posts", R"({"author":987654})");
  ASSERT_FALSE(dangling);
  EXPECT_EQ(dangling.error().message, "author 987654 does not exist");
}

TEST_F(WriteTest, UpdateReplacesLinksAndKeepsWhatIsAbsent) {
  const json::value post = Make(
      "posts",
      R"({"title":"u","price":1,"tags":[{"label":"x"},{"label":"y"}],"comments":[{"text":"c1"},{"text":"c2"}],
    "author":{"name":"Ada"}})");
  const std::string key = Id(post);
  const std::string c1 = Id(post.at("comments").at(0));
  const json::value changed =
      Change("posts", key,
             R"({"price":9,"comments":[)" + c1 + R"(,{"text":"c3"}],"tags":[{"label":"z"}]})");
  ASSERT_EQ(changed.as_array().size(), 1u);
  EXPECT_EQ(changed.at(0).at("price"), "9.00");
  EXPECT_EQ(changed.at(0).at("title"), "u");
  const json::value row = Rows("posts", "{\"id\":" + key + "}", {"tags", "comments"})[0];
  EXPECT_EQ(row.at("comments").as_array().size(), 2u);
  ASSERT_EQ(row.at("tags").as_array().size(), 1u);
  EXPECT_EQ(row.at("tags").at(0).at("label"), "z");
  const std::string author = Id(post.at("author"));
  Change("posts", key, R"({"author":{"id":)" + author + R"(,"name":"changed"}})");
  EXPECT_EQ(Rows("people", "{\"id\":" + author + "}")[0].at("name"), "Ada");
  params_.update_association_values = {"author"};
  Change("posts", key, R"({"author":{"id":)" + author + R"(,"name":"changed"}})");
  EXPECT_EQ(Rows("people", "{\"id\":" + author + "}")[0].at("name"), "changed");
  params_ = Params();
  Change("posts", key, R"({"author":null,"tags":null,"comments":[]})");
  const json::value cleared = Rows("posts", "{\"id\":" + key + "}", {"tags", "comments"})[0];
  EXPECT_EQ(cleared.at("authorId"), nullptr);
  EXPECT_TRUE(cleared.at("tags").as_array().empty());
  EXPECT_TRUE(cleared.at("comments").as_array().empty());
}

TEST_F(WriteTest, UpdateOfNothingMovesNoStamp) {
  const json::value post = Make("posts", R"({"title":"same","price":"3.50"})");
  const std::int64_t audit = Count("SELECT count(*) FROM audit_log");
  const json::value same = Change(
      "posts", Id(post), R"({"title":"same","price":3.5,"id":99999,"createdAt":"2020-01-01"})");
  EXPECT_EQ(same.at(0), post);
  EXPECT_EQ(Count("SELECT count(*) FROM audit_log"), audit);
  EXPECT_TRUE(testing::Must(TryUpdate("posts", "987654", R"({"title":"x"})")).as_array().empty());
}

TEST_F(WriteTest, ForceUpdateAndGuard) {
  Make("people", R"([{"name":"a"},{"name":"b"}])");
  const json::value body = Doc(R"({"age":4})");
  Params params;
  EXPECT_FALSE(fixture_->Run(Update(context_, fixture_->Find("people"), params, body)));
  params.force_update = true;
  EXPECT_TRUE(fixture_->Run(Update(context_, fixture_->Find("people"), params, body)));
  EXPECT_EQ(Rows("people", R"({"age":4})").size(), Rows("people").size());
}

TEST_F(WriteTest, DestroyCascadesAndRemovesThroughRows) {
  const json::value post =
      Make("posts", R"({"tags":[{"label":"d1"},{"label":"d2"}],"comments":[{"text":"gone"}]})");
  const std::int64_t links = Count("SELECT count(*) FROM pt");
  const std::size_t labels = Rows("labels").size();
  EXPECT_EQ(testing::Must(TryDestroy("posts", Id(post))), 1);
  EXPECT_EQ(Count("SELECT count(*) FROM pt"), links - 2);
  EXPECT_EQ(Rows("labels").size(), labels);
  EXPECT_TRUE(Rows("comments", R"({"text":"gone"})").empty());
  EXPECT_EQ(testing::Must(TryDestroy("posts", Id(post))), 0);
}

TEST_F(WriteTest, LinksAddSetRemoveToggle) {
  const json::value tags = Make("labels", R"([{"label":"l1"},{"label":"l2"},{"label":"l3"}])");
  const std::string a = Id(tags.at(0)), b = Id(tags.at(1)), c = Id(tags.at(2));
  const std::string post = Id(Make("posts", R"({"title":"links"})"));
  const auto linked = [&] {
    std::string out;
    const json::array rows = Rows("posts", "{\"id\":" + post + "}", {"tags"});
    for (const json::value& tag : rows[0].at("tags").as_array())
      out += View(tag.at("label").as_string());
    return out;
  };
  testing::Must(TryLink("posts", post, "tags", LinkChange::kAdd,
                        "[[" + a + ",{\"note\":\"why\"}]," + b + ",987654]"));
  EXPECT_EQ(linked(), "l1l2");
  EXPECT_EQ(Count("SELECT count(*) FROM pt WHERE \"note\" = 'why'"), 1);
  testing::Must(TryLink("posts", post, "tags", LinkChange::kSet, "[" + b + "," + c + "]"));
  EXPECT_EQ(linked(), "l2l3");
  testing::Must(TryLink("posts", post, "tags", LinkChange::kRemove, "[" + b + "," + a + "]"));
  EXPECT_EQ(linked(), "l3");
  EXPECT_EQ(
      testing::Must(TryLink("posts", post, "tags", LinkChange::kToggle, "{\"tk\":" + a + "}")),
      "ok");
  EXPECT_EQ(linked(), "l1l3");
  testing::Must(TryLink("posts", post, "tags", LinkChange::kSet, "[]"));
  EXPECT_EQ(linked(), "");
  EXPECT_FALSE(TryLink("posts", post, "tags", LinkChange::kSet, "{}"));
  EXPECT_EQ(TryLink("posts", "987654", "tags", LinkChange::kAdd, "[" + a + "]").error().kind,
            ErrorKind::kNotFound);
}

TEST_F(WriteTest, SortMovesWithinItsScope) {
  const json::value cards = Make(
      "cards",
      R"([{"code":"a","state":"t"},{"code":"b","state":"d"},{"code":"c","state":"t"},{"code":"e","state":"t"}])");
  EXPECT_EQ(cards.at(0).at("sort"), 1);
  EXPECT_EQ(cards.at(1).at("sort"), 1);
  EXPECT_EQ(cards.at(3).at("sort"), 3);
  const auto order = [&](std::string_view state) {
    Params params;
    params.filter = Doc("{\"state\":\"" + std::string(state) + "\"}");
    params.sort = {"sort"};
    std::string out;
    for (const json::value& row :
         testing::Must(fixture_->Run(Fetch(context_, fixture_->Find("cards"), params))))
      out += View(row.at("code").as_string());
    return out;
  };
  const auto move = [&](const std::string& text) {
    const json::value params = Doc(text);
    return Parsed(fixture_->Run(Move(context_, fixture_->Find("cards"), params.as_object())));
  };
  EXPECT_EQ(testing::Must(move("{\"sourceId\":" + Id(cards.at(3)) +
                               ",\"targetId\":" + Id(cards.at(0)) + "}")),
            "ok");
  EXPECT_EQ(order("t"), "eac");
  testing::Must(move("{\"sourceId\":" + Id(cards.at(0)) + ",\"targetScope\":{\"state\":\"d\"}}"));
  EXPECT_EQ(order("t") + "/" + order("d"), "ec/ba");
  testing::Must(move("{\"sourceId\":" + Id(cards.at(2)) + ",\"sticky\":\"true\"}"));
  EXPECT_EQ(order("t"), "ce");
  testing::Must(
      move("{\"sourceId\":" + Id(cards.at(2)) + ",\"targetId\":" + Id(cards.at(0)) + "}"));
  EXPECT_EQ(order("t") + "/" + order("d"), "e/bca");
  const json::value plain = Doc(R"({"sourceId":1,"targetId":2})");
  EXPECT_EQ(
      fixture_->Run(Move(context_, fixture_->Find("people"), plain.as_object())).error().message,
      "sort is not a sort field");
}

TEST_F(WriteTest, TreesHaveNoCyclesAndGoAsAWhole) {
  const json::value root = Make(
      "nodes", R"({"name":"root","children":[{"name":"kid","children":[{"name":"grandkid"}]}]})");
  const std::string kid = Id(root.at("children").at(0)),
                    grandkid = Id(root.at("children").at(0).at("children").at(0));
  EXPECT_EQ(TryUpdate("nodes", Id(root), "{\"parentId\":" + Id(root) + "}").error().message,
            "Cannot set itself as the parent node");
  EXPECT_EQ(TryUpdate("nodes", Id(root), "{\"parentId\":" + grandkid + "}").error().message,
            "Cannot set a descendant node as the parent node");
  Change("nodes", grandkid, "{\"parent\":" + Id(root) + "}");
  Change("nodes", grandkid, "{\"parent\":" + kid + "}");
  EXPECT_EQ(testing::Must(TryDestroy("nodes", Id(root))), 1);
  EXPECT_TRUE(Rows("nodes").empty());
}

TEST_F(WriteTest, SequenceFormulaRadio) {
  const json::value one = Make("orders", R"({"a":1,"b":2,"sum":99,"main":true})");
  const json::value two = Make("orders", R"({"no":"mine","main":true})");
  EXPECT_EQ(one.at("no"), "SO-0001");
  EXPECT_EQ(two.at("no"), "SO-0002");
  EXPECT_EQ(one.at("sum"), 5);
  EXPECT_EQ(two.at("sum"), nullptr);
  EXPECT_EQ(Rows("orders", "{\"id\":" + Id(one) + "}")[0].at("main"), false);
  const json::value changed = Change("orders", Id(one), R"({"b":10,"no":"mine","main":true})");
  EXPECT_EQ(changed.at(0).at("sum"), 21);
  EXPECT_EQ(changed.at(0).at("no"), "SO-0001");
  EXPECT_EQ(Rows("orders", "{\"id\":" + Id(two) + "}")[0].at("main"), false);
}

TEST_F(WriteTest, GivenKeysAndCompositeKeys) {
  Make("people", R"({"id":9002,"name":"given"})");
  for (int i = 0; i < 3; ++i)
    EXPECT_GT(Make("people", R"({"name":"next"})").at("id").as_int64(), 9002);
  EXPECT_FALSE(TryCreate("people", R"({"id":9002})"));
  Make("couples", R"([{"a":"x","b":1},{"a":"x","b":2},{"a":"y","b":1}])");
  EXPECT_EQ(Change("couples", R"({"a":"x","b":2})", R"({"label":"new"})").at(0).at("label"), "new");
  EXPECT_EQ(testing::Must(TryDestroy("couples", R"([{"a":"x","b":1},{"a":"y","b":1}])")), 2);
  EXPECT_EQ(TryDestroy("couples", "\"x\"").error().message,
            "multi filter target key value must be object");
}

TEST_F(WriteTest, Upserts) {
  params_.filter_keys = {"name"};
  const json::value body = Doc(R"({"name":"upsert","age":1})"),
                    again = Doc(R"({"name":"upsert","age":2})");
  const schema::Collection& people = fixture_->Find("people");
  const json::value made =
      testing::Must(Parsed(fixture_->Run(UpdateOrCreate(context_, people, params_, body))));
  EXPECT_EQ(made.at("age"), 1);
  EXPECT_EQ(testing::Must(Parsed(fixture_->Run(FirstOrCreate(context_, people, params_, again)))),
            made);
  const json::value changed =
      testing::Must(Parsed(fixture_->Run(UpdateOrCreate(context_, people, params_, again))));
  EXPECT_EQ(changed.at(0).at("age"), 2);
  EXPECT_EQ(Rows("people", R"({"name":"upsert"})").size(), 1u);
  params_.filter_keys.clear();
  EXPECT_FALSE(fixture_->Run(FirstOrCreate(context_, people, params_, again)));
}

TEST_F(WriteTest, AssociationResources) {
  const std::string post = Id(Make("posts", R"({"title":"source"})"));
  const auto at = [&](std::string_view name) {
    params_.association = AssociationRef{"posts", Doc(post), std::string(name)};
  };
  at("comments");
  EXPECT_EQ(ToJson(Make("comments", R"({"text":"c"})").at("postId")), post);
  at("tags");
  const std::string tag = Id(Make("labels", R"({"label":"by association"})"));
  EXPECT_EQ(Change("labels", tag, R"({"pt":{"note":"seen","postId":987654},"label":"renamed"})")
                .at(0)
                .at("label"),
            "renamed");
  EXPECT_EQ(Count("SELECT count(*) FROM pt WHERE \"note\" = 'seen' AND \"postId\" = " + post), 1);
  at("author");
  Make("people", R"({"name":"Ada"})");
  const json::value eve = Doc(R"({"name":"Eve"})");
  EXPECT_EQ(
      testing::Must(Parsed(fixture_->Run(Update(context_, fixture_->Find("people"), params_, eve))))
          .at(0)
          .at("name"),
      "Eve");
  const json::value row = Rows("posts", "{\"id\":" + post + "}", {"author", "comments", "tags"})[0];
  EXPECT_EQ(row.at("author").at("name"), "Eve");
  EXPECT_EQ(row.at("comments").as_array().size(), 1u);
  EXPECT_EQ(row.at("tags").as_array().size(), 1u);
  params_.association->source_key = 987654;
  EXPECT_EQ(TryCreate("people", R"({"name":"x"})").error().kind, ErrorKind::kNotFound);
  params_.association->source_key = "_";
  params_.filter = Doc(R"({"name":"Eve"})");
  EXPECT_FALSE(fixture_->Run(Destroy(context_, fixture_->Find("people"), params_)));
  params_ = Params();
  const json::value other = Make("posts", R"({"title":"other","comments":[{"text":"o"}]})");
  params_.association = AssociationRef{"posts", Doc(post), "comments"};
  params_.filter_by_tk = other.at("comments").at(0).at("id");
  EXPECT_EQ(
      testing::Must(Parsed(fixture_->Run(Destroy(context_, fixture_->Find("comments"), params_)))),
      true);
  EXPECT_EQ(Rows("comments", R"({"text":"o"})").size(), 1u);
}

TEST_F(WriteTest, ServerColumns) {
  Make("users", R"([{"id":7,"username":"ann"},{"id":8,"username":"bob"}])");
  BeUser({{"notes", "create", {}, ""}, {"notes", "update", {}, ""}});
  const json::value note = testing::Must(TryCreate(
      "notes",
      R"({"title":"a","createdById":8,"updatedById":8,"createdBy":{"id":8},"who":5,"v":"echo","word":"open sesame"})"));
  EXPECT_EQ(note.at("createdById"), 7);
  EXPECT_EQ(note.at("updatedById"), 7);
  EXPECT_EQ(note.at("who"), 7);
  EXPECT_EQ(note.at("v"), "echo");
  EXPECT_FALSE(note.as_object().contains("word"));
  const std::string hashed = "SELECT count(*) FROM notes WHERE \"word\" LIKE '$argon2id$%'";
  EXPECT_EQ(Count(hashed), 1);
  const json::value changed =
      Change("notes", Id(note), R"({"title":"b","word":"","createdBy":8,"createdById":8})");
  EXPECT_EQ(changed.at(0).at("createdById"), 7);
  EXPECT_EQ(Count(hashed), 1);
  EXPECT_EQ(Count("SELECT count(*) FROM audit_log WHERE CAST(\"changes\" AS text) LIKE '%argon2%'"),
            0);
  context_.identity.is_root = true;
  BeServer();
  EXPECT_EQ(Make("notes", R"({"createdBy":{"id":8},"createdById":9})").at("createdById"), 8);
  auto invalid = TryCreate("notes", R"({"title":"too long"})");
  ASSERT_FALSE(invalid);
  EXPECT_EQ(invalid.error().message,
            "Notes: Title length must be less than or equal to 5 characters long");
}

TEST_F(WriteTest, ArraysOfKeys) {
  const json::value people = Make("people", R"([{"name":"r1"},{"name":"r2"}])");
  const std::string first = Id(people.at(0)), second = Id(people.at(1));
  const json::value note =
      Make("notes", "{\"readers\":[" + second + ",{\"id\":" + first + "},{\"name\":\"r3\"}]}");
  EXPECT_EQ(note.at("readers").as_array().size(), 3u);
  EXPECT_EQ(note.at("readerIds").at(0), people.at(1).at("id"));
  EXPECT_EQ(Change("notes", Id(note), "{\"readers\":[" + first + "]}")
                .at(0)
                .at("readerIds")
                .as_array()
                .size(),
            1u);
}

TEST_F(WriteTest, OutcomesOutOfScope) {
  const json::value people =
      Make("people", R"([{"name":"young","age":1},{"name":"old","age":80}])");
  const std::string young = Id(people.at(0)), old = Id(people.at(1)),
                    scope = R"({"age":{"$gt":50}})";
  BeUser({{"people", "update", {}, scope}, {"people", "destroy", {}, scope}});
  EXPECT_TRUE(testing::Must(TryUpdate("people", young, R"({"name":"x"})")).as_array().empty());
  EXPECT_EQ(testing::Must(TryUpdate("people", old, R"({"name":"older"})")).as_array().size(), 1u);
  EXPECT_EQ(TryDestroy("people", young).error().kind, ErrorKind::kPermissionDenied);
  EXPECT_EQ(testing::Must(TryDestroyWhere("people", R"({"name":"young"})")), 0);
  EXPECT_EQ(TryCreate("people", R"({"name":"x"})").error().kind, ErrorKind::kPermissionDenied);
  EXPECT_EQ(testing::Must(TryDestroy("people", old)), 1);
}

TEST_F(WriteTest, UnpermittedKeysAreDroppedAndNotEchoed) {
  const json::value made = Make("posts", R"({"title":"p","price":1})");
  BeUser({{"posts", "create", std::vector<std::string>{"title"}, ""},
          {"posts", "update", std::vector<std::string>{"title"}, ""},
          {"posts", "view", std::vector<std::string>{"code"}, ""}});
  const json::value created =
      testing::Must(TryCreate("posts", R"({"title":"q","price":5,"comments":[{"text":"no"}]})"));
  EXPECT_EQ(created.at("title"), "q");
  EXPECT_FALSE(created.as_object().contains("price"));
  const json::value changed = Change("posts", Id(made), R"({"title":"r","price":5})");
  EXPECT_EQ(changed.at(0).at("title"), "r");
  EXPECT_FALSE(changed.at(0).as_object().contains("authorId"));
  BeServer();
  EXPECT_EQ(Rows("posts", "{\"id\":" + Id(made) + "}")[0].at("price"), "1.00");
  EXPECT_EQ(Rows("posts", "{\"id\":" + Id(created) + "}")[0].at("price"), nullptr);
  EXPECT_TRUE(Rows("comments", R"({"text":"no"})").empty());
}

TEST_F(WriteTest, NestedRecordsNeedTheRightsOfTheirCollection) {
  const json::value person = Make("people", R"({"name":"linked","age":3})");
  BeUser({{"posts", "create", {}, ""}});
  EXPECT_EQ(TryCreate("posts", R"({"author":{"name":"new"}})").error().kind,
            ErrorKind::kPermissionDenied);
  const json::value post = testing::Must(TryCreate("posts", "{\"author\":" + Id(person) + "}"));
  EXPECT_EQ(post.at("authorId"), person.at("id"));
  EXPECT_FALSE(post.at("author").as_object().contains("name"));  // no view of people
  params_.update_association_values = {"author"};
  EXPECT_EQ(
      TryCreate("posts", "{\"author\":{\"id\":" + Id(person) + ",\"name\":\"x\"}}").error().kind,
      ErrorKind::kPermissionDenied);
}

TEST_F(WriteTest, LinkingNeedsTheUpdateOfTheSource) {
  const std::string label = Id(Make("labels", R"({"label":"acl"})")),
                    post = Id(Make("posts", R"({"title":"acl"})"));
  BeUser({{"posts", "view", {}, ""}, {"labels", "update", {}, ""}});
  EXPECT_EQ(TryLink("posts", post, "tags", LinkChange::kAdd, "[" + label + "]").error().kind,
            ErrorKind::kPermissionDenied);
  BeUser({{"posts", "update", std::vector<std::string>{"title"}, ""}});
  EXPECT_EQ(TryLink("posts", post, "tags", LinkChange::kAdd, "[" + label + "]").error().kind,
            ErrorKind::kPermissionDenied);
  BeUser({{"posts", "update", {}, R"({"title":"other"})"}});
  EXPECT_EQ(TryLink("posts", post, "tags", LinkChange::kAdd, "[" + label + "]").error().kind,
            ErrorKind::kPermissionDenied);
  BeUser({{"posts", "update", std::vector<std::string>{"tags"}, ""}});
  EXPECT_TRUE(TryLink("posts", post, "tags", LinkChange::kAdd, "[" + label + "]"));
  EXPECT_FALSE(TryLink("posts", post, "tags", LinkChange::kAdd, R"([{"label":"made"}])"));
}

TEST_F(WriteTest, MoveStaysWithinTheScope) {
  const json::value cards =
      Make("cards", R"([{"code":"m1","state":"m"},{"code":"m2","state":"m"}])");
  BeUser({{"cards", "update", {}, R"({"code":"m1"})"}});
  const json::value params =
      Doc("{\"sourceId\":" + Id(cards.at(1)) + ",\"targetId\":" + Id(cards.at(0)) + "}");
  EXPECT_EQ(fixture_->Run(Move(context_, fixture_->Find("cards"), params.as_object())).error().kind,
            ErrorKind::kPermissionDenied);
}

TEST_F(WriteTest, TheDispatcherHandsOverAndDeletes) {
  OutboxDispatcher dispatcher(fixture_->database());
  std::vector<std::string> seen;
  dispatcher.Subscribe([&](db::Connection&, std::span<const OutboxRow> rows) -> Task<Result<void>> {
    for (const OutboxRow& row : rows)
      seen.push_back(row.event + " " + row.collection + " " + row.payload);
    co_return Result<void>();
  });
  Make("people", R"({"name":"last"})");
  while (testing::Must(fixture_->Run(dispatcher.DispatchOnce())) > 0) {
  }
  ASSERT_FALSE(seen.empty());
  EXPECT_TRUE(seen.back().starts_with("create people {"));
  EXPECT_EQ(Count("SELECT count(*) FROM outbox"), 0);
}

}  // namespace
}  // namespace renkei::records
