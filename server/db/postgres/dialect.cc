// SQL as PostgreSQL spells it. Parameters travel as text of unknown type, so casts say what they
// are where the context does not.
#include "db/dialect.h"

#include <fmt/format.h>

#include "base/crypto.h"

namespace renkei::db {
namespace {

bool IsNativeArray(ColumnKind kind) {
  return kind == ColumnKind::kInt64Array || kind == ColumnKind::kTextArray ||
         kind == ColumnKind::kUuidArray;
}

// The type of one value of a kind, for casts. Lengths do not matter there.
std::string_view CastType(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kVarchar:
    case ColumnKind::kText:
      return "text";
    case ColumnKind::kInt32:
      return "integer";
    case ColumnKind::kInt64:
      return "bigint";
    case ColumnKind::kDouble:
      return "double precision";
    case ColumnKind::kReal:
      return "real";
    case ColumnKind::kDecimal:
      return "numeric";
    case ColumnKind::kBoolean:
      return "boolean";
    case ColumnKind::kJson:
      return "json";
    case ColumnKind::kJsonb:
      return "jsonb";
    case ColumnKind::kTimestampTz:
      return "timestamptz";
    case ColumnKind::kTimestamp:
      return "timestamp";
    case ColumnKind::kDate:
      return "date";
    case ColumnKind::kTime:
      return "time";
    case ColumnKind::kUuid:
      return "uuid";
    case ColumnKind::kBlob:
      return "bytea";
    case ColumnKind::kPoint:
      return "point";
    case ColumnKind::kLine:
      return "path";
    case ColumnKind::kPolygon:
      return "polygon";
    case ColumnKind::kCircle:
      return "circle";
    case ColumnKind::kInt64Array:
      return "bigint[]";
    case ColumnKind::kTextArray:
      return "text[]";
    case ColumnKind::kUuidArray:
      return "uuid[]";
  }
  return "text";
}

// Kinds that have no equality of their own in PostgreSQL are compared as text.
bool ComparesAsText(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kJson:
    case ColumnKind::kPoint:
    case ColumnKind::kLine:
    case ColumnKind::kPolygon:
    case ColumnKind::kCircle:
      return true;
    default:
      return IsNativeArray(kind);
  }
}

void AppendArrayElement(std::string& out, std::string_view text) {
  if (out.size() > 1) out += ',';
  out += '"';
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

std::string ValueText(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kBool:
      return value.as_bool() ? "t" : "f";
    case Value::Kind::kInt:
      return fmt::format_int(value.as_int()).str();
    case Value::Kind::kDouble:
      return fmt::format("{}", value.as_double());
    case Value::Kind::kBlob:
      return "\\x" + HexEncode(value.as_text());
    default:
      return value.as_text();
  }
}

// The JSON array in parameter `param` as a native array of the kind of `kind`.
std::string NativeArray(std::size_t param, ColumnKind kind) {
  return fmt::format("ARRAY(SELECT jsonb_array_elements_text(${}::jsonb))::{}", param,
                     CastType(kind));
}

// The column as a jsonb array; anything else in it counts as an empty array.
std::string JsonArray(std::string_view column) {
  return fmt::format(
      "(CASE WHEN jsonb_typeof(({0})::jsonb) = 'array' THEN ({0})::jsonb ELSE '[]'::jsonb END)",
      column);
}

std::string ToCharFormat(std::string_view format) {
  static constexpr std::pair<std::string_view, std::string_view> kParts[] = {
      {"YYYY", "YYYY"}, {"MM", "MM"}, {"DD", "DD"}, {"hh", "HH24"},
      {"HH", "HH24"},   {"mm", "MI"}, {"ss", "SS"}};
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
    std::string_view c = format.substr(0, 1);
    // A literal is quoted, or to_char would take letters for patterns; the quotes themselves are
    // escaped.
    if (c == "'")
      out += "\"''\"";
    else if (c == "\"")
      out += "\\\"";
    else if (c == "\\")
      out += "\\\\";
    else if (c == "-" || c == " " || c == ":" || c == "/" || c == ".")
      out += c;
    else {
      // Bytes of one UTF-8 character stay together.
      std::size_t size = 1;
      while (size < format.size() && (static_cast<unsigned char>(format[size]) & 0xC0) == 0x80)
        ++size;
      out += fmt::format("\"{}\"", format.substr(0, size));
      format.remove_prefix(size - 1);
    }
    format.remove_prefix(1);
  }
  return out;
}

class Postgres final : public Dialect {
 public:
  std::string_view name() const override { return "postgres"; }
  bool has_inheritance() const override { return true; }
  bool has_regexp() const override { return true; }
  bool has_writable_cte() const override { return true; }
  bool has_schemas() const override { return true; }

  void AppendIdentifier(std::string& sql, std::string_view name) const override {
    sql += '"';
    for (char c : name) {
      if (c == '"') sql += '"';
      sql += c;
    }
    sql += '"';
  }

  void AppendPlaceholder(std::string& sql, std::size_t index_from_1) const override {
    sql += '$';
    fmt::format_int digits(index_from_1);
    sql.append(digits.data(), digits.size());
  }

  std::string ColumnType(const ColumnSpec& spec) const override {
    if (spec.auto_increment &&
        (spec.kind == ColumnKind::kInt32 || spec.kind == ColumnKind::kInt64)) {
      return fmt::format("{} GENERATED BY DEFAULT AS IDENTITY", CastType(spec.kind));
    }
    switch (spec.kind) {
      case ColumnKind::kVarchar:
        return spec.length > 0 ? fmt::format("varchar({})", spec.length) : "varchar";
      case ColumnKind::kDecimal:
        return spec.precision > 0 ? fmt::format("numeric({},{})", spec.precision, spec.scale)
                                  : "numeric";
      case ColumnKind::kTimestampTz:
        return "timestamptz(3)";
      case ColumnKind::kTimestamp:
        return "timestamp(3)";
      default:
        return std::string(CastType(spec.kind));
    }
  }

