// Lists, gets, trees, aggregations and permissions on a real database (SQLite; PostgreSQL with
// RENKEI_TEST_POSTGRES).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "access/role.h"
#include "records/records.h"
#include "testing/library_fixture.h"

namespace renkei::records {
namespace {

std::vector<std::string> Names(const json::object& from, std::string_view name) {
  std::vector<std::string> names;
  const json::value* value = renkei::Find(from, name);
  if (!value) return names;
  if (value->is_string()) return {std::string(View(value->get_string()))};
  for (const json::value& member : value->as_array()) names.emplace_back(View(member.as_string()));
  return names;
}

Params ParamsOf(std::string_view text) {
  json::object from = testing::Must(ParseJson(text)).as_object();
  Params params;
  if (const json::value* value = renkei::Find(from, "filter")) params.filter = *value;
  if (const json::value* value = renkei::Find(from, "filterByTk")) params.filter_by_tk = *value;
  if (renkei::Find(from, "fields")) params.fields = Names(from, "fields");
  params.appends = Names(from, "appends");
  params.except = Names(from, "except");
  params.sort = Names(from, "sort");
  if (const json::value* value = renkei::Find(from, "page"))
    params.page = value->to_number<std::int64_t>();
  if (const json::value* value = renkei::Find(from, "pageSize"))
    params.page_size = value->to_number<std::int64_t>();
  params.paginate = FindBool(from, "paginate", true);
  params.tree = FindBool(from, "tree");
  params.acl_meta = FindBool(from, "acl");
  params.is_template = FindBool(from, "isTemplate");
  if (const json::value* value = renkei::Find(from, "of")) {
    params.association =
        AssociationRef{std::string(View(value->at("source").as_string())), value->at("key"),
                       std::string(View(value->at("name").as_string()))};
  }
  if (renkei::Find(from, "count")) params.count_mode = std::string(FindString(from, "count"));
  return params;
}

class ReadTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::vector<json::object> more;
    more.push_back(
        testing::Must(
            ParseJson(R"({"name":"pairs","filterTargetKey":["a","b"],"autoGenId":false,"fields":[
      {"name":"a","type":"string","primaryKey":true,"allowNull":false},
      {"name":"b","type":"integer","primaryKey":true,"allowNull":false},{"name":"label","type":"string"}]})"))
            .as_object());
    more.push_back(
        testing::Must(
            ParseJson(R"({"name":"simple","simplePaginate":true,"autoGenId":false,"fields":[
      {"name":"id","type":"bigInt","primaryKey":true},{"name":"n","type":"integer"},
      {"name":"secret","type":"password"},{"name":"createdById","type":"bigInt"}]})"))
            .as_object());
    more.push_back(testing::Must(ParseJson(R"({"name":"users","autoGenId":false,"fields":[
      {"name":"id","type":"bigInt","primaryKey":true},{"name":"username","type":"string"},
      {"name":"boss","type":"belongsTo","target":"users","foreignKey":"bossId"}]})"))
                       .as_object());
    if (std::getenv("RENKEI_TEST_POSTGRES")) {
      more.push_back(
          J(R"({"name":"people","fields":[{"name":"name","type":"string"}]})").as_object());
      more.push_back(
          J(R"({"name":"students","inherits":["people"],"fields":[{"name":"grade","type":"integer"}]})")
              .as_object());
    }
    json::object rows =
        testing::Must(
            ParseJson(R"({"pairs":[{"a":"x","b":1,"label":"x1"},{"a":"x","b":2,"label":"x2"},
      {"a":"y","b":1,"label":"y1"}],"simple":[{"id":1,"n":1,"secret":"hush","createdById":7},{"id":2,"n":2},{"id":3,"n":3},
      {"id":4,"n":4},{"id":5,"n":5}],"users":[{"id":6,"username":"chief"},{"id":7,"username":"ann","bossId":6}]})"))
            .as_object();
    if (std::getenv("RENKEI_TEST_POSTGRES")) {
      rows["people"] = J(R"([{"id":1,"name":"Ann"}])");
      rows["students"] = J(R"([{"id":2,"name":"Bob","grade":3}])");
    }
    fixture_ = new testing::LibraryFixture(std::move(more), std::move(rows));
  }
  static void TearDownTestSuite() {
    delete fixture_;
    fixture_ = nullptr;
  }

  Context MakeContext() {
    Context context{.database = fixture_->database(), .catalog = fixture_->catalog()};
    context.deadline = fixture_->Soon();
    // The same snapshot for all requests of a test, as in the server: plans are kept with it.
    if (!snapshot_) snapshot_ = std::make_shared<access::AccessRules>(rules_);
    context.rules = snapshot_;
    context.identity = identity_;
    context.request_zone = *TimeZone::Parse(zone_);
    return context;
  }
  Result<Output> TryList(std::string_view collection, std::string_view params) {
    Context context = MakeContext();
    Params parsed = ParamsOf(params);
    return fixture_->Run(List(context, fixture_->Find(collection), parsed));
  }
  json::value ListRows(std::string_view collection, std::string_view params) {
    Output output = testing::Must(TryList(collection, params));
    meta_ = output.meta;
    return testing::Must(ParseJson(output.data));
  }
  json::value GetRow(std::string_view collection, std::string_view params) {
    Context context = MakeContext();
    Params parsed = ParamsOf(params);
    Output output = testing::Must(fixture_->Run(Get(context, fixture_->Find(collection), parsed)));
    meta_ = output.meta;
    return testing::Must(ParseJson(output.data));
  }
  Result<Output> TryQuery(std::string_view collection, std::string_view body) {
    Context context = MakeContext();
    json::object parsed = testing::Must(ParseJson(body)).as_object();
    return fixture_->Run(Query(context, fixture_->Find(collection), parsed));
  }
  static std::string Column(const json::value& rows, std::string_view name) {
    std::string text;
    for (const json::value& row : rows.as_array()) text += View(row.at(name).as_string());
    return text;
  }
  static json::value J(std::string_view text) { return testing::Must(ParseJson(text)); }
  void BeUser(access::Role role) {
    snapshot_ = nullptr;
    identity_ = {};
    identity_.kind = access::Identity::Kind::kUser;
    identity_.user_id = 7;
    identity_.roles = {role.name};
    identity_.current_role = role.name;
    identity_.user = std::make_shared<json::object>(json::object{{"id", 7}, {"username", "ann"}});
    rules_->roles.insert_or_assign(role.name, std::move(role));
  }
  static access::Role RoleFor(std::string_view resource,
                              std::optional<std::vector<std::string>> fields,
                              std::string_view filter = "") {
    access::Role role;
    role.name = "tester";
    access::ResourceRule& rule = role.resources[std::string(resource)];
    rule.using_actions_config = true;
    rule.actions["view"].fields = std::move(fields);
    if (!filter.empty()) rule.actions["view"].filter = J(filter);
    return role;
  }

  static testing::LibraryFixture* fixture_;
  std::shared_ptr<access::AccessRules::Impl> rules_ = std::make_shared<access::AccessRules::Impl>();
  access::Identity identity_ = [] {
    access::Identity root;
    root.kind = access::Identity::Kind::kUser;
    root.is_root = true;
    return root;
  }();
  access::AccessRulesRef snapshot_;
  std::string zone_ = "+00:00";
  std::string meta_;
};
testing::LibraryFixture* ReadTest::fixture_ = nullptr;

