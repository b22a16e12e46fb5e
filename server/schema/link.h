// What a collection gets from others (rest-api.md 9.2, 9.4, 6.7): the columns of foreign keys that
// only the association on the other side names, default keys of associations, and the fields of
// parents. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/catalog.h"

namespace renkei::schema {

struct LinkedCollection {
  CollectionRef base;         // as its own definition says
  CollectionRef linked;       // complete; the same object as long as nothing of it changed
  CollectionRef linked_from;  // the base `linked` was made from
  std::string signature;      // of what others contribute
};

// Completes every `linked`. Costs a pass over all associations; copies only collections whose share
// changed.
void Link(std::vector<LinkedCollection>& collections);

// The definition of a column that holds `keyed`'s field `key`: {name, type, interface,
// isForeignKey:true}.
json::object ForeignKeyDefinition(std::string_view name, const Collection* keyed,
                                  std::string_view key);
// The same for a list of such keys (belongsToArray).
json::object KeyListDefinition(std::string_view name, const Collection* keyed,
                               std::string_view key);

// The key that associations to or from a collection use when none is named.
std::string DefaultKey(const Collection* collection);

}  // namespace renkei::schema
