// Dialect answers what differs between databases, so that compilers above have no `if (postgres)`
// (style.md 2.9). Stateless; one object per kind of database. Fragments are built from trusted
// parts only: identifiers come from the catalog and are quoted here, values are placeholders.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "db/value.h"

namespace renkei::db {

// The storage a field type asks for; each dialect spells it.
enum class ColumnKind {
  kVarchar,
  kText,
  kInt32,
  kInt64,
  kDouble,
  kReal,
  kDecimal,
  kBoolean,
  kJson,
  kJsonb,
  kTimestampTz,
  kTimestamp,
  kDate,
  kTime,
  kUuid,
  kBlob,
  kPoint,
  kLine,
  kPolygon,
  kCircle,
  kInt64Array,
  kTextArray,
  kUuidArray,
};
struct ColumnSpec {
  ColumnKind kind = ColumnKind::kText;
  int length = 0;                // kVarchar; 0: none
  int precision = 0, scale = 0;  // kDecimal
  bool auto_increment = false;   // kInt32, kInt64
};

class Dialect {
 public:
  virtual ~Dialect() = default;
  virtual std::string_view name() const = 0;  // "sqlite", "postgres": as app:getInfo tells
  virtual bool has_inheritance() const = 0;
  virtual bool has_regexp() const = 0;
  virtual bool has_writable_cte() const = 0;  // INSERT … RETURNING inside WITH
  virtual bool has_schemas() const = 0;

  virtual void AppendIdentifier(std::string& sql, std::string_view name) const = 0;      // quoted
  virtual void AppendPlaceholder(std::string& sql, std::size_t index_from_1) const = 0;  // $1, ?1
  virtual std::string ColumnType(const ColumnSpec& spec) const = 0;
  // What follows the type of a single-column primary key: "PRIMARY KEY", on SQLite "PRIMARY KEY
  // AUTOINCREMENT" for auto_increment (it is only valid there, inline), so that numbers of deleted
  // rows are never given again.
  virtual std::string PrimaryKeySuffix(const ColumnSpec& spec) const {
    (void)spec;
    return "PRIMARY KEY";
  }
  // A parameter that must be seen as this kind ($1::jsonb); SQLite needs none.
  virtual std::string TypedPlaceholder(std::size_t index_from_1, ColumnKind kind) const = 0;

  // Conditions. `column` is a finished SQL expression; `param` a finished placeholder.
  virtual std::string AsText(std::string_view column) const = 0;  // CAST for text operators
  // Case-insensitive (ASCII and Unicode) LIKE with '\' as escape; case-sensitive when asked.
  virtual std::string Like(std::string_view column, std::string_view param, bool case_sensitive,
                           bool negate) const = 0;
  virtual std::string Regexp(std::string_view column, std::string_view param, bool case_sensitive,
                             bool negate) const = 0;
  // column IN (list) with the list as ONE parameter holding a JSON array text (SQLite: json_each;
  // PostgreSQL: = ANY over a cast array). `kind` is the column's kind. Value for the parameter
  // comes from EncodeList.
  virtual std::string InList(std::string_view column, std::size_t param_index, ColumnKind kind,
                             bool negate) const = 0;
  virtual Value EncodeList(const std::vector<Value>& values, ColumnKind kind) const = 0;
  // Path inside a json column as text or as a comparable number; `path` are member names / indexes
  // from the request and are passed as ONE text parameter whose value EncodeJsonPath makes.
  virtual std::string JsonPathText(std::string_view column, std::size_t path_param,
                                   ColumnKind kind) const = 0;
  virtual std::string JsonPathNumber(std::string_view column, std::size_t path_param,
                                     ColumnKind kind) const = 0;
  virtual Value EncodeJsonPath(const std::vector<std::string>& path) const = 0;
  // Array columns (kJson/kJsonb holding an array, or native arrays). `param` holds a JSON array
  // text, for every kind.
  virtual std::string ArrayMatch(std::string_view column, std::size_t param,
                                 ColumnKind kind) const = 0;  // equal as sets
  virtual std::string ArrayAnyOf(std::string_view column, std::size_t param,
                                 ColumnKind kind) const = 0;  // share an element
  virtual std::string ArrayLength(std::string_view column, ColumnKind kind) const = 0;
  // Is `scalar` (an expression) an element of the array column? For belongsToArray joins.
  virtual std::string ArrayHas(std::string_view column, std::string_view scalar,
                               ColumnKind kind) const = 0;

  // Truncates a timestamp/date column to text by a format of rest-api.md 5.9 (YYYY, YYYY-MM,
  // YYYY-MM-DD, YYYY-MM-DD hh:mm, YYYY-MM-DD hh:mm:ss; hh = HH = 24 hours; other letters literal)
  // at an offset in minutes (ignored unless zone_aware).
  virtual std::string FormatDate(std::string_view column, std::string_view format,
                                 int offset_minutes, bool zone_aware) const = 0;

  // The instant of an integer column of seconds or milliseconds, as a zone-aware timestamp
  // expression for FormatDate.
  virtual std::string InstantFromUnix(std::string_view column, bool milliseconds) const = 0;
  // sum()/avg() without rounding for kDecimal where the database's own would round; `column` may
  // begin with DISTINCT.
  virtual std::string Sum(std::string_view column, ColumnKind kind) const;
  virtual std::string Avg(std::string_view column, ColumnKind kind) const;

  virtual std::string OrderBy(std::string_view column,
                              bool descending) const = 0;  // nulls last both ways
  // For columns that are NOT NULL (keys): "column DESC", which every index can serve in both
  // directions. PostgreSQL sorts the whole table for "id DESC NULLS LAST".
  virtual std::string OrderByNotNull(std::string_view column, bool descending) const;
  // "LIMIT $1 OFFSET $2", no blank before or after; an empty parameter leaves its part out.
  virtual std::string LimitOffset(std::string_view limit_param,
                                  std::string_view offset_param) const = 0;
};

const Dialect& SqliteDialect();
const Dialect& PostgresDialect();

}  // namespace renkei::db
