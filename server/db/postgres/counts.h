// Filtered counts that were settled, each with the versions of its tables. Bounded; thread-safe.
#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace renkei::db::postgres {

class CountCache {
 public:
  std::optional<std::int64_t> Find(const std::string& key, std::string_view versions);
  // A number counted since `epoch` began; dropped when the cache was cleared meanwhile.
  void Store(const std::string& key, std::string versions, std::int64_t count, std::uint64_t epoch);
  std::uint64_t epoch();
  // After a lost connection: a server that crashed may give a sequence's numbers again, for other
  // rows.
  void Clear();

 private:
  struct Entry {
    std::string key, versions;
    std::int64_t count;
  };
  std::mutex mutex_;  // guards everything below
  std::uint64_t epoch_ = 0;
  std::list<Entry> by_age_;  // most recently used first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_;
};

}  // namespace renkei::db::postgres
