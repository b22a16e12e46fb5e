// Association values: which records they mean, and the keys and through rows that link them.
#include <algorithm>
#include <map>
#include <set>

#include "records/records.h"
#include "records/write_rows.h"
#include "schema/field_type.h"

namespace renkei::records {
namespace {

using schema::RelationKind;

std::string TextOf(const db::Value& value) { return BorrowCell(value).ToText(); }

std::string KeyTextOf(const std::vector<db::Value>& key) {
  std::string out;
  for (const db::Value& part : key) out += TextOf(part) + '\0';
  return out;
}

Error BrokenAssociation(const schema::Field& association) {
  return InvalidArgument(
      "BROKEN_ASSOCIATION", "The association " + association.name + " is not complete",
      "Its target, through collection or keys are missing; check the field's settings",
      association.name);
}

// What of a linked row the answer shows: what the caller may view of its collection.
struct LinkedEcho {
  access::Permission view;
  explicit LinkedEcho(WriteSession& session, const schema::Collection& target)
      : view(session.context().Check(target, "view")) {
    if (view.filter) view = access::Permission{true, std::nullopt, std::vector<std::string>()};
  }
  std::string Json(const StoredRow& row) const {
    std::string out = "{";
    AppendRowMembers(out, row, Echo{&view, nullptr, nullptr});
    return out + "}";
  }
};

bool OnlyNamesKey(const json::object& object, const std::vector<std::string>& key,
                  std::string_view through) {
  for (const auto& [name, value] : object) {
    const std::string_view member(name.data(), name.size());
    if (member != through && std::find(key.begin(), key.end(), member) == key.end()) return false;
  }
  return true;
}

Error DoesNotExist(const schema::Field& association, const json::value& key,
                   const std::vector<std::string>& fields) {
  const json::value* shown = &key;
  if (key.is_object() && fields.size() == 1) shown = Find(key.get_object(), fields.front());
  const std::string text =
      shown->is_string() ? std::string(View(shown->get_string())) : ToJson(*shown);
  return InvalidArgument(
      "ASSOCIATED_RECORD_NOT_FOUND", association.name + " " + text + " does not exist",
      "Choose an existing record, or give an object without a key to create one", association.name);
}

// One call of ResolveLinks: the parsed inputs, and the rows that their keys name, loaded together.
class Resolver {
 public:
  Resolver(WriteSession& session, const schema::Field& association,
           const schema::Collection& target, const std::vector<Assignment>& preset,
           const WriteOptions& options)
      : session_(session),
        association_(association),
        target_(target),
        preset_(preset),
        options_(options),
        key_fields_(LinkKeyFields(association, target)),
        may_update_(options.MayUpdateAssociation(association.name)) {}

  Task<Result<std::vector<LinkedRow>>> Run(const json::value& value, bool must_exist) {
    const bool through = association_.relation->kind == RelationKind::kBelongsToMany;
    through_ = through ? std::string_view(association_.relation->through) : std::string_view();
    RK_CO_TRY(links,
              ParseLinks(value, association_.name, key_fields_, target_.primary_key, through_));
    if (!association_.relation->to_many() && links.size() > 1) {
      co_return Fail(InvalidArgument("INVALID_ASSOCIATION_VALUE",
                                     association_.name + " takes one record",
                                     "Give one key or one object", association_.name));
    }
    RK_CO_CHECK_OK(co_await LoadKeys(links));
    std::vector<LinkedRow> out;
    std::set<std::string> seen;
    for (const LinkInput& link : links) {
      if (link.key == nullptr) {
        if (options_.links_only) {
          co_return Fail(InvalidArgument("INVALID_KEY",
                                         association_.name + ": an object without a key",
                                         "Name existing records by their keys", association_.name));
        }
        RK_CO_TRY(created, co_await Create(link));
        out.push_back(std::move(created));
        continue;
      }
      RK_CO_TRY(key, KeyFromJson(session_.context(), target_, FieldsOf(link), *link.key));
      const std::string text = (link.by_primary_key ? "p" : "t") + KeyTextOf(key);
      if (!seen.insert(text).second) continue;
      const auto found = rows_.find(text);
      if (found != rows_.end()) {
        RK_CO_TRY(linked, co_await Take(link, found->second));
        out.push_back(std::move(linked));
      } else if (!options_.links_only && link.object != nullptr &&
                 !OnlyNamesKey(*link.object, FieldsOf(link), through_)) {
        RK_CO_TRY(created, co_await Create(link));
        out.push_back(std::move(created));
      } else if (must_exist) {
        co_return Fail(DoesNotExist(association_, *link.key, FieldsOf(link)));
      }
    }
    co_return std::move(out);
  }

