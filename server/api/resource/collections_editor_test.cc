// Changes of the schema against a real database: what is stored, what the tables look like, what
// the catalog says afterwards, and that a refused change leaves nothing. With RENKEI_TEST_POSTGRES
// set to a URL, on PostgreSQL too.
#include "api/resource/collections_editor.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdlib>
#include <filesystem>

#include "access/permission_changes.h"
#include "api/resource/definition_documents.h"
#include "auth/system_auth.h"
#include "base/id.h"
#include "db/migrate.h"
#include "db/postgres/postgres_database.h"
#include "db/sqlite/sqlite_database.h"
#include "records/system_records.h"
#include "schema/ddl.h"
#include "schema/field_type.h"
#include "schema/system_schema.h"

namespace renkei::api {
namespace {

Deadline Soon() { return Clock::now() + std::chrono::seconds(30); }

template <class T>
T Wait(Task<T> task) {
  boost::asio::io_context context;
  auto future = boost::asio::co_spawn(context, std::move(task), boost::asio::use_future);
  context.run();
  return future.get();
}

json::object Object(std::string_view text) {
  return json::parse({text.data(), text.size()}).get_object();
}

class Editing : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "sqlite") {
      folder_ = std::filesystem::temp_directory_path() / ("renkei-editor-" + RandomUid());
      std::filesystem::create_directories(folder_);
      db::SqliteOptions options;
      options.path = (folder_ / "test.db").string();
      database_ = std::move(db::OpenSqlite(options)).value();
    } else {
      const char* url = std::getenv("RENKEI_TEST_POSTGRES");
      if (url == nullptr) GTEST_SKIP() << "RENKEI_TEST_POSTGRES is not set";
      db::PostgresOptions options;
      options.url = url;
      database_ = std::move(db::OpenPostgres(options)).value();
    }
    std::vector<db::Migration> migrations;
    std::vector<json::object> definitions;
    const auto add = [](auto& list, auto more) {
      for (auto& item : more) list.push_back(std::move(item));
    };
    add(migrations, schema::SchemaMigrations());
    add(migrations, auth::AuthMigrations());
    add(migrations, records::RecordsMigrations());
    add(definitions, schema::SchemaSystemCollections());
    add(definitions, auth::AuthSystemCollections());
    add(definitions, records::RecordsSystemCollections());
    auto migrated = Wait(db::Migrate(*database_, migrations, false, Soon()));
    ASSERT_TRUE(migrated.has_value()) << migrated.error().message << migrated.error().detail;
    store_ = std::make_unique<schema::CatalogStore>(*database_, std::move(definitions));
    Check(Wait(store_->Load(Soon())));
    prefix_ = "e" + RandomUid(6) + "_";
  }

  void TearDown() override {
    if (database_ == nullptr) return;
    if (GetParam() != "sqlite") {
      const schema::CatalogRef catalog = store_->Current();
      for (const schema::CollectionRef& collection : catalog->all()) {
        if (collection->name.compare(0, prefix_.size(), prefix_) == 0) Destroy(collection->name);
      }
    }
    database_->Close();
    store_.reset();
    database_.reset();
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  template <class R>
  void Check(const R& result) {
    ASSERT_TRUE(result.has_value()) << result.error().message << " / " << result.error().detail;
  }

  std::string Name(std::string_view word) const { return prefix_ + std::string(word); }

  // Runs `change` as the actions do; returns "" or the message.
  std::string Change(SchemaChange change) {
    std::set<std::string> touched;
    const schema::CatalogRef catalog = store_->Current();
    db::TransactionBody body = [&](db::Connection& connection) -> Task<Result<void>> {
      SchemaEditor editor(connection, *database_, catalog);
      RK_CO_CHECK_OK(co_await change(editor));
      touched = editor.touched();
      co_return Result<void>();
    };
    auto done = Wait(database_->Transact(std::move(body), Soon()));
    std::vector<std::string> names(touched.begin(), touched.end());
    if (done) Check(Wait(store_->Reload(std::move(names), Soon())));
    return done ? "" : done.error().message;
  }

  std::string Create(json::object body) {
    return Change([&](SchemaEditor& editor) -> Task<Result<std::string>> {
      json::object copy = body;
      co_return co_await editor.CreateCollection(std::move(copy));
    });
  }
  std::string Create(std::string_view word, std::string_view fields,
                     std::string_view options = "{}") {
    json::object body = Object(options);
    body["name"] = Name(word);
    body["autoGenId"] = false;
    json::array list = json::parse({fields.data(), fields.size()}).get_array();
    if (!body.contains("inherits")) {
      list.insert(
          list.begin(),
          Object(
              R"({"name":"id","type":"bigInt","autoIncrement":true,"primaryKey":true,"allowNull":false})"));
    }
    body["fields"] = std::move(list);
    return Create(std::move(body));
  }
  std::string AddField(std::string_view word, json::object field) {
    const std::string name = Name(word);
    return Change([&](SchemaEditor& editor) -> Task<Result<std::string>> {
      json::object copy = field;
      co_return co_await editor.CreateField(name, std::move(copy));
    });
  }
  std::string UpdateField(std::string_view word, std::string field, json::object changes) {
    const std::string name = Name(word);
    return Change([&](SchemaEditor& editor) -> Task<Result<std::string>> {
      json::object copy = changes;
      RK_CO_CHECK_OK(co_await editor.UpdateField(name, field, std::move(copy)));
      co_return field;
    });
  }
  std::string DropField(std::string_view word, std::string field) {
    const std::string name = Name(word);
    return Change([&](SchemaEditor& editor) -> Task<Result<std::string>> {
      RK_CO_CHECK_OK(co_await editor.DestroyField(name, field));
      co_return field;
    });
  }
  std::string Destroy(std::string name, bool cascade = true) {
    return Change([&](SchemaEditor& editor) -> Task<Result<std::string>> {
      RK_CO_CHECK_OK(co_await editor.DestroyCollection(name, cascade));
      co_return name;
    });
  }

  const schema::Collection* Find(std::string_view word) {
    return store_->Current()->Find(Name(word));
  }
  std::string Fields(std::string_view word) {
    std::string names;
    const schema::CatalogRef catalog = store_->Current();
    for (const schema::Field* field : DeclaredFields(*catalog->Find(Name(word))))
      names += (names.empty() ? "" : ",") + field->name;
    return names;
  }
  std::string Columns(std::string_view word) {
    std::vector<std::string> columns;
    const std::string table = Name(word);
    db::TransactionBody body = [&](db::Connection& connection) -> Task<Result<void>> {
      RK_CO_TRY(read, co_await schema::ReadColumns(connection, database_->dialect(), table));
      columns = read;
      co_return Result<void>();
    };
    Check(Wait(database_->Transact(std::move(body), Soon())));
    std::string names;
    for (const std::string& column : columns) names += (names.empty() ? "" : ",") + column;
    return names;
  }
  std::string Sql(std::string sql) {
    db::Statement statement;
    statement.sql = std::move(sql);
    auto done = Wait(database_->Write(std::move(statement), Soon()));
    return done ? "" : std::string(done.error().code);
  }

  std::filesystem::path folder_;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<schema::CatalogStore> store_;
  std::string prefix_;
};