  std::string TypedPlaceholder(std::size_t index_from_1, ColumnKind kind) const override {
    return fmt::format("${}::{}", index_from_1, CastType(kind));
  }

  std::string AsText(std::string_view column) const override {
    return fmt::format("({})::text", column);
  }

  std::string Like(std::string_view column, std::string_view param, bool case_sensitive,
                   bool negate) const override {
    return fmt::format("({} {}{} {})", column, negate ? "NOT " : "",
                       case_sensitive ? "LIKE" : "ILIKE", param);
  }

  std::string Regexp(std::string_view column, std::string_view param, bool case_sensitive,
                     bool negate) const override {
    return fmt::format("({} {}{} {})", column, negate ? "!~" : "~", case_sensitive ? "" : "*",
                       param);
  }

  std::string InList(std::string_view column, std::size_t param_index, ColumnKind kind,
                     bool negate) const override {
    std::string_view operation = negate ? "<> ALL" : "= ANY";
    if (ComparesAsText(kind))
      return fmt::format("({})::text {} (${}::text[])", column, operation, param_index);
    return fmt::format("{} {} (${}::{}[])", column, operation, param_index, CastType(kind));
  }

  Value EncodeList(const std::vector<Value>& values, ColumnKind) const override {
    std::string list = "{";
    for (const Value& value : values) {
      if (!value.is_null()) AppendArrayElement(list, ValueText(value));
    }
    list += '}';
    return Value::Text(std::move(list));
  }

  std::string JsonPathText(std::string_view column, std::size_t path_param,
                           ColumnKind) const override {
    return fmt::format("(({})::jsonb #>> ${}::text[])", column, path_param);
  }
  std::string JsonPathNumber(std::string_view column, std::size_t path_param,
                             ColumnKind) const override {
    return fmt::format(
        "(CASE WHEN jsonb_typeof(({0})::jsonb #> ${1}::text[]) = 'number' "
        "THEN (({0})::jsonb #>> ${1}::text[])::numeric END)",
        column, path_param);
  }
  Value EncodeJsonPath(const std::vector<std::string>& path) const override {
    std::string list = "{";
    for (const std::string& part : path) AppendArrayElement(list, part);
    list += '}';
    return Value::Text(std::move(list));
  }

  std::string ArrayMatch(std::string_view column, std::size_t param,
                         ColumnKind kind) const override {
    std::string array =
        IsNativeArray(kind) ? NativeArray(param, kind) : fmt::format("${}::jsonb", param);
    std::string ours =
        IsNativeArray(kind) ? fmt::format("{}", column) : fmt::format("({})::jsonb", column);
    return fmt::format("({0} @> {1} AND {0} <@ {1})", ours, array);
  }
  std::string ArrayAnyOf(std::string_view column, std::size_t param,
                         ColumnKind kind) const override {
    if (IsNativeArray(kind)) return fmt::format("({} && {})", column, NativeArray(param, kind));
    return fmt::format(
        "(CASE WHEN ({0}) IS NOT NULL THEN EXISTS (SELECT 1 FROM jsonb_array_elements(${1}::jsonb) "
        "AS rk_element "
        "WHERE ({0})::jsonb @> jsonb_build_array(rk_element.value)) END)",
        column, param);
  }
  std::string ArrayLength(std::string_view column, ColumnKind kind) const override {
    if (IsNativeArray(kind)) return fmt::format("cardinality({})", column);
    return fmt::format("(CASE WHEN ({0}) IS NOT NULL THEN jsonb_array_length({1}) END)", column,
                       JsonArray(column));
  }
  std::string ArrayHas(std::string_view column, std::string_view scalar,
                       ColumnKind kind) const override {
    if (IsNativeArray(kind)) return fmt::format("({} = ANY ({}))", scalar, column);
    return fmt::format("(({})::text IN (SELECT jsonb_array_elements_text({})))", scalar,
                       JsonArray(column));
  }

  std::string FormatDate(std::string_view column, std::string_view format, int offset_minutes,
                         bool zone_aware) const override {
    std::string_view type = zone_aware ? "timestamptz" : "timestamp";
    std::string local = fmt::format("({})::{}", column, type);
    if (zone_aware) {
      local = fmt::format("(({})::timestamptz AT TIME ZONE 'UTC' + interval '{} minutes')", column,
                          offset_minutes);
    }
    return fmt::format("to_char({}, '{}')", local, ToCharFormat(format));
  }

  std::string InstantFromUnix(std::string_view column, bool milliseconds) const override {
    return fmt::format("to_timestamp({}{})", column, milliseconds ? " / 1000.0" : "");
  }

  std::string OrderBy(std::string_view column, bool descending) const override {
    // Ascending order puts nulls last by itself, and an index can serve it.
    return descending ? fmt::format("{} DESC NULLS LAST", column) : fmt::format("{} ASC", column);
  }

  std::string LimitOffset(std::string_view limit_param,
                          std::string_view offset_param) const override {
    std::string sql;
    if (!limit_param.empty()) sql = fmt::format("LIMIT {}", limit_param);
    if (!offset_param.empty())
      sql += fmt::format("{}OFFSET {}", sql.empty() ? "" : " ", offset_param);
    return sql;
  }
};

}  // namespace

const Dialect& PostgresDialect() {
  static const Postgres dialect;
  return dialect;
}

}  // namespace renkei::db
