// Fields: one part of SchemaEditor.
#include <fmt/format.h>

#include <algorithm>

#include "access/permission_changes.h"
#include "api/resource/collections_editor.h"
#include "api/resource/field_interfaces.h"
#include "api/resource/fields_rules.h"
#include "base/id.h"
#include "base/text.h"
#include "schema/ddl.h"
#include "schema/definition_row.h"
#include "schema/field_type.h"
#include "schema/parse_definition.h"
#include "schema/statement_text.h"

namespace renkei::api {
namespace {

using schema::StatementText;

Error UnknownCollection(std::string_view name) {
  return NotFound("COLLECTION_NOT_FOUND", fmt::format("Collection '{}' does not exist", name));
}

Error KeyFault(const schema::Collection& collection) {
  return InvalidArgument(
      "PRIMARY_KEY_EXISTS",
      fmt::format("Collection \"{}\" already has a primary key", collection.name),
      "Declare keys when the collection is created", "primaryKey");
}

}  // namespace

std::vector<std::size_t> MovedOrder(const std::vector<json::object>& definitions,
                                    std::string_view source, std::string_view target,
                                    std::string_view method) {
  const auto find = [&](std::string_view wanted) {
    std::size_t i = 0;
    while (i < definitions.size() && FindString(definitions[i], "name") != wanted &&
           FindString(definitions[i], "key") != wanted)
      ++i;
    return i;
  };
  std::vector<std::size_t> order(definitions.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const std::size_t from = find(source);
  const std::size_t to = target.empty() ? 0 : find(target);
  if (from >= order.size() || to >= order.size() || (from == to && !target.empty())) return order;
  order.erase(order.begin() + static_cast<std::ptrdiff_t>(from));
  std::size_t place = to;  // moving down: the target has slid up by one, so this is behind it
  if (!target.empty() && method == "prepend" && from < to) place = to - 1;
  if (!target.empty() && method == "insertAfter" && from > to) place = to + 1;
  order.insert(order.begin() + static_cast<std::ptrdiff_t>(place), from);
  return order;
}

// A name and a type for every definition; a dot in the name stays in the column.
Result<void> SchemaEditor::NormalizeField(json::object& definition,
                                          const schema::Collection& collection) const {
  const json::value* given = renkei::Find(definition, "name");
  if (given != nullptr && !given->is_null() && !given->is_string()) {
    return Fail(InvalidArgument("INVALID_NAME", "A field's name must be a string", {}, "name"));
  }
  std::string name(FindString(definition, "name"));
  if (name.empty()) name = "f_" + RandomUid();
  if (name.find('.') != std::string::npos) {
    if (FindString(definition, "field").empty()) definition["field"] = name;
    std::replace(name.begin(), name.end(), '.', '_');
  }
  RK_CHECK_OK(schema::CheckFieldName(name));
  if (const std::string_view column = FindString(definition, "field");
      !column.empty() && column != name) {
    std::string plain(column);
    std::replace(plain.begin(), plain.end(), '.', '_');
    RK_CHECK_OK(schema::CheckFieldName(plain));
  }
  definition["name"] = name;
  if (FindString(definition, "type").empty()) {
    const FieldInterface* interface = FindFieldInterface(FindString(definition, "interface"));
    if (interface != nullptr) definition["type"] = interface->types.front();
  }
  if (schema::FindFieldType(FindString(definition, "type"), definition) == nullptr) {
    return Fail(
        InvalidArgument("UNKNOWN_FIELD_TYPE",
                        fmt::format("unsupported field type {}", FindString(definition, "type")),
                        fmt::format("Field '{}' of '{}'", name, collection.name), "type"));
  }
  RK_CHECK_OK(CheckReserved(definition));
  definition["key"] = RandomUid();
  definition["collectionName"] = collection.name;
  for (const std::string_view member : {"description", "parentKey", "reverseKey", "interface"}) {
    if (renkei::Find(definition, member) == nullptr) definition[member] = nullptr;
  }
  return {};
}

Task<Result<std::string>> SchemaEditor::CreateField(std::string collection, json::object body) {
  Draft* draft = Find(collection);
  if (draft == nullptr) co_return Fail(UnknownCollection(collection));
  if (draft->parsed.system && draft->parsed.hidden)
    co_return Fail(ProtectedField(FindString(body, "name"), collection));
  RK_CO_CHECK_OK(NormalizeField(body, draft->parsed));
  const std::string name(FindString(body, "name"));
  const bool clashes = std::any_of(
      draft->parsed.fields.begin(), draft->parsed.fields.end(), [&](const schema::Field& field) {
        const bool same =
            dialect_.has_schemas() ? field.name == name : EqualsIgnoreCaseAscii(field.name, name);
        return same && (!field.implicit || field.name != name);
      });
  if (clashes) {
    co_return Fail(InvalidArgument(
        "FIELD_EXISTS",
        fmt::format("Field name \"{}\" already exists in collection \"{}\"", name, collection),
        "Choose another name", "name"));
  }
  if (draft->parsed.fields.size() >= schema::kMaxFields) {
    co_return Fail(InvalidArgument(
        "TOO_MANY_FIELDS", fmt::format("A collection holds at most {} fields", schema::kMaxFields),
        {}, "name"));
  }
  json::object reverse;
  if (json::value* given = body.if_contains("reverseField"); given != nullptr && given->is_object())
    reverse = given->get_object();
  body.erase("reverseField");
  RK_CO_CHECK_OK(CompleteRelation(body, draft->parsed));
  const bool relation = draft->parsed.kind == schema::CollectionKind::kTable ||
                        renkei::Find(body, "target") != nullptr;
  // Keys first: they come before the association in the order of fields.
  if (relation && schema::FindFieldType(FindString(body, "type"))->is_relation()) {
    RK_CO_CHECK_OK(co_await CreateKeys(collection, body, KeyField::kWithField));
  }
  RK_CO_CHECK_OK(co_await AddField(*Find(collection), std::move(body), false));
  if (!reverse.empty())
    RK_CO_CHECK_OK(co_await CreateReverse(collection, name, std::move(reverse)));
  co_return name;
}

// The column, the row and the permissions of one complete definition.
Task<Result<void>> SchemaEditor::AddField(Draft& draft, json::object definition, bool in_front) {
  schema::Collection& collection = draft.parsed;
  db::Statement edge = StatementText(dialect_, "schema.edge_sort")
                           .Sql(in_front ? "SELECT COALESCE(MIN(" : "SELECT COALESCE(MAX(")
                           .Name("sort")
                           .Sql(in_front ? "), 2) - 1 FROM " : "), 0) + 1 FROM ")
                           .Name("fields")
                           .Sql(" WHERE ")
                           .Equals("collectionName", db::Value::Text(collection.name))
                           .Build();
  RK_CO_TRY(sort, co_await ScalarOf(std::move(edge)));
  std::int64_t place = sort;
  if (collection.system && !in_front) {  // fields of migrations count from one without having rows
    for (const schema::Field& known : collection.fields)
      place = std::max(place, FindInt(known.options, "sort") + 1);
  }
  definition["sort"] = place;
  RK_CO_TRY(field, schema::ParseField(definition, collection.name));
  const auto known =
      std::find_if(collection.fields.begin(), collection.fields.end(),
                   [&](const schema::Field& other) { return other.name == field.name; });
  const bool adopts = known != collection.fields.end();  // an implicit column gets its field
  if (field.primary_key && !(adopts && known->primary_key)) {
    if (!collection.primary_key.empty() || collection.kind == schema::CollectionKind::kTable)
      co_return Fail(KeyFault(collection));
  }
  if (field.auto_increment && !(adopts && known->auto_increment)) {
    co_return Fail(InvalidArgument(
        "INVALID_FIELD_OPTION",
        fmt::format("Field '{}': only a primary key can count by itself", field.name),
        "Use a field of type sequence or sort", "autoIncrement"));
  }
  if (adopts) {
    const bool fits = known->spec.kind == field.spec.kind || !field.has_column();
    if (!fits) {
      co_return Fail(
          InvalidArgument("COLUMN_EXISTS",
                          fmt::format("Collection \"{}\" has a column \"{}\" of another type",
                                      collection.name, field.name),
                          "Choose another name, or the type of the column", "type"));
    }
    collection.fields.erase(known);
  } else if (collection.kind == schema::CollectionKind::kTable && field.has_column()) {
    RK_CO_CHECK_OK(co_await AddColumn(draft, field));
  }
  touched_.insert(collection.name);
  auto saved = co_await Run(schema::SaveFieldRow(dialect_, definition));
  if (!saved && saved.error().code == "UNIQUE_VIOLATION") {
    co_return Fail(
        InvalidArgument("FIELD_EXISTS",
                        fmt::format("Field name \"{}\" already exists in collection \"{}\"",
                                    field.name, collection.name),
                        "Reload and try again", "name"));
  }
  if (!saved) co_return Fail(std::move(saved).error());
  RK_CO_CHECK_OK(co_await access::FieldAdded(connection_, dialect_, collection.name, field.name));
  access_changed_ = true;
  collection.fields.insert(in_front ? collection.fields.begin() : collection.fields.end(),
                           std::move(field));
  schema::IndexFields(collection);
  co_return Result<void>();
}

// The physical column, unless it is there (two fields may share one, and implicit columns stay when
// their field goes).
Task<Result<void>> SchemaEditor::AddColumn(Draft& draft, schema::Field& field) {
  RK_CO_TRY(columns, co_await schema::ReadColumns(connection_, dialect_, draft.parsed.table));
  const bool there = std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
    return dialect_.has_schemas() ? column == field.column
                                  : EqualsIgnoreCaseAscii(column, field.column);
  });
  if (there) co_return Result<void>();
  RK_CO_TRY(fallback, StoredDefault(field, dialect_));
  co_return co_await RunAll(
      schema::AddColumnStatements(dialect_, draft.parsed, field, std::move(fallback)));
}

