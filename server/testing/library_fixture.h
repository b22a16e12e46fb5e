// For tests: a database with the library of query/testdata/library.json (books, authors, genres …)
// and its catalog. SQLite in a temporary file, or PostgreSQL when RENKEI_TEST_POSTGRES holds the
// URL of an empty database.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/id.h"
#include "base/json.h"
#include "base/worker.h"
#include "db/database.h"
#include "db/postgres/postgres_database.h"
#include "db/sqlite/sqlite_database.h"
#include "schema/catalog.h"
#include "schema/ddl.h"
#include "schema/field_type.h"
#include "schema/link.h"
#include "schema/parse_definition.h"

namespace renkei::testing {

inline std::string ReadTestFile(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

template <class T>
T Must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message + " " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// Collections in the form of a collections:create body -> catalog.
inline schema::CatalogRef MakeCatalog(const std::vector<json::object>& definitions) {
  std::vector<schema::LinkedCollection> linked(definitions.size());
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    linked[i].base =
        std::make_shared<schema::Collection>(Must(schema::ParseCollection(definitions[i])));
  }
  schema::Link(linked);
  std::vector<schema::CollectionRef> all;
  for (schema::LinkedCollection& one : linked) all.push_back(one.linked);
  return std::make_shared<schema::Catalog>(std::move(all), 1);
}

class LibraryFixture {
 public:
  explicit LibraryFixture(std::vector<json::object> more_definitions = {},
                          json::object more_rows = {}) {
    SetWorkerIndex(0);
    folder_ = std::filesystem::temp_directory_path() / ("renkei_test_" + RandomUid());
    std::filesystem::create_directory(folder_);
    if (const char* url = std::getenv("RENKEI_TEST_POSTGRES")) {
      db::PostgresOptions options;
      options.url = url;
      options.workers = 1;
      database_ = Must(db::OpenPostgres(options));
    } else {
      db::SqliteOptions options;
      options.path = (folder_ / "test.db").string();
      options.workers = 1;
      database_ = Must(db::OpenSqlite(options));
    }
    auto data = std::filesystem::path(__FILE__).parent_path().parent_path() / "query" / "testdata" /
                "library.json";
    json::value document = Must(ParseJson(ReadTestFile(data)));
    std::vector<json::object> definitions;
    for (const json::value& one : document.at("collections").as_array())
      definitions.push_back(one.as_object());
    for (json::object& one : more_definitions) definitions.push_back(std::move(one));
    catalog_ = MakeCatalog(definitions);
    json::object rows = document.at("rows").as_object();
    for (auto& [name, list] : more_rows) rows[name] = list;
    Fill(rows);
  }
  ~LibraryFixture() {
    Run(DropTables());
    database_->Close();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  LibraryFixture(const LibraryFixture&) = delete;
  LibraryFixture& operator=(const LibraryFixture&) = delete;

  db::Database& database() { return *database_; }
  const schema::CatalogRef& catalog() const { return catalog_; }
  const schema::Collection& Find(std::string_view name) const { return *catalog_->Find(name); }
  static Deadline Soon() { return Clock::now() + std::chrono::seconds(30); }

  template <class T>
  T Run(Task<T> task) {
    std::optional<T> result;
    std::exception_ptr fault;
    boost::asio::co_spawn(context_, std::move(task), [&](std::exception_ptr e, T value) {
      fault = e;
      if (!e) result = std::move(value);
    });
    context_.restart();
    while (!result && !fault) context_.run_one();
    if (fault) std::rethrow_exception(fault);
    return std::move(*result);
  }

 private:
  Task<Result<void>> DropTables() {
    auto body = [this](db::Connection& connection) -> Task<Result<void>> {
      for (const auto& collection : catalog_->all()) {
        for (db::Statement& statement :
             schema::DropTableStatements(*database_, *collection, true)) {
          auto rows = co_await connection.Run(std::move(statement));
          if (!rows) co_return Fail(std::move(rows).error());
        }
      }
      co_return Result<void>();
    };
    co_return co_await database_->Transact(body, Soon());
  }

  static db::Statement Insert(const db::Dialect& dialect, const schema::Collection& collection,
                              const json::object& row) {
    db::Statement statement;
    statement.sql = "INSERT INTO ";
    dialect.AppendIdentifier(statement.sql, collection.table);
    statement.sql += " (";
    std::string values;
    schema::InputContext input;
    for (const auto& [name, value] : row) {
      const schema::Field* field = collection.FindField(name);
      if (!field || !field->has_column())
        throw std::runtime_error("no column for " + std::string(name));
      if (!statement.params.empty()) {
        statement.sql += ", ";
        values += ", ";
      }
      dialect.AppendIdentifier(statement.sql, field->column);
      statement.params.push_back(value.is_null()
                                     ? db::Value::Null()
                                     : Must(field->type->ToStored(value, *field, input, dialect)));
      dialect.AppendPlaceholder(values, statement.params.size());
    }
    statement.sql += ") VALUES (" + values + ")";
    return statement;
  }

  void Fill(const json::object& rows) {
    std::vector<db::Statement> statements;
    for (const auto& collection : catalog_->all()) {
      std::vector<const schema::Collection*> parents;
      for (const std::string& parent : collection->inherits) parents.push_back(catalog_->Find(parent));
      for (db::Statement& one : schema::CreateTableStatements(*database_, *collection, parents)) {
        statements.push_back(std::move(one));
      }
      const json::value* list = renkei::Find(rows, collection->name);
      if (!list) continue;
      for (const json::value& row : list->as_array()) {
        statements.push_back(Insert(database_->dialect(), *collection, row.as_object()));
      }
    }
    auto body = [&statements](db::Connection& connection) -> Task<Result<void>> {
      for (const db::Statement& statement : statements) {
        db::Statement copy = statement;
        auto result = co_await connection.Run(std::move(copy));
        if (!result) co_return Fail(std::move(result).error());
      }
      co_return Result<void>();
    };
    Must(Run(database_->Transact(body, Soon())));
  }

  std::filesystem::path folder_;
  boost::asio::io_context context_{1};
  std::unique_ptr<db::Database> database_;
  schema::CatalogRef catalog_;
};

}  // namespace renkei::testing
