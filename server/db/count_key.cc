#include "db/count_key.h"

#include <cstring>

namespace renkei::db {
namespace {

void AppendRaw(std::string& out, const void* data, std::size_t size) {
  out.append(static_cast<const char*>(data), size);
}

}  // namespace

std::string CountKey(const Statement& statement) {
  std::string key;
  key.reserve(statement.sql.size() + 16 * statement.params.size());
  key = statement.sql;
  for (const Value& value : statement.params) {
    key += '\0';
    key += static_cast<char>(value.kind());
    switch (value.kind()) {
      case Value::Kind::kNull:
        break;
      case Value::Kind::kBool:
        key += value.as_bool() ? '1' : '0';
        break;
      case Value::Kind::kInt: {
        std::int64_t number = value.as_int();
        AppendRaw(key, &number, sizeof(number));
        break;
      }
      case Value::Kind::kDouble: {
        double number = value.as_double();
        AppendRaw(key, &number, sizeof(number));
        break;
      }
      case Value::Kind::kText:
      case Value::Kind::kBlob: {
        std::uint64_t size = value.as_text().size();
        AppendRaw(key, &size, sizeof(size));
        key += value.as_text();
      }
    }
  }
  return key;
}

}  // namespace renkei::db
