// From the wire's definition (collections:create, fields:create, rows of `collections` and
// `fields`; options flattened) to Collection and Field. Pure: what depends on other collections is
// added by link.h.
//
// Errors are 400 and made for the person who sent the definition: INVALID_NAME, UNKNOWN_FIELD_TYPE,
// INVALID_FIELD_OPTION, INVALID_VALIDATION.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "schema/collection.h"

namespace renkei::schema {

inline constexpr std::size_t kMaxNameLength = 63;  // PostgreSQL cuts longer identifiers
inline constexpr std::size_t kMaxFields = 1000;  // of one collection; SQLite's column limit is 2000

// `definition` as in 9.3; `collection` for messages. The name is taken as it is.
Result<Field> ParseField(const json::object& definition, std::string_view collection);

// `definition` as in 9.2 with `fields`. Implicit fields of its own (autoGenId, createdAt …,
// sortable) are included. With `skipped`, fields that cannot be understood are left out and told
// there: a row written by a newer or richer server must not keep this one from starting.
Result<Collection> ParseCollection(const json::object& definition,
                                   std::vector<Error>* skipped = nullptr);

// Puts the index and the keys of a collection in order after its fields were changed.
void IndexFields(Collection& collection);

Result<void> CheckCollectionName(std::string_view name);
Result<void> CheckFieldName(std::string_view name);

// "{{t(\"Users\")}}" → "Users": titles of migrated definitions may be templates.
std::string PlainTitle(std::string_view title);
// The title for messages: uiSchema.title, else the name.
std::string FieldTitle(const json::object& definition);

}  // namespace renkei::schema
