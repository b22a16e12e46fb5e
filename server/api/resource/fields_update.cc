// Changing a field: its definition, and the constraints and sizes of its column. One part of
// SchemaEditor.
#include <fmt/format.h>

#include "api/resource/collections_editor.h"
#include "api/resource/fields_rules.h"
#include "schema/ddl.h"
#include "schema/definition_row.h"
#include "schema/field_type.h"
#include "schema/parse_definition.h"
#include "schema/statement_text.h"

namespace renkei::api {
namespace {

using schema::StatementText;

constexpr std::string_view kRelationOptions[] = {"target",    "foreignKey", "otherKey",
                                                 "sourceKey", "targetKey",  "through"};

// Objects member by member, everything else replaced.
void MergeInto(json::value& target, const json::value& changes) {
  if (!target.is_object() || !changes.is_object()) {
    target = changes;
    return;
  }
  for (const auto& member : changes.get_object())
    MergeInto(target.get_object()[member.key()], member.value());
}

}  // namespace

Task<Result<bool>> SchemaEditor::UpdateField(std::string collection, std::string field,
                                             json::object changes) {
  Draft* draft = Find(collection);
  const schema::Field* before = draft == nullptr ? nullptr : draft->parsed.FindField(field);
  if (before == nullptr || before->implicit || before->inherited) co_return false;
  db::Statement select = schema::SelectFieldRows(dialect_, std::vector<std::string>(1, collection));
  RK_CO_TRY(rows, co_await connection_.Run(std::move(select)));
  json::object definition = before->options;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    json::object row = schema::ReadFieldRow(rows, i);
    if (FindString(row, "name") == field && !draft->parsed.system) definition = std::move(row);
  }
  for (const std::string_view fixed :
       {"name", "key", "collectionName", "sort", "reverseKey", "parentKey"})
    changes.erase(fixed);
  if (IsSystemField(draft->parsed, *before)) {
    for (const std::string_view fixed : {"type", "unique", "primaryKey", "autoIncrement",
                                         "allowNull", "field", "hidden", "index"}) {
      changes.erase(fixed);
    }
  }
  json::object reverse;
  if (json::value* given = changes.if_contains("reverseField");
      given != nullptr && given->is_object())
    reverse = given->get_object();
  changes.erase("reverseField");
  RK_CO_CHECK_OK(CheckChanges(*before, changes));
  for (auto& member : changes) {
    if (member.key() == "uiSchema") {
      MergeInto(definition["uiSchema"], member.value());
    } else {
      definition[member.key()] = std::move(member.value());
    }
  }
  RK_CO_TRY(after, schema::ParseField(definition, collection));
  RK_CO_CHECK_OK(CheckTypeChange(*before, after));
  RK_CO_CHECK_OK(StoredDefault(after, dialect_));
  if (draft->parsed.kind == schema::CollectionKind::kTable && before->has_column()) {
    const schema::Field old = *before;
    RK_CO_CHECK_OK(co_await ApplyConstraintChanges(draft->parsed, old, after));
  }
  touched_.insert(collection);
  RK_CO_CHECK_OK(co_await Run(schema::SaveFieldRow(dialect_, definition)));
  const std::string reverse_key(FindString(definition, "reverseKey"));
  for (schema::Field& known : draft->parsed.fields) {
    if (known.name == field) known = after;
  }
  schema::IndexFields(draft->parsed);
  if (reverse.empty() || !after.relation) co_return true;
  if (reverse_key.empty()) {
    RK_CO_CHECK_OK(co_await CreateReverse(collection, field, std::move(reverse)));
    co_return true;
  }
  const std::string target = after.relation->target;
  std::string other;
  if (const schema::Collection* known = FindParsed(target); known != nullptr) {
    for (const schema::Field& item : known->fields) {
      if (item.key == reverse_key) other = item.name;
    }
  }
  for (const std::string_view option : kRelationOptions) reverse.erase(option);
  reverse.erase("type");
  if (!other.empty()) RK_CO_CHECK_OK(co_await UpdateField(target, other, std::move(reverse)));
  co_return true;
}

// Unique, index, length and precision, as far as an option changed.
Task<Result<void>> SchemaEditor::ApplyConstraintChanges(const schema::Collection& collection,
                                                        const schema::Field& before,
                                                        const schema::Field& after) {
  std::vector<db::Statement> statements;
  const bool indexed_before = FindBool(before.options, "index"),
             indexed_after = FindBool(after.options, "index");
  if (before.unique && !after.unique) {
    statements.push_back(
        schema::DropIndexStatement(dialect_, collection.table, {before.column}, true));
  }
  if (!before.unique && after.unique && !after.primary_key) {
    statements.push_back(
        schema::CreateIndexStatement(dialect_, collection.table, {after.column}, true));
  }
  if (!indexed_before && indexed_after && !after.unique) {
    statements.push_back(
        schema::CreateIndexStatement(dialect_, collection.table, {after.column}, false));
  }
  if (indexed_before && !indexed_after && !FindBool(after.options, "isForeignKey")) {
    statements.push_back(
        schema::DropIndexStatement(dialect_, collection.table, {after.column}, false));
  }
  const bool resized =
      before.spec.length != after.spec.length || before.spec.precision != after.spec.precision;
  if (resized && dialect_.has_schemas()) {
    statements.push_back(StatementText(dialect_, "schema.alter_type")
                             .Sql("ALTER TABLE ")
                             .Name(collection.table)
                             .Sql(" ALTER COLUMN ")
                             .Name(after.column)
                             .Sql(" TYPE ")
                             .Sql(dialect_.ColumnType(after.spec))
                             .Build());
  }
  if (!before.allow_null && after.allow_null && dialect_.has_schemas()) {
    statements.push_back(StatementText(dialect_, "schema.drop_not_null")
                             .Sql("ALTER TABLE ")
                             .Name(collection.table)
                             .Sql(" ALTER COLUMN ")
                             .Name(after.column)
                             .Sql(" DROP NOT NULL")
                             .Build());
  }
  auto done = co_await RunAll(std::move(statements));
  if (!done && done.error().code == "UNIQUE_VIOLATION") {
    co_return Fail(InvalidArgument(
        "DUPLICATE_VALUES", fmt::format("{} holds the same value more than once", after.title),
        "Make the values distinct before making the field unique", after.name));
  }
  co_return done;
}

}  // namespace renkei::api