TEST_F(ReadTest, ListHasExactMeta) {
  EXPECT_EQ(ListRows("genres", "{}").as_array().size(), 5u);
  EXPECT_EQ(meta_, R"({"count":5,"page":1,"pageSize":20,"totalPage":1})");
  ListRows(
      "books",
      R"({"filter":{"pages":{"$gte":100}},"pageSize":2,"page":2,"sort":"code","fields":"code"})");
  EXPECT_EQ(meta_, R"({"count":5,"page":2,"pageSize":2,"totalPage":3})");
  EXPECT_EQ(ListRows("genres", R"({"page":9,"pageSize":2})"), J("[]"));
  EXPECT_EQ(meta_, R"({"count":5,"page":9,"pageSize":2,"totalPage":3})");
  EXPECT_EQ(ListRows("genres", R"({"filter":{"label":"none"}})"), J("[]"));
  EXPECT_EQ(meta_, R"({"count":0,"page":1,"pageSize":20,"totalPage":0})");
  EXPECT_EQ(ListRows("genres", R"({"pageSize":0})"), J("[]"));
  EXPECT_EQ(meta_, R"({"count":5,"page":1,"pageSize":0,"totalPage":null})");
  EXPECT_EQ(ListRows("genres", R"({"paginate":false})").as_array().size(), 5u);
  EXPECT_EQ(meta_, "");
}

