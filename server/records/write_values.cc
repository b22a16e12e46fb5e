#include "records/write_values.h"

#include <algorithm>

#include "base/observe.h"
#include "db/errors.h"
#include "records/formula.h"
#include "schema/field_type.h"
#include "schema/messages.h"
#include "schema/validation.h"

namespace renkei::records {
namespace {

bool IsTime(schema::Comparison comparison) {
  return comparison == schema::Comparison::kInstant ||
         comparison == schema::Comparison::kWallClock ||
         comparison == schema::Comparison::kUnixTime || comparison == schema::Comparison::kDay;
}

bool Contains(const std::vector<std::string>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool IsKeyField(const schema::Collection& collection, const schema::Field& field) {
  return field.primary_key || Contains(collection.primary_key, field.name);
}

// The foreign key behind createdBy / updatedBy, or the column of that name.
bool IsStampKey(const schema::Collection& collection, const schema::Field& field,
                std::string_view association) {
  if (field.name.size() == association.size() + 2 && field.name.starts_with(association) &&
      field.name.ends_with("Id")) {
    return true;
  }
  for (const schema::Field& other : collection.fields) {
    if (other.is_relation() && (other.name == association || other.interface == association) &&
        other.relation->kind == schema::RelationKind::kBelongsTo &&
        other.relation->foreign_key == field.name) {
      return true;
    }
  }
  return false;
}

// `state.currentUser.id`, `request.ip` … from what a request is known by; null for everything else.
json::value ContextValue(const Context& context, std::string_view path) {
  for (std::string_view prefix : {"ctx.", "state.", "auth."}) {
    if (path.starts_with(prefix)) path.remove_prefix(prefix.size());
  }
  const access::Identity& identity = context.identity;
  if (path == "currentUser.id" || path == "user.id") {
    return identity.user_id == 0 ? json::value(nullptr) : json::value(identity.user_id);
  }
  for (std::string_view prefix : {"currentUser.", "user."}) {
    if (!path.starts_with(prefix) || identity.user == nullptr) continue;
    const json::value* member = Find(*identity.user, path.substr(prefix.size()));
    return member == nullptr ? json::value(nullptr) : *member;
  }
  if (path == "currentRole") return json::string(identity.current_role);
  if (path == "currentRoles") {
    json::array roles;
    for (const std::string& role : identity.roles) roles.push_back(json::string(role));
    return roles;
  }
  if (path == "request.ip" || path == "req.ip" || path == "ip")
    return json::string(context.remote_address);
  for (std::string_view prefix : {"request.", "req."}) {
    if (path.starts_with(prefix)) path.remove_prefix(prefix.size());
  }
  for (std::string_view prefix : {"header.", "headers."}) {
    if (!path.starts_with(prefix)) continue;
    if (path.substr(prefix.size()) == "user-agent") return json::string(context.user_agent);
  }
  return nullptr;
}

Result<Assignment> Now(const Context& context, const schema::Field& field, std::int64_t now_ms) {
  return ToAssignment(context, field, json::string(IsoUtc(now_ms)));
}

Result<Assignment> Caller(const Context& context, const schema::Field& field) {
  if (context.identity.user_id == 0) return Assignment{&field, db::Value::Null(), nullptr};
  return ToAssignment(context, field, context.identity.user_id);
}

// What a column gets on create when the client gives nothing; nullopt: the column is left to the
// database.
Result<std::optional<Assignment>> Missing(const Context& context, const schema::Field& field,
                                          std::int64_t now_ms) {
  if (field.auto_increment) return std::nullopt;
  json::value value;
  if (field.default_value && !field.default_value->is_null()) {
    value = *field.default_value;
  } else if (std::optional<json::value> generated = field.type->Generate(field)) {
    value = std::move(*generated);
  } else if (FindBool(field.options, "defaultToCurrentTime")) {
    value = json::string(IsoUtc(now_ms));
  } else {
    return std::nullopt;
  }
  RK_TRY(assignment, ToAssignment(context, field, value));
  return std::optional<Assignment>(std::move(assignment));
}

Result<std::optional<Assignment>> ColumnOfCreate(const Context& context,
                                                 const schema::Collection& collection,
                                                 const schema::Field& field,
                                                 const json::value* given, std::int64_t now_ms) {
  switch (RoleOf(collection, field)) {
    case FieldRole::kCreatedAt:
      if (given != nullptr && !given->is_null()) break;
      return Now(context, field, now_ms);
    case FieldRole::kUpdatedAt:
      return Now(context, field, now_ms);
    case FieldRole::kCreatedBy:
    case FieldRole::kUpdatedBy:
      return Caller(context, field);
    case FieldRole::kContext: {
      RK_TRY(assignment,
             ToAssignment(context, field,
                          ContextValue(context, FindString(field.options, "dataIndex"))));
      return std::optional<Assignment>(std::move(assignment));
    }
    case FieldRole::kFormula:
      return std::nullopt;
    case FieldRole::kSequence:
      if (given == nullptr || given->is_null() || !FindBool(field.options, "inputable"))
        return std::nullopt;
      break;
    case FieldRole::kPassword:
      if (given != nullptr && given->is_string() && given->get_string().empty()) given = nullptr;
      break;
    default:
      break;
  }
  // A key that is null is a key that is missing: the database or the type makes it.
  if (given != nullptr && given->is_null() &&
      (field.auto_increment || IsKeyField(collection, field)))
    given = nullptr;
  if (given == nullptr) return Missing(context, field, now_ms);
  RK_TRY(assignment, ToAssignment(context, field, *given));
  return std::optional<Assignment>(std::move(assignment));
}

Result<std::optional<Assignment>> ColumnOfUpdate(const Context& context,
                                                 const schema::Collection& collection,
                                                 const schema::Field& field,
                                                 const json::value* given) {
  if (IsKeyField(collection, field)) return std::nullopt;
  switch (RoleOf(collection, field)) {
    case FieldRole::kCreatedAt:
    case FieldRole::kUpdatedAt:
    case FieldRole::kCreatedBy:
    case FieldRole::kUpdatedBy:
    case FieldRole::kFormula:
      return std::nullopt;
    case FieldRole::kContext: {
      if (FindBool(field.options, "createOnly")) return std::nullopt;
      RK_TRY(assignment,
             ToAssignment(context, field,
                          ContextValue(context, FindString(field.options, "dataIndex"))));
      return std::optional<Assignment>(std::move(assignment));
    }
    case FieldRole::kSequence:
      if (!FindBool(field.options, "inputable")) return std::nullopt;
      break;
    case FieldRole::kPassword:  // empty keeps the old one
      if (given == nullptr || given->is_null() ||
          (given->is_string() && given->get_string().empty()))
        return std::nullopt;
      break;
    default:
      break;
  }
  if (given == nullptr) return std::nullopt;
  RK_TRY(assignment, ToAssignment(context, field, *given));
  return std::optional<Assignment>(std::move(assignment));
}

// Sorts what has no column of its own into associations and virtual fields.
void TakeOthers(const Context& context, const schema::Field& field, const json::value& given,
                PreparedValues& prepared) {
  if (!field.is_relation()) {
    prepared.virtuals.emplace_back(&field, &given);
    return;
  }
  // Only root may say who made a record; nobody may say who changed it.
  if (IsStampAssociation(field)) {
    const bool created = field.interface == "createdBy" || field.name == "createdBy";
    if (!created || !context.identity.is_root || given.is_null()) return;
  }
  prepared.associations.emplace_back(&field, &given);
}

}  // namespace

FieldRole RoleOf(const schema::Collection& collection, const schema::Field& field) {
  const std::string_view type = field.type->name();
  if (type == "password") return FieldRole::kPassword;
  if (type == "sort") return FieldRole::kSort;
  if (type == "sequence") return FieldRole::kSequence;
  if (type == "formula") return FieldRole::kFormula;
  if (type == "context") return FieldRole::kContext;
  if (type == "radio") return FieldRole::kRadio;
  if (IsTime(field.type->comparison())) {
    if (field.interface == "createdAt" || field.name == "createdAt") return FieldRole::kCreatedAt;
    if (field.interface == "updatedAt" || field.name == "updatedAt") return FieldRole::kUpdatedAt;
    return FieldRole::kPlain;
  }
  if (IsStampKey(collection, field, "createdBy")) return FieldRole::kCreatedBy;
  if (IsStampKey(collection, field, "updatedBy")) return FieldRole::kUpdatedBy;
  return FieldRole::kPlain;
}

bool IsStampAssociation(const schema::Field& field) {
  return field.interface == "createdBy" || field.interface == "updatedBy" ||
         field.name == "createdBy" || field.name == "updatedBy";
}

Assignment* PreparedValues::Find(std::string_view field_name) {
  for (Assignment& assignment : columns) {
    if (assignment.field->name == field_name) return &assignment;
  }
  return nullptr;
}
const Assignment* PreparedValues::Find(std::string_view field_name) const {
  return const_cast<PreparedValues*>(this)->Find(field_name);
}
void PreparedValues::Set(Assignment assignment) {
  for (Assignment& existing : columns) {
    // Two fields may map to one column: the later one is written.
    if (existing.field == assignment.field || existing.field->column == assignment.field->column) {
      existing = std::move(assignment);
      return;
    }
  }
  columns.push_back(std::move(assignment));
}

bool WriteOptions::Accepts(std::string_view key) const {
  if (path.empty() && params != nullptr) {
    if (!params->whitelist.empty() && !Contains(params->whitelist, key)) return false;
    if (Contains(params->blacklist, key)) return false;
  }
  return permission == nullptr || permission->MayField(key);
}

bool WriteOptions::MayUpdateAssociation(std::string_view association) const {
  if (params == nullptr) return false;
  const std::string full =
      path.empty() ? std::string(association) : path + "." + std::string(association);
  return Contains(params->update_association_values, full);
}

WriteOptions WriteOptions::Nested(std::string_view association) const {
  WriteOptions nested;
  nested.params = params;
  nested.path = path.empty() ? std::string(association) : path + "." + std::string(association);
  return nested;
}

Result<Assignment> ToAssignment(const Context& context, const schema::Field& field,
                                const json::value& value) {
  Assignment assignment;
  assignment.field = &field;
  if (value.is_null()) return assignment;
  if (field.type->is_password()) {  // a hash by now, see password_values.h
    if (!value.is_string()) {
      return Fail(InvalidArgument("INVALID_VALUE", field.title + ": invalid value",
                                  "Give the password as text", field.name));
    }
    assignment.value = db::Value::Text(View(value.get_string()));
    return assignment;
  }
  const schema::InputContext input{context.server_zone};
  RK_TRY(stored, field.type->ToStored(value, field, input, context.database.dialect()));
  const bool empty_text = stored.kind() == db::Value::Kind::kText && stored.as_text().empty();
  if (field.unique && empty_text && field.type->comparison() == schema::Comparison::kText)
    return assignment;
  assignment.value = std::move(stored);
  assignment.json = value;
  return assignment;
}

namespace {

// A column added to a table with rows carries no NOT NULL of the database's, so the rule is kept here. Keys, counters and
// foreign keys may still be filled in later.
bool MustBeGiven(const schema::Collection& collection, const schema::Field& field) {
  return !field.allow_null && !field.auto_increment && !field.primary_key && !field.implicit &&
         RoleOf(collection, field) == FieldRole::kPlain && !FindBool(field.options, "isForeignKey");
}

Result<void> CheckNotNull(const Context& context, const schema::Collection& collection,
                          const PreparedValues& prepared, bool creating) {
  for (const schema::Field& field : collection.fields) {
    if (!field.has_column() || !MustBeGiven(collection, field)) continue;
    const Assignment* assignment = prepared.Find(field.name);
    if (assignment == nullptr ? !creating : !assignment->value.is_null()) continue;
    const std::string_view title = field.title.empty() ? std::string_view(field.name) : field.title;
    return Fail(InvalidArgument(db::codes::kNotNull,
                                schema::Localize(context.locale, "{0} cannot be null", {title}),
                                "Give a value", field.name));
  }
  return {};
}

}  // namespace

Result<void> ValidateBody(const Context& context, const schema::Collection& collection,
                          const json::object& values, const WriteOptions& options, bool creating) {
  static const json::value kNothing;
  for (const schema::Field& field : collection.fields) {
    if (!field.validation) continue;
    const json::value* given = Find(values, field.name);
    if (given != nullptr && !options.Accepts(field.name)) given = nullptr;
    if (given == nullptr && creating && field.default_value) given = &*field.default_value;
    if (given == nullptr && !creating) continue;
    // The key of the association above is the server's to give.
    bool preset = false;
    for (const Assignment& assignment : options.preset)
      preset = preset || assignment.field == &field;
    if (preset) continue;
    std::optional<Error> error = schema::Validate(
        field, collection, given == nullptr ? kNothing : *given, given != nullptr, context.locale);
    if (error) return Fail(std::move(*error));
  }
  return {};
}

Result<PreparedValues> PrepareCreate(const Context& context, const schema::Collection& collection,
                                     const json::object& values, const WriteOptions& options,
                                     std::int64_t now_ms) {
  PreparedValues prepared;
  RK_CHECK_OK(ValidateBody(context, collection, values, options, true));
  for (const schema::Field& field : collection.fields) {
    const json::value* given = Find(values, field.name);
    if (given != nullptr && !options.Accepts(field.name)) given = nullptr;
    if (!field.has_column()) {
      if (given != nullptr) TakeOthers(context, field, *given, prepared);
      continue;
    }
    RK_TRY(assignment, ColumnOfCreate(context, collection, field, given, now_ms));
    if (assignment) prepared.Set(std::move(*assignment));
  }
  for (const Assignment& preset : options.preset) prepared.Set(preset);
  RK_CHECK_OK(CheckNotNull(context, collection, prepared, true));
  return prepared;
}

Result<PreparedValues> PrepareUpdate(const Context& context, const schema::Collection& collection,
                                     const json::object& values, const WriteOptions& options) {
  PreparedValues prepared;
  RK_CHECK_OK(ValidateBody(context, collection, values, options, false));
  for (const schema::Field& field : collection.fields) {
    const json::value* given = Find(values, field.name);
    if (given != nullptr && !options.Accepts(field.name)) given = nullptr;
    if (!field.has_column()) {
      if (given != nullptr) TakeOthers(context, field, *given, prepared);
      continue;
    }
    RK_TRY(assignment, ColumnOfUpdate(context, collection, field, given));
    if (assignment) prepared.Set(std::move(*assignment));
  }
  for (const Assignment& preset : options.preset) prepared.Set(preset);
  RK_CHECK_OK(CheckNotNull(context, collection, prepared, false));
  return prepared;
}

Result<std::vector<Assignment>> UpdateStamps(const Context& context,
                                             const schema::Collection& collection,
                                             const PreparedValues& prepared, std::int64_t now_ms) {
  std::vector<Assignment> stamps;
  for (const schema::Field& field : collection.fields) {
    if (!field.has_column() || prepared.Find(field.name) != nullptr) continue;
    const FieldRole role = RoleOf(collection, field);
    if (role == FieldRole::kUpdatedAt ||
        (role == FieldRole::kPlain && IsTime(field.type->comparison()) &&
         FindBool(field.options, "onUpdateToCurrentTime"))) {
      RK_TRY(stamp, Now(context, field, now_ms));
      stamps.push_back(std::move(stamp));
    } else if (role == FieldRole::kUpdatedBy) {
      RK_TRY(stamp, Caller(context, field));
      stamps.push_back(std::move(stamp));
    }
  }
  return stamps;
}

Result<std::vector<Assignment>> ComputeFormulas(
    const Context& context, const schema::Collection& collection,
    const std::function<json::value(std::string_view)>& lookup) {
  std::vector<Assignment> out;
  for (const schema::Field& field : collection.fields) {
    if (!field.has_column() || field.type->name() != "formula") continue;
    auto value = EvaluateFormula(FindString(field.options, "engine"),
                                 FindString(field.options, "expression"), lookup);
    if (!value) {
      Emit(Note{value.error().code,
                collection.name + "." + field.name + ": " + value.error().message});
      out.push_back(Assignment{&field, db::Value::Null(), nullptr});
      continue;
    }
    auto assignment = ToAssignment(context, field, *value);
    // A result that does not fit the column's type is no result.
    out.push_back(assignment ? std::move(*assignment)
                             : Assignment{&field, db::Value::Null(), nullptr});
  }
  return out;
}

Result<std::vector<db::Value>> KeyFromJson(const Context& context,
                                           const schema::Collection& collection,
                                           const std::vector<std::string>& key_fields,
                                           const json::value& key) {
  std::vector<db::Value> out;
  if (key_fields.size() > 1 && !key.is_object()) {
    return Fail(InvalidArgument("INVALID_KEY", "multi filter target key value must be object",
                                "Give every part of the key: {\"a\":1,\"b\":2}", "filterByTk"));
  }
  for (const std::string& name : key_fields) {
    const schema::Field* field = collection.FindField(name);
    if (field == nullptr)
      return Fail(Internal("collection " + collection.name + " has no key field " + name));
    const json::value* part = key.is_object() ? Find(key.get_object(), name) : &key;
    if (part == nullptr || part->is_null()) {
      return Fail(InvalidArgument("INVALID_KEY", "The key of " + collection.name + " needs " + name,
                                  "Give every part of the key", "filterByTk"));
    }
    const schema::InputContext input{context.server_zone};
    RK_TRY(stored, field->type->ToStored(*part, *field, input, context.database.dialect()));
    out.push_back(std::move(stored));
  }
  return out;
}

}  // namespace renkei::records
