#include "schema/parse_definition.h"

#include <gtest/gtest.h>

#include "schema/ddl.h"
#include "schema/definition_row.h"
#include "schema/field_type.h"
#include "schema/link.h"

namespace renkei::schema {
namespace {

json::object Object(std::string_view text) {
  return json::parse({text.data(), text.size()}).get_object();
}

Collection Parsed(std::string_view text) {
  auto collection = ParseCollection(Object(text));
  EXPECT_TRUE(collection.has_value()) << (collection ? "" : collection.error().message);
  return std::move(collection).value();
}

std::string Names(const Collection& collection) {
  std::string names;
  for (const Field& field : collection.fields) names += (names.empty() ? "" : ",") + field.name;
  return names;
}

TEST(ParseDefinition, ImplicitFields) {
  EXPECT_EQ(Names(Parsed(R"({"name":"a","fields":[{"name":"x","type":"string"}]})")), "id,x");
  EXPECT_EQ(
      Names(Parsed(R"({"name":"a","autoGenId":false,"fields":[{"name":"x","type":"string"}]})")),
      "x");
  EXPECT_EQ(Names(Parsed(R"({"name":"a","sortable":true,"fields":[]})")), "id,sort");
  EXPECT_EQ(Names(Parsed(
                R"({"name":"a","autoGenId":false,"createdAt":true,"createdBy":true,"fields":[]})")),
            "createdAt,createdById,createdBy");
  const Collection sorted = Parsed(R"({"name":"a","sortable":true,"fields":[]})");
  EXPECT_TRUE(sorted.FindField("sort")->hidden);
  EXPECT_TRUE(sorted.sortable_by("sort"));
  EXPECT_TRUE(sorted.FindField("id")->primary_key);
  EXPECT_EQ(sorted.filter_target_key, std::vector<std::string>{"id"});
}

TEST(ParseDefinition, TargetKeys) {
  const Collection pair = Parsed(
      R"({"name":"a","autoGenId":false,"filterTargetKey":["x","y"],
          "fields":[{"name":"x","type":"string","primaryKey":true},{"name":"y","type":"integer","primaryKey":true}]})");
  EXPECT_EQ(pair.filter_target_key, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(pair.primary_key, (std::vector<std::string>{"x", "y"}));
  EXPECT_FALSE(pair.FindField("x")->allow_null);
}

TEST(ParseDefinition, RefusesWhatCannotBe) {
  EXPECT_EQ(ParseField(Object(R"({"name":"x","type":"nosuchtype"})"), "a").error().message,
            "unsupported field type nosuchtype");
  EXPECT_FALSE(ParseField(Object(R"({"name":"x","type":"decimal","precision":2,"scale":5})"), "a")
                   .has_value());
  EXPECT_FALSE(ParseField(Object(R"({"name":"x","type":"string","length":0})"), "a").has_value());
  EXPECT_FALSE(
      ParseField(Object(R"({"name":"x","type":"string","validation":5})"), "a").has_value());
  EXPECT_EQ(CheckCollectionName("bad name").error().message,
            "collections.name can only include A-Z, a-z, 0-9, _-*$, 'bad name' is invalid");
  EXPECT_TRUE(CheckCollectionName("1a_-*$").has_value());
  EXPECT_NE(CheckCollectionName(std::string(64, 'x')).error().message.find("too long"),
            std::string::npos);
  EXPECT_FALSE(CheckFieldName("$x").has_value());
  EXPECT_FALSE(CheckFieldName("a\"b").has_value());
  EXPECT_TRUE(CheckFieldName("数量").has_value());
  EXPECT_EQ(PlainTitle("{{t(\"Users\")}}"), "Users");
}

TEST(Link, KeysFromTheOtherSide) {
  std::vector<LinkedCollection> all(4);
  const auto add = [&](std::size_t i, std::string_view text) {
    all[i].base = std::make_shared<Collection>(Parsed(text));
  };
  add(0, R"({"name":"books","fields":[{"name":"author","type":"belongsTo","target":"authors"},
            {"name":"genres","type":"belongsToMany","target":"genres","through":"bg","foreignKey":"bookId","otherKey":"genreId"}]})");
  add(1,
      R"({"name":"authors","autoGenId":false,"fields":[{"name":"code","type":"uuid","primaryKey":true},
            {"name":"covers","type":"hasMany","target":"genres","foreignKey":"coverOf","sortable":true}]})");
  add(2, R"({"name":"genres","fields":[]})");
  add(3, R"({"name":"bg","autoGenId":false,"fields":[]})");
  Link(all);
  EXPECT_EQ(all[0].linked->FindField("authorId")->type->name(), "uuid");
  EXPECT_TRUE(all[0].linked->FindField("authorId")->implicit);
  EXPECT_EQ(all[0].linked->FindField("author")->relation->target_key, "code");
  EXPECT_EQ(Names(*all[2].linked), "id,coverOf,coverOfSort");
  EXPECT_EQ(Names(*all[3].linked), "bookId,genreId");

  const CollectionRef before = all[2].linked;
  Link(all);
  EXPECT_EQ(all[2].linked, before) << "nothing changed, nothing is copied";
}

TEST(Link, ParentsGiveTheirFields) {
  std::vector<LinkedCollection> all(2);
  all[0].base = std::make_shared<Collection>(
      Parsed(R"({"name":"students","autoGenId":false,"inherits":["people"],
      "fields":[{"name":"grade","type":"integer"}]})"));
  all[1].base = std::make_shared<Collection>(
      Parsed(R"({"name":"people","fields":[{"name":"name","type":"string"}]})"));
  Link(all);
  EXPECT_EQ(Names(*all[0].linked), "id,name,grade");
  EXPECT_TRUE(all[0].linked->FindField("name")->inherited);
  EXPECT_EQ(all[0].linked->filter_target_key, std::vector<std::string>{"id"});
}

TEST(Ddl, NamesOfIndexes) {
  EXPECT_EQ(IndexName("books", {"code"}, true), "books_code_uk");
  const std::string table(60, 't');
  EXPECT_LE(IndexName(table, {"code"}, true).size(), 63u);
  EXPECT_NE(IndexName(table, {"code"}, true), IndexName(table, {"other"}, true));
}

TEST(DefinitionRow, KeepsUnknownOptions) {
  const db::Statement save = SaveFieldRow(
      db::SqliteDialect(), Object(R"({"key":"k","name":"x","type":"string","collectionName":"a",
      "sort":1,"myOption":{"a":[1,2]},"unique":true})"));
  EXPECT_EQ(save.params.back().as_text(), R"({"myOption":{"a":[1,2]},"unique":true})");
  EXPECT_EQ(SystemKey("users", "nickname").size(), 11u);
}

}  // namespace
}  // namespace renkei::schema
