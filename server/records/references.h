// Which rows hang on the rows of a collection: found in the catalog for referential actions
// (rest-api.md 5.5). Pure.
#pragma once

#include <string>
#include <vector>

#include "schema/catalog.h"

namespace renkei::records {

// Rows of `child` whose `foreign_key` holds the `source_key` of a row of the collection.
struct Reference {
  const schema::Collection* child = nullptr;
  const schema::Field* foreign_key = nullptr;  // of `child`
  std::string source_key;                      // field of the referred collection
  schema::OnDelete action = schema::OnDelete::kNoAction;
  std::string label;  // title of the association, for messages
  std::string association;
};
// Through rows of a many-to-many association of either side: they go with the row, unless RESTRICT.
struct ThroughReference {
  const schema::Collection* through = nullptr;
  const schema::Field* key = nullptr;
  std::string source_key;
  bool restrict = false;
  std::string label;
  std::string association;
};
struct References {
  std::vector<Reference> children;  // only those with an action
  std::vector<ThroughReference> through;
};

// Associations of the collection, of its parents, and of other collections to them. An association
// that both sides describe counts once, with the strongest action: RESTRICT, CASCADE, SET NULL.
References ReferencesTo(const schema::Catalog& catalog, const schema::Collection& collection);

}  // namespace renkei::records