 private:
  const std::vector<std::string>& FieldsOf(const LinkInput& link) const {
    return link.by_primary_key ? target_.primary_key : key_fields_;
  }

  Task<Result<void>> LoadKeys(const std::vector<LinkInput>& links) {
    for (const bool by_primary_key : {false, true}) {
      std::vector<std::vector<db::Value>> keys;
      const std::vector<std::string>& fields = by_primary_key ? target_.primary_key : key_fields_;
      for (const LinkInput& link : links) {
        if (link.key == nullptr || link.by_primary_key != by_primary_key) continue;
        RK_CO_TRY(key, KeyFromJson(session_.context(), target_, fields, *link.key));
        keys.push_back(std::move(key));
      }
      if (keys.empty()) continue;
      const auto lock = may_update_ || !preset_.empty() ? WriteSession::LockMode::kChange
                                                        : WriteSession::LockMode::kKeep;
      RK_CO_TRY(rows, co_await session_.Load(target_, fields, keys, lock));
      for (StoredRow& row : rows) {
        rows_.emplace((by_primary_key ? "p" : "t") + KeyTextOf(KeyOf(row, fields)), std::move(row));
      }
    }
    co_return Result<void>();
  }

  Task<Result<LinkedRow>> Create(const LinkInput& link) {
    const access::Permission permission = session_.context().Check(target_, "create");
    if (!permission.allowed)
      co_return Fail(PermissionDenied("Creating " + target_.name + " needs a right of its own"));
    WriteOptions nested = options_.Nested(association_.name);
    nested.permission = &permission;
    nested.preset = preset_;
    RK_CO_TRY(written, co_await CreateRow(session_, target_, *link.object, nested));
    LinkedRow linked;
    linked.json = written.Json(Echo{});
    linked.row = std::move(written.row);
    linked.through = link.through;
    co_return std::move(linked);
  }

  Task<Result<LinkedRow>> Take(const LinkInput& link, const StoredRow& row) {
    LinkedRow linked;
    linked.row = row;
    linked.through = link.through;
    std::vector<StoredRow> one{row};
    bool update = may_update_ && link.object != nullptr;
    if (update) {
      RK_CO_TRY(allowed, co_await MayUpdate(row));
      update = allowed;
    }
    if (update) {
      const access::Permission permission = session_.context().Check(target_, "update");
      WriteOptions nested = options_.Nested(association_.name);
      nested.permission = &permission;
      nested.preset = preset_;
      RK_CO_TRY(updated,
                co_await UpdateRows(session_, target_, std::move(one), *link.object, nested));
      linked.row = std::move(updated.front());
    } else if (!preset_.empty()) {
      RK_CO_TRY(updated, co_await AssignRows(session_, target_, std::move(one), preset_));
      linked.row = std::move(updated.front());
    }
    linked.json = LinkedEcho(session_, target_).Json(linked.row);
    co_return std::move(linked);
  }

