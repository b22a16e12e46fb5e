#include "query/read_plan.h"

#include <fmt/format.h>

#include "query/filter_parse.h"

namespace renkei::query {

using schema::RelationKind;

const schema::Field* RelationSourceField(const schema::Collection& from,
                                         const schema::Relation& relation) {
  bool key_is_here =
      relation.kind == RelationKind::kBelongsTo || relation.kind == RelationKind::kBelongsToArray;
  return from.FindField(key_is_here ? relation.foreign_key : relation.source_key);
}

const schema::Field* RelationTargetField(const schema::Catalog& catalog,
                                         const schema::Relation& relation) {
  switch (relation.kind) {
    case RelationKind::kBelongsTo:
    case RelationKind::kBelongsToArray: {
      const schema::Collection* target = catalog.Find(relation.target);
      return target ? target->FindField(relation.target_key) : nullptr;
    }
    case RelationKind::kHasOne:
    case RelationKind::kHasMany: {
      const schema::Collection* target = catalog.Find(relation.target);
      return target ? target->FindField(relation.foreign_key) : nullptr;
    }
    case RelationKind::kBelongsToMany: {
      const schema::Collection* through = catalog.Find(relation.through);
      return through ? through->FindField(relation.foreign_key) : nullptr;
    }
  }
  return nullptr;
}

bool MayMultiply(const schema::Catalog& catalog, const schema::Relation& relation) {
  if (relation.kind != RelationKind::kBelongsTo) return true;
  const schema::Collection* target = catalog.Find(relation.target);
  const schema::Field* key = target ? target->FindField(relation.target_key) : nullptr;
  if (!key) return true;
  bool only_key = target->primary_key.size() == 1 && target->primary_key[0] == key->name;
  bool target_key =
      target->filter_target_key.size() == 1 && target->filter_target_key[0] == key->name;
  return !(only_key || key->unique || target_key);
}

Result<int> JoinTree::Add(const schema::Catalog& catalog, int parent,
                          const schema::Collection& from, const schema::Field& association,
                          int group, bool force_from) {
  const schema::Relation& relation = *association.relation;
  bool to_many = MayMultiply(catalog, relation);
  for (std::size_t i = 0; i < joins_.size(); ++i) {
    Join& join = joins_[i];
    if (join.parent != parent || join.association != &association) continue;
    if (join.to_many && !join.in_from && join.group != group) continue;
    if (force_from) join.in_from = true;
    return static_cast<int>(i);
  }
  if (joins_.size() >= kMaxJoins) {
    return Fail(InvalidArgument(
        "FILTER_TOO_MANY_JOINS",
        fmt::format("At most {} associations can be used in one request", kMaxJoins),
        "Use fewer association paths", association.name));
  }
  Join join;
  join.parent = parent;
  join.from = &from;
  join.association = &association;
  join.target = catalog.Find(relation.target);
  join.through =
      relation.kind == RelationKind::kBelongsToMany ? catalog.Find(relation.through) : nullptr;
  join.to_many = to_many;
  // Below a to-many join that EXISTS handles, everything belongs to that EXISTS.
  bool parent_in_from = parent < 0 || joins_[static_cast<std::size_t>(parent)].in_from;
  join.in_from = parent_in_from && (force_from || !to_many);
  join.group = group;
  bool complete =
      join.target && RelationSourceField(from, relation) && RelationTargetField(catalog, relation);
  if (complete && relation.kind == RelationKind::kBelongsToMany) {
    complete =
        join.through->FindField(relation.other_key) && join.target->FindField(relation.target_key);
  }
  if (!complete) {
    return Fail(InvalidArgument(
        "INVALID_SQL_REFERENCE", std::string(kUnknownReference),
        fmt::format("The keys or the target of '{}' no longer exist", association.name),
        association.name));
  }
  joins_.push_back(join);
  return static_cast<int>(joins_.size() - 1);
}

}  // namespace renkei::query