TEST_F(ReadTest, SimplePaginationTellsWhetherThereIsMore) {
  EXPECT_EQ(ListRows("simple", R"({"pageSize":2,"fields":"n"})"), J(R"([{"n":1},{"n":2}])"));
  EXPECT_EQ(meta_, R"({"hasNext":true,"page":1,"pageSize":2})");
  EXPECT_EQ(ListRows("simple", R"({"pageSize":2,"page":3,"fields":"n"})"), J(R"([{"n":5}])"));
  EXPECT_EQ(meta_, R"({"hasNext":false,"page":3,"pageSize":2})");
}

TEST_F(ReadTest, BadPagesAreRefused) {
  for (const char* params :
       {R"({"page":0})", R"({"page":-1})", R"({"pageSize":-5})", R"({"pageSize":100001})"}) {
    auto output = TryList("genres", params);
    ASSERT_FALSE(output) << params;
    EXPECT_EQ(HttpStatus(output.error().kind), 400) << params;
  }
}

TEST_F(ReadTest, SortsWithNullsLastBothWays) {
  EXPECT_EQ(Column(ListRows("books", R"({"sort":["price","code"],"fields":"code"})"), "code"),
            "ebfagdch");
  EXPECT_EQ(Column(ListRows("books", R"({"sort":["-price","code"],"fields":"code"})"), "code"),
            "dagfbech");
  EXPECT_EQ(
      Column(ListRows("books",
                      R"({"filter":{"authorId":{"$notEmpty":true}},"sort":["-author.born","code"],
                                        "fields":"code","appends":"author"})"),
             "code"),
      "fgcdab");
  auto unknown = TryList("books", R"({"sort":"nosuch"})");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message, "Invalid SQL column or table reference");
}

TEST_F(ReadTest, FieldsAppendsAndExcept) {
  EXPECT_EQ(GetRow("books", R"({"filterByTk":3,"fields":["code","author.name"]})"),
            J(R"({"code":"c","author":{"name":"Akutagawa"}})"));
  json::value row = GetRow(
      "books", R"J({"filterByTk":1,"appends":["author","cover","genres","reviews(sort=-id)"]})J");
  EXPECT_EQ(row.at("author").at("name"), J("\"Natsume Soseki\""));
  EXPECT_EQ(row.at("cover").at("kind"), J("\"hard\""));
  EXPECT_EQ(Column(row.at("reviews"), "text"), "SlowFine");
  EXPECT_EQ(row.at("genres").at(0).at("bg").at("bookId"), J("1"));
  EXPECT_EQ(row.at("price"), J("\"12.50\""));
  EXPECT_EQ(row.at("meta"), J(R"({"color":"red","size":{"w":10,"h":20},"n":1})"));
  row = GetRow("books", R"({"filterByTk":8,"appends":["author","cover","genres"]})");
  EXPECT_TRUE(row.at("author").is_null() && row.at("cover").is_null() &&
              row.at("genres").as_array().empty());
  row = GetRow("books", R"({"filterByTk":2,"appends":["author.books"]})");
  EXPECT_EQ(row.at("author").as_object().size(), 1u);
  EXPECT_EQ(Column(row.at("author").at("books"), "code"), "ab");
  row = GetRow("books",
               R"({"filterByTk":2,"appends":["author","author.books"],"except":["author.born"]})");
  EXPECT_TRUE(row.at("author").as_object().contains("name") &&
              !row.at("author").as_object().contains("born"));
  EXPECT_EQ(
      GetRow("books", R"({"filterByTk":1,"fields":["code","title","pages"],"except":["pages"]})"),
      J(R"({"code":"a","title":"Kokoro"})"));
  EXPECT_FALSE(
      GetRow("books", R"({"filterByTk":1,"appends":["nosuch"]})").as_object().contains("nosuch"));
  EXPECT_FALSE(TryList("books", R"({"fields":["code","nosuch"]})"));
  json::value rows =
      ListRows("books", R"({"filter":{"genres.label":"classic"},"appends":"genres"})");
  EXPECT_EQ(Column(rows.at(0).at("genres"), "label"), "novelclassic");
}