  // Without the right: refused. Out of scope: linked, but not changed.
  Task<Result<bool>> MayUpdate(const StoredRow& row) {
    const access::Permission permission = session_.context().Check(target_, "update");
    if (!permission.allowed)
      co_return Fail(PermissionDenied("Changing " + target_.name + " needs a right of its own"));
    if (!permission.filter) co_return true;
    Params params;
    json::object key;
    for (const std::string& name : target_.filter_target_key) key[name] = row.JsonOf(name);
    params.filter_by_tk = key.size() == 1 ? key.begin()->value() : json::value(key);
    RK_CO_TRY(keys, co_await SelectKeysIn(session_.connection(), session_.context(), target_,
                                          params, permission));
    co_return !keys.empty();
  }

  WriteSession& session_;
  const schema::Field& association_;
  const schema::Collection& target_;
  const std::vector<Assignment>& preset_;
  const WriteOptions& options_;
  std::vector<std::string> key_fields_;
  std::string_view through_;
  bool may_update_;
  std::map<std::string, StoredRow> rows_;  // "t" or "p" and the key's text
};

std::string ArrayOf(const std::vector<LinkedRow>& rows) {
  std::string out = "[";
  for (const LinkedRow& row : rows) {
    if (out.size() > 1) out += ',';
    out += row.json;
  }
  return out + "]";
}

}  // namespace

const schema::Collection* TargetOf(WriteSession& session, const schema::Field& association) {
  return session.catalog().Find(association.relation->target);
}

std::vector<std::string> LinkKeyFields(const schema::Field& association,
                                       const schema::Collection& target) {
  const std::string& key = association.relation->target_key;
  if (!key.empty() && target.FindField(key) != nullptr) return {key};
  return IdentityOf(target).empty() || !target.filter_target_key.empty() ? target.filter_target_key
                                                                         : IdentityOf(target);
}

Task<Result<std::vector<LinkedRow>>> ResolveLinks(WriteSession& session,
                                                  const schema::Field& association,
                                                  const schema::Collection& target,
                                                  const json::value& value, bool must_exist,
                                                  const std::vector<Assignment>& preset,
                                                  const WriteOptions& options) {
  Resolver resolver(session, association, target, preset, options);
  co_return co_await resolver.Run(value, must_exist);
}

Task<Result<void>> ResolveOwnKeys(WriteSession& session, const schema::Collection& collection,
                                  PreparedValues& prepared, const WriteOptions& options,
                                  std::vector<std::pair<std::string, std::string>>& extras) {
  for (const auto& [association, value] : prepared.associations) {
    const RelationKind kind = association->relation->kind;
    if (kind != RelationKind::kBelongsTo && kind != RelationKind::kBelongsToArray) continue;
    const schema::Collection* target = TargetOf(session, *association);
    const schema::Field* key = collection.FindField(association->relation->foreign_key);
    if (target == nullptr || key == nullptr || !key->has_column() ||
        target->FindField(association->relation->target_key) == nullptr) {
      co_return Fail(BrokenAssociation(*association));
    }
    const bool to_one = kind == RelationKind::kBelongsTo;
    const std::vector<Assignment> none;
    RK_CO_TRY(links,
              co_await ResolveLinks(session, *association, *target, *value, to_one, none, options));
    if (to_one) {
      Assignment assignment{key, db::Value::Null(), nullptr};
      if (!links.empty()) {
        assignment.value = links.front().row.ValueOf(association->relation->target_key);
        assignment.json = links.front().row.JsonOf(association->relation->target_key);
        extras.emplace_back(association->name, links.front().json);
      }
      prepared.Set(std::move(assignment));
      continue;
    }
    json::array keys;
    for (const LinkedRow& link : links)
      keys.push_back(link.row.JsonOf(association->relation->target_key));
    const json::value list = value->is_null() ? json::value(nullptr) : json::value(std::move(keys));
    RK_CO_TRY(assignment, ToAssignment(session.context(), *key, list));
    prepared.Set(std::move(assignment));
    extras.emplace_back(association->name, ArrayOf(links));
  }
  co_return Result<void>();
}

Result<Assignment> ForeignKeyOf(WriteSession& session, const StoredRow& source,
                                const schema::Field& association,
                                const schema::Collection& target) {
  const schema::Field* key = target.FindField(association.relation->foreign_key);
  if (key == nullptr || !key->has_column()) return Fail(BrokenAssociation(association));
  Assignment assignment{key, source.ValueOf(association.relation->source_key),
                        source.JsonOf(association.relation->source_key)};
  if (assignment.value.is_null()) {
    return Fail(
        InvalidArgument("SOURCE_KEY_MISSING",
                        association.name + " needs a value of " + association.relation->source_key,
                        "Give the record its key first", association.relation->source_key));
  }
  return assignment;
}

Task<Result<void>> UnlinkForeign(WriteSession& session, const StoredRow& source,
                                 const schema::Field& association, const schema::Collection& target,
                                 const json::value& keep) {
  RK_CO_TRY(foreign_key, ForeignKeyOf(session, source, association, target));
  const std::vector<std::string> key_fields = LinkKeyFields(association, target);
  RK_CO_TRY(links, ParseLinks(keep, association.name, key_fields, target.primary_key, {}));
  std::set<std::string> kept;
  for (const LinkInput& link : links) {
    if (link.key == nullptr) continue;
    const std::vector<std::string>& fields = link.by_primary_key ? target.primary_key : key_fields;
    RK_CO_TRY(key, KeyFromJson(session.context(), target, fields, *link.key));
    kept.insert((link.by_primary_key ? "p" : "t") + KeyTextOf(key));
  }
  std::vector<std::vector<db::Value>> keys{{foreign_key.value}};
  std::vector<std::string> key_name{foreign_key.field->name};
  RK_CO_TRY(rows, co_await session.Load(target, key_name, keys));
  std::erase_if(rows, [&](const StoredRow& row) {
    return kept.contains("t" + KeyTextOf(KeyOf(row, key_fields))) ||
           kept.contains("p" + KeyTextOf(KeyOf(row, target.primary_key)));
  });
  std::vector<Assignment> cleared{Assignment{foreign_key.field, db::Value::Null(), nullptr}};
  RK_CO_CHECK_OK(co_await AssignRows(session, target, std::move(rows), std::move(cleared)));
  co_return Result<void>();
}

Task<Result<void>> ReplaceForeignLinks(WriteSession& session, const StoredRow& row,
                                       const PreparedValues& prepared, const WriteOptions& options,
                                       bool fresh,
                                       std::vector<std::pair<std::string, std::string>>& extras) {
  for (const auto& [association, value] : prepared.associations) {
    const RelationKind kind = association->relation->kind;
    if (kind == RelationKind::kBelongsTo || kind == RelationKind::kBelongsToArray) continue;
    const schema::Collection* target = TargetOf(session, *association);
    if (target == nullptr) co_return Fail(BrokenAssociation(*association));
    if (kind == RelationKind::kBelongsToMany) {
      const std::vector<Assignment> none;
      RK_CO_TRY(links, co_await ResolveLinks(session, *association, *target, *value, false, none,
                                             options));
      if (!value->is_null()) extras.emplace_back(association->name, ArrayOf(links));
      RK_CO_CHECK_OK(co_await LinkThrough(session, row, *association, std::move(links), !fresh));
      continue;
    }
    if (!fresh) RK_CO_CHECK_OK(co_await UnlinkForeign(session, row, *association, *target, *value));
    if (value->is_null()) continue;
    RK_CO_TRY(foreign_key, ForeignKeyOf(session, row, *association, *target));
    std::vector<Assignment> preset{foreign_key};
    const bool to_one = kind == RelationKind::kHasOne;
    RK_CO_TRY(links, co_await ResolveLinks(session, *association, *target, *value, to_one, preset,
                                           options));
    extras.emplace_back(association->name,
                        to_one ? (links.empty() ? "null" : links.front().json) : ArrayOf(links));
  }
  co_return Result<void>();
}

}  // namespace renkei::records
