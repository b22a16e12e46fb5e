#include "schema/collection.h"

#include "schema/field_type.h"

namespace renkei::schema {

bool Collection::sortable_by(std::string_view sort_field) const {
  const Field* field = FindField(sort_field);
  return field != nullptr && field->type->name() == "sort";
}

}  // namespace renkei::schema
