#include "schema/catalog.h"

#include <algorithm>

#include "base/observe.h"
#include "schema/definition_row.h"
#include "schema/link.h"
#include "schema/parse_definition.h"

namespace renkei::schema {
namespace {

constexpr int kMaxInheritance = 16;

// A definition made by a migration, with the changes that people made to it (title, fields of their
// own …) on top.
void LayOver(json::object& definition, json::object changes) {
  for (auto& member : changes) {
    if (member.key() == "fields" || member.key() == "name") continue;
    definition[member.key()] = std::move(member.value());
  }
  if (!definition["fields"].is_array()) definition["fields"] = json::array();
  json::array& fields = definition["fields"].get_array();
  json::value* given = changes.if_contains("fields");
  if (given == nullptr || !given->is_array()) return;
  for (json::value& item : given->get_array()) {
    const std::string_view name = FindString(item.get_object(), "name");
    auto same = std::find_if(fields.begin(), fields.end(), [&](const json::value& field) {
      return FindString(field.get_object(), "name") == name;
    });
    if (same == fields.end()) {
      fields.push_back(std::move(item));
      continue;
    }
    for (auto& member : item.get_object()) {
      if (member.key() == "type") continue;  // the table is the migration's
      same->get_object()[member.key()] = std::move(member.value());
    }
  }
}

void FillKeys(json::object& definition) {
  const std::string name(FindString(definition, "name"));
  if (FindString(definition, "key").empty()) definition["key"] = SystemKey(name);
  definition["system"] = true;
  json::value* fields = definition.if_contains("fields");
  if (fields == nullptr || !fields->is_array()) return;
  std::int64_t sort = 0;
  for (json::value& item : fields->get_array()) {
    json::object& field = item.get_object();
    if (FindString(field, "key").empty()) field["key"] = SystemKey(name, FindString(field, "name"));
    field["collectionName"] = name;
    if (Find(field, "sort") == nullptr) field["sort"] = ++sort;
  }
}

// Rows of both tables → definitions with `fields`. A collection of a migration may have only rows
// of fields.
std::vector<json::object> Join(const db::Rows& collections, const db::Rows& fields) {
  std::vector<json::object> definitions;
  NameMap<std::size_t> by_name;
  for (std::size_t i = 0; i < collections.size(); ++i) {
    definitions.push_back(ReadCollectionRow(collections, i));
    by_name.emplace(std::string(FindString(definitions.back(), "name")), i);
    definitions.back()["fields"] = json::array();
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    json::object field = ReadFieldRow(fields, i);
    const std::string_view owner = FindString(field, "collectionName");
    auto found = by_name.find(owner);
    if (found == by_name.end()) {
      json::object only_fields;
      only_fields["name"] = owner;
      only_fields["fields"] = json::array();
      found = by_name.emplace(std::string(owner), definitions.size()).first;
      definitions.push_back(std::move(only_fields));
    }
    definitions[found->second]["fields"].get_array().push_back(std::move(field));
  }
  return definitions;
}

}  // namespace

Catalog::Catalog(std::vector<CollectionRef> collections, std::uint64_t version)
    : all_(std::move(collections)), version_(version) {
  by_name_.reserve(all_.size());
  for (std::size_t i = 0; i < all_.size(); ++i) by_name_.emplace(all_[i]->name, i);
}

const Collection* Catalog::Find(std::string_view name) const {
  auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : all_[found->second].get();
}

CollectionRef Catalog::FindRef(std::string_view name) const {
  auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : all_[found->second];
}

std::vector<const Collection*> Catalog::Descendants(std::string_view parent) const {
  std::vector<const Collection*> found;
  std::vector<std::string_view> level = {parent};
  for (int depth = 0; depth < kMaxInheritance && !level.empty(); ++depth) {
    std::vector<std::string_view> next;
    for (const CollectionRef& collection : all_) {
      const bool child = std::any_of(
          collection->inherits.begin(), collection->inherits.end(), [&](const auto& name) {
            return std::find(level.begin(), level.end(), name) != level.end();
          });
      if (!child || std::find(found.begin(), found.end(), collection.get()) != found.end())
        continue;
      found.push_back(collection.get());
      next.push_back(collection->name);
    }
    level = std::move(next);
  }
  return found;
}

struct CatalogStore::Entry : LinkedCollection {
  std::int64_t sort = 0;
};

CatalogStore::CatalogStore(db::Database& database, std::vector<json::object> system_definitions)
    : database_(database),
      system_definitions_(std::move(system_definitions)),
      current_(std::make_shared<Catalog>(std::vector<CollectionRef>(), 0)) {
  for (json::object& definition : system_definitions_) FillKeys(definition);
}

CatalogStore::~CatalogStore() = default;

Task<Result<void>> CatalogStore::Load(Deadline deadline) {
  co_return co_await Read(std::nullopt, deadline);
}

Task<Result<void>> CatalogStore::Reload(std::vector<std::string> names, Deadline deadline) {
  co_return co_await Read(std::move(names), deadline);
}

Task<Result<void>> CatalogStore::Read(std::optional<std::vector<std::string>> names,
                                      Deadline deadline) {
  const auto started = Clock::now();
  const std::uint64_t ticket = ++tickets_;
  std::vector<db::Statement> statements;
  statements.push_back(SelectCollectionRows(database_.dialect(), names));
  statements.push_back(SelectFieldRows(database_.dialect(), names));
  const db::ReadCost cost = names ? db::ReadCost::kBounded : db::ReadCost::kUnbounded;
  RK_CO_TRY(rows, co_await database_.Read(std::move(statements), cost, deadline));
  Merge(names, Join(rows[0], rows[1]), ticket);
  Emit(CatalogReloaded{names ? names->size() : Current()->all().size(), Clock::now() - started});
  co_return Result<void>();
}

void CatalogStore::Merge(const std::optional<std::vector<std::string>>& names,
                         std::vector<json::object> definitions, std::uint64_t ticket) {
  // Parsing is the long part: before the lock.
  NameMap<json::object> stored;
  for (json::object& definition : definitions) {
    stored.emplace(std::string(FindString(definition, "name")), std::move(definition));
  }
  std::vector<Entry> fresh;
  const auto parse = [&](const json::object& definition, std::int64_t sort) {
    std::vector<Error> skipped;
    auto collection = ParseCollection(definition, &skipped);
    for (const Error& error : skipped)
      Emit(Note{"catalog.field_skipped", error.message + " (" + error.hint + ")"});
    if (!collection) {
      Emit(Note{"catalog.collection_skipped", collection.error().message});
      return;
    }
    Entry entry;
    entry.base = std::make_shared<const Collection>(std::move(*collection));
    entry.sort = sort;
    fresh.push_back(std::move(entry));
  };
  const auto wanted = [&](std::string_view name) {
    return !names || std::find(names->begin(), names->end(), name) != names->end();
  };
  constexpr std::int64_t kSystemSort = -1'000'000;  // before every collection of people
  for (std::size_t i = 0; i < system_definitions_.size(); ++i) {
    const std::string name(FindString(system_definitions_[i], "name"));
    if (!wanted(name)) continue;
    json::object definition = system_definitions_[i];
    if (auto found = stored.find(name); found != stored.end()) {
      LayOver(definition, std::move(found->second));
      stored.erase(found);
    }
    parse(definition, kSystemSort + static_cast<std::int64_t>(i));
  }
  for (const auto& [name, definition] : stored) {
    if (Find(definition, "key") != nullptr) parse(definition, FindInt(definition, "sort"));
  }

  const std::lock_guard lock(swap_);
  // A read that began earlier may end later: what it knows is older.
  const auto outdated = [&](const std::string& name) {
    auto found = read_at_.find(name);
    return std::max(found == read_at_.end() ? 0 : found->second, read_all_at_) > ticket;
  };
  std::vector<Entry> merged;
  merged.reserve(entries_.size() + fresh.size());
  for (Entry& entry : entries_) {
    if (!wanted(entry.base->name) || outdated(entry.base->name)) merged.push_back(std::move(entry));
  }
  for (Entry& entry : fresh) {
    if (!outdated(entry.base->name)) merged.push_back(std::move(entry));
  }
  if (names) {
    for (const std::string& name : *names) {
      std::uint64_t& at = read_at_[name];
      at = std::max(at, ticket);
    }
  } else {
    read_all_at_ = std::max(read_all_at_, ticket);
    std::erase_if(read_at_, [&](const auto& item) { return item.second < ticket; });
  }
  std::stable_sort(merged.begin(), merged.end(), [](const Entry& a, const Entry& b) {
    return a.sort != b.sort ? a.sort < b.sort : a.base->name < b.base->name;
  });
  entries_ = std::move(merged);

  std::vector<LinkedCollection> linked(entries_.begin(), entries_.end());
  Link(linked);
  std::vector<CollectionRef> all;
  all.reserve(linked.size());
  for (std::size_t i = 0; i < linked.size(); ++i) {
    static_cast<LinkedCollection&>(entries_[i]) = linked[i];
    all.push_back(linked[i].linked);
  }
  std::atomic_store(&current_,
                    CatalogRef(std::make_shared<const Catalog>(std::move(all), ++version_)));
}

}  // namespace renkei::schema