TEST_P(Editing, ACollectionIsATableAtOnce) {
  EXPECT_EQ(
      Create(
          "a",
          R"([{"name":"code","type":"string","unique":true},{"name":"n","type":"decimal","scale":2}])"),
      "");
  EXPECT_EQ(Columns("a"), "id,code,n");
  EXPECT_EQ(Fields("a"), "id,code,n");
  EXPECT_EQ(Sql("INSERT INTO \"" + Name("a") + "\" (code) VALUES ('x')"), "");
  EXPECT_EQ(Sql("INSERT INTO \"" + Name("a") + "\" (code) VALUES ('x')"), "UNIQUE_VIOLATION");
  EXPECT_EQ(Create("a", "[]"), "Collection named " + Name("a") + " already exists");
  EXPECT_EQ(Destroy(Name("a")), "");
  EXPECT_EQ(Find("a"), nullptr);
  EXPECT_EQ(Columns("a"), "");
}

TEST_P(Editing, AutomaticKeysAndStamps) {
  EXPECT_EQ(Create(Object(
                R"({"name":")" + Name("a") +
                R"(","createdAt":true,"sortable":true,"fields":[{"name":"w","type":"string"}]})")),
            "");
  EXPECT_EQ(Columns("a"), "id,w,createdAt,sort");
  EXPECT_EQ(Fields("a"), "w");
  EXPECT_EQ(CollectionDocument(*Find("a"), false).at("filterTargetKey"), json::value("id"));
}

