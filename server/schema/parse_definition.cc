#include "schema/parse_definition.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "schema/field/common.h"
#include "schema/field_type.h"

namespace renkei::schema {
namespace {

std::optional<RelationKind> RelationKindOf(std::string_view type) {
  if (type == "belongsTo") return RelationKind::kBelongsTo;
  if (type == "hasOne") return RelationKind::kHasOne;
  if (type == "hasMany") return RelationKind::kHasMany;
  if (type == "belongsToMany") return RelationKind::kBelongsToMany;
  if (type == "belongsToArray") return RelationKind::kBelongsToArray;
  return std::nullopt;
}

OnDelete ParseOnDelete(std::string_view text) {
  const std::string word = ToLowerAscii(text);
  if (word == "set null") return OnDelete::kSetNull;
  if (word == "cascade") return OnDelete::kCascade;
  if (word == "restrict") return OnDelete::kRestrict;
  return OnDelete::kNoAction;
}

// "a", "a,b" or ["a","b"].
std::vector<std::string> StringList(const json::value* value) {
  std::vector<std::string> list;
  if (value == nullptr) return list;
  if (value->is_string()) return SplitComma(View(value->get_string()));
  if (!value->is_array()) return list;
  for (const json::value& item : value->get_array()) {
    if (item.is_string() && !item.get_string().empty()) list.emplace_back(View(item.get_string()));
  }
  return list;
}

Relation ParseRelation(RelationKind kind, const json::object& definition, std::string_view name,
                       std::string_view collection) {
  Relation relation;
  relation.kind = kind;
  relation.target = FindString(definition, "target", name);
  relation.foreign_key = FindString(definition, "foreignKey");
  relation.other_key = FindString(definition, "otherKey");
  relation.source_key = FindString(definition, "sourceKey");
  relation.target_key = FindString(definition, "targetKey");
  relation.through = FindString(definition, "through");
  relation.on_delete = ParseOnDelete(FindString(definition, "onDelete"));
  relation.sort_by = StringList(Find(definition, "sortBy"));
  // A hasMany's targetKey names the key that clients send; joins never use it.
  if (relation.foreign_key.empty()) {
    const bool here = kind == RelationKind::kBelongsTo || kind == RelationKind::kBelongsToArray;
    relation.foreign_key = std::string(here ? name : collection) + "Id";
  }
  if (kind == RelationKind::kBelongsToMany && relation.other_key.empty())
    relation.other_key = relation.target + "Id";
  const bool tree = FindBool(definition, "treeParent") || FindBool(definition, "treeChildren");
  if (tree && Find(definition, "onDelete") == nullptr) relation.on_delete = OnDelete::kCascade;
  return relation;
}

// Accuracy of a unixTimestamp: NocoBase keeps it in the field or among the component's properties.
std::int64_t UnitMs(const json::object& definition) {
  std::string_view accuracy = FindString(definition, "accuracy");
  const json::value* ui = Find(definition, "uiSchema");
  const json::value* props = ui == nullptr ? nullptr : Find(*ui, "x-component-props");
  const json::value* shown = props == nullptr ? nullptr : Find(*props, "accuracy");
  if (shown != nullptr && shown->is_string() && accuracy.empty())
    accuracy = View(shown->get_string());
  return accuracy == "millisecond" ? 1 : 1000;
}

Result<void> ParseValidation(const json::object& definition, Field& field) {
  const json::value* given = Find(definition, "validation");
  if (given == nullptr || given->is_null()) return {};
  if (!given->is_object()) {
    return Fail(InvalidArgument(
        "INVALID_VALIDATION", fmt::format("{}: validation must be an object", field.title),
        R"(For example {"type":"string","rules":[{"name":"required"}]})", "validation"));
  }
  const json::value* rules = Find(*given, "rules");
  if (rules != nullptr && !rules->is_null() && !rules->is_array()) {
    return Fail(InvalidArgument(
        "INVALID_VALIDATION", fmt::format("{}: validation.rules must be a list", field.title),
        R"(For example [{"name":"max","args":{"limit":3}}])", "validation"));
  }
  field.validation = given->get_object();
  return {};
}

json::object ImplicitDefinition(std::string_view name, std::string_view type) {
  json::object definition;
  definition["name"] = name;
  definition["type"] = type;
  return definition;
}

// Adds a field that has no row of its own, unless one of that name is declared.
Result<void> AddImplicit(Collection& collection, json::object definition, bool in_front,
                         bool hidden = false) {
  const std::string name(FindString(definition, "name"));
  for (const Field& field : collection.fields) {
    if (field.name == name) return {};
  }
  RK_TRY(field, ParseField(definition, collection.name));
  field.implicit = true;
  field.hidden = hidden;
  collection.fields.insert(in_front ? collection.fields.begin() : collection.fields.end(),
                           std::move(field));
  return {};
}

Result<void> AddAutoId(Collection& collection) {
  if (!FindBool(collection.options, "autoGenId", true) || !collection.inherits.empty()) return {};
  const bool keyed =
      std::any_of(collection.fields.begin(), collection.fields.end(),
                  [](const Field& field) { return field.primary_key || field.name == "id"; });
  if (keyed) return {};
  json::object id = ImplicitDefinition("id", "bigInt");
  id["primaryKey"] = true;
  id["autoIncrement"] = true;
  id["allowNull"] = false;
  return AddImplicit(collection, std::move(id), true);
}

Result<void> AddSortField(Collection& collection) {
  const json::value* sortable = Find(collection.options, "sortable");
  if (sortable == nullptr || sortable->is_null() || (sortable->is_bool() && !sortable->get_bool()))
    return {};
  json::object sort = ImplicitDefinition("sort", "sort");
  if (sortable->is_string() && !sortable->get_string().empty())
    sort["name"] = sortable->get_string();
  if (sortable->is_object()) {
    for (const auto& member : sortable->get_object()) {
      if (member.key() == "name" || member.key() == "scopeKey") sort[member.key()] = member.value();
    }
  }
  return AddImplicit(collection, std::move(sort), false, true);
}

// createdAt:true without such a field still means the column (NocoBase's model attributes).
Result<void> AddStamps(Collection& collection) {
  for (const std::string_view name : {"createdAt", "updatedAt"}) {
    const json::value* flag = Find(collection.options, name);
    if (flag == nullptr || !flag->is_bool() || !flag->get_bool()) continue;
    json::object stamp = ImplicitDefinition(name, "date");
    stamp["interface"] = name;
    RK_CHECK_OK(AddImplicit(collection, std::move(stamp), false));
  }
  for (const std::string_view name : {"createdBy", "updatedBy"}) {
    const json::value* flag = Find(collection.options, name);
    if (flag == nullptr || !flag->is_bool() || !flag->get_bool()) continue;
    const bool declared = std::any_of(collection.fields.begin(), collection.fields.end(),
                                      [&](const Field& field) { return field.name == name; });
    if (declared) continue;
    json::object key = ImplicitDefinition(std::string(name) + "Id", "bigInt");
    key["isForeignKey"] = true;
    RK_CHECK_OK(AddImplicit(collection, std::move(key), false));
    json::object user = ImplicitDefinition(name, "belongsTo");
    user["interface"] = name;
    user["target"] = "users";
    user["foreignKey"] = std::string(name) + "Id";
    user["targetKey"] = "id";
    RK_CHECK_OK(AddImplicit(collection, std::move(user), false));
  }
  return {};
}

void ReadKind(Collection& collection) {
  const json::object& options = collection.options;
  collection.template_name = FindString(options, "template", "general");
  if (collection.template_name == "view" || FindBool(options, "view")) {
    collection.kind = CollectionKind::kView;
    collection.table = FindString(options, "viewName", collection.name);
    collection.schema_name = FindString(options, "schema");
    collection.writable = FindBool(options, "writableView");
  } else if (collection.template_name == "sql" && !FindString(options, "sql").empty()) {
    collection.kind = CollectionKind::kSql;
    collection.sql = FindString(options, "sql");
    collection.writable = false;
  } else {
    collection.table = FindString(options, "tableName", collection.name);
  }
}

bool IsName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '*' || c == '$';
  });
}

}  // namespace

