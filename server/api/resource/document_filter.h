// The filter language over documents in memory (rest-api.md 7), for the lists of definitions. A
// path through a list matches when one of its items does. Pure. Errors: 400 INVALID_FILTER.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace renkei::api {

Result<bool> MatchesFilter(const json::object& document, const json::value& filter);

// Orders documents by "name", "-sort" …; nulls last both ways, otherwise stable.
void SortDocuments(std::vector<json::object>& documents, const std::vector<std::string>& sort);

}  // namespace renkei::api
