// SchemaEditor makes the changes of the meta API inside one transaction: rows of `collections` and
// `fields`, tables and columns, permissions. It keeps a draft of what it touched, so that later
// steps see earlier ones; nothing of it outlives the transaction. One per transaction run, used by
// one coroutine.
//
// Errors are 400 for the person who sent the definition, 403 PROTECTED_COLLECTION /
// PROTECTED_FIELD, 404 COLLECTION_NOT_FOUND, or the database's. After an error the transaction must
// be rolled back.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "db/database.h"
#include "schema/catalog.h"

namespace renkei::api {

class SchemaEditor {
 public:
  SchemaEditor(db::Connection& connection, const db::Database& database,
               schema::CatalogRef catalog);
  ~SchemaEditor();

  // Returns the name (made up when the body has none).
  Task<Result<std::string>> CreateCollection(json::object body);
  // False when there is no such collection.
  Task<Result<bool>> UpdateCollection(std::string name, json::object changes);
  Task<Result<bool>> DestroyCollection(std::string name, bool cascade);
  // To the place of `target`, or (`target` empty) to the front.
  Task<Result<void>> MoveCollection(std::string source, std::string target, std::string method);

  // Returns the name.
  Task<Result<std::string>> CreateField(std::string collection, json::object body);
  Task<Result<bool>> UpdateField(std::string collection, std::string field, json::object changes);
  Task<Result<bool>> DestroyField(std::string collection, std::string field);
  Task<Result<void>> MoveField(std::string collection, std::string source, std::string target,
                               std::string method);
  // Creates, updates, and with `replace` destroys the fields that are not named.
  Task<Result<void>> SetFields(std::string collection, json::array fields, bool replace);

  // Collections whose definition changed: to be reloaded after the commit.
  const std::set<std::string>& touched() const { return touched_; }
  bool access_changed() const { return access_changed_; }

 private:
  // A collection as this transaction sees it.
  struct Draft {
    schema::Collection parsed;
    bool declares(std::string_view field) const;  // has a row of its own, or is made by a migration
  };
  enum class KeyField { kColumnOnly, kWithField };

  Draft* Find(std::string_view name);
  const schema::Collection* FindParsed(std::string_view name);
  Task<Result<void>> Run(db::Statement statement);
  Task<Result<void>> RunAll(std::vector<db::Statement> statements);
  Task<Result<std::int64_t>> ScalarOf(db::Statement statement);

  // collections_editor.cc
  Result<void> CheckNewCollection(const json::object& body);
  Task<Result<void>> CreateStorage(Draft& draft);
  Task<Result<void>> CreateKeysElsewhere(std::string collection);
  Task<Result<void>> RemoveCollection(std::string name, bool drop_table, bool cascade);
  Task<Result<void>> RemoveViewsOn(std::string table);
  Task<Result<void>> SetCategories(std::string collection, json::value categories);

  // fields_editor.cc
  Result<void> NormalizeField(json::object& definition, const schema::Collection& collection) const;
  Task<Result<void>> AddField(Draft& draft, json::object definition, bool in_front);
  Task<Result<void>> AddColumn(Draft& draft, schema::Field& field);
  Task<Result<void>> DropColumn(Draft& draft, const schema::Field& field);
  Task<Result<void>> ApplyConstraintChanges(const schema::Collection& collection,
                                            const schema::Field& before,
                                            const schema::Field& after);
  Result<void> CheckUnused(const schema::Collection& collection, const schema::Field& field);
  std::vector<std::pair<std::string, std::string>> UsersOfForeignKey(
      const schema::Collection& collection, std::string_view foreign_key);

  // fields_relations.cc
  Result<void> CompleteRelation(json::object& definition, const schema::Collection& own);
  Task<Result<void>> CreateKeys(std::string collection, json::object relation, KeyField form);
  Task<Result<void>> EnsureForeignKey(std::string collection, json::object definition,
                                      KeyField form);
  Task<Result<void>> CreateThrough(const json::object& relation, const schema::Collection& own);
  Task<Result<void>> CreateReverse(std::string collection, std::string field, json::object reverse);

  db::Connection& connection_;
  const db::Database& database_;
  const db::Dialect& dialect_;
  schema::CatalogRef catalog_;
  schema::NameMap<std::unique_ptr<Draft>> drafts_;  // null: dropped
  std::set<std::string> touched_;
  bool access_changed_ = false;
};

// Where rows stand after one moved: indexes into `definitions`. `source` and `target` are names or
// keys; without a target to the front. Moving down inserts after the target, moving up before it;
// `method` "insertAfter" and "prepend" say it.
std::vector<std::size_t> MovedOrder(const std::vector<json::object>& definitions,
                                    std::string_view source, std::string_view target,
                                    std::string_view method);

}  // namespace renkei::api
