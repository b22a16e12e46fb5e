// Field is one member of a collection as the catalog knows it: what the wire says plus what the
// compiler needs. Plain value, immutable inside a Catalog.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "db/dialect.h"

namespace renkei::schema {

class FieldType;  // field_type.h

enum class RelationKind { kBelongsTo, kHasOne, kHasMany, kBelongsToMany, kBelongsToArray };
enum class OnDelete { kNoAction, kSetNull, kCascade, kRestrict };

// The keys of an association (rest-api.md 9.4). Names are FIELD names, not columns; the target is
// looked up in the catalog when it is used, so that one collection's snapshot does not depend on
// another's.
struct Relation {
  RelationKind kind = RelationKind::kBelongsTo;
  std::string target;       // collection
  std::string foreign_key;  // belongsTo, belongsToArray: here; hasOne, hasMany: in target;
                            // belongsToMany: in through, to source
  std::string other_key;    // belongsToMany: in through, to target
  std::string source_key;   // has*, belongsToMany: here (default: filterTargetKey / primary key)
  std::string target_key;   // belongsTo*, belongsToMany: in target
  std::string through;      // belongsToMany: collection
  OnDelete on_delete = OnDelete::kNoAction;
  std::vector<std::string> sort_by;  // "-createdAt"
  bool to_many() const {
    return kind == RelationKind::kHasMany || kind == RelationKind::kBelongsToMany ||
           kind == RelationKind::kBelongsToArray;
  }
};

struct Field {
  std::string key;  // uid, primary key of the `fields` row; empty for implicit ones
  std::string name;
  const FieldType* type = nullptr;  // never null; relations have the type "belongsTo" …
  std::string interface;
  std::string column;  // physical name; empty: no column of its own (virtual, relations)
  std::string title;   // uiSchema.title, for messages; the name when there is none
  json::object
      options;  // everything the wire said, flattened, for echo and for type-specific options
  db::ColumnSpec spec;  // how it is stored
  std::optional<Relation> relation;
  bool primary_key = false;
  bool auto_increment = false;
  bool allow_null = true;
  bool unique = false;
  bool hidden = false;
  bool implicit =
      false;  // a column without a row in `fields` (autoGenId, foreign keys of collections:create)
  bool inherited = false;  // declared by a parent collection (rest-api.md 6.7)
  std::int64_t unit_ms =
      1000;  // unixTimestamp: milliseconds in one unit (1 or 1000, by `accuracy`)
  std::optional<json::value> default_value;
  std::optional<json::object> validation;  // rest-api.md 8.5

  bool is_relation() const { return relation.has_value(); }
  bool has_column() const { return !column.empty(); }
};

}  // namespace renkei::schema
