// The actions every collection and association has (rest-api.md 5): each hands the parsed call to records.
#pragma once

#include <span>

#include "api/resource.h"

namespace renkei::api {

std::span<const Action> StandardActions();  // resource is empty: any collection
bool IsLinkAction(std::string_view action);  // add, set, remove, toggle: only on associations

}  // namespace renkei::api