TEST_P(Editing, ARefusedChangeLeavesNothing) {
  EXPECT_EQ(Create("a", R"([{"name":"x","type":"string"},{"name":"y","type":"nosuchtype"}])"),
            "unsupported field type nosuchtype");
  EXPECT_EQ(Create("a", R"([{"name":"x","type":"string"},{"name":"x","type":"text"}])"),
            "Field name \"x\" already exists in collection \"" + Name("a") + "\"");
  EXPECT_EQ(Find("a"), nullptr);
  EXPECT_EQ(Columns("a"), "");
  EXPECT_EQ(Create("b", "[]"), "");
  EXPECT_EQ(AddField("b", Object(R"({"name":"x","type":"nosuchtype"})")),
            "unsupported field type nosuchtype");
  EXPECT_EQ(AddField("b", Object(R"({"name":"k","type":"bigInt","primaryKey":true})")),
            "Collection \"" + Name("b") + "\" already has a primary key");
  EXPECT_EQ(Columns("b"), "id");
}

TEST_P(Editing, FieldsComeChangeAndGo) {
  EXPECT_EQ(Create("a", R"([{"name":"title","type":"string","uiSchema":{"title":"T"}}])"), "");
  EXPECT_EQ(Sql("INSERT INTO \"" + Name("a") + "\" (title) VALUES ('x')"), "");
  EXPECT_EQ(AddField("a", Object(R"({"name":"n","type":"integer","defaultValue":5,"index":true})")),
            "");
  EXPECT_EQ(AddField("a", Object(R"({"name":"title","type":"integer"})")),
            "Field name \"title\" already exists in collection \"" + Name("a") + "\"");
  EXPECT_EQ(AddField("a", Object(R"({"name":"a.b","type":"string"})")), "");
  EXPECT_EQ(Find("a")->FindField("a_b")->column, "a.b");
  EXPECT_EQ(
      UpdateField("a", "title",
                  Object(R"({"unique":true,"uiSchema":{"x-component":"Input"},"name":"other"})")),
      "");
  EXPECT_EQ(ToJson(Find("a")->FindField("title")->options.at("uiSchema")),
            R"({"title":"T","x-component":"Input"})");
  EXPECT_EQ(Sql("INSERT INTO \"" + Name("a") + "\" (title) VALUES ('x')"), "UNIQUE_VIOLATION");
  EXPECT_EQ(UpdateField("a", "title", Object(R"({"unique":false})")), "");
  EXPECT_EQ(Sql("INSERT INTO \"" + Name("a") + "\" (title) VALUES ('x')"), "");
  EXPECT_EQ(UpdateField("a", "title", Object(R"({"unique":true})")),
            "T holds the same value more than once");
  EXPECT_EQ(UpdateField("a", "title", Object(R"({"type":"integer"})")),
            "The type of field 'title' cannot be changed");
  EXPECT_EQ(DropField("a", "n"), "");
  EXPECT_EQ(Columns("a"), "id,title,a.b");
  EXPECT_EQ(Fields("a"), "id,title,a_b");
}

