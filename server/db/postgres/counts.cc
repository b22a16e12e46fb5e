#include "db/postgres/counts.h"

namespace renkei::db::postgres {
namespace {

constexpr std::size_t kMaxEntries = 4096;  // the least recently used goes

}  // namespace

std::optional<std::int64_t> CountCache::Find(const std::string& key, std::string_view versions) {
  std::lock_guard lock(mutex_);
  auto found = by_key_.find(key);
  if (found == by_key_.end() || found->second->versions != versions) return std::nullopt;
  by_age_.splice(by_age_.begin(), by_age_, found->second);
  return found->second->count;
}

void CountCache::Store(const std::string& key, std::string versions, std::int64_t count,
                       std::uint64_t epoch) {
  std::lock_guard lock(mutex_);
  if (epoch != epoch_) return;
  if (auto found = by_key_.find(key); found != by_key_.end()) {
    found->second->versions = std::move(versions);
    found->second->count = count;
    return;
  }
  if (by_age_.size() >= kMaxEntries) {
    by_key_.erase(by_age_.back().key);
    by_age_.pop_back();
  }
  by_age_.push_front({key, std::move(versions), count});
  by_key_.emplace(by_age_.front().key, by_age_.begin());
}

std::uint64_t CountCache::epoch() {
  std::lock_guard lock(mutex_);
  return epoch_;
}

void CountCache::Clear() {
  std::lock_guard lock(mutex_);
  ++epoch_;
  by_key_.clear();
  by_age_.clear();
}

}  // namespace renkei::db::postgres
