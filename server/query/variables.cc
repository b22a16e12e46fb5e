#include "query/variables.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace renkei::query {
namespace {

constexpr int kMaxVariableDepth = 64;        // filters are refused far earlier
constexpr std::size_t kMaxPathLength = 200;  // a longer path is no variable: null
constexpr std::size_t kMaxUserPaths = 20;    // paths one filter may load; the others are null

// "{{ $user.id }}" -> "$user.id".
std::optional<std::string_view> VariableName(std::string_view text) {
  std::string_view trimmed = Trim(text);
  if (trimmed.size() < 5 || !trimmed.starts_with("{{") || !trimmed.ends_with("}}"))
    return std::nullopt;
  std::string_view name = Trim(trimmed.substr(2, trimmed.size() - 4));
  if (name.empty() || name.find("{{") != std::string_view::npos ||
      name.find("}}") != std::string_view::npos) {
    return std::nullopt;
  }
  return name;
}

std::optional<std::string_view> After(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return std::nullopt;
  return name.substr(prefix.size());
}

// The part below the caller's row, for every spelling of "the caller".
std::optional<std::string_view> UserPath(std::string_view name) {
  for (std::string_view prefix :
       {"$user.", "ctx.state.currentUser.", "currentUser.", "$system.currentUser."}) {
    if (auto path = After(name, prefix)) return path;
  }
  return std::nullopt;
}

json::value RoleValue(const VariableScope& scope) {
  if (scope.roles.size() > 1) {
    json::array roles;
    for (const std::string& role : scope.roles) roles.emplace_back(role);
    return roles;
  }
  if (scope.roles.size() == 1) return json::value(json::string(scope.roles[0]));
  if (!scope.current_role.empty()) return json::value(json::string(scope.current_role));
  return nullptr;
}

// Relative dates stay relative: the date parser knows the zone. Weeks of $nDate begin on Sunday but
// for IsoWeek.
json::value DateValue(std::string_view word, const VariableScope& scope) {
  if (word == "now") return json::value(json::string(IsoUtc(scope.now_ms)));
  std::string type(word);
  if (type.ends_with("Week") && !type.ends_with("IsoWeek")) type.insert(type.size() - 4, "Local");
  static constexpr std::string_view kWords[] = {
      "today",         "yesterday",   "tomorrow",    "thisLocalWeek", "lastLocalWeek",
      "nextLocalWeek", "thisIsoWeek", "lastIsoWeek", "nextIsoWeek",   "thisMonth",
      "lastMonth",     "nextMonth",   "thisQuarter", "lastQuarter",   "nextQuarter",
      "thisYear",      "lastYear",    "nextYear",    "last7Days",     "next7Days",
      "last30Days",    "next30Days",  "last90Days",  "next90Days"};
  if (std::find(std::begin(kWords), std::end(kWords), type) == std::end(kWords)) return nullptr;
  return json::object{{"type", type}};
}

json::value Lookup(std::string_view name, const VariableScope& scope) {
  if (auto path = UserPath(name)) {
    if (path->size() > kMaxPathLength) return nullptr;
    if (scope.loaded) {
      if (const json::value* value = Find(*scope.loaded, *path)) return *value;
    }
    if (!scope.user) return nullptr;
    return ValueAtPath(json::value(*scope.user), *path);
  }
  if (name == "$nRole" || name == "ctx.state.currentRole" || name == "currentRole")
    return RoleValue(scope);
  if (name == "$system.now" || name == "$date.now")
    return json::value(json::string(IsoUtc(scope.now_ms)));
  if (auto word = After(name, "$nDate.")) return DateValue(*word, scope);
  if (auto word = After(name, "$date.")) return DateValue(*word, scope);
  return nullptr;
}

bool HasVariablesAt(const json::value& value, int depth) {
  if (depth > kMaxVariableDepth) return false;
  if (value.is_string()) return VariableName(View(value.get_string())).has_value();
  if (value.is_array()) {
    for (const json::value& member : value.get_array()) {
      if (HasVariablesAt(member, depth + 1)) return true;
    }
  } else if (value.is_object()) {
    for (const auto& [key, member] : value.get_object()) {
      if (key == "$isVar" || HasVariablesAt(member, depth + 1)) return true;
    }
  }
  return false;
}

json::value SubstituteAt(const json::value& value, const VariableScope& scope, int depth) {
  if (depth > kMaxVariableDepth) return value;
  if (value.is_string()) {
    auto name = VariableName(View(value.get_string()));
    return name ? Lookup(*name, scope) : value;
  }
  if (value.is_array()) {
    json::array result;
    result.reserve(value.get_array().size());
    for (const json::value& member : value.get_array()) {
      bool variable = member.is_string() && VariableName(View(member.get_string()));
      json::value replaced = SubstituteAt(member, scope, depth + 1);
      if (variable && replaced.is_array()) {
        for (json::value& item : replaced.get_array()) result.push_back(std::move(item));
      } else {
        result.push_back(std::move(replaced));
      }
    }
    return result;
  }
  if (value.is_object()) {
    json::object result;
    result.reserve(value.get_object().size());
    for (const auto& [key, member] : value.get_object()) {
      // {"$isVar":"currentUser.id"} names the variable without braces (deprecated form).
      if (key == "$isVar" && member.is_string()) {
        result["$eq"] = Lookup(View(member.get_string()), scope);
      } else {
        result[key] = SubstituteAt(member, scope, depth + 1);
      }
    }
    return result;
  }
  return value;
}

void CollectAt(const json::value& value, const json::object* user, std::vector<std::string>& paths,
               int depth) {
  if (depth > kMaxVariableDepth) return;
  if (value.is_string()) {
    auto name = VariableName(View(value.get_string()));
    auto path = name ? UserPath(*name) : std::nullopt;
    if (!path || path->size() > kMaxPathLength || path->find('.') == std::string_view::npos) return;
    if (user && Find(*user, path->substr(0, path->find('.'))))
      return;  // a json column or a loaded association
    if (std::find(paths.begin(), paths.end(), *path) == paths.end() &&
        paths.size() < kMaxUserPaths) {
      paths.emplace_back(*path);
    }
  } else if (value.is_array()) {
    for (const json::value& member : value.get_array()) CollectAt(member, user, paths, depth + 1);
  } else if (value.is_object()) {
    for (const auto& member : value.get_object()) CollectAt(member.value(), user, paths, depth + 1);
  }
}

}  // namespace

bool HasVariables(const json::value& value) { return HasVariablesAt(value, 0); }

std::vector<std::string> CollectUserPaths(const json::value& value, const json::object* user) {
  std::vector<std::string> paths;
  CollectAt(value, user, paths, 0);
  return paths;
}

json::value Substitute(const json::value& value, const VariableScope& scope) {
  return SubstituteAt(value, scope, 0);
}

json::value ValueAtPath(const json::value& row, std::string_view path) {
  std::size_t dot = path.find('.');
  std::string_view name = path.substr(0, dot);
  if (row.is_array()) {
    json::array all;
    for (const json::value& member : row.get_array()) {
      json::value value = ValueAtPath(member, path);
      if (value.is_array()) {
        for (json::value& item : value.get_array()) all.push_back(std::move(item));
      } else if (!value.is_null()) {
        all.push_back(std::move(value));
      }
    }
    return all;
  }
  const json::value* member = row.is_object() ? Find(row.get_object(), name) : nullptr;
  if (!member) return nullptr;
  if (dot == std::string_view::npos) return *member;
  return ValueAtPath(*member, path.substr(dot + 1));
}

}  // namespace renkei::query