TEST_F(ReadTest, PasswordsAreNeverReturnedOrFiltered) {
  json::value row = GetRow("simple", R"({"filterByTk":1})");
  EXPECT_FALSE(row.as_object().contains("secret"));
  EXPECT_EQ(GetRow("simple", R"({"filterByTk":1,"fields":["n","secret"]})"), J(R"({"n":1})"));
  auto probing = TryList("simple", R"({"filter":{"secret.$startsWith":"h"}})");
  ASSERT_FALSE(probing);
  EXPECT_EQ(HttpStatus(probing.error().kind), 403);
}

TEST_F(ReadTest, GetFindsOneRowOrNull) {
  EXPECT_EQ(GetRow("books", R"({"fields":"code"})"), J(R"({"code":"a"})"));
  EXPECT_EQ(GetRow("books", R"({"filterByTk":987654})"), J("null"));
  EXPECT_EQ(GetRow("books", R"({"filterByTk":1,"filter":{"code":"b"}})"), J("null"));
  EXPECT_EQ(GetRow("books", R"({"sort":"-id","fields":"code"})"), J(R"({"code":"h"})"));
  EXPECT_EQ(GetRow("books", R"({"filter":{"pages":248},"sort":"-code","fields":"code"})"),
            J(R"({"code":"g"})"));
}

TEST_F(ReadTest, KeptPlansTakeNewKeysAndPages) {
  for (int key = 1; key <= 3; ++key) {
    std::string params = fmt::format(R"({{"filterByTk":{},"fields":"id"}})", key);
    EXPECT_EQ(GetRow("books", params), J(fmt::format(R"({{"id":{}}})", key)));
  }
  EXPECT_EQ(GetRow("books", R"({"filterByTk":"2","fields":"id"})"), J(R"({"id":2})"));
  Context context = MakeContext();
  Params wrong = ParamsOf(R"({"filterByTk":"1,2","fields":"id"})");
  auto refused = fixture_->Run(Get(context, fixture_->Find("books"), wrong));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().field, "filterByTk");
  for (int page = 1; page <= 3; ++page) {
    std::string params = fmt::format(
        R"({{"filter":{{"pages":{{"$gte":0}}}},"pageSize":3,"page":{},"sort":"id","fields":"id"}})",
        page);
    EXPECT_EQ(ListRows("books", params).as_array().size(), page == 3 ? 1u : 3u);
    EXPECT_EQ(meta_, fmt::format(R"({{"count":7,"page":{},"pageSize":3,"totalPage":3}})", page));
  }
}

TEST_F(ReadTest, KeptPlansAreNotSharedBetweenUsersWithScopes) {
  access::Role role;
  role.name = "own";
  role.strategy = J(R"({"actions":["view:own"]})");
  access::SettleRole(role);
  BeUser(std::move(role));
  for (int round = 0; round < 2; ++round) {
    identity_.user_id = 7;
    EXPECT_EQ(ListRows("simple", R"({"fields":"id"})"), J(R"([{"id":1}])"));
    identity_.user_id = 8;
    EXPECT_EQ(ListRows("simple", R"({"fields":"id"})"), J("[]"));
  }
}

