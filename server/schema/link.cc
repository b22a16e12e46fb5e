#include "schema/link.h"

#include <fmt/format.h>

#include <algorithm>

#include "schema/field_type.h"
#include "schema/parse_definition.h"

namespace renkei::schema {
namespace {

constexpr int kMaxInheritance = 16;  // parents of parents; ends cycles in rows nobody checked

struct KeyFix {
  std::size_t field = 0;
  std::string source_key, target_key;
};
struct Patch {
  std::vector<json::object> columns;
  std::vector<KeyFix> keys;
  std::string signature;
};

class Linker {
 public:
  explicit Linker(std::vector<LinkedCollection>& all)
      : all_(all), patches_(all.size()), done_(all.size(), false) {
    for (std::size_t i = 0; i < all.size(); ++i) by_name_.emplace(all[i].base->name, i);
  }

  void Run() {
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const Collection& collection = *all_[i].base;
      for (std::size_t f = 0; f < collection.fields.size(); ++f) {
        if (collection.fields[f].is_relation()) Collect(i, f);
      }
    }
    for (std::size_t i = 0; i < all_.size(); ++i) Complete(i, 0);
  }

 private:
  const Collection* Find(std::string_view name) const {
    auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : all_[found->second].base.get();
  }

  bool Declares(const Collection& collection, std::string_view field, int depth = 0) const {
    if (collection.FindField(field) != nullptr) return true;
    if (depth >= kMaxInheritance) return false;
    return std::any_of(collection.inherits.begin(), collection.inherits.end(),
                       [&](const std::string& parent) {
                         const Collection* found = Find(parent);
                         return found != nullptr && Declares(*found, field, depth + 1);
                       });
  }

  void AddColumn(std::string_view collection, json::object definition) {
    auto found = by_name_.find(collection);
    if (found == by_name_.end()) return;
    const Collection& base = *all_[found->second].base;
    const std::string_view name = FindString(definition, "name");
    if (base.kind != CollectionKind::kTable || name.empty() || Declares(base, name)) return;
    Patch& patch = patches_[found->second];
    for (const json::object& known : patch.columns) {
      if (FindString(known, "name") == name) return;
    }
    patch.signature += fmt::format("+{}:{}:{};", name, FindString(definition, "type"),
                                   FindString(definition, "elementType"));
    patch.columns.push_back(std::move(definition));
  }

  void Collect(std::size_t index, std::size_t field_index) {
    const Collection& own = *all_[index].base;
    const Field& field = own.fields[field_index];
    const Relation& relation = *field.relation;
    const Collection* target = Find(relation.target);
    KeyFix fix{field_index, relation.source_key, relation.target_key};
    if (fix.source_key.empty()) fix.source_key = DefaultKey(&own);
    if (fix.target_key.empty()) fix.target_key = DefaultKey(target);
    switch (relation.kind) {
      case RelationKind::kBelongsTo:
        AddColumn(own.name, ForeignKeyDefinition(relation.foreign_key, target, fix.target_key));
        break;
      case RelationKind::kBelongsToArray:
        AddColumn(own.name, KeyListDefinition(relation.foreign_key, target, fix.target_key));
        break;
      case RelationKind::kHasOne:
      case RelationKind::kHasMany:
        AddColumn(relation.target,
                  ForeignKeyDefinition(relation.foreign_key, &own, fix.source_key));
        AddSortColumn(field, relation);
        break;
      case RelationKind::kBelongsToMany:
        AddColumn(relation.through,
                  ForeignKeyDefinition(relation.foreign_key, &own, fix.source_key));
        AddColumn(relation.through,
                  ForeignKeyDefinition(relation.other_key, target, fix.target_key));
        break;
    }
    if (fix.source_key != relation.source_key || fix.target_key != relation.target_key) {
      patches_[index].signature +=
          fmt::format("{}={},{};", field_index, fix.source_key, fix.target_key);
      patches_[index].keys.push_back(std::move(fix));
    }
  }

  void AddSortColumn(const Field& field, const Relation& relation) {
    if (relation.kind != RelationKind::kHasMany || !FindBool(field.options, "sortable")) return;
    json::object sort;
    sort["name"] = relation.foreign_key + "Sort";
    sort["type"] = "sort";
    sort["hidden"] = true;
    sort["scopeKey"] = relation.foreign_key;
    AddColumn(relation.target, std::move(sort));
  }

