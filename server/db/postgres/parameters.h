// The parameters of a statement in PostgreSQL's text form, as libpq wants them: pointers to C
// strings.
#pragma once

#include <fmt/format.h>

#include <deque>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "db/value.h"

namespace renkei::db::postgres {

// Borrows `values`. Text with a NUL byte is not for PostgreSQL; HasNul() finds it before anything
// is sent.
class Parameters {
 public:
  explicit Parameters(const std::vector<Value>& values) {
    pointers_.reserve(values.size());
    for (const Value& value : values) pointers_.push_back(Pointer(value));
  }
  int size() const { return static_cast<int>(pointers_.size()); }
  const char* const* values() const { return pointers_.data(); }

  static bool HasNul(const std::vector<Value>& values) {
    for (const Value& value : values) {
      if (value.kind() == Value::Kind::kText && value.as_text().find('\0') != std::string::npos)
        return true;
    }
    return false;
  }

 private:
  const char* Pointer(const Value& value) {
    switch (value.kind()) {
      case Value::Kind::kNull:
        return nullptr;
      case Value::Kind::kBool:
        return value.as_bool() ? "t" : "f";
      case Value::Kind::kText:
        return value.as_text().c_str();
      case Value::Kind::kInt:
        return Keep(fmt::format_int(value.as_int()).str());
      case Value::Kind::kDouble:
        return Keep(fmt::format("{}", value.as_double()));
      case Value::Kind::kBlob:
        return Keep("\\x" + HexEncode(value.as_text()));
    }
    return nullptr;
  }
  const char* Keep(std::string text) { return kept_.emplace_back(std::move(text)).c_str(); }

  std::vector<const char*> pointers_;
  std::deque<std::string> kept_;
};

}  // namespace renkei::db::postgres
