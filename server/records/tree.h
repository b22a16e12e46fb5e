// tree=true: roots with nested `children` (rest-api.md 6.6).
#pragma once

#include "records/list_plan.h"
#include "records/records.h"

namespace renkei::records {

inline constexpr int kMaxTreeDepth = 200;  // levels shown; deeper nodes are left out

// Has it an association to itself that makes it a tree?
bool IsTree(const schema::Collection& collection);
Task<Result<Output>> ListTree(ReadRunner runner, const ReadInput& input, Page page);

}  // namespace renkei::records
