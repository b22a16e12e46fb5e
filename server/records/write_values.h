// From a request's body to columns: which keys count, what the server sets itself, defaults,
// generated values, types. The part of a write that needs no database; counters, links and
// everything that looks at other rows come after it.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "access/permission.h"
#include "base/json.h"
#include "base/result.h"
#include "db/value.h"
#include "records/context.h"
#include "records/params.h"
#include "records/stored_row.h"

namespace renkei::records {

// What is special about writing a field.
enum class FieldRole {
  kPlain,
  kCreatedAt,
  kUpdatedAt,
  kCreatedBy,
  kUpdatedBy,
  kSort,
  kSequence,
  kFormula,
  kContext,
  kRadio,
  kPassword,
};
FieldRole RoleOf(const schema::Collection& collection, const schema::Field& field);
// createdBy, updatedBy as associations: set by the server.
bool IsStampAssociation(const schema::Field& field);

// A column that gets a value. `json` is the same value for formulas, scopes and the journal.
struct Assignment {
  const schema::Field* field = nullptr;
  db::Value value;
  json::value json;
};

struct PreparedValues {
  std::vector<Assignment> columns;
  std::vector<std::pair<const schema::Field*, const json::value*>>
      associations;  // borrowed from the body
  std::vector<std::pair<const schema::Field*, const json::value*>> virtuals;

  Assignment* Find(std::string_view field_name);
  const Assignment* Find(std::string_view field_name) const;
  void Set(Assignment assignment);  // replaces
};

// How a body is to be written. Plain value; `params` and `permission` are borrowed.
struct WriteOptions {
  const Params* params = nullptr;  // whitelist, blacklist (top level), updateAssociationValues
  std::string path;  // the association path from the top: "", "comments", "comments.author"
  const access::Permission* permission = nullptr;  // null: every field
  std::vector<Assignment>
      preset;  // the server's columns (keys of the association): beat the client's
  bool journal = true;
  bool links_only =
      false;  // association values name existing records, nothing is created (add, set, remove)
  bool ignore_conflict =
      false;  // a row that exists already is no error (through rows): nothing is written then

  bool Accepts(std::string_view key) const;
  bool MayUpdateAssociation(std::string_view association) const;
  WriteOptions Nested(std::string_view association) const;
};

// Errors: 400 for values of the wrong type and values that break the field's validation.
Result<PreparedValues> PrepareCreate(const Context& context, const schema::Collection& collection,
                                     const json::object& values, const WriteOptions& options,
                                     std::int64_t now_ms);
Result<PreparedValues> PrepareUpdate(const Context& context, const schema::Collection& collection,
                                     const json::object& values, const WriteOptions& options);

// The rules of the fields' `validation` (rest-api.md 8.5): on create every field, on update the
// keys that are given. Keys that are not accepted count as missing; defaults count as given.
Result<void> ValidateBody(const Context& context, const schema::Collection& collection,
                          const json::object& values, const WriteOptions& options, bool creating);

// A client's value of a column: null, the type's conversion, '' of a unique text as null.
Result<Assignment> ToAssignment(const Context& context, const schema::Field& field,
                                const json::value& value);
// The stamps of a change that really changes something: updatedAt, updatedBy,
// onUpdateToCurrentTime.
Result<std::vector<Assignment>> UpdateStamps(const Context& context,
                                             const schema::Collection& collection,
                                             const PreparedValues& prepared, std::int64_t now_ms);
// Formula fields over the values `lookup` gives; an expression outside the subset gives null.
Result<std::vector<Assignment>> ComputeFormulas(
    const Context& context, const schema::Collection& collection,
    const std::function<json::value(std::string_view)>& lookup);

// Keys of a request as stored values, one per key field, from a scalar or an object. Errors: 400
// "multi filter target key value must be object" for a scalar of a composite key.
Result<std::vector<db::Value>> KeyFromJson(const Context& context,
                                           const schema::Collection& collection,
                                           const std::vector<std::string>& key_fields,
                                           const json::value& key);

}  // namespace renkei::records