TEST_P(Editing, AssociationsBringTheirKeys) {
  EXPECT_EQ(Create("target", R"([{"name":"slug","type":"string","unique":true}])"), "");
  EXPECT_EQ(Create("source", "[]"), "");
  json::object belongs =
      Object(R"({"name":"owner","type":"belongsTo","interface":"m2o","foreignKey":"ownerId"})");
  belongs["target"] = Name("target");
  EXPECT_EQ(AddField("source", belongs), "");
  EXPECT_EQ(Fields("source"), "ownerId,id,owner");
  EXPECT_EQ(Columns("source"), "id,ownerId");
  EXPECT_EQ(Find("source")->FindField("owner")->relation->target_key, "id");

  json::object many = Object(R"({"name":"items","type":"hasMany","foreignKey":"sourceRef",
      "reverseField":{"name":"source","type":"belongsTo","interface":"m2o"}})");
  many["target"] = Name("target");
  EXPECT_EQ(AddField("source", many), "");
  EXPECT_EQ(Fields("target"), "sourceRef,id,slug,source");
  const schema::Field* items = Find("source")->FindField("items");
  const schema::Field* reverse = Find("target")->FindField("source");
  EXPECT_EQ(FindString(items->options, "reverseKey"), reverse->key);
  EXPECT_EQ(FindString(reverse->options, "reverseKey"), items->key);
  EXPECT_EQ(reverse->relation->target, Name("source"));

  json::object through = Object(
      R"({"name":"tags","type":"belongsToMany","foreignKey":"leftId","otherKey":"rightId"})");
  through["target"] = Name("target");
  through["through"] = Name("thr");
  EXPECT_EQ(AddField("source", through), "");
  EXPECT_EQ(Columns("thr"), "leftId,rightId,createdAt,updatedAt");
  EXPECT_EQ(Find("thr")->primary_key, (std::vector<std::string>{"leftId", "rightId"}));
  EXPECT_TRUE(Find("thr")->hidden);

  EXPECT_EQ(DropField("target", "id"), "Can not delete field \"id\" in \"" + Name("target") +
                                           "\", it is used by the primary key");
  EXPECT_EQ(DropField("source", "ownerId"), "");
  EXPECT_EQ(Find("source")->FindField("owner"), nullptr)
      << "an association without its key means nothing";
}

TEST_P(Editing, KeysOnTheOtherSideOfANewCollection) {
  EXPECT_EQ(Create("covers", R"([{"name":"kind","type":"string"}])"), "");
  json::object cover =
      Object(R"({"name":"cover","type":"hasOne","foreignKey":"bookId","sourceKey":"id"})");
  cover["target"] = Name("covers");
  json::array fields;
  fields.push_back(cover);
  json::object author =
      Object(R"({"name":"author","type":"belongsTo","foreignKey":"authorId","targetKey":"id"})");
  author["target"] = Name("later");
  fields.push_back(author);
  EXPECT_EQ(Create("books", ToJson(fields)), "");
  EXPECT_EQ(Columns("covers"), "id,kind,bookId");
  EXPECT_EQ(Fields("covers"), "id,kind");
  EXPECT_NE(Find("covers")->FindField("bookId"), nullptr);
  EXPECT_EQ(Columns("books"), "id,authorId");

  // A collection that comes back gets the keys that others expect in it.
  EXPECT_EQ(Destroy(Name("covers")), "");
  EXPECT_EQ(Create("covers", "[]"), "");
  EXPECT_EQ(Columns("covers"), "id,bookId");
}

TEST_P(Editing, TreesGetWhatTheyNeed) {
  EXPECT_EQ(Create("tree", "[]", R"({"tree":"adjacencyList"})"), "");
  EXPECT_EQ(Fields("tree"), "id,parentId,parent,children");
  EXPECT_TRUE(Find("tree")->tree);
  EXPECT_EQ(Find("tree")->FindField("children")->relation->on_delete, schema::OnDelete::kCascade);
}

TEST_P(Editing, SystemCollectionsAreProtected) {
  const auto outcome = [&](std::string name) { return Destroy(std::move(name)); };
  EXPECT_EQ(outcome("users"), "No permissions");
  EXPECT_NE(store_->Current()->Find("users"), nullptr);
}

