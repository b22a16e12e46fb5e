#include "api/resource/fields_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "schema/definition_row.h"
#include "schema/field_type.h"

namespace renkei::api {
namespace {

constexpr std::string_view kRelationOptions[] = {"target",    "foreignKey", "otherKey",
                                                 "sourceKey", "targetKey",  "through"};

}  // namespace

Error ProtectedField(std::string_view field, std::string_view collection) {
  Error error =
      PermissionDenied(fmt::format("Field '{}' of '{}' belongs to the system", field, collection));
  error.code = "PROTECTED_FIELD";
  error.field = field;
  return error;
}

bool IsSystemField(const schema::Collection& collection, const schema::Field& field) {
  return collection.system && field.key == schema::SystemKey(collection.name, field.name);
}

// Names whose meaning the server relies on (rest-api.md 9.5).
Result<void> CheckReserved(const json::object& definition) {
  const std::string_view name = FindString(definition, "name"),
                         type = FindString(definition, "type");
  const auto is = [&](std::initializer_list<std::string_view> types) {
    return std::find(types.begin(), types.end(), type) != types.end();
  };
  bool fits = true;
  if (name == "createdAt" || name == "updatedAt")
    fits = is({"date", "datetime", "datetimeTz", "datetimeNoTz", "unixTimestamp"});
  if (name == "createdBy" || name == "updatedBy") fits = is({"belongsTo"});
  if (name == "createdById" || name == "updatedById")
    fits = is({"bigInt", "integer", "snowflakeId", "context"});
  if (name.substr(0, 2) == "__") fits = name == "__collection" && is({"virtual", "tableoid"});
  if (fits) return {};
  return Fail(InvalidArgument(
      "RESERVED_NAME",
      fmt::format("Field name '{}' is reserved; type '{}' does not fit it", name, type),
      "Choose another name", "name"));
}

// The default as a column value for rows that exist; null when there is none or it needs a request
// to compute.
Result<db::Value> StoredDefault(const schema::Field& field, const db::Dialect& dialect) {
  if (!field.default_value) return db::Value::Null();
  if (field.default_value->is_string() && field.default_value->get_string().empty())
    return db::Value::Null();
  auto stored = field.type->ToStored(*field.default_value, field, schema::InputContext(), dialect);
  if (stored) return stored;
  Error error = std::move(stored).error();
  error.code = "INVALID_DEFAULT";
  error.message = fmt::format("{}: invalid default value", field.title);
  return Fail(std::move(error));
}

// What an update may not change, since nothing would follow it in the database.
Result<void> CheckChanges(const schema::Field& before, const json::object& changes) {
  const auto refuse = [&](std::string_view option) {
    return Fail(
        InvalidArgument("FIELD_CHANGE_UNSUPPORTED",
                        fmt::format("'{}' of field '{}' cannot be changed", option, before.name),
                        "Create another field and copy the values", std::string(option)));
  };
  if (before.relation) {
    for (const std::string_view option : kRelationOptions) {
      const std::string_view given = FindString(changes, option);
      const std::string_view stored = FindString(before.options, option);
      if (!given.empty() && !stored.empty() && given != stored) return refuse(option);
    }
  }
  const json::value* key = Find(changes, "primaryKey");
  if (key != nullptr && key->is_bool() && key->get_bool() != before.primary_key)
    return refuse("primaryKey");
  const std::string_view column = FindString(changes, "field");
  if (!column.empty() && before.has_column() && column != before.column) return refuse("field");
  return {};
}

Result<void> CheckTypeChange(const schema::Field& before, const schema::Field& after) {
  const auto refuse = [&](std::string_view option) {
    return Fail(
        InvalidArgument("TYPE_CHANGE_UNSUPPORTED",
                        fmt::format("The type of field '{}' cannot be changed", before.name),
                        fmt::format("Its values would not fit: {}", option), "type"));
  };
  if (before.is_relation() != after.is_relation() || before.has_column() != after.has_column())
    return refuse("type");
  if (before.is_relation() && before.relation->kind != after.relation->kind) return refuse("type");
  if (!before.has_column()) return {};
  if (before.spec.kind != after.spec.kind) return refuse("type");
  if (before.spec.scale != after.spec.scale || before.spec.precision > after.spec.precision)
    return refuse("precision");
  if (before.type->comparison() != after.type->comparison()) return refuse("type");
  return {};
}

}  // namespace renkei::api
