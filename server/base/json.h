// JSON documents (Boost.JSON) and the hand-written appenders of the hot path (hot-path.md 5).
// Rows never become documents on their way out; they are appended to the answer with the functions
// below.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace renkei {

namespace json = boost::json;

// Depth at which a document is refused: deeper nesting is an attack or a mistake, and recursion
// must end.
inline constexpr std::size_t kMaxJsonDepth = 64;

// Parses one document. Error: INVALID_JSON (400), naming line and column of the fault. UTF-8 is
// validated; of equal member names the last one counts. `storage` may be a monotonic resource for a
// document that one request owns; it must then outlive the document, and values moved to another
// storage are copied.
Result<json::value> ParseJson(std::string_view text, json::storage_ptr storage = {});

// Appends `text` as a JSON string with quotes, written as JSON.stringify does. `text` must be valid
// UTF-8 (readers of foreign data validate).
void AppendJsonString(std::string& out, std::string_view text);
void AppendJsonInt(std::string& out, std::int64_t value);
// Shortest form that reads back to the same double, laid out as JavaScript prints numbers (1, 0.1,
// 1e+21, 1e-7); NaN and infinities become null.
void AppendJsonDouble(std::string& out, double value);
// A whole document. (boost::json::serialize is the slow way.)
void AppendJson(std::string& out, const json::value& value);
void AppendJson(std::string& out, const json::object& object);
std::string ToJson(const json::value& value);

// Helpers for reading options: the member of `object` called `name`, or nullptr / the fallback.
const json::value* Find(const json::value& object, std::string_view name);
const json::value* Find(const json::object& object, std::string_view name);
std::string_view FindString(const json::object& object, std::string_view name,
                            std::string_view fallback = {});
bool FindBool(const json::object& object, std::string_view name, bool fallback = false);
std::int64_t FindInt(const json::object& object, std::string_view name, std::int64_t fallback = 0);

inline std::string_view View(const json::string& text) { return {text.data(), text.size()}; }

}  // namespace renkei