TEST_P(Editing, InheritedTables) {
  EXPECT_EQ(Create("people", R"([{"name":"name","type":"string"}])"), "");
  json::object options;
  options["inherits"] = json::array{Name("people")};
  const std::string outcome =
      Create("students", R"([{"name":"grade","type":"integer"}])", ToJson(options));
  if (!database_->dialect().has_inheritance()) {
    EXPECT_EQ(outcome, "This database has no inherited tables");
    return;
  }
  EXPECT_EQ(outcome, "");
  EXPECT_EQ(Columns("students"), "id,name,grade");
  EXPECT_EQ(Fields("students"), "grade");
  EXPECT_EQ(Sql("INSERT INTO \"" + Name("people") + "\" (name) VALUES ('Ann')"), "");
  EXPECT_EQ(Sql("INSERT INTO \"" + Name("students") + "\" (name) VALUES ('Bob')"), "");
  EXPECT_EQ(Destroy(Name("people"), false),
            "Collection '" + Name("people") + "' is inherited by '" + Name("students") + "'");
  EXPECT_EQ(Destroy(Name("people"), true), "");
  EXPECT_EQ(Find("students"), nullptr);
}

TEST_P(Editing, ManyCollectionsLoadAndReloadQuickly) {
  constexpr int kCollections = 1000, kFields = 20;
  db::TransactionBody body = [&](db::Connection& connection) -> Task<Result<void>> {
    for (int i = 0; i < kCollections; ++i) {
      db::Statement statement;
      const std::string name = Name("m") + std::to_string(i);
      statement.sql = "INSERT INTO collections (\"key\", name, sort, options) VALUES ('" + name +
                      "', '" + name + "', 1, '{\"autoGenId\":false}')";
      RK_CO_CHECK_OK(co_await connection.Run(std::move(statement)));
      db::Statement fields;
      fields.sql =
          "INSERT INTO fields (\"key\", name, type, interface, \"collectionName\", sort, options) "
          "VALUES ";
      for (int f = 0; f < kFields; ++f) {
        const std::string field = "f" + std::to_string(f);
        fields.sql +=
            (f > 0 ? ", ('" : "('") + name + field + "', '" + field + "', 'string', 'input', '" +
            name + "', " + std::to_string(f) +
            R"(, '{"uiSchema":{"title":"A title","x-component":"Input","type":"string"},"unique":false}'))";
      }
      RK_CO_CHECK_OK(co_await connection.Run(std::move(fields)));
    }
    co_return Result<void>();
  };
  Check(Wait(database_->Transact(std::move(body), Soon())));
  auto started = Clock::now();
  Check(Wait(store_->Load(Soon())));
  const auto milliseconds = [&] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started).count();
  };
  RecordProperty("load_ms", static_cast<int>(milliseconds()));
  EXPECT_LT(milliseconds(), 6000);  // 1 s on an idle machine with optimisation
  ASSERT_NE(store_->Current()->Find(Name("m7")), nullptr);
  EXPECT_EQ(store_->Current()->Find(Name("m7"))->fields.size(), static_cast<std::size_t>(kFields));
  const schema::CollectionRef before = store_->Current()->FindRef(Name("m8"));
  started = Clock::now();
  std::vector<std::string> names(1, Name("m7"));
  Check(Wait(store_->Reload(std::move(names), Soon())));
  RecordProperty("reload_ms", static_cast<int>(milliseconds()));
  EXPECT_LT(milliseconds(), 300);  // 50 ms
  EXPECT_EQ(store_->Current()->FindRef(Name("m8")), before) << "what did not change is shared";
  std::printf("reload of one of %d collections: %d ms\n", kCollections,
              static_cast<int>(milliseconds()));
  EXPECT_EQ(Sql("DELETE FROM fields WHERE \"collectionName\" LIKE '" + Name("m") + "%'"), "");
  EXPECT_EQ(Sql("DELETE FROM collections WHERE name LIKE '" + Name("m") + "%'"), "");
}

INSTANTIATE_TEST_SUITE_P(Databases, Editing, testing::Values("sqlite", "postgres"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace renkei::api
