#include "records/context.h"

namespace renkei::records {

access::Permission Context::Check(const schema::Collection& collection,
                                  std::string_view permission_name) const {
  if (!enforce_access || identity.kind == access::Identity::Kind::kSystem) {
    return access::Permission::All();
  }
  if (!granted.empty() && granted == collection.name) return access::Permission::All();
  return rules->Check(identity, *catalog, collection, permission_name);
}

}  // namespace renkei::records
