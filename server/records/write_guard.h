// The guard against writes that would touch every row by accident (rest-api.md 5.4): an update or
// destroy needs a filter or a key. The router asks before it knows who calls; update and destroy
// ask again. Pure.
#pragma once

#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "records/params.h"
#include "schema/catalog.h"

namespace renkei::records {

// Neither a usable key nor a filter.
bool SelectsEverything(const Params& params);

// Error: 400 "to do <action> action, filter or filterByTk is required". Actions other than update
// and destroy pass. With a catalog a to-one association needs no key (there is one row at most).
Result<void> CheckWriteGuard(std::string_view action, const Params& params,
                             const schema::Catalog* catalog = nullptr);

}  // namespace renkei::records
