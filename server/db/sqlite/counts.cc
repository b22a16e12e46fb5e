#include "db/sqlite/counts.h"

namespace renkei::db::sqlite {
namespace {

constexpr std::size_t kMaxFiltered = 4096;  // counted filters kept; the least recently used goes

}  // namespace

void Changes::Touch(std::string_view table, std::int64_t rows) {
  if (last_ < tables_.size() && tables_[last_].name == table) {
    tables_[last_].rows += rows;
    return;
  }
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    if (tables_[i].name != table) continue;
    tables_[i].rows += rows;
    last_ = i;
    return;
  }
  last_ = tables_.size();
  tables_.push_back({std::string(table), rows});
}

void Changes::Merge(const Changes& other) {
  for (const Table& table : other.tables_) Touch(table.name, table.rows);
  schema_ = schema_ || other.schema_;
}

void Counts::CommitBegins(const Changes& changes) {
  std::lock_guard lock(mutex_);
  for (const Changes::Table& table : changes.tables()) ++tables_[table.name].version;
  if (changes.schema()) ++schema_version_;
}

void Counts::CommitEnds(const Changes& changes, bool committed) {
  std::lock_guard lock(mutex_);
  for (const Changes::Table& change : changes.tables()) {
    Table& table = tables_[change.name];
    ++table.version;
    if (committed && table.rows) *table.rows += change.rows;
  }
  if (!changes.schema()) return;
  ++schema_version_;
  if (!committed) return;
  for (auto& [name, table] : tables_) table = Table{table.version, std::nullopt, false};
}

void Counts::ForgetAll() {
  std::lock_guard lock(mutex_);
  schema_version_ += 2;
  for (auto& [name, table] : tables_) table = Table{table.version, std::nullopt, false};
}

Counts::Versions Counts::ReadLocked(const std::vector<std::string>& tables) {
  Versions versions;
  versions.numbers.reserve(tables.size() + 1);
  versions.numbers.push_back(schema_version_);
  versions.settled = schema_version_ % 2 == 0;
  versions.all_tables = !tables.empty();
  for (const std::string& name : tables) {
    const Table& table = tables_[name];
    versions.numbers.push_back(table.version);
    versions.settled = versions.settled && table.version % 2 == 0;
    versions.all_tables = versions.all_tables && table.real;
  }
  return versions;
}

Counts::Versions Counts::Read(const std::vector<std::string>& tables) {
  std::lock_guard lock(mutex_);
  return ReadLocked(tables);
}

void Counts::LearnRealTables(const std::vector<std::string>& real) {
  std::lock_guard lock(mutex_);
  for (const std::string& name : real) tables_[name].real = true;
}

std::optional<std::int64_t> Counts::Whole(std::string_view table) {
  std::lock_guard lock(mutex_);
  auto found = tables_.find(std::string(table));
  return found == tables_.end() ? std::nullopt : found->second.rows;
}

std::optional<std::int64_t> Counts::Filtered(const std::string& key, const Versions& now) {
  std::lock_guard lock(mutex_);
  auto found = by_key_.find(key);
  if (found == by_key_.end() || found->second->versions != now) return std::nullopt;
  by_age_.splice(by_age_.begin(), by_age_, found->second);
  return found->second->rows;
}

bool Counts::StoreWhole(const std::string& table, const Versions& versions, std::int64_t rows) {
  std::lock_guard lock(mutex_);
  Versions now = ReadLocked({table});
  if (!now.settled || !now.all_tables || now.numbers != versions.numbers) return false;
  tables_[table].rows = rows;
  return true;
}

bool Counts::StoreFiltered(const std::string& key, const std::vector<std::string>& tables,
                           const Versions& versions, std::int64_t rows) {
  std::lock_guard lock(mutex_);
  Versions now = ReadLocked(tables);
  if (!now.settled || !now.all_tables || now.numbers != versions.numbers) return false;
  if (auto found = by_key_.find(key); found != by_key_.end()) {
    found->second->versions = std::move(now);
    found->second->rows = rows;
    return true;
  }
  if (by_age_.size() >= kMaxFiltered) {
    by_key_.erase(by_age_.back().key);
    by_age_.pop_back();
  }
  by_age_.push_front({key, std::move(now), rows});
  by_key_.emplace(by_age_.front().key, by_age_.begin());
  return true;
}

}  // namespace renkei::db::sqlite
