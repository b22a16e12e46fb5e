// Associations: the names of their keys, the columns and collections they need, and their inverse
// (rest-api.md 9.4). One part of SchemaEditor.
#include <fmt/format.h>

#include <algorithm>

#include "access/permission_changes.h"
#include "api/resource/collections_editor.h"
#include "base/id.h"
#include "schema/ddl.h"
#include "schema/definition_row.h"
#include "schema/field_type.h"
#include "schema/link.h"
#include "schema/parse_definition.h"

namespace renkei::api {
namespace {

void Default(json::object& definition, std::string_view option, std::string value) {
  if (FindString(definition, option).empty()) definition[option] = std::move(value);
}

// The other side of an association, from its own definition.
Result<json::object> Inverse(const json::object& relation, std::string_view owner,
                             json::object reverse) {
  const std::string_view type = FindString(relation, "type");
  std::string inverse(FindString(reverse, "type"));
  const bool belongs = type == "belongsTo", many = type == "belongsToMany",
             has = type == "hasMany" || type == "hasOne";
  if (inverse.empty()) inverse = has ? "belongsTo" : belongs ? "hasMany" : std::string(type);
  const bool fits = (has && inverse == "belongsTo") ||
                    (belongs && (inverse == "hasMany" || inverse == "hasOne")) ||
                    (many && inverse == "belongsToMany");
  if (!fits) {
    return Fail(InvalidArgument(
        "INVALID_REVERSE", fmt::format("'{}' cannot be the inverse of '{}'", inverse, type),
        "belongsTo and hasMany or hasOne; belongsToMany and belongsToMany", "reverseField"));
  }
  reverse["type"] = inverse;
  reverse["target"] = owner;
  if (many) {
    reverse["through"] = FindString(relation, "through");
    reverse["foreignKey"] = FindString(relation, "otherKey");
    reverse["otherKey"] = FindString(relation, "foreignKey");
    reverse["sourceKey"] = FindString(relation, "targetKey");
    reverse["targetKey"] = FindString(relation, "sourceKey");
    return reverse;
  }
  reverse["foreignKey"] = FindString(relation, "foreignKey");
  if (belongs) {
    reverse["sourceKey"] = FindString(relation, "targetKey");
  } else {
    reverse["targetKey"] = FindString(relation, "sourceKey");
  }
  return reverse;
}

}  // namespace

// Fills in target and keys; does nothing for other fields.
Result<void> SchemaEditor::CompleteRelation(json::object& definition,
                                            const schema::Collection& own) {
  const std::string type(FindString(definition, "type"));
  const schema::FieldType* known = schema::FindFieldType(type);
  if (known == nullptr || !known->is_relation()) return {};
  if (FindString(definition, "target").empty()) {
    return Fail(InvalidArgument(
        "TARGET_REQUIRED",
        fmt::format("Field '{}' needs a target collection", FindString(definition, "name")), {},
        "target"));
  }
  const std::string target_name(FindString(definition, "target"));
  const schema::Collection* target = target_name == own.name ? &own : FindParsed(target_name);
  Default(definition, "foreignKey", "f_" + RandomUid());
  RK_CHECK_OK(schema::CheckFieldName(FindString(definition, "foreignKey")));
  if (FindString(definition, "foreignKey") == FindString(definition, "name")) {
    return Fail(InvalidArgument("INVALID_NAME",
                                fmt::format("Field '{}' and its foreign key need different names",
                                            FindString(definition, "name")),
                                {}, "foreignKey"));
  }
  if (type == "belongsTo" || type == "belongsToArray") {
    Default(definition, "targetKey", schema::DefaultKey(target));
    return {};
  }
  Default(definition, "sourceKey", schema::DefaultKey(&own));
  if (type == "hasMany") Default(definition, "targetKey", schema::DefaultKey(target));
  if (type != "belongsToMany") return {};
  Default(definition, "targetKey", schema::DefaultKey(target));
  Default(definition, "otherKey", "f_" + RandomUid());
  Default(definition, "through", "t_" + RandomUid());
  RK_CHECK_OK(schema::CheckFieldName(FindString(definition, "otherKey")));
  RK_CHECK_OK(schema::CheckCollectionName(FindString(definition, "through")));
  if (FindString(definition, "otherKey") == FindString(definition, "foreignKey")) {
    return Fail(InvalidArgument("INVALID_NAME",
                                fmt::format("Field '{}': foreignKey and otherKey must differ",
                                            FindString(definition, "name")),
                                {}, "otherKey"));
  }
  return {};
}

// Everything an association stands on: its foreign key here or there, or its through collection.
Task<Result<void>> SchemaEditor::CreateKeys(std::string collection, json::object relation,
                                            KeyField form) {
  const std::string type(FindString(relation, "type"));
  const std::string foreign_key(FindString(relation, "foreignKey"));
  const std::string target_name(FindString(relation, "target"));
  const schema::Collection* own = FindParsed(collection);
  const schema::Collection* target = FindParsed(target_name);
  const std::string source_key(FindString(relation, "sourceKey")),
      target_key(FindString(relation, "targetKey"));
  if (type == "belongsTo") {
    co_return co_await EnsureForeignKey(
        collection, schema::ForeignKeyDefinition(foreign_key, target, target_key), form);
  }
  if (type == "belongsToArray") {
    co_return co_await EnsureForeignKey(
        collection, schema::KeyListDefinition(foreign_key, target, target_key), form);
  }
  if (type == "hasOne" || type == "hasMany") {
    RK_CO_CHECK_OK(co_await EnsureForeignKey(
        target_name, schema::ForeignKeyDefinition(foreign_key, own, source_key), form));
    if (!FindBool(relation, "sortable")) co_return Result<void>();
    json::object sort = {{"name", foreign_key + "Sort"},
                         {"type", "sort"},
                         {"hidden", true},
                         {"scopeKey", foreign_key}};
    co_return co_await EnsureForeignKey(target_name, std::move(sort), KeyField::kColumnOnly);
  }
  if (type != "belongsToMany") co_return Result<void>();
  const std::string through(FindString(relation, "through"));
  if (FindParsed(through) == nullptr) co_return co_await CreateThrough(relation, *own);
  RK_CO_CHECK_OK(co_await EnsureForeignKey(
      through, schema::ForeignKeyDefinition(foreign_key, own, source_key), form));
  own = FindParsed(collection);
  target = FindParsed(target_name);
  const std::string other_key(FindString(relation, "otherKey"));
  co_return co_await EnsureForeignKey(
      through, schema::ForeignKeyDefinition(other_key, target, target_key), form);
}

Task<Result<void>> SchemaEditor::EnsureForeignKey(std::string collection, json::object definition,
                                                  KeyField form) {
  Draft* draft = Find(collection);
  const std::string name(FindString(definition, "name"));
  if (draft == nullptr || draft->declares(name)) co_return Result<void>();
  if (draft->parsed.kind != schema::CollectionKind::kTable) co_return Result<void>();
  if (form == KeyField::kWithField) {
    RK_CO_CHECK_OK(NormalizeField(definition, draft->parsed));
    co_return co_await AddField(*draft, std::move(definition), true);
  }
  RK_CO_TRY(field, schema::ParseField(definition, collection));
  RK_CO_CHECK_OK(co_await AddColumn(*draft, field));
  touched_.insert(collection);
  if (draft->parsed.FindField(name) == nullptr) {
    field.implicit = true;
    draft->parsed.fields.push_back(std::move(field));
    schema::IndexFields(draft->parsed);
  }
  co_return Result<void>();
}

// Hidden, with both keys as its key.
Task<Result<void>> SchemaEditor::CreateThrough(const json::object& relation,
                                               const schema::Collection& own) {
  const schema::Collection* target = FindParsed(FindString(relation, "target"));
  json::object left = schema::ForeignKeyDefinition(FindString(relation, "foreignKey"), &own,
                                                   FindString(relation, "sourceKey"));
  json::object right = schema::ForeignKeyDefinition(FindString(relation, "otherKey"), target,
                                                    FindString(relation, "targetKey"));
  json::array fields;
  for (json::object* key : {&left, &right}) {
    (*key)["primaryKey"] = true;
    (*key)["allowNull"] = false;
    fields.push_back(std::move(*key));
  }
  json::object through = {{"name", FindString(relation, "through")},
                          {"title", FindString(relation, "through")},
                          {"isThrough", true},
                          {"hidden", true},
                          {"autoGenId", false},
                          {"createdAt", true},
                          {"updatedAt", true},
                          {"fields", std::move(fields)}};
  RK_CO_CHECK_OK(co_await CreateCollection(std::move(through)));
  co_return Result<void>();
}

Task<Result<void>> SchemaEditor::CreateReverse(std::string collection, std::string field,
                                               json::object reverse) {
  const schema::Field* known = FindParsed(collection)->FindField(field);
  if (known == nullptr || !known->relation) co_return Result<void>();
  json::object relation = known->options;
  const std::string target = known->relation->target;
  const std::string key = known->key;
  RK_CO_TRY(inverse, Inverse(relation, collection, std::move(reverse)));
  RK_CO_TRY(name, co_await CreateField(target, std::move(inverse)));

  Draft* other = Find(target);
  for (schema::Field& made : other->parsed.fields) {
    if (made.name != name) continue;
    relation["reverseKey"] = made.key;
    made.options["reverseKey"] = key;
    RK_CO_CHECK_OK(co_await Run(schema::SaveFieldRow(dialect_, made.options)));
    break;
  }
  for (schema::Field& own : Find(collection)->parsed.fields) {
    if (own.name == field) own.options["reverseKey"] = relation["reverseKey"];
  }
  RK_CO_CHECK_OK(co_await Run(schema::SaveFieldRow(dialect_, relation)));
  touched_.insert(std::move(collection));
  co_return Result<void>();
}

}  // namespace renkei::api
