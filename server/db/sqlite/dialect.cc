// SQL as SQLite spells it. Functions named rk_* are ours, registered on every connection
// (sqlite/functions.cc).
#include "db/dialect.h"

#include <fmt/format.h>

#include "base/crypto.h"
#include "base/json.h"

namespace renkei::db {
namespace {

bool IsNativeArray(ColumnKind kind) {
  return kind == ColumnKind::kInt64Array || kind == ColumnKind::kTextArray ||
         kind == ColumnKind::kUuidArray;
}

std::string Negated(bool negate, std::string condition) {
  return negate ? "(NOT " + condition + ")" : condition;
}

// "YYYY-MM hh" as a strftime format, without quotes.
std::string StrftimeFormat(std::string_view format) {
  static constexpr std::pair<std::string_view, std::string_view> kParts[] = {
      {"YYYY", "%Y"}, {"MM", "%m"}, {"DD", "%d"}, {"hh", "%H"},
      {"HH", "%H"},   {"mm", "%M"}, {"ss", "%S"}};
  std::string out;
  while (!format.empty()) {
    bool matched = false;
    for (const auto& [ours, theirs] : kParts) {
      if (!format.starts_with(ours)) continue;
      out += theirs;
      format.remove_prefix(ours.size());
      matched = true;
      break;
    }
    if (matched) continue;
    if (format.front() == '%') out += '%';
    if (format.front() == '\'') out += '\'';
    out += format.front();
    format.remove_prefix(1);
  }
  return out;
}

json::value ListElement(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kBool:
      return value.as_bool() ? 1 : 0;
    case Value::Kind::kInt:
      return value.as_int();
    case Value::Kind::kDouble:
      return value.as_double();
    case Value::Kind::kText:
      return json::value(json::string(value.as_text()));
    case Value::Kind::kBlob:
      return json::value(json::string(HexEncode(value.as_text())));
    default:
      return nullptr;
  }
}

class Sqlite final : public Dialect {
 public:
  std::string_view name() const override { return "sqlite"; }
  bool has_inheritance() const override { return false; }
  bool has_regexp() const override { return true; }
  bool has_writable_cte() const override { return false; }
  bool has_schemas() const override { return false; }

  void AppendIdentifier(std::string& sql, std::string_view name) const override {
    sql += '"';
    for (char c : name) {
      if (c == '"') sql += '"';
      sql += c;
    }
    sql += '"';
  }

  void AppendPlaceholder(std::string& sql, std::size_t index_from_1) const override {
    sql += '?';
    fmt::format_int digits(index_from_1);
    sql.append(digits.data(), digits.size());
  }

  // The declared type decides the affinity, so JSON and dates must not be called anything but TEXT.
  std::string ColumnType(const ColumnSpec& spec) const override {
    switch (spec.kind) {
      case ColumnKind::kVarchar:
        return spec.length > 0 ? fmt::format("VARCHAR({})", spec.length) : "TEXT";
      case ColumnKind::kInt32:
      case ColumnKind::kInt64:
      case ColumnKind::kBoolean:
        return "INTEGER";
      case ColumnKind::kDouble:
      case ColumnKind::kReal:
        return "REAL";
      case ColumnKind::kDecimal:
        return "TEXT COLLATE RK_DECIMAL";
      case ColumnKind::kBlob:
        return "BLOB";
      default:
        return "TEXT";
    }
  }

  std::string PrimaryKeySuffix(const ColumnSpec& spec) const override {
    return spec.auto_increment ? "PRIMARY KEY AUTOINCREMENT" : "PRIMARY KEY";
  }

  std::string TypedPlaceholder(std::size_t index_from_1, ColumnKind) const override {
    std::string sql;
    AppendPlaceholder(sql, index_from_1);
    return sql;
  }

  std::string AsText(std::string_view column) const override {
    return fmt::format("rk_text({})", column);
  }

  std::string Like(std::string_view column, std::string_view param, bool case_sensitive,
                   bool negate) const override {
    return Negated(
        negate, fmt::format("{}({}, {})", case_sensitive ? "rk_like" : "rk_ilike", column, param));
  }