TEST_F(ReadTest, ParentsShowTheRowsOfTheirChildren) {
  if (!fixture_->database().dialect().has_inheritance())
    GTEST_SKIP() << "no inheritance on this database";
  json::value rows = ListRows("people", R"({"sort":"name"})");
  ASSERT_EQ(rows.as_array().size(), 2u);
  EXPECT_EQ(rows.at(0).at("__collection"), J("\"people\""));
  EXPECT_EQ(rows.at(1).at("__collection"), J("\"students\""));
  EXPECT_EQ(meta_, R"({"count":2,"page":1,"pageSize":20,"totalPage":1})");
  EXPECT_EQ(Column(ListRows("people", R"({"filter":{"__collection":{"$childIn":["students"]}}})"),
                   "name"),
            "Bob");
  EXPECT_EQ(
      Column(ListRows("people", R"({"filter":{"__collection":{"$childNotIn":["students"]}}})"),
             "name"),
      "Ann");
  Context context = MakeContext();
  Params params = ParamsOf(R"({"filter":{"name":"Bob"}})");
  params.target_collection = "students";
  Output output = testing::Must(fixture_->Run(Get(context, fixture_->Find("people"), params)));
  EXPECT_EQ(J(output.data).at("grade"), J("3"));
}

TEST_F(ReadTest, CompositeKeys) {
  EXPECT_EQ(GetRow("pairs", R"({"filterByTk":{"a":"x","b":"2"},"fields":"label"})"),
            J(R"({"label":"x2"})"));
  EXPECT_EQ(GetRow("pairs", R"({"filterByTk":{"a":"y","b":2}})"), J("null"));
  Context context = MakeContext();
  Params params = ParamsOf(R"({"filterByTk":"x"})");
  auto refused = fixture_->Run(Get(context, fixture_->Find("pairs"), params));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "multi filter target key value must be object");
}

TEST_F(ReadTest, AssociationResources) {
  auto of = [](std::string_view source, std::string_view key, std::string_view name,
               std::string_view rest = "") {
    return fmt::format(R"({{"of":{{"source":"{}","key":"{}","name":"{}"}}{}}})", source, key, name,
                       rest);
  };
  json::value rows = ListRows("genres", of("books", "2", "genres"));
  EXPECT_EQ(rows.at(0).at("bg").at("genreId"), J("1"));
  EXPECT_TRUE(rows.at(0).at("_pivot_").is_null());
  EXPECT_EQ(ListRows("genres", of("books", "2", "genres", R"(,"fields":["id","label"])")),
            J(R"([{"id":1,"label":"novel"}])"));
  EXPECT_EQ(ListRows("genres", of("books", "987654", "genres")), J("[]"));
  EXPECT_EQ(meta_, R"({"count":0,"page":1,"pageSize":20,"totalPage":0})");
  EXPECT_EQ(Column(ListRows("books", of("authors", "1", "books",
                                        R"(,"sort":"-code","pageSize":1,"page":2)")),
                   "code"),
            "a");
  EXPECT_EQ(meta_, R"({"count":2,"page":2,"pageSize":1,"totalPage":2})");
  EXPECT_EQ(GetRow("authors", of("books", "3", "author", R"(,"fields":"name")")),
            J(R"({"name":"Akutagawa"})"));
  EXPECT_EQ(GetRow("authors", of("books", "5", "author")), J("null"));
  EXPECT_EQ(GetRow("covers", of("books", "2", "cover", R"(,"fields":"kind")")),
            J(R"({"kind":"soft"})"));
  EXPECT_EQ(GetRow("genres", of("books", "1", "genres", R"(,"filterByTk":3)")), J("null"));
  EXPECT_EQ(ListRows("genres", of("books", "_", "genres")).as_array().size(), 5u);
  EXPECT_FALSE(TryList("genres", of("books", "undefined", "genres")));
}

