// What a reader wants to see of each row: columns and associations, from fields, appends and except
// (rest-api.md 6.1-6.4). Names only; read_plan.cc of this folder meets them with the catalog and
// the permissions.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "records/params.h"
#include "schema/catalog.h"

namespace renkei::records {

inline constexpr std::size_t kMaxAppendDepth = 8;  // levels below the row; APPEND_TOO_DEEP
inline constexpr std::size_t kMaxAssociations =
    50;  // associations of one request; TOO_MANY_APPENDS

struct Selection {
  bool all = false;                  // every readable column
  std::vector<std::string> columns;  // these, when not all
  std::vector<std::string> except;   // without these
  std::vector<std::string> sort;     // order of appended rows: "comments(sort=-id)"
  bool recursively = false;          // "parent(recursively=true)"
  std::vector<std::pair<const schema::Field*, std::unique_ptr<Selection>>> associations;

  Selection* Find(const schema::Field& association);
};

// Errors: 400 with NocoBase's text for a field that does not exist; unknown appends are ignored.
Result<Selection> ParseSelection(const Params& params, const schema::Collection& collection,
                                 const schema::Catalog& catalog);

}  // namespace renkei::records
