#include "api/resource/document_filter.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace renkei::api {
namespace {

constexpr int kMaxDepth = 32;

using Values = std::vector<const json::value*>;  // what a path leads to; empty: nothing there

tl::unexpected<Error> Refuse(std::string message) {
  return Fail(InvalidArgument("INVALID_FILTER", std::move(message),
                              "See the filter language in the documentation", "filter"));
}

void Collect(const json::value& from, std::string_view path, Values& out) {
  if (from.is_array() && !path.empty()) {
    for (const json::value& item : from.get_array()) Collect(item, path, out);
    return;
  }
  if (path.empty()) {
    out.push_back(&from);
    return;
  }
  if (!from.is_object()) return;
  const std::size_t dot = path.find('.');
  const json::value* next = Find(from, path.substr(0, dot));
  if (next != nullptr)
    Collect(*next, dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1), out);
}

bool IsNull(const json::value& value) { return value.is_null(); }

// -1, 0, 1; nullopt when the two cannot be compared.
std::optional<int> Compare(const json::value& a, const json::value& b) {
  const auto sign = [](auto x, auto y) { return x < y ? -1 : x > y ? 1 : 0; };
  if (a.is_number() && b.is_number()) return sign(a.to_number<double>(), b.to_number<double>());
  if (a.is_bool() && b.is_bool()) return sign(a.get_bool(), b.get_bool());
  if (a.is_string() && b.is_string()) return sign(View(a.get_string()), View(b.get_string()));
  // Values of bracket forms are texts.
  if (a.is_bool() && b.is_string())
    return sign(std::string_view(a.get_bool() ? "true" : "false"), View(b.get_string()));
  if (a.is_number() && b.is_string()) {
    const std::string text = ToJson(a);
    if (text == View(b.get_string())) return 0;
    char* end = nullptr;
    const double number = std::strtod(b.get_string().c_str(), &end);
    if (end != b.get_string().c_str() && *end == '\0') return sign(a.to_number<double>(), number);
    return std::nullopt;
  }
  if (a.is_string() && b.is_number())
    return sign(View(a.get_string()), std::string_view(ToJson(b)));
  if (a == b) return 0;
  return std::nullopt;
}

bool Equal(const json::value& a, const json::value& b) {
  if (IsNull(a) || IsNull(b)) return IsNull(a) && IsNull(b);
  const auto order = Compare(a, b);
  return order && *order == 0;
}

std::string TextOf(const json::value& value) {
  return value.is_string() ? std::string(View(value.get_string())) : ToJson(value);
}

enum class Part { kAnywhere, kStart, kEnd };

bool HasText(const json::value& value, const json::value& wanted, Part part) {
  if (IsNull(value)) return false;
  if (wanted.is_array()) {
    return std::any_of(wanted.get_array().begin(), wanted.get_array().end(),
                       [&](const json::value& item) { return HasText(value, item, part); });
  }
  const std::string text = ToLowerAscii(TextOf(value)), word = ToLowerAscii(TextOf(wanted));
  if (part == Part::kAnywhere) return text.find(word) != std::string::npos;
  if (text.size() < word.size()) return false;
  return part == Part::kStart ? text.compare(0, word.size(), word) == 0
                              : text.compare(text.size() - word.size(), word.size(), word) == 0;
}

bool IsEmpty(const json::value& value) {
  return IsNull(value) || (value.is_string() && value.get_string().empty()) ||
         (value.is_array() && value.get_array().empty());
}

bool IsTrue(const json::value& value) {
  return (value.is_bool() && value.get_bool()) ||
         (value.is_number() && value.to_number<double>() != 0) ||
         (value.is_string() && value.get_string() == "true");
}

bool IsIn(const json::value& value, const json::value& list) {
  if (!list.is_array()) return !IsNull(list) && Equal(value, list);
  return std::any_of(list.get_array().begin(), list.get_array().end(),
                     [&](const json::value& item) { return Equal(value, item); });
}

// Array columns: do the two lists share an element?
bool Shares(const json::value& value, const json::value& wanted) {
  if (!value.is_array()) return IsIn(value, wanted);
  return std::any_of(value.get_array().begin(), value.get_array().end(),
                     [&](const json::value& item) { return IsIn(item, wanted); });
}