Task<Result<void>> SchemaEditor::DropColumn(Draft& draft, const schema::Field& field) {
  if (!field.has_column() || draft.parsed.kind != schema::CollectionKind::kTable || field.inherited)
    co_return Result<void>();
  for (const schema::Field& other : draft.parsed.fields) {
    if (other.name != field.name && other.column == field.column) co_return Result<void>();
  }
  RK_CO_TRY(columns, co_await schema::ReadColumns(connection_, dialect_, draft.parsed.table));
  if (std::find(columns.begin(), columns.end(), field.column) == columns.end())
    co_return Result<void>();
  RK_CO_TRY(indexes,
            co_await schema::IndexesOn(connection_, dialect_, draft.parsed.table, field.column));
  co_return co_await RunAll(
      schema::DropColumnStatements(dialect_, draft.parsed, field.column, indexes));
}

Result<void> SchemaEditor::CheckUnused(const schema::Collection& collection,
                                       const schema::Field& field) {
  if (field.primary_key) {
    return Fail(InvalidArgument(
        "FIELD_IN_USE",
        fmt::format("Can not delete field \"{}\" in \"{}\", it is used by the primary key",
                    field.name, collection.name),
        "Destroy the collection instead", field.name));
  }
  for (const schema::CollectionRef& reference : catalog_->all()) {
    const schema::Collection* other = FindParsed(reference->name);
    if (other == nullptr) continue;
    for (const schema::Field& user : other->fields) {
      if (!user.relation || user.inherited) continue;
      const schema::Relation& relation = *user.relation;
      const bool has = relation.kind != schema::RelationKind::kBelongsTo &&
                       relation.kind != schema::RelationKind::kBelongsToArray;
      const bool by_source =
          has && other->name == collection.name && relation.source_key == field.name;
      const bool joins_target = relation.kind != schema::RelationKind::kHasOne &&
                                relation.kind != schema::RelationKind::kHasMany;
      const bool by_target =
          joins_target && relation.target == collection.name && relation.target_key == field.name;
      if (!by_source && !by_target) continue;
      return Fail(InvalidArgument(
          "FIELD_IN_USE",
          fmt::format("Can not delete field \"{}\" in \"{}\", it is used by field \"{}\" in \"{}\"",
                      field.name, collection.name, user.name, other->name),
          "Destroy that field first", field.name));
    }
  }
  return {};
}

