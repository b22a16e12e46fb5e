#include "schema/system_schema.h"

#include <initializer_list>

#include "schema/statement_text.h"

namespace renkei::schema {
namespace {

using db::ColumnKind;

struct Column {
  std::string_view name;
  ColumnKind kind;
  std::string_view suffix = "";
};

constexpr int kLength = 255;

db::Statement Table(const db::Dialect& dialect, std::string_view name,
                    std::initializer_list<Column> columns, std::string_view constraint = {}) {
  StatementText text(dialect, "migrate");
  text.Sql("CREATE TABLE ").Name(name).Sql(" (");
  bool first = true;
  for (const Column& column : columns) {
    db::ColumnSpec spec;
    spec.kind = column.kind;
    spec.length = column.kind == ColumnKind::kVarchar ? kLength : 0;
    text.Sql(first ? "" : ", ")
        .Name(column.name)
        .Sql(" ")
        .Sql(dialect.ColumnType(spec))
        .Sql(column.suffix);
    first = false;
  }
  return text.Sql(constraint).Sql(")").Build();
}

db::Statement Plain(std::string_view sql) {
  db::Statement statement;
  statement.sql = sql;
  statement.name = "migrate";
  return statement;
}

std::vector<db::Statement> CreateSchemaTables(const db::Database& database) {
  const db::Dialect& dialect = database.dialect();
  std::vector<db::Statement> statements;
  statements.push_back(Table(dialect, "collections",
                             {{"key", ColumnKind::kVarchar, " NOT NULL PRIMARY KEY"},
                              {"name", ColumnKind::kVarchar, " NOT NULL UNIQUE"},
                              {"title", ColumnKind::kText},
                              {"description", ColumnKind::kText},
                              {"inherit", ColumnKind::kBoolean},
                              {"hidden", ColumnKind::kBoolean},
                              {"sort", ColumnKind::kInt64},
                              {"options", ColumnKind::kJson}}));
  statements.push_back(Table(dialect, "fields",
                             {{"key", ColumnKind::kVarchar, " NOT NULL PRIMARY KEY"},
                              {"name", ColumnKind::kVarchar, " NOT NULL"},
                              {"type", ColumnKind::kVarchar},
                              {"interface", ColumnKind::kVarchar},
                              {"collectionName", ColumnKind::kVarchar, " NOT NULL"},
                              {"description", ColumnKind::kText},
                              {"parentKey", ColumnKind::kVarchar},
                              {"reverseKey", ColumnKind::kVarchar},
                              {"sort", ColumnKind::kInt64},
                              {"options", ColumnKind::kJson}},
                             R"(, UNIQUE ("collectionName", "name"))"));
  statements.push_back(Table(dialect, "collectionCategories",
                             {{"id", ColumnKind::kInt64, " NOT NULL PRIMARY KEY"},
                              {"name", ColumnKind::kVarchar},
                              {"color", ColumnKind::kVarchar},
                              {"sort", ColumnKind::kInt64},
                              {"createdAt", ColumnKind::kTimestampTz},
                              {"updatedAt", ColumnKind::kTimestampTz}}));
  statements.push_back(Table(dialect, "collectionCategory",
                             {{"collectionName", ColumnKind::kVarchar, " NOT NULL"},
                              {"categoryId", ColumnKind::kInt64, " NOT NULL"},
                              {"createdAt", ColumnKind::kTimestampTz},
                              {"updatedAt", ColumnKind::kTimestampTz}},
                             R"(, PRIMARY KEY ("collectionName", "categoryId"))"));
  statements.push_back(Plain(
      R"(CREATE INDEX "collectionCategory_categoryId_idx" ON "collectionCategory" ("categoryId"))"));
  for (const std::string_view table : {"collectionCategories", "collectionCategory"}) {
    for (db::Statement& statement : database.TrackCountStatements(table))
      statements.push_back(std::move(statement));
  }
  return statements;
}

// Definitions are data; written as the wire would send them.
constexpr std::string_view kCategories = R"({
  "name":"collectionCategories", "title":"Collection categories", "system":true, "hidden":true, "autoGenId":false,
  "template":"general", "createdAt":true, "updatedAt":true, "filterTargetKey":"id",
  "fields":[
    {"name":"id","type":"snowflakeId","primaryKey":true,"allowNull":false,"autoIncrement":false,"interface":"snowflakeId"},
    {"name":"name","type":"string","interface":"input","uiSchema":{"title":"Name"}},
    {"name":"color","type":"string","interface":"color","defaultValue":"default","uiSchema":{"title":"Color"}},
    {"name":"sort","type":"sort","interface":"sort"},
    {"name":"createdAt","type":"date","interface":"createdAt"},
    {"name":"updatedAt","type":"date","interface":"updatedAt"}
  ]})";
constexpr std::string_view kCategoryLinks = R"({
  "name":"collectionCategory", "title":"Categories of collections", "system":true, "hidden":true, "isThrough":true,
  "autoGenId":false, "template":"general",
  "fields":[
    {"name":"collectionName","type":"string","primaryKey":true,"allowNull":false},
    {"name":"categoryId","type":"bigInt","primaryKey":true,"allowNull":false},
    {"name":"createdAt","type":"date","interface":"createdAt"},
    {"name":"updatedAt","type":"date","interface":"updatedAt"}
  ]})";

}  // namespace

std::vector<db::Migration> SchemaMigrations() { return {{1, "0001_schema", &CreateSchemaTables}}; }

std::vector<json::object> SchemaSystemCollections() {
  std::vector<json::object> definitions;
  for (const std::string_view text : {kCategories, kCategoryLinks}) {
    definitions.push_back(json::parse({text.data(), text.size()}).get_object());
  }
  return definitions;
}

}  // namespace renkei::schema
