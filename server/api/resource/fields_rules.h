// What a definition may say and an update may change. Pure; shared by the parts of SchemaEditor.
// Errors: 400 RESERVED_NAME, INVALID_DEFAULT, FIELD_CHANGE_UNSUPPORTED, TYPE_CHANGE_UNSUPPORTED;
// 403 PROTECTED_FIELD.
#pragma once

#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "db/dialect.h"
#include "schema/collection.h"

namespace renkei::api {

Error ProtectedField(std::string_view field, std::string_view collection);
// Made by a migration, not by people.
bool IsSystemField(const schema::Collection& collection, const schema::Field& field);
// Names whose meaning the server relies on (rest-api.md 9.5) need a type that fits.
Result<void> CheckReserved(const json::object& definition);
// The default as a column value for rows that exist; null when there is none.
Result<db::Value> StoredDefault(const schema::Field& field, const db::Dialect& dialect);
// Keys and columns stay: nothing would follow them in the database.
Result<void> CheckChanges(const schema::Field& before, const json::object& changes);
Result<void> CheckTypeChange(const schema::Field& before, const schema::Field& after);

}  // namespace renkei::api
