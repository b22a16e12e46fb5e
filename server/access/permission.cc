#include "access/permission.h"

#include <algorithm>

namespace renkei::access {

bool Permission::MayField(std::string_view name) const {
  return allowed && (!fields || std::ranges::find(*fields, name) != fields->end());
}

}  // namespace renkei::access