  std::string Regexp(std::string_view column, std::string_view param, bool case_sensitive,
                     bool negate) const override {
    return Negated(negate,
                   fmt::format("rk_regexp({}, {}, {})", column, param, case_sensitive ? 1 : 0));
  }

  std::string InList(std::string_view column, std::size_t param_index, ColumnKind,
                     bool negate) const override {
    return fmt::format("{} {}IN (SELECT rk_list.value FROM json_each(?{}) AS rk_list)", column,
                       negate ? "NOT " : "", param_index);
  }

  Value EncodeList(const std::vector<Value>& values, ColumnKind) const override {
    json::array list;
    for (const Value& value : values) {
      if (!value.is_null()) list.push_back(ListElement(value));
    }
    return Value::Text(ToJson(list));
  }

  std::string JsonPathText(std::string_view column, std::size_t path_param,
                           ColumnKind) const override {
    return fmt::format("rk_json_text({}, ?{})", column, path_param);
  }
  std::string JsonPathNumber(std::string_view column, std::size_t path_param,
                             ColumnKind) const override {
    return fmt::format("rk_json_number({}, ?{})", column, path_param);
  }
  Value EncodeJsonPath(const std::vector<std::string>& path) const override {
    json::array list;
    for (const std::string& part : path) list.emplace_back(json::string(part));
    return Value::Text(ToJson(list));
  }

  std::string ArrayMatch(std::string_view column, std::size_t param,
                         ColumnKind kind) const override {
    return fmt::format("rk_array_match({}, ?{}, {})", column, param, IsNativeArray(kind) ? 1 : 0);
  }
  std::string ArrayAnyOf(std::string_view column, std::size_t param,
                         ColumnKind kind) const override {
    return fmt::format("rk_array_any({}, ?{}, {})", column, param, IsNativeArray(kind) ? 1 : 0);
  }
  std::string ArrayLength(std::string_view column, ColumnKind) const override {
    return fmt::format("json_array_length({})", column);
  }
  std::string ArrayHas(std::string_view column, std::string_view scalar,
                       ColumnKind) const override {
    return fmt::format("rk_array_has({}, {})", column, scalar);
  }

  std::string FormatDate(std::string_view column, std::string_view format, int offset_minutes,
                         bool zone_aware) const override {
    std::string shift;
    if (zone_aware && offset_minutes != 0) shift = fmt::format(", '{:+} minutes'", offset_minutes);
    return fmt::format("strftime('{}', {}{})", StrftimeFormat(format), column, shift);
  }

  std::string InstantFromUnix(std::string_view column, bool milliseconds) const override {
    return fmt::format("strftime('%Y-%m-%dT%H:%M:%fZ', {}{}, 'unixepoch')", column,
                       milliseconds ? " / 1000.0" : "");
  }

  std::string Sum(std::string_view column, ColumnKind kind) const override {
    return fmt::format("{}({})", kind == ColumnKind::kDecimal ? "rk_sum" : "sum", column);
  }
  std::string Avg(std::string_view column, ColumnKind kind) const override {
    return fmt::format("{}({})", kind == ColumnKind::kDecimal ? "rk_avg" : "avg", column);
  }

  std::string OrderBy(std::string_view column, bool descending) const override {
    // Descending order puts nulls last by itself, and an index can serve it.
    return descending ? fmt::format("{} DESC", column) : fmt::format("{} ASC NULLS LAST", column);
  }

  std::string LimitOffset(std::string_view limit_param,
                          std::string_view offset_param) const override {
    if (offset_param.empty())
      return limit_param.empty() ? "" : fmt::format("LIMIT {}", limit_param);
    return fmt::format("LIMIT {} OFFSET {}", limit_param.empty() ? "-1" : limit_param,
                       offset_param);
  }
};

}  // namespace

const Dialect& SqliteDialect() {
  static const Sqlite dialect;
  return dialect;
}

}  // namespace renkei::db
