// Declarative definitions (rest-api.md 9.7): what a person would have had to spell out is filled
// in, with names that can be read.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "schema/collection.h"

namespace renkei::api {

// One field: type, uiSchema, validation, keys of associations. What `existing` has stays as it is.
// 400s name the field.
Result<void> CompleteForApply(json::object& definition, std::string_view collection,
                              const schema::Collection* existing);

// The fields that a template brings for a new collection (rest-api.md 9.5, 9.6).
json::array TemplateFields(std::string_view template_name);

}  // namespace renkei::api
