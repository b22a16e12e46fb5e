// Collects the cells of one result and the bytes they point into. Used by one thread; Finish()
// once.
#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/rows.h"

namespace renkei::db {

// Bytes in chunks that never move. The first chunk holds a usual page of rows.
class ByteArena {
 public:
  const char* Copy(const void* data, std::size_t size) {
    if (size > free_) Grow(size);
    char* target = next_;
    if (size > 0) std::memcpy(target, data, size);
    next_ += size;
    free_ -= size;
    return target;
  }

 private:
  void Grow(std::size_t size) {
    std::size_t chunk = chunks_.empty() ? kFirstChunk : kNextChunk;
    if (chunk < size) chunk = size;
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(chunk));
    next_ = chunks_.back().get();
    free_ = chunk;
  }

  static constexpr std::size_t kFirstChunk = 4 << 10;
  static constexpr std::size_t kNextChunk = 64 << 10;
  std::vector<std::unique_ptr<char[]>> chunks_;
  char* next_ = nullptr;
  std::size_t free_ = 0;
};

class RowBuilder {
 public:
  void AddNull() { cells_.emplace_back(); }
  void AddInt(std::int64_t value) {
    Cell& cell = cells_.emplace_back();
    cell.kind = Cell::Kind::kInt;
    cell.integer = value;
  }
  void AddDouble(double value) {
    Cell& cell = cells_.emplace_back();
    cell.kind = Cell::Kind::kDouble;
    cell.real = value;
  }
  void AddBytes(Cell::Kind kind, const void* data, std::size_t size) {
    if (!arena_) arena_ = std::make_shared<ByteArena>();
    Cell& cell = cells_.emplace_back();
    cell.kind = kind;
    cell.text.data = arena_->Copy(data, size);
    cell.text.size = size;
  }
  Rows Finish(std::vector<std::string> names, std::int64_t affected) {
    std::size_t columns = names.size();
    return Rows(columns, std::move(cells_), std::move(arena_), std::move(names), affected);
  }

 private:
  std::vector<Cell> cells_;
  std::shared_ptr<ByteArena> arena_;
};

}  // namespace renkei::db
