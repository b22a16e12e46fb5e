#include "records/references.h"

#include <algorithm>
#include <set>

namespace renkei::records {
namespace {

using schema::OnDelete;
using schema::RelationKind;

int Strength(OnDelete action) {
  switch (action) {
    case OnDelete::kNoAction:
      return 0;
    case OnDelete::kSetNull:
      return 1;
    case OnDelete::kCascade:
      return 2;
    case OnDelete::kRestrict:
      return 3;
  }
  return 0;
}

void CollectFamily(const schema::Catalog& catalog, const schema::Collection& collection,
                   std::set<std::string_view>& family) {
  if (!family.insert(collection.name).second) return;
  for (const std::string& parent : collection.inherits) {
    if (const schema::Collection* found = catalog.Find(parent))
      CollectFamily(catalog, *found, family);
  }
}

// Children of a tree go with their parent unless the field says otherwise.
OnDelete ActionOf(const schema::Collection& collection, const schema::Field& field) {
  const OnDelete action = field.relation->on_delete;
  if (action != OnDelete::kNoAction || !collection.tree || field.options.contains("onDelete"))
    return action;
  const bool children = field.relation->target == collection.name &&
                        field.relation->kind == RelationKind::kHasMany &&
                        (FindBool(field.options, "treeChildren") || field.name == "children");
  return children ? OnDelete::kCascade : action;
}

void AddChild(References& out, Reference reference) {
  if (reference.child == nullptr || reference.foreign_key == nullptr ||
      !reference.foreign_key->has_column())
    return;
  if (reference.child->kind != schema::CollectionKind::kTable) return;
  for (Reference& known : out.children) {
    if (known.child != reference.child || known.foreign_key != reference.foreign_key) continue;
    if (Strength(reference.action) > Strength(known.action)) known = std::move(reference);
    return;
  }
  out.children.push_back(std::move(reference));
}

void AddThrough(References& out, ThroughReference reference) {
  if (reference.through == nullptr || reference.key == nullptr || !reference.key->has_column())
    return;
  if (reference.through->kind != schema::CollectionKind::kTable) return;
  for (ThroughReference& known : out.through) {
    if (known.through != reference.through || known.key != reference.key) continue;
    known.restrict = known.restrict || reference.restrict;
    return;
  }
  out.through.push_back(std::move(reference));
}

void AddOwn(const schema::Catalog& catalog, const schema::Collection& collection,
            const schema::Field& field, References& out) {
  const schema::Relation& relation = *field.relation;
  if (relation.kind == RelationKind::kHasOne || relation.kind == RelationKind::kHasMany) {
    const schema::Collection* child = catalog.Find(relation.target);
    AddChild(out, {child, child == nullptr ? nullptr : child->FindField(relation.foreign_key),
                   relation.source_key, ActionOf(collection, field), field.title, field.name});
  } else if (relation.kind == RelationKind::kBelongsToMany) {
    const schema::Collection* through = catalog.Find(relation.through);
    AddThrough(
        out,
        {through, through == nullptr ? nullptr : through->FindField(relation.foreign_key),
         relation.source_key, relation.on_delete == OnDelete::kRestrict, field.title, field.name});
  }
}

void AddForeign(const schema::Catalog& catalog, const schema::Collection& collection,
                const schema::Field& field, References& out) {
  const schema::Relation& relation = *field.relation;
  if (relation.kind == RelationKind::kBelongsTo) {
    AddChild(out, {&collection, collection.FindField(relation.foreign_key), relation.target_key,
                   relation.on_delete, field.title, field.name});
  } else if (relation.kind == RelationKind::kBelongsToMany) {
    const schema::Collection* through = catalog.Find(relation.through);
    AddThrough(out, {through, through == nullptr ? nullptr : through->FindField(relation.other_key),
                     relation.target_key, false, field.title, field.name});
  }
}

}  // namespace

References ReferencesTo(const schema::Catalog& catalog, const schema::Collection& collection) {
  std::set<std::string_view> family;
  CollectFamily(catalog, collection, family);
  References out;
  for (const schema::CollectionRef& other : catalog.all()) {
    const bool own = family.contains(other->name);
    for (const schema::Field& field : other->fields) {
      if (!field.is_relation()) continue;
      if (own) AddOwn(catalog, *other, field, out);
      if (family.contains(field.relation->target)) AddForeign(catalog, *other, field, out);
    }
  }
  std::erase_if(out.children,
                [](const Reference& reference) { return reference.action == OnDelete::kNoAction; });
  return out;
}

}  // namespace renkei::records
