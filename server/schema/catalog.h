// Catalog is what the main database looks like, as one immutable value. CatalogStore owns the
// current one and swaps it whole; a request takes a shared_ptr once and keeps it to its end, so it
// never sees half a change.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "db/database.h"
#include "schema/collection.h"

namespace renkei::schema {

using CollectionRef = std::shared_ptr<const Collection>;

class Catalog {
 public:
  Catalog(std::vector<CollectionRef> collections, std::uint64_t version);
  // nullptr when there is none. Valid as long as the catalog.
  const Collection* Find(std::string_view name) const;
  CollectionRef FindRef(std::string_view name) const;
  const std::vector<CollectionRef>& all() const {
    return all_;
  }  // in `sort` order, system ones first
  std::uint64_t version() const { return version_; }
  // Collections that inherit from `parent`, directly or not.
  std::vector<const Collection*> Descendants(std::string_view parent) const;

 private:
  std::vector<CollectionRef> all_;
  NameMap<std::size_t> by_name_;
  std::uint64_t version_;
};
using CatalogRef = std::shared_ptr<const Catalog>;

struct LinkedCollection;  // link.h

// Thread-safe. Load() reads everything; Reload(names) reads what changed and shares the rest. Reads
// that overlap are put in order by when they began, so that an older state never replaces a newer
// one.
class CatalogStore {
 public:
  // `system_definitions`: the collections made by migrations, in the form of a collections:create
  // body; each area of the program exports its own (schema, auth, records) and app joins them.
  // Their tables exist when Load() is called.
  CatalogStore(db::Database& database, std::vector<json::object> system_definitions);
  ~CatalogStore();
  CatalogRef Current() const { return std::atomic_load(&current_); }
  Task<Result<void>> Load(Deadline deadline);
  // After a committed change by this process or a notification from another. Missing names are
  // dropped.
  Task<Result<void>> Reload(std::vector<std::string> names, Deadline deadline);

 private:
  struct Entry;
  Task<Result<void>> Read(std::optional<std::vector<std::string>> names, Deadline deadline);
  void Merge(const std::optional<std::vector<std::string>>& names,
             std::vector<json::object> definitions, std::uint64_t ticket);

  db::Database& database_;
  std::vector<json::object> system_definitions_;  // with keys filled in
  CatalogRef current_;
  std::atomic<std::uint64_t> tickets_{0};
  std::mutex swap_;  // guards the rest
  std::vector<Entry> entries_;
  NameMap<std::uint64_t> read_at_;  // name → ticket of the read that last decided about it
  std::uint64_t read_all_at_ = 0;
  std::uint64_t version_ = 0;
};

}  // namespace renkei::schema