// Associations that stand on a foreign key: without the column they mean nothing.
std::vector<std::pair<std::string, std::string>> SchemaEditor::UsersOfForeignKey(
    const schema::Collection& collection, std::string_view foreign_key) {
  std::vector<std::pair<std::string, std::string>> users;
  for (const schema::CollectionRef& reference : catalog_->all()) {
    const schema::Collection* other = FindParsed(reference->name);
    if (other == nullptr || other->system) continue;
    for (const schema::Field& user : other->fields) {
      if (!user.relation || user.implicit || user.inherited) continue;
      const schema::Relation& relation = *user.relation;
      bool uses = false;
      switch (relation.kind) {
        case schema::RelationKind::kBelongsTo:
        case schema::RelationKind::kBelongsToArray:
          uses = other->name == collection.name && relation.foreign_key == foreign_key;
          break;
        case schema::RelationKind::kHasOne:
        case schema::RelationKind::kHasMany:
          uses = relation.target == collection.name && relation.foreign_key == foreign_key;
          break;
        case schema::RelationKind::kBelongsToMany:
          uses = relation.through == collection.name &&
                 (relation.foreign_key == foreign_key || relation.other_key == foreign_key);
          break;
      }
      if (uses) users.emplace_back(other->name, user.name);
    }
  }
  return users;
}

