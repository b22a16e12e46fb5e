// rk_json_* and rk_array_*: JSON documents kept as text, asked as PostgreSQL's jsonb operators
// would answer.
#include <algorithm>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <charconv>
#include <string>
#include <vector>

#include "base/json.h"
#include "db/sqlite/function_support.h"

namespace renkei::db::sqlite {
namespace {

constexpr std::size_t kStackBuffer = 2048;  // small documents are read without touching the heap

// Calls use(document) with the parsed document of `value`; nothing when it is NULL or no JSON.
template <class Use>
void WithDocument(sqlite3_value* value, Use use) {
  if (IsNull(value)) return;
  unsigned char buffer[kStackBuffer];
  json::monotonic_resource memory(buffer, sizeof(buffer));
  std::string_view text = TextOf(value);
  json::error_code error;
  json::value document = json::parse(json::string_view(text.data(), text.size()), error, &memory);
  if (!error) use(document);
}

using Path = std::vector<std::string>;

std::unique_ptr<Path> ParsePath(sqlite3_value* value) {
  auto path = std::make_unique<Path>();
  WithDocument(value, [&](const json::value& document) {
    if (!document.is_array()) return;
    for (const json::value& part : document.get_array()) {
      path->push_back(part.is_string() ? std::string(View(part.get_string())) : ToJson(part));
    }
  });
  return path;
}

const json::value* Step(const json::value& from, const std::string& part) {
  if (from.is_object()) return from.get_object().if_contains(part);
  if (!from.is_array()) return nullptr;
  const json::array& array = from.get_array();
  std::int64_t index = 0;
  auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
  if (error != std::errc() || end != part.data() + part.size()) return nullptr;
  if (index < 0) index += static_cast<std::int64_t>(array.size());
  return index < 0 || index >= static_cast<std::int64_t>(array.size())
             ? nullptr
             : &array[static_cast<std::size_t>(index)];
}

template <class Use>
void WithPathTarget(sqlite3_context* context, sqlite3_value** args, Use use) {
  auto path = Cached<Path>(context, 1, [&] { return ParsePath(args[1]); });
  WithDocument(args[0], [&](const json::value& document) {
    const json::value* at = &document;
    for (const std::string& part : *path) {
      if (at = Step(*at, part); at == nullptr) return;
    }
    use(*at);
  });
}

void JsonText(sqlite3_context* context, int, sqlite3_value** args) {
  WithPathTarget(context, args, [&](const json::value& value) {
    if (value.is_null()) return;
    if (value.is_string()) return ReturnText(context, View(value.get_string()));
    ReturnText(context, ToJson(value));
  });
}

void JsonNumber(sqlite3_context* context, int, sqlite3_value** args) {
  WithPathTarget(context, args, [&](const json::value& value) {
    if (value.is_int64()) return sqlite3_result_int64(context, value.get_int64());
    if (value.is_number()) sqlite3_result_double(context, value.to_number<double>());
  });
}

// Elements in a form that is equal when they are: the JSON text, or for arrays of scalars the bare
// text.
std::string ElementText(const json::value& element, bool as_text) {
  if (as_text && element.is_string()) return std::string(View(element.get_string()));
  if (element.is_double()) {
    double number = element.get_double();
    if (number == static_cast<double>(static_cast<std::int64_t>(number))) {
      return std::to_string(static_cast<std::int64_t>(number));
    }
  }
  return ToJson(element);
}

using Elements = std::vector<std::string>;  // sorted, each once

// Nothing when the document is no array.
std::unique_ptr<Elements> ReadElements(sqlite3_value* value, bool as_text) {
  std::unique_ptr<Elements> elements;
  WithDocument(value, [&](const json::value& document) {
    if (!document.is_array()) return;
    elements = std::make_unique<Elements>();
    for (const json::value& element : document.get_array())
      elements->push_back(ElementText(element, as_text));
    std::sort(elements->begin(), elements->end());
    elements->erase(std::unique(elements->begin(), elements->end()), elements->end());
  });
  return elements;
}

template <class Compare>
void CompareArrays(sqlite3_context* context, sqlite3_value** args, Compare compare) {
  if (IsNull(args[0]) || IsNull(args[1])) return;
  bool as_text = sqlite3_value_int(args[2]) != 0;
  auto wanted = Cached<Elements>(context, 1, [&] {
    auto read = ReadElements(args[1], as_text);
    return read ? std::move(read) : std::make_unique<Elements>();
  });
  auto found = ReadElements(args[0], as_text);
  sqlite3_result_int(context, found && compare(*found, *wanted));
}

void ArrayMatch(sqlite3_context* context, int, sqlite3_value** args) {
  CompareArrays(context, args, [](const Elements& a, const Elements& b) { return a == b; });
}

void ArrayAny(sqlite3_context* context, int, sqlite3_value** args) {
  CompareArrays(context, args, [](const Elements& a, const Elements& b) {
    return std::any_of(a.begin(), a.end(), [&](const std::string& element) {
      return std::binary_search(b.begin(), b.end(), element);
    });
  });
}

void ArrayHas(sqlite3_context* context, int, sqlite3_value** args) {
  if (IsNull(args[0]) || IsNull(args[1])) return;
  auto found = ReadElements(args[0], true);
  std::string scalar(TextOf(args[1]));
  sqlite3_result_int(context, found && std::binary_search(found->begin(), found->end(), scalar));
}

}  // namespace

int RegisterJsonFunctions(sqlite3* connection) {
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
  int code = SQLITE_OK;
  auto add = [&](const char* name, int args,
                 void (*function)(sqlite3_context*, int, sqlite3_value**)) {
    if (code == SQLITE_OK) {
      code = sqlite3_create_function_v2(connection, name, args, kFlags, nullptr, function, nullptr,
                                        nullptr, nullptr);
    }
  };
  add("rk_json_text", 2, JsonText);
  add("rk_json_number", 2, JsonNumber);
  add("rk_array_match", 3, ArrayMatch);
  add("rk_array_any", 3, ArrayAny);
  add("rk_array_has", 2, ArrayHas);
  return code;
}

}  // namespace renkei::db::sqlite
