#include "schema/definition_row.h"

#include <array>
#include <span>

#include "base/crypto.h"
#include "schema/statement_text.h"

namespace renkei::schema {
namespace {

enum class Form { kText, kFlag, kNumber };
struct Column {
  std::string_view name;
  Form form;
};

constexpr std::array<Column, 7> kCollectionColumns = {{{"key", Form::kText},
                                                       {"name", Form::kText},
                                                       {"title", Form::kText},
                                                       {"description", Form::kText},
                                                       {"inherit", Form::kFlag},
                                                       {"hidden", Form::kFlag},
                                                       {"sort", Form::kNumber}}};
constexpr std::array<Column, 9> kFieldColumns = {{{"key", Form::kText},
                                                  {"name", Form::kText},
                                                  {"type", Form::kText},
                                                  {"interface", Form::kText},
                                                  {"collectionName", Form::kText},
                                                  {"description", Form::kText},
                                                  {"parentKey", Form::kText},
                                                  {"reverseKey", Form::kText},
                                                  {"sort", Form::kNumber}}};
// Told by the server, never stored.
constexpr std::array<std::string_view, 6> kDerived = {
    "fields", "unavailableActions", "category", "reverseField", "options", "system"};

db::Statement Select(const db::Dialect& dialect, std::string_view statement, std::string_view table,
                     std::span<const Column> columns, std::string_view by,
                     const std::optional<std::vector<std::string>>& names) {
  StatementText text(dialect, statement);
  text.Sql("SELECT ");
  for (const Column& column : columns) text.Name(column.name).Sql(", ");
  text.Name("options").Sql(" FROM ").Name(table);
  db::Statement built;
  if (names) {
    std::vector<db::Value> values;
    for (const std::string& name : *names) values.push_back(db::Value::Text(name));
    std::string column;
    dialect.AppendIdentifier(column, by);
    text.Sql(" WHERE ").Sql(dialect.InList(column, 1, db::ColumnKind::kVarchar, false));
    built = text.Sql(" ORDER BY ").Name("sort").Sql(", ").Name("key").Build();
    built.params.push_back(dialect.EncodeList(values, db::ColumnKind::kVarchar));
    return built;
  }
  return text.Sql(" ORDER BY ").Name("sort").Sql(", ").Name("key").Build();
}

json::object Read(const db::Rows& rows, std::size_t row, std::span<const Column> columns) {
  json::object definition;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const db::Cell& cell = rows.at(row, i);
    json::value& member = definition[columns[i].name];
    if (columns[i].form == Form::kFlag) {
      member = cell.ToBool();
    } else if (cell.is_null()) {
      member = nullptr;
    } else if (columns[i].form == Form::kNumber) {
      member = cell.ToInt();
    } else {
      member = cell.view();
    }
  }
  const db::Cell& options = rows.at(row, columns.size());
  if (options.is_null()) return definition;
  auto parsed = ParseJson(options.view());
  if (!parsed || !parsed->is_object()) return definition;
  for (auto& member : parsed->get_object())
    definition.emplace(member.key(), std::move(member.value()));
  return definition;
}

db::Value ColumnValue(const json::object& definition, const Column& column) {
  const json::value* value = Find(definition, column.name);
  if (column.form == Form::kFlag)
    return db::Value::Bool(value != nullptr && value->is_bool() && value->get_bool());
  if (value == nullptr || value->is_null()) return db::Value::Null();
  if (column.form == Form::kNumber) return db::Value::Int(FindInt(definition, column.name));
  if (value->is_string()) return db::Value::Text(View(value->get_string()));
  return db::Value::Text(ToJson(*value));
}

std::string OptionsText(const json::object& definition, std::span<const Column> columns) {
  json::object options;
  for (const auto& member : definition) {
    const std::string_view name(member.key().data(), member.key().size());
    bool skip = false;
    for (const Column& column : columns) skip = skip || column.name == name;
    for (const std::string_view derived : kDerived) skip = skip || derived == name;
    if (!skip) options.emplace(member.key(), member.value());
  }
  return ToJson(json::value(std::move(options)));
}

db::Statement Save(const db::Dialect& dialect, std::string_view statement, std::string_view table,
                   std::span<const Column> columns, const json::object& definition) {
  StatementText text(dialect, statement);
  text.Sql("INSERT INTO ").Name(table).Sql(" (");
  for (const Column& column : columns) text.Name(column.name).Sql(", ");
  text.Name("options").Sql(") VALUES (");
  for (const Column& column : columns) text.Param(ColumnValue(definition, column)).Sql(", ");
  text.Param(db::Value::Text(OptionsText(definition, columns)))
      .Sql(") ON CONFLICT (")
      .Name("key")
      .Sql(") DO UPDATE SET ");
  for (std::size_t i = 1; i < columns.size(); ++i) {
    text.Name(columns[i].name).Sql(" = excluded.").Name(columns[i].name).Sql(", ");
  }
  return text.Name("options").Sql(" = excluded.").Name("options").Build();
}

}  // namespace

db::Statement SelectCollectionRows(const db::Dialect& dialect,
                                   const std::optional<std::vector<std::string>>& names) {
  return Select(dialect, "catalog.collections", "collections", kCollectionColumns, "name", names);
}

db::Statement SelectFieldRows(const db::Dialect& dialect,
                              const std::optional<std::vector<std::string>>& collections) {
  return Select(dialect, "catalog.fields", "fields", kFieldColumns, "collectionName", collections);
}

json::object ReadCollectionRow(const db::Rows& rows, std::size_t row) {
  return Read(rows, row, kCollectionColumns);
}
json::object ReadFieldRow(const db::Rows& rows, std::size_t row) {
  return Read(rows, row, kFieldColumns);
}

db::Statement SaveCollectionRow(const db::Dialect& dialect, const json::object& definition) {
  return Save(dialect, "schema.save_collection", "collections", kCollectionColumns, definition);
}

db::Statement SaveFieldRow(const db::Dialect& dialect, const json::object& definition) {
  return Save(dialect, "schema.save_field", "fields", kFieldColumns, definition);
}

db::Statement DeleteCollectionRow(const db::Dialect& dialect, std::string_view name) {
  return StatementText(dialect, "schema.delete_collection")
      .Sql("DELETE FROM ")
      .Name("collections")
      .Sql(" WHERE ")
      .Equals("name", db::Value::Text(name))
      .Build();
}

db::Statement DeleteFieldRow(const db::Dialect& dialect, std::string_view collection,
                             std::string_view name) {
  return StatementText(dialect, "schema.delete_field")
      .Sql("DELETE FROM ")
      .Name("fields")
      .Sql(" WHERE ")
      .Equals("collectionName", db::Value::Text(collection))
      .Sql(" AND ")
      .Equals("name", db::Value::Text(name))
      .Build();
}

db::Statement DeleteFieldRowsOf(const db::Dialect& dialect, std::string_view collection) {
  return StatementText(dialect, "schema.delete_fields")
      .Sql("DELETE FROM ")
      .Name("fields")
      .Sql(" WHERE ")
      .Equals("collectionName", db::Value::Text(collection))
      .Build();
}

std::string SystemKey(std::string_view collection, std::string_view field) {
  constexpr std::string_view kAlphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
  constexpr std::size_t kLength = 11;
  const Sha256Digest digest = Sha256(std::string(collection) + "." + std::string(field));
  std::string key;
  for (std::size_t i = 0; i < kLength; ++i) key.push_back(kAlphabet[digest[i] % kAlphabet.size()]);
  return key;
}

}  // namespace renkei::schema
