#include "schema/ddl.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/crypto.h"
#include "base/text.h"
#include "schema/parse_definition.h"
#include "schema/statement_text.h"

namespace renkei::schema {
namespace {

constexpr std::string_view kName = "schema.ddl";

// The first column of a key is found by the key's own index.
bool IsIndexed(const Collection& collection, const Field& field) {
  if (!collection.primary_key.empty() && collection.primary_key.front() == field.name) return false;
  return FindBool(field.options, "index") || FindBool(field.options, "isForeignKey");
}

bool CanBeIndexed(const Field& field) {
  switch (field.spec.kind) {
    case db::ColumnKind::kJson:
    case db::ColumnKind::kJsonb:
    case db::ColumnKind::kPoint:
    case db::ColumnKind::kLine:
    case db::ColumnKind::kPolygon:
    case db::ColumnKind::kCircle:
      return false;
    default:
      return true;
  }
}

void AppendIndexes(std::vector<db::Statement>& statements, const db::Dialect& dialect,
                   const Collection& collection, const Field& field) {
  if (!CanBeIndexed(field)) return;
  if (field.unique && !field.primary_key) {
    statements.push_back(CreateIndexStatement(dialect, collection.table, {field.column}, true));
  } else if (IsIndexed(collection, field)) {
    statements.push_back(CreateIndexStatement(dialect, collection.table, {field.column}, false));
  }
}

// `indexes` of the collection: ["a", {"fields":["a","b"],"unique":true}].
void AppendCompositeIndexes(std::vector<db::Statement>& statements, const db::Dialect& dialect,
                            const Collection& collection) {
  const json::value* indexes = Find(collection.options, "indexes");
  if (indexes == nullptr || !indexes->is_array()) return;
  for (const json::value& item : indexes->get_array()) {
    std::vector<std::string> columns;
    bool complete = true;
    const auto add = [&](const json::value& name) {
      const Field* field =
          name.is_string() ? collection.FindField(View(name.get_string())) : nullptr;
      complete = complete && field != nullptr && field->has_column() && !field->inherited;
      if (complete) columns.push_back(field->column);
    };
    const json::value* names = Find(item, "fields");
    if (item.is_string()) add(item);
    if (names != nullptr && names->is_array()) {
      for (const json::value& name : names->get_array()) add(name);
    }
    if (!complete || columns.empty()) continue;
    const bool unique = item.is_object() && FindBool(item.get_object(), "unique");
    statements.push_back(CreateIndexStatement(dialect, collection.table, columns, unique));
  }
}

// The parent whose sequence numbers an inheriting table, or nullptr.
const Collection* NumberingParent(const std::vector<const Collection*>& parents,
                                  std::string_view key) {
  for (const Collection* parent : parents) {
    const Field* field = parent->FindField(key);
    if (field != nullptr && field->auto_increment) return parent;
  }
  return nullptr;
}

void AppendInheritance(std::vector<db::Statement>& statements, const db::Dialect& dialect,
                       const Collection& collection,
                       const std::vector<const Collection*>& parents) {
  for (const std::string& key : collection.primary_key) {
    const Collection* parent = NumberingParent(parents, key);
    const Field* field = collection.FindField(key);
    if (parent == nullptr || field == nullptr || !field->inherited) continue;
    // Identity is not inherited: the child takes its numbers from the same sequence, so that keys
    // stay distinct.
    std::string table;
    dialect.AppendIdentifier(table, parent->table);
    StatementText text(dialect, kName);
    text.Sql("ALTER TABLE ")
        .Name(collection.table)
        .Sql(" ALTER COLUMN ")
        .Name(field->column)
        .Sql(" SET DEFAULT nextval(pg_get_serial_sequence(");
    const auto quoted = [](std::string_view literal) {
      std::string out = "'";
      for (const char c : literal) out.append(c == '\'' ? 2 : 1, c);
      return out + "'";
    };
    statements.push_back(
        text.Sql(quoted(table)).Sql(", ").Sql(quoted(field->column)).Sql("))").Build());
  }
}

// "name" TYPE [NOT NULL] [PRIMARY KEY …] of each column, then a composite key.
db::Statement CreateTable(const db::Dialect& dialect, const Collection& collection,
                          const std::vector<const Collection*>& parents) {
  StatementText text(dialect, kName);
  text.Sql("CREATE TABLE ").Name(collection.table).Sql(" (");
  std::vector<std::string_view> seen;
  std::vector<std::string> key;
  bool inherited_key = false;
  const bool single = collection.primary_key.size() == 1;
  for (const Field& field : collection.fields) {
    if (field.primary_key && field.has_column()) {
      key.push_back(field.column);
      inherited_key = inherited_key || field.inherited;
    }
    const bool known = std::find(seen.begin(), seen.end(), field.column) != seen.end();
    if (!field.has_column() || field.inherited || known) continue;
    if (!seen.empty()) text.Sql(", ");
    seen.push_back(field.column);
    db::ColumnSpec spec = field.spec;
    spec.auto_increment = spec.auto_increment && field.primary_key && single;
    text.Name(field.column).Sql(" ").Sql(dialect.ColumnType(spec));
    if (!field.allow_null) text.Sql(" NOT NULL");
    if (field.primary_key && single) text.Sql(" ").Sql(dialect.PrimaryKeySuffix(spec));
  }
  if (!key.empty() && (!single || inherited_key)) {
    text.Sql(seen.empty() ? "PRIMARY KEY (" : ", PRIMARY KEY (").Names(key).Sql(")");
  }
  text.Sql(")");
  if (!parents.empty()) {
    std::vector<std::string> tables;
    for (const Collection* parent : parents) tables.push_back(parent->table);
    text.Sql(" INHERITS (").Names(tables).Sql(")");
  }
  return text.Build();
}

}  // namespace

std::string IndexName(std::string_view table, const std::vector<std::string>& columns,
                      bool unique) {
  std::string name(table);
  for (const std::string& column : columns) name += "_" + column;
  name += unique ? "_uk" : "_idx";
  if (name.size() <= kMaxNameLength) return name;
  constexpr std::size_t kDigest = 10;
  constexpr std::size_t kHead = kMaxNameLength - kDigest - 5;
  std::size_t head = kHead;
  while (head > 0 && (static_cast<unsigned char>(name[head]) & 0xC0) == 0x80)
    --head;  // not inside a character
  return fmt::format("{}_{}{}", name.substr(0, head), Sha256Hex(name).substr(0, kDigest),
                     unique ? "_uk" : "_idx");
}

db::Statement CreateIndexStatement(const db::Dialect& dialect, std::string_view table,
                                   const std::vector<std::string>& columns, bool unique) {
  return StatementText(dialect, kName)
      .Sql(unique ? "CREATE UNIQUE INDEX IF NOT EXISTS " : "CREATE INDEX IF NOT EXISTS ")
      .Name(IndexName(table, columns, unique))
      .Sql(" ON ")
      .Name(table)
      .Sql(" (")
      .Names(columns)
      .Sql(")")
      .Build();
}

db::Statement DropIndexStatement(const db::Dialect& dialect, std::string_view table,
                                 const std::vector<std::string>& columns, bool unique) {
  return StatementText(dialect, kName)
      .Sql("DROP INDEX IF EXISTS ")
      .Name(IndexName(table, columns, unique))
      .Build();
}

std::vector<db::Statement> CreateTableStatements(const db::Database& database,
                                                 const Collection& collection,
                                                 const std::vector<const Collection*>& parents) {
  const db::Dialect& dialect = database.dialect();
  std::vector<db::Statement> statements;
  statements.push_back(CreateTable(dialect, collection, parents));
  AppendInheritance(statements, dialect, collection, parents);
  for (const Field& field : collection.fields) {
    if (field.has_column() && (!field.inherited || field.unique))
      AppendIndexes(statements, dialect, collection, field);
  }
  AppendCompositeIndexes(statements, dialect, collection);
  for (db::Statement& statement : database.TrackCountStatements(collection.table))
    statements.push_back(std::move(statement));
  return statements;
}

std::vector<db::Statement> DropTableStatements(const db::Database& database,
                                               const Collection& collection, bool cascade) {
  const db::Dialect& dialect = database.dialect();
  std::vector<db::Statement> statements = database.UntrackCountStatements(collection.table);
  StatementText text(dialect, kName);
  text.Sql("DROP TABLE IF EXISTS ").Name(collection.table);
  if (cascade && dialect.has_inheritance()) text.Sql(" CASCADE");
  statements.push_back(text.Build());
  return statements;
}

std::vector<db::Statement> AddColumnStatements(const db::Dialect& dialect,
                                               const Collection& collection, const Field& field,
                                               db::Value stored_default) {
  std::vector<db::Statement> statements;
  db::ColumnSpec spec = field.spec;
  spec.auto_increment = false;
  statements.push_back(StatementText(dialect, kName)
                           .Sql("ALTER TABLE ")
                           .Name(collection.table)
                           .Sql(" ADD COLUMN ")
                           .Name(field.column)
                           .Sql(" ")
                           .Sql(dialect.ColumnType(spec))
                           .Build());
  if (!stored_default.is_null()) {
    statements.push_back(StatementText(dialect, kName)
                             .Sql("UPDATE ")
                             .Name(collection.table)
                             .Sql(" SET ")
                             .Name(field.column)
                             .Sql(" = ")
                             .Param(std::move(stored_default))
                             .Build());
  }
  AppendIndexes(statements, dialect, collection, field);
  return statements;
}

std::vector<db::Statement> DropColumnStatements(const db::Dialect& dialect,
                                                const Collection& collection,
                                                std::string_view column,
                                                const std::vector<std::string>& indexes) {
  std::vector<db::Statement> statements;
  for (const std::string& index : indexes) {
    statements.push_back(
        StatementText(dialect, kName).Sql("DROP INDEX IF EXISTS ").Name(index).Build());
  }
  statements.push_back(StatementText(dialect, kName)
                           .Sql("ALTER TABLE ")
                           .Name(collection.table)
                           .Sql(" DROP COLUMN ")
                           .Name(column)
                           .Build());
  return statements;
}

Task<Result<std::vector<std::string>>> ReadColumns(db::Connection& connection,
                                                   const db::Dialect& dialect, std::string table) {
  StatementText text(dialect, "schema.columns");
  if (dialect.has_schemas()) {
    text.Sql(
            "SELECT a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
            "WHERE c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT "
            "a.attisdropped AND c.relname = ")
        .Param(db::Value::Text(std::move(table)))
        .Sql(" ORDER BY a.attnum");
  } else {
    text.Sql("SELECT name FROM pragma_table_info(")
        .Param(db::Value::Text(std::move(table)))
        .Sql(") ORDER BY cid");
  }
  db::Statement statement = text.Build();
  RK_CO_TRY(rows, co_await connection.Run(std::move(statement)));
  std::vector<std::string> columns;
  for (std::size_t i = 0; i < rows.size(); ++i) columns.emplace_back(rows.at(i, 0).view());
  co_return columns;
}

Task<Result<std::vector<std::string>>> IndexesOn(db::Connection& connection,
                                                 const db::Dialect& dialect, std::string table,
                                                 std::string column) {
  std::vector<std::string> names;
  if (dialect.has_schemas()) co_return names;  // PostgreSQL drops them with the column
  StatementText text(dialect, "schema.indexes");
  text.Sql("SELECT DISTINCT l.name FROM pragma_index_list(")
      .Param(db::Value::Text(std::move(table)))
      .Sql(") l JOIN pragma_index_info(l.name) i WHERE l.origin = 'c' AND lower(i.name) = lower(")
      .Param(db::Value::Text(std::move(column)))
      .Sql(")");
  db::Statement statement = text.Build();
  RK_CO_TRY(rows, co_await connection.Run(std::move(statement)));
  for (std::size_t i = 0; i < rows.size(); ++i) names.emplace_back(rows.at(i, 0).view());
  co_return names;
}

Task<Result<bool>> RelationExists(db::Connection& connection, const db::Dialect& dialect,
                                  std::string name) {
  StatementText text(dialect, "schema.exists");
  if (dialect.has_schemas()) {
    text.Sql(
            "SELECT 1 FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND "
            "relname = ")
        .Param(db::Value::Text(std::move(name)));
  } else {
    text.Sql(
            "SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view', 'index') AND lower(name) "
            "= lower(")
        .Param(db::Value::Text(std::move(name)))
        .Sql(")");
  }
  db::Statement statement = text.Build();
  RK_CO_TRY(rows, co_await connection.Run(std::move(statement)));
  co_return !rows.empty();
}

std::optional<db::Statement> AdvanceSequenceStatement(const db::Dialect& dialect,
                                                      const Catalog& catalog,
                                                      const Collection& collection,
                                                      const Field& field, std::int64_t value) {
  if (!dialect.has_schemas() || !field.auto_increment) return std::nullopt;
  const Collection* owner = &collection;
  for (int depth = 0; field.inherited && depth < 16; ++depth) {
    std::vector<const Collection*> parents;
    for (const std::string& name : owner->inherits) {
      if (const Collection* parent = catalog.Find(name)) parents.push_back(parent);
    }
    const Collection* parent = NumberingParent(parents, field.name);
    if (parent == nullptr) break;
    owner = parent;
  }
  std::string table;
  dialect.AppendIdentifier(table, owner->table);
  return StatementText(dialect, "schema.advance_sequence")
      .Sql("SELECT setval(s, v) FROM (SELECT pg_get_serial_sequence(")
      .Param(db::Value::Text(table))
      .Sql("::text, ")
      .Param(db::Value::Text(field.column))
      .Sql("::text)::regclass AS s, ")
      .Param(db::Value::Int(value))
      .Sql("::bigint AS v) q WHERE s IS NOT NULL AND v > COALESCE(pg_sequence_last_value(s), 0)")
      .Build();
}

}  // namespace renkei::schema