TEST_F(ReadTest, TreesNestChildrenUnderRoots) {
  json::value rows = ListRows("branches", R"({"tree":true,"sort":"id","fields":["name"]})");
  EXPECT_EQ(
      rows,
      J(R"([{"name":"root","__index":"0","children":[{"name":"kid","__index":"0.children.0","children":[
    {"name":"grandkid","__index":"0.children.0.children.0"}]},{"name":"kid2","__index":"0.children.1"}]},
    {"name":"lone","__index":"1"}])"));
  EXPECT_EQ(meta_, R"({"count":2,"page":1,"pageSize":20,"totalPage":1})");
  rows = ListRows("branches", R"({"tree":true,"filter":{"name":"grandkid"},"fields":["name"]})");
  EXPECT_EQ(
      rows,
      J(R"([{"name":"root","__index":"0","children":[{"name":"kid","__index":"0.children.0","children":[
    {"name":"grandkid","__index":"0.children.0.children.0"}]}]}])"));
  EXPECT_EQ(meta_, R"({"count":1,"page":1,"pageSize":20,"totalPage":1})");
  rows =
      ListRows("branches", R"({"tree":true,"sort":"id","pageSize":1,"page":2,"fields":["name"]})");
  EXPECT_EQ(rows.at(0).at("name"), J("\"lone\""));
  json::value row = GetRow(
      "branches", R"J({"filter":{"name":"grandkid"},"appends":["parent(recursively=true)"]})J");
  EXPECT_EQ(row.at("parent").at("parent").at("name"), J("\"root\""));
  EXPECT_EQ(row.at("parent").at("name"), J("\"kid\""));
}

TEST_F(ReadTest, TemplatesLeaveKeysOut) {
  json::value row =
      GetRow("books", R"({"filterByTk":1,"isTemplate":true,"appends":["reviews","genres"]})");
  EXPECT_FALSE(row.as_object().contains("id"));
  EXPECT_EQ(row.at("reviews").at(0), J(R"({"text":"Fine","stars":5})"));
  EXPECT_EQ(row.at("genres").at(0), J(R"({"id":1,"label":"novel"})"));
}

TEST_F(ReadTest, ViewFieldsAndScopeNarrowARead) {
  BeUser(RoleFor("books", std::vector<std::string>{"title"}, R"({"pages":{"$gte":184}})"));
  EXPECT_EQ(
      ListRows("books", R"({"sort":"id"})"),
      J(R"([{"id":1,"title":"Kokoro"},{"id":2,"title":"Botchan"},{"id":6,"title":null},{"id":7,"title":"kappa"}])"));
  EXPECT_EQ(ListRows("books", R"({"fields":["title","note"],"pageSize":1})"),
            J(R"([{"title":"Kokoro"}])"));
  EXPECT_EQ(ListRows("books", R"({"fields":["note"],"pageSize":1})"), J(R"([{"id":1}])"));
  EXPECT_EQ(GetRow("books", R"({"filterByTk":3})"), J("null"));
  EXPECT_FALSE(
      GetRow("books", R"({"filterByTk":1,"appends":["author"]})").as_object().contains("author"));
  for (const char* params :
       {R"({"filter":{"note":"x"}})", R"({"sort":"pages"})", R"({"filter":{"author.name":"x"}})"}) {
    auto refused = TryList("books", params);
    ASSERT_FALSE(refused) << params;
    EXPECT_EQ(HttpStatus(refused.error().kind), 403) << params;
  }
  EXPECT_FALSE(TryList("genres", "{}"));
}