Result<bool> Test(const json::value& value, std::string_view op, const json::value& wanted) {
  const auto compare = [&](auto accept) {
    const auto order = IsNull(value) ? std::nullopt : Compare(value, wanted);
    return order && accept(*order);
  };
  if (op == "$eq" || op == "$is")
    return wanted.is_array() ? IsIn(value, wanted) : Equal(value, wanted);
  if (op == "$ne" || op == "$neq" || op == "$not") {
    if (wanted.is_array()) return !IsNull(value) && !IsIn(value, wanted);
    return !Equal(value, wanted);
  }
  if (op == "$in") return IsIn(value, wanted);
  if (op == "$notIn") return !IsIn(value, wanted);
  if (op == "$gt") return compare([](int order) { return order > 0; });
  if (op == "$gte") return compare([](int order) { return order >= 0; });
  if (op == "$lt") return compare([](int order) { return order < 0; });
  if (op == "$lte") return compare([](int order) { return order <= 0; });
  if (op == "$includes") return HasText(value, wanted, Part::kAnywhere);
  if (op == "$notIncludes") return !IsNull(value) && !HasText(value, wanted, Part::kAnywhere);
  if (op == "$startsWith") return HasText(value, wanted, Part::kStart);
  if (op == "$notStartsWith") return !IsNull(value) && !HasText(value, wanted, Part::kStart);
  if (op == "$endWith" || op == "$endsWith") return HasText(value, wanted, Part::kEnd);
  if (op == "$notEndWith") return !IsNull(value) && !HasText(value, wanted, Part::kEnd);
  if (op == "$empty" || op == "$notExists" || op == "$arrayEmpty") return IsEmpty(value);
  if (op == "$notEmpty" || op == "$exists" || op == "$arrayNotEmpty") return !IsEmpty(value);
  if (op == "$isTruly") return IsTrue(value) == IsTrue(wanted);
  if (op == "$isFalsy") return IsTrue(value) != IsTrue(wanted);
  if (op == "$anyOf") return Shares(value, wanted);
  if (op == "$noneOf") return !Shares(value, wanted);
  return Refuse(fmt::format("Invalid value {{ '{}': {} }}", op, ToJson(wanted)));
}

Result<bool> Judge(const json::object& document, const json::value& filter, std::string prefix,
                   int depth);

Result<bool> TestPath(const json::object& document, std::string_view path, std::string_view op,
                      const json::value& wanted) {
  static const json::value kNothing;
  Values values;
  const std::size_t dot = path.find('.');
  if (const json::value* first = Find(document, path.substr(0, dot)); first != nullptr) {
    Collect(*first, dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1),
            values);
  }
  if (values.empty()) values.push_back(&kNothing);
  for (const json::value* value : values) {
    RK_TRY(matches, Test(*value, op, wanted));
    if (matches) return true;
  }
  return false;
}

Result<bool> JudgeAll(const json::object& document, const json::value& filters,
                      const std::string& prefix, bool any, int depth) {
  bool seen = false, result = !any;
  const auto one = [&](const json::value& filter) -> Result<void> {
    if (filter.is_object() && filter.get_object().empty()) return {};
    RK_TRY(matches, Judge(document, filter, prefix, depth + 1));
    seen = true;
    result = any ? result || matches : result && matches;
    return {};
  };
  if (filters.is_array()) {
    for (const json::value& filter : filters.get_array()) RK_CHECK_OK(one(filter));
  } else {
    RK_CHECK_OK(one(filters));
  }
  return seen ? result : true;
}

Result<bool> JudgeMember(const json::object& document, std::string_view key,
                         const json::value& value, const std::string& prefix, int depth) {
  if (key == "$and") return JudgeAll(document, value, prefix, false, depth);
  if (key == "$or") return JudgeAll(document, value, prefix, true, depth);
  if (key == "$not" && (prefix.empty() || value.is_object() || value.is_array())) {
    RK_TRY(matches, JudgeAll(document, value, prefix, false, depth));
    return !matches;
  }
  if (!key.empty() && key.front() == '$') return TestPath(document, prefix, key, value);
  if (const std::size_t op = key.find(".$"); op != std::string_view::npos) {
    const std::string path = prefix.empty() ? std::string(key.substr(0, op))
                                            : prefix + "." + std::string(key.substr(0, op));
    return TestPath(document, path, key.substr(op + 1), value);
  }
  const std::string path = prefix.empty() ? std::string(key) : prefix + "." + std::string(key);
  if (value.is_object()) return Judge(document, value, path, depth + 1);
  return TestPath(document, path, value.is_array() ? "$in" : "$eq", value);
}

Result<bool> Judge(const json::object& document, const json::value& filter, std::string prefix,
                   int depth) {
  if (depth > kMaxDepth) return Refuse("The filter is nested too deeply");
  if (filter.is_array()) return JudgeAll(document, filter, prefix, false, depth);
  if (filter.is_null()) return true;
  if (!filter.is_object()) return Refuse("Invalid filter");
  for (const auto& member : filter.get_object()) {
    const std::string_view key(member.key().data(), member.key().size());
    RK_TRY(matches, JudgeMember(document, key, member.value(), prefix, depth));
    if (!matches) return false;
  }
  return true;
}

}  // namespace

Result<bool> MatchesFilter(const json::object& document, const json::value& filter) {
  return Judge(document, filter, {}, 0);
}

void SortDocuments(std::vector<json::object>& documents, const std::vector<std::string>& sort) {
  static const json::value kNothing;
  std::stable_sort(
      documents.begin(), documents.end(), [&](const json::object& a, const json::object& b) {
        for (const std::string& term : sort) {
          const bool descending = !term.empty() && term.front() == '-';
          const std::string_view name = std::string_view(term).substr(descending ? 1 : 0);
          const json::value* left = Find(a, name);
          const json::value* right = Find(b, name);
          const bool left_null = left == nullptr || left->is_null(),
                     right_null = right == nullptr || right->is_null();
          if (left_null != right_null) return right_null;
          if (left_null) continue;
          const int order = Compare(*left, *right).value_or(0);
          if (order != 0) return descending ? order > 0 : order < 0;
        }
        return false;
      });
}

}  // namespace renkei::api
