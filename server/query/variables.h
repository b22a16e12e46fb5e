// {{…}} in filter values (rest-api.md 7.6). Substitution is pure; values that need the database
// ({{$user.department.id}}) are collected first, loaded by records/, and given back in `loaded`.
// $env is never expanded here.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"

namespace renkei::query {

struct VariableScope {
  const json::object* user = nullptr;  // the caller's row; null: nobody is signed in
  std::span<const std::string> roles;  // effective roles
  std::string_view current_role;
  const json::object* loaded = nullptr;  // path -> value, for paths CollectUserPaths() returned
  std::int64_t now_ms = 0;
};

bool HasVariables(const json::value& value);
// Paths below $user that the caller's own row cannot answer: "department.id".
std::vector<std::string> CollectUserPaths(const json::value& value, const json::object* user);
// Every string that is wholly {{…}} replaced, in lists too (a list value is spread); unknown ones
// become null.
json::value Substitute(const json::value& value, const VariableScope& scope);
// The value at a path of a loaded row: to-many associations on the way give an array.
json::value ValueAtPath(const json::value& row, std::string_view path);

}  // namespace renkei::query