TEST_F(ReadTest, AppendedRowsObeyTheirOwnView) {
  access::Role role =
      RoleFor("books", std::vector<std::string>{"title", "author", "genres", "cover"});
  access::ResourceRule& authors = role.resources["authors"];
  authors.using_actions_config = true;
  authors.actions["view"].fields = std::vector<std::string>{"name"};
  authors.actions["view"].filter = J(R"({"name":{"$ne":"Dazai"}})");
  BeUser(std::move(role));
  json::value row = GetRow("books", R"({"filterByTk":1,"appends":["author","genres","cover"]})");
  EXPECT_EQ(row.at("author"), J(R"({"id":1,"name":"Natsume Soseki"})"));
  EXPECT_EQ(row.at("genres"), J("[]"));
  EXPECT_TRUE(row.at("cover").is_null());
  EXPECT_TRUE(GetRow("books", R"({"filterByTk":6,"appends":["author"]})").at("author").is_null());
}

TEST_F(ReadTest, AllowedActionsNameTheRows) {
  access::Role role = RoleFor("simple", std::vector<std::string>{});
  role.resources["simple"].actions["update"].filter = J(R"({"n":{"$gte":4}})");
  BeUser(std::move(role));
  ListRows("simple", R"({"acl":true,"sort":"id","fields":["id"]})");
  EXPECT_EQ(J(meta_).at("allowedActions"),
            J(R"({"view":[1,2,3,4,5],"update":[4,5],"destroy":[]})"));
  ListRows("simple", R"({"acl":true,"filter":{"id":99}})");
  EXPECT_FALSE(J(meta_).as_object().contains("allowedActions"));
  GetRow("simple", R"({"acl":true,"filterByTk":5})");
  EXPECT_EQ(J(meta_), J(R"({"allowedActions":{"view":[5],"update":[5],"destroy":[]}})"));
}

TEST_F(ReadTest, VariablesInFilters) {
  access::Role role;
  role.name = "viewer";
  role.strategy = J(R"({"actions":["view"]})");
  access::SettleRole(role);
  BeUser(std::move(role));
  auto ids = [&](std::string_view filter) {
    std::string text;
    json::value rows =
        ListRows("simple", fmt::format(R"({{"filter":{},"fields":["id"],"sort":"id"}})", filter));
    for (const json::value& row : rows.as_array()) text += std::to_string(row.at("id").as_int64());
    return text;
  };
  EXPECT_EQ(ids(R"({"createdById":"{{$user.id}}"})"), "1");
  EXPECT_EQ(ids(R"({"createdById":{"$in":["{{$user.id}}",99]}})"), "1");
  EXPECT_EQ(ids(R"({"createdById":"{{ctx.state.currentUser.nosuch}}"})"), "2345");
  EXPECT_EQ(ids(R"({"createdById.$isCurrentUser":true})"), "1");
  EXPECT_EQ(ids(R"({"id":{"$lt":"{{$user.boss.id}}"}})"), "12345");
  EXPECT_EQ(ids(R"({"id":{"$gt":"{{$user.boss.id}}"}})"), "");
}

