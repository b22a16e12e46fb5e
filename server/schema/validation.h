// The rules of a field's `validation` option (rest-api.md 8.5). Checked on the client's value
// before it is converted: on create every field, on update the supplied ones. The first failure
// wins. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/json.h"
#include "schema/collection.h"

namespace renkei::schema {

// `input`: what the client sent, null when nothing; `supplied`: whether it sent the key at all. The
// message is in the language of `locale`. nullopt: fine. Error: 400 VALIDATION_FAILED with the
// field's name.
std::optional<Error> Validate(const Field& field, const Collection& collection,
                              const json::value& input, bool supplied, std::string_view locale);

// "<Collection title>: <Field title>", names where there are no titles.
std::string ValidationLabel(const Field& field, const Collection& collection);

}  // namespace renkei::schema