std::string PlainTitle(std::string_view title) {
  std::string_view text = Trim(title);
  if (text.substr(0, 2) != "{{") return std::string(title);
  const std::size_t open = text.find_first_of("\"'`");
  if (open == std::string_view::npos) return std::string(title);
  const std::size_t close = text.find(text[open], open + 1);
  if (close == std::string_view::npos) return std::string(title);
  return std::string(text.substr(open + 1, close - open - 1));
}

std::string FieldTitle(const json::object& definition) {
  const json::value* ui = Find(definition, "uiSchema");
  const json::value* title = ui == nullptr ? nullptr : Find(*ui, "title");
  if (title != nullptr && title->is_string() && !title->get_string().empty()) {
    return PlainTitle(View(title->get_string()));
  }
  return std::string(FindString(definition, "name"));
}

Result<void> CheckCollectionName(std::string_view name) {
  if (!IsName(name)) {
    return Fail(InvalidArgument(
        "INVALID_NAME",
        fmt::format("collections.name can only include A-Z, a-z, 0-9, _-*$, '{}' is invalid", name),
        "Put the words for people into the title", "name"));
  }
  if (name.size() > kMaxNameLength) {
    return Fail(InvalidArgument("INVALID_NAME", fmt::format("Identifier {} is too long", name),
                                fmt::format("Use at most {} characters", kMaxNameLength), "name"));
  }
  return {};
}

