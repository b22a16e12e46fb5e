// What a client writes as the value of an association (rest-api.md 5.3, 5.4, 5.8), taken apart.
// Pure; borrows from the request's document.
//
//   null | 3 | "x" | {"id":3} | {"name":"new"} | [ any of them, [3,{"note":"through value"}] ]
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace renkei::records {

inline constexpr std::size_t kMaxLinksPerValue = 50'000;  // TOO_MANY_LINKS

struct LinkInput {
  const json::value* key = nullptr;  // scalar, or the object that holds the key; null: a new record
  bool by_primary_key =
      false;  // the object names the primary key, not the association's target key
  const json::object* object = nullptr;   // the object as written; null for a bare key
  const json::object* through = nullptr;  // values of the through row
};

// `target_key`: the fields a bare key means; `primary_key`: what an object may name instead;
// `through`: the member that holds values of the through row, "" without one. Errors: 400
// INVALID_ASSOCIATION_VALUE, TOO_MANY_LINKS; field = `name`.
Result<std::vector<LinkInput>> ParseLinks(const json::value& value, std::string_view name,
                                          const std::vector<std::string>& target_key,
                                          const std::vector<std::string>& primary_key,
                                          std::string_view through);

// Where add, set, remove and toggle find their keys: the first that is present of filterByTk,
// filterByTks, an array body,
// {"tk":…}. `out` holds the value to give to ParseLinks; false: there is none.
bool LinkKeysOf(const json::value* filter_by_tk, const std::vector<json::value>& filter_by_tks,
                const json::value& body, json::value& out);

}  // namespace renkei::records
