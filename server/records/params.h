// The parameters of the standard actions after parsing (rest-api.md 3.2). api/ fills them from the wire, other parts
// of the program build them directly. Everything is optional.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace renkei::records {

// An association resource: /books/2/genres:list. source_key is the percent-decoded segment.
struct AssociationRef {
  std::string source_collection;
  json::value source_key;      // string (or object for composite keys)
  std::string association;     // field name
};

struct Params {
  std::optional<AssociationRef> association;
  std::optional<json::value> filter;          // object or array; `$and` merged already
  std::optional<json::value> filter_by_tk;    // scalar, array, or object(s)
  std::vector<json::value> filter_by_tks;
  std::optional<std::vector<std::string>> fields;
  std::vector<std::string> appends;
  std::vector<std::string> except;
  std::vector<std::string> sort;
  std::optional<std::int64_t> page;
  std::optional<std::int64_t> page_size;
  bool paginate = true;
  bool tree = false;
  bool acl_meta = false;                      // X-With-ACL-Meta
  bool is_template = false;
  bool force_update = false;
  std::vector<std::string> whitelist, blacklist;
  std::vector<std::string> update_association_values;
  std::vector<std::string> filter_keys;
  std::optional<std::string> target_collection;
  std::optional<std::string> count_mode;      // "capped", "estimated", "none"
};

}  // namespace renkei::records