Task<Result<bool>> SchemaEditor::DestroyField(std::string collection, std::string field) {
  Draft* draft = Find(collection);
  const schema::Field* known = draft == nullptr ? nullptr : draft->parsed.FindField(field);
  if (known == nullptr || known->implicit || known->inherited) co_return false;
  if (IsSystemField(draft->parsed, *known)) co_return Fail(ProtectedField(field, collection));
  const schema::Field gone = *known;
  RK_CO_CHECK_OK(CheckUnused(draft->parsed, gone));
  if (FindBool(gone.options, "isForeignKey")) {
    for (const auto& [owner, user] : UsersOfForeignKey(draft->parsed, field)) {
      RK_CO_CHECK_OK(co_await DestroyField(owner, user));
    }
  }
  draft = Find(collection);
  RK_CO_CHECK_OK(co_await DropColumn(*draft, gone));
  RK_CO_CHECK_OK(co_await Run(schema::DeleteFieldRow(dialect_, collection, field)));
  RK_CO_CHECK_OK(co_await access::FieldRemoved(connection_, dialect_, collection, field));
  access_changed_ = true;
  if (!gone.key.empty() && gone.relation) {  // the inverse stays, but is nobody's inverse now
    db::Statement unlink = StatementText(dialect_, "schema.unlink_reverse")
                               .Sql("UPDATE ")
                               .Name("fields")
                               .Sql(" SET ")
                               .Name("reverseKey")
                               .Sql(" = NULL WHERE ")
                               .Equals("reverseKey", db::Value::Text(gone.key))
                               .Build();
    RK_CO_CHECK_OK(co_await Run(std::move(unlink)));
    if (FindParsed(gone.relation->target) != nullptr) touched_.insert(gone.relation->target);
  }
  std::erase_if(draft->parsed.fields,
                [&](const schema::Field& other) { return other.name == field; });
  schema::IndexFields(draft->parsed);
  touched_.insert(std::move(collection));
  co_return true;
}

Task<Result<void>> SchemaEditor::SetFields(std::string collection, json::array fields,
                                           bool replace) {
  Draft* draft = Find(collection);
  if (draft == nullptr) co_return Fail(UnknownCollection(collection));
  std::set<std::string> named, foreign_keys;
  for (const json::value& item : fields) {
    if (!item.is_object())
      co_return Fail(InvalidArgument("INVALID_FIELD", "A field must be an object", {}, "fields"));
    named.emplace(FindString(item.get_object(), "name"));
    foreign_keys.emplace(FindString(item.get_object(), "foreignKey"));
  }
  if (replace) {
    std::vector<std::string> missing;
    for (const schema::Field& field : draft->parsed.fields) {
      const bool kept = field.implicit || field.inherited || named.count(field.name) > 0 ||
                        field.primary_key || IsSystemField(draft->parsed, field) ||
                        foreign_keys.count(field.name) > 0;
      if (!kept) missing.push_back(field.name);
    }
    for (std::string& name : missing)
      RK_CO_CHECK_OK(co_await DestroyField(collection, std::move(name)));
  }
  for (json::value& item : fields) {
    json::object definition = std::move(item.get_object());
    std::string name(FindString(definition, "name"));
    if (!name.empty() && Find(collection)->declares(name)) {
      RK_CO_CHECK_OK(co_await UpdateField(collection, std::move(name), std::move(definition)));
    } else {
      RK_CO_CHECK_OK(co_await CreateField(collection, std::move(definition)));
    }
  }
  co_return Result<void>();
}

Task<Result<void>> SchemaEditor::MoveField(std::string collection, std::string source,
                                           std::string target, std::string method) {
  db::Statement select = schema::SelectFieldRows(dialect_, std::vector<std::string>(1, collection));
  RK_CO_TRY(rows, co_await connection_.Run(std::move(select)));
  std::vector<json::object> definitions;
  for (std::size_t i = 0; i < rows.size(); ++i)
    definitions.push_back(schema::ReadFieldRow(rows, i));
  const std::vector<std::size_t> order = MovedOrder(definitions, source, target, method);
  for (std::size_t place = 0; place < order.size(); ++place) {
    json::object& definition = definitions[order[place]];
    if (FindInt(definition, "sort") == static_cast<std::int64_t>(place + 1)) continue;
    definition["sort"] = static_cast<std::int64_t>(place + 1);
    RK_CO_CHECK_OK(co_await Run(schema::SaveFieldRow(dialect_, definition)));
  }
  touched_.insert(std::move(collection));
  co_return Result<void>();
}

}  // namespace renkei::api
