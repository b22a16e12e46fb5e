// Small helpers for writing SQL functions. Included by functions.cc and json_functions.cc only.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>

#include "db/sqlite/functions.h"

namespace renkei::db::sqlite {

inline bool IsNull(sqlite3_value* value) { return sqlite3_value_type(value) == SQLITE_NULL; }

inline std::string_view TextOf(sqlite3_value* value) {
  const unsigned char* text = sqlite3_value_text(value);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

inline void ReturnText(sqlite3_context* context, std::string_view text) {
  sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

inline void ReturnInvalid(sqlite3_context* context, std::string_view message) {
  std::string text = std::string(kInvalidValuePrefix).append(message);
  sqlite3_result_error(context, text.data(), static_cast<int>(text.size()));
}

// What was made of argument `index`, kept by SQLite as long as the argument is the same constant.
// make() gives a unique_ptr, or null after having reported the error. The result is valid for this
// call.
template <class T, class Make>
std::shared_ptr<T> Cached(sqlite3_context* context, int index, Make make) {
  using Slot = std::shared_ptr<T>;
  if (auto* slot = static_cast<Slot*>(sqlite3_get_auxdata(context, index))) return *slot;
  std::unique_ptr<T> made = make();
  if (!made) return nullptr;
  Slot result = std::move(made);
  sqlite3_set_auxdata(context, index, new Slot(result),
                      [](void* slot) { delete static_cast<Slot*>(slot); });
  return result;
}

}  // namespace renkei::db::sqlite
