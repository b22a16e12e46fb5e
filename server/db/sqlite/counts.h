// Counts keeps exact row counts: a number per table moved by the writer, and counted filters that
// stay good while none of their tables changed (hot-path.md 4).
//
// Thread-safe (one lock inside). The writer calls CommitBegins before COMMIT and CommitEnds after
// it, before it answers anybody. In between a table is unsettled: a reader may see the new rows
// already, so nothing it counts is kept.
#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace renkei::db::sqlite {

// What a transaction did to the tables. Used by the writer's thread only.
class Changes {
 public:
  struct Table {
    std::string name;
    std::int64_t rows = 0;  // inserted minus deleted
  };
  void Touch(std::string_view table, std::int64_t rows);
  void TouchSchema() { schema_ = true; }
  void Merge(const Changes& other);
  void Clear() { tables_.clear(), schema_ = false, last_ = 0; }
  bool schema() const { return schema_; }
  const std::vector<Table>& tables() const { return tables_; }

 private:
  std::vector<Table> tables_;
  std::size_t last_ = 0;  // rows of one table come one after the other
  bool schema_ = false;
};

class Counts {
 public:
  // The state of some tables. Equal and settled: between the two moments nothing was committed to
  // them.
  struct Versions {
    std::vector<std::uint64_t> numbers;
    bool settled = true;
    bool all_tables =
        true;  // every name is known to be a real table (not a view, whose changes nobody reports)
    bool operator==(const Versions&) const = default;
  };

  // ---- the writer
  void CommitBegins(const Changes& changes);
  void CommitEnds(const Changes& changes, bool committed);
  void ForgetAll();  // another program has written

  // ---- readers
  Versions Read(const std::vector<std::string>& tables);
  void LearnRealTables(const std::vector<std::string>& real);
  std::optional<std::int64_t> Whole(std::string_view table);
  std::optional<std::int64_t> Filtered(const std::string& key, const Versions& now);
  // Kept only when the tables are settled and still at `versions`; tells whether.
  bool StoreWhole(const std::string& table, const Versions& versions, std::int64_t rows);
  bool StoreFiltered(const std::string& key, const std::vector<std::string>& tables,
                     const Versions& versions, std::int64_t rows);

 private:
  struct Table {
    std::uint64_t version = 0;  // odd while a commit is under way
    std::optional<std::int64_t> rows;
    bool real = false;
  };
  struct Entry {
    std::string key;
    Versions versions;
    std::int64_t rows;
  };
  Versions ReadLocked(const std::vector<std::string>& tables);

  std::mutex mutex_;  // guards everything below
  std::uint64_t schema_version_ = 0;
  std::unordered_map<std::string, Table> tables_;
  std::list<Entry> by_age_;
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_;
};

}  // namespace renkei::db::sqlite
