// FieldType is what a kind of field means: its column, the input it accepts, the JSON it returns,
// how it compares. One file per type in schema/field/, listed in schema/field/all.cc. Stateless;
// any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "db/dialect.h"
#include "db/rows.h"
#include "schema/field.h"

namespace renkei::schema {

// How values of a type compare, for filters (rest-api.md 7.3) and sorting.
enum class Comparison {
  kText,
  kNumber,
  kInteger,
  kBoolean,
  kInstant,    // zone-aware date and time
  kWallClock,  // datetimeNoTz
  kDay,
  kTimeOfDay,
  kUnixTime,  // integer seconds or milliseconds, see `accuracy`
  kJson,
  kArray,
  kUuid,
  kBinary,
  kGeometry,
  kNone,  // relations, virtual: cannot be compared
};

// What a conversion of input may depend on.
struct InputContext {
  TimeZone server_zone;  // zone-less date-times are read in it
};

class FieldType {
 public:
  virtual ~FieldType() = default;
  virtual std::string_view name() const = 0;  // "decimal"
  virtual Comparison comparison() const = 0;
  virtual bool is_relation() const { return false; }
  virtual bool is_password() const { return false; }  // never returned, never filtered
  virtual bool empty_text_is_empty() const {
    return comparison() == Comparison::kText;
  }  // $empty also matches ''
  // Completes spec (and nothing else) from the options; has_column=false for virtual fields.
  virtual bool has_column() const { return true; }
  virtual Result<db::ColumnSpec> Spec(const json::object& options) const = 0;

  // Client input → stored value. null is handled by the caller. Errors: 400 with code
  // INVALID_VALUE, message
  // "<title>: invalid value", hint saying what is accepted, field = name.
  virtual Result<db::Value> ToStored(const json::value& input, const Field& field,
                                     const InputContext& context,
                                     const db::Dialect& dialect) const = 0;
  // Stored value → JSON text appended to `out`. Hot path: no allocation but `out`'s.
  virtual void AppendJson(std::string& out, const db::Cell& cell, const Field& field) const = 0;

  // Types the server fills in itself when the client gives nothing (uuid, nanoid, uid,
  // snowflakeId): nullopt = not filled.
  virtual std::optional<json::value> Generate(const Field& field) const {
    (void)field;
    return std::nullopt;
  }
};

// nullptr when unknown.
const FieldType* FindFieldType(std::string_view name);
// The same, looking at the options too: formula and context store, compare and answer like their
// `dataType`, under their own name.
const FieldType* FindFieldType(std::string_view name, const json::object& options);
std::span<const FieldType* const> AllFieldTypes();

// The key that `encryption` fields are sealed with. Set once at start, before the first thread;
// without it such fields refuse values (ENCRYPTION_KEY_MISSING) and answer null.
void SetFieldEncryptionKey(std::string key32);

}  // namespace renkei::schema