  void Complete(std::size_t index, int depth) {
    if (done_[index] || depth > kMaxInheritance) return;
    LinkedCollection& entry = all_[index];
    Patch& patch = patches_[index];
    std::vector<const Collection*> parents;
    for (const std::string& name : entry.base->inherits) {
      auto found = by_name_.find(name);
      if (found == by_name_.end() || found->second == index) continue;
      Complete(found->second, depth + 1);
      const LinkedCollection& parent = all_[found->second];
      if (parent.linked == nullptr) continue;  // a cycle
      parents.push_back(parent.linked.get());
      patch.signature += fmt::format("^{};", static_cast<const void*>(parent.linked.get()));
    }
    done_[index] = true;
    if (entry.linked != nullptr && entry.linked_from == entry.base &&
        entry.signature == patch.signature)
      return;
    entry.linked_from = entry.base;
    entry.signature = patch.signature;
    entry.linked = patch.signature.empty() ? entry.base : Build(*entry.base, patch, parents);
  }

  static CollectionRef Build(const Collection& base, const Patch& patch,
                             const std::vector<const Collection*>& parents) {
    auto collection = std::make_shared<Collection>(base);
    for (const KeyFix& fix : patch.keys) {
      collection->fields[fix.field].relation->source_key = fix.source_key;
      collection->fields[fix.field].relation->target_key = fix.target_key;
    }
    for (const json::object& definition : patch.columns) {
      auto field = ParseField(definition, base.name);
      if (!field) continue;
      field->implicit = true;
      collection->fields.push_back(std::move(*field));
    }
    std::vector<Field> inherited;
    for (const Collection* parent : parents) {
      for (const Field& field : parent->fields) {
        const auto same = [&](const Field& other) { return other.name == field.name; };
        if (std::any_of(inherited.begin(), inherited.end(), same)) continue;
        if (std::any_of(collection->fields.begin(), collection->fields.end(), same)) continue;
        inherited.push_back(field);
        inherited.back().inherited = true;
      }
    }
    collection->fields.insert(collection->fields.begin(),
                              std::make_move_iterator(inherited.begin()),
                              std::make_move_iterator(inherited.end()));
    IndexFields(*collection);
    return collection;
  }

  std::vector<LinkedCollection>& all_;
  std::vector<Patch> patches_;
  std::vector<bool> done_;
  NameMap<std::size_t> by_name_;
};

struct KeyForm {
  std::string_view type, interface;
};

KeyForm FormOf(const Collection* keyed, std::string_view key) {
  const Field* field = keyed == nullptr ? nullptr : keyed->FindField(key);
  if (field == nullptr) return {"bigInt", "integer"};
  switch (field->type->comparison()) {
    case Comparison::kUuid:
      return {"uuid", "uuid"};
    case Comparison::kText:
      return field->spec.kind == db::ColumnKind::kText ? KeyForm{"text", "input"}
                                                       : KeyForm{"string", "input"};
    case Comparison::kInteger:
      return field->spec.kind == db::ColumnKind::kInt32 ? KeyForm{"integer", "integer"}
                                                        : KeyForm{"bigInt", "integer"};
    default:
      return {field->type->name(), field->interface};
  }
}

}  // namespace

void Link(std::vector<LinkedCollection>& collections) { Linker(collections).Run(); }

json::object ForeignKeyDefinition(std::string_view name, const Collection* keyed,
                                  std::string_view key) {
  const KeyForm form = FormOf(keyed, key);
  json::object definition;
  definition["name"] = name;
  definition["type"] = form.type;
  definition["interface"] = form.interface;
  definition["isForeignKey"] = true;
  if (form.type == "uuid") definition["autoFill"] = false;
  const Field* field = keyed == nullptr ? nullptr : keyed->FindField(key);
  constexpr int kDefaultLength = 255;
  if (form.type == "string" && field != nullptr && field->spec.length > kDefaultLength) {
    definition["length"] = field->spec.length;
  }
  if (form.type == "decimal" && field != nullptr) {
    definition["precision"] = field->spec.precision;
    definition["scale"] = field->spec.scale;
  }
  return definition;
}

json::object KeyListDefinition(std::string_view name, const Collection* keyed,
                               std::string_view key) {
  json::object definition;
  definition["name"] = name;
  definition["type"] = "set";
  definition["interface"] = "json";
  definition["dataType"] = "array";
  definition["elementType"] = FormOf(keyed, key).type;
  definition["isForeignKey"] = true;
  return definition;
}

std::string DefaultKey(const Collection* collection) {
  if (collection == nullptr) return "id";
  if (collection->primary_key.size() == 1) return collection->primary_key.front();
  if (collection->filter_target_key.size() == 1) return collection->filter_target_key.front();
  return "id";
}

}  // namespace renkei::schema