TEST_F(ReadTest, QueryGroupsAndMeasures) {
  auto rows = [&](std::string_view body) { return J(testing::Must(TryQuery("books", body)).data); };
  EXPECT_EQ(rows(R"({"measures":[{"field":["id"],"aggregation":"count","alias":"n"},
                    {"field":["pages"],"aggregation":"sum","alias":"pages"}]})"),
            J(R"([{"n":8,"pages":1340}])"));
  json::value prices = rows(R"({"measures":[{"field":["price"],"aggregation":"sum","alias":"s"},
    {"field":["price"],"aggregation":"avg","alias":"a"},{"field":["price"],"aggregation":"max","alias":"m"}]})");
  EXPECT_NEAR(prices.at(0).at("s").to_number<double>(), 144.04, 1e-9);
  EXPECT_NEAR(prices.at(0).at("a").to_number<double>(), 24.0067, 1e-4);
  EXPECT_NEAR(prices.at(0).at("m").to_number<double>(), 100.05, 1e-9);
  EXPECT_EQ(
      rows(R"({"measures":[{"field":["id"],"aggregation":"count","alias":"n"}],
                    "dimensions":[{"field":["author","name"],"alias":"author"}],"filter":{"author.id.$exists":true},
                    "orders":[{"field":["author","name"],"alias":"author","order":"asc"}]})"),
      J(R"([{"author":"Akutagawa","n":2},{"author":"Dazai","n":2},{"author":"Natsume Soseki","n":2}])"));
  EXPECT_EQ(
      rows(
          R"({"measures":[{"field":["id"],"aggregation":"count","alias":"n"}],"dimensions":[{"field":["pages"]}],
                    "filter":{"pages":{"$notEmpty":true}},"having":{"n":{"$gt":1}}})"),
      J(R"([{"pages":248,"n":2}])"));
  EXPECT_EQ(
      rows(
          R"({"measures":[{"field":["price"],"aggregation":"sum","alias":"total"}],"dimensions":[{"field":"authorId"}],
                    "having":{"total":{"$gt":21}},"orders":[{"field":["price"],"alias":"total","order":"desc"}]})")
          .as_array()
          .size(),
      3u);
  EXPECT_EQ(rows(R"({"dimensions":[{"field":["pages"],"alias":"pages"}],"filter":{"pages":248}})"),
            J(R"([{"pages":248}])"));
  zone_ = "+08:00";
  EXPECT_EQ(
      J(testing::Must(
            TryQuery("moments", R"({"measures":[{"field":["id"],"aggregation":"count","alias":"n"}],
    "dimensions":[{"field":["at"],"format":"YYYY-MM-DD","alias":"day"}],"filter":{"code":{"$in":["c","d","e","f","g"]}},
    "orders":[{"alias":"day"}]})"))
            .data),
      J(R"([{"day":"2026-03-09","n":1},{"day":"2026-03-10","n":3},{"day":"2026-03-11","n":1}])"));
  for (const char* bad :
       {R"({"filter":{}})", R"({"measures":[{"field":["pages"],"aggregation":"nosuch"}]})",
        R"({"measures":[{"field":["nosuch"],"aggregation":"sum"}]})"}) {
    auto refused = TryQuery("books", bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(HttpStatus(refused.error().kind), 400) << bad;
  }
}

TEST_F(ReadTest, QueryLeavesForbiddenMeasuresOutAndRefusesForbiddenDimensions) {
  BeUser(RoleFor("books", std::vector<std::string>{"title"}));
  Output output = testing::Must(
      TryQuery("books", R"({"measures":[{"field":["id"],"aggregation":"count","alias":"n"},
    {"field":["pages"],"aggregation":"sum","alias":"p"}]})"));
  EXPECT_EQ(output.data, R"([{"n":8}])");
  EXPECT_EQ(output.meta, R"({"warnings":["p: not permitted"]})");
  for (const char* bad : {R"({"measures":[{"field":["pages"],"aggregation":"sum"}]})",
                          R"({"dimensions":[{"field":["pages"]}]})",
                          R"({"dimensions":[{"field":["title"]}],"filter":{"pages":1}})"}) {
    auto refused = TryQuery("books", bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(HttpStatus(refused.error().kind), 403) << bad;
  }
}

TEST_F(ReadTest, KeysAreSelectedInsideATransaction) {
  Context context = MakeContext();
  Params params = ParamsOf(R"({"filter":{"genres.label":{"$in":["novel","classic"]}}})");
  json::array keys;
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    access::Permission permission = access::Permission::All();
    permission.filter = J(R"({"code":{"$ne":"b"}})");
    auto selected =
        co_await SelectKeysIn(connection, context, fixture_->Find("books"), params, permission);
    if (!selected) co_return Fail(std::move(selected).error());
    keys = std::move(*selected);
    co_return Result<void>();
  };
  testing::Must(fixture_->Run(fixture_->database().Transact(body, fixture_->Soon())));
  EXPECT_EQ(json::value(keys), J("[1]"));
}

}  // namespace
}  // namespace renkei::records