Result<void> CheckFieldName(std::string_view name) {
  const bool plain =
      !name.empty() && name.front() != '$' && IsStorableText(name) &&
      std::none_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f ||
               std::string_view("\"'`.,;()[]{}\\/").find(c) != std::string_view::npos;
      });
  if (!plain) {
    return Fail(InvalidArgument(
        "INVALID_NAME", fmt::format("Field name '{}' is invalid", name),
        "Use letters, digits, _ and -; put the words for people into uiSchema.title", "name"));
  }
  if (name.size() > kMaxNameLength) {
    return Fail(InvalidArgument("INVALID_NAME", fmt::format("Identifier {} is too long", name),
                                fmt::format("Use at most {} bytes", kMaxNameLength), "name"));
  }
  return {};
}

Result<Field> ParseField(const json::object& definition, std::string_view collection) {
  Field field;
  field.key = FindString(definition, "key");
  field.name = FindString(definition, "name");
  field.interface = FindString(definition, "interface");
  field.title = FieldTitle(definition);
  field.options = definition;
  const std::string_view type = FindString(definition, "type");
  field.type = FindFieldType(type, definition);
  if (field.type == nullptr) {
    return Fail(InvalidArgument("UNKNOWN_FIELD_TYPE",
                                fmt::format("unsupported field type {}", type),
                                fmt::format("Field '{}' of '{}'", field.name, collection), "type"));
  }
  if (const auto kind = RelationKindOf(field.type->name())) {
    field.relation = ParseRelation(*kind, definition, field.name, collection);
  }
  RK_TRY(spec, field.type->Spec(definition));
  field.spec = spec;
  if (field.type->has_column()) {
    const std::string_view column = FindString(definition, "field");
    field.column = column.empty() ? field.name : std::string(column);
  }
  field.primary_key = FindBool(definition, "primaryKey");
  field.auto_increment = field.spec.auto_increment;
  field.allow_null = FindBool(definition, "allowNull", true) && !field.primary_key;
  field.unique = FindBool(definition, "unique");
  field.hidden = FindBool(definition, "hidden");
  field.unit_ms = UnitMs(definition);
  if (const json::value* fallback = Find(definition, "defaultValue");
      fallback != nullptr && !fallback->is_null()) {
    field.default_value = *fallback;
  }
  RK_CHECK_OK(ParseValidation(definition, field));
  return field;
}

void IndexFields(Collection& collection) {
  collection.field_index.clear();
  collection.primary_key.clear();
  for (std::size_t i = 0; i < collection.fields.size(); ++i) {
    const Field& field = collection.fields[i];
    collection.field_index.emplace(field.name, i);
    if (field.primary_key) collection.primary_key.push_back(field.name);
  }
  collection.filter_target_key = StringList(Find(collection.options, "filterTargetKey"));
  if (collection.filter_target_key.empty()) collection.filter_target_key = collection.primary_key;
}

Result<Collection> ParseCollection(const json::object& definition, std::vector<Error>* skipped) {
  Collection collection;
  collection.options = definition;
  collection.options.erase("fields");
  collection.key = FindString(definition, "key");
  collection.name = FindString(definition, "name");
  collection.title = PlainTitle(FindString(definition, "title"));
  collection.hidden = FindBool(definition, "hidden");
  collection.system = FindBool(definition, "system");
  collection.simple_paginate = FindBool(definition, "simplePaginate");
  collection.inherits = StringList(Find(definition, "inherits"));
  const json::value* tree = Find(definition, "tree");
  collection.tree = tree != nullptr && (tree->is_string() ? !tree->get_string().empty()
                                                          : tree->is_bool() && tree->get_bool());
  ReadKind(collection);

  if (const json::value* fields = Find(definition, "fields");
      fields != nullptr && fields->is_array()) {
    collection.fields.reserve(fields->get_array().size() + 4);
    for (const json::value& item : fields->get_array()) {
      if (!item.is_object()) {
        return Fail(InvalidArgument("INVALID_FIELD", "A field must be an object", {}, "fields"));
      }
      auto field = ParseField(item.get_object(), collection.name);
      if (!field && skipped == nullptr) return Fail(std::move(field).error());
      if (field) {
        collection.fields.push_back(std::move(*field));
      } else {
        skipped->push_back(std::move(field).error());
      }
    }
  }
  if (collection.kind == CollectionKind::kTable) {
    RK_CHECK_OK(AddAutoId(collection));
    RK_CHECK_OK(AddStamps(collection));
    RK_CHECK_OK(AddSortField(collection));
  }
  IndexFields(collection);
  return collection;
}

}  // namespace renkei::schema
