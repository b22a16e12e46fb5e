// Rows is one statement's whole result: cells row by row, owned together with the memory they point
// into. Move-only; readable from any thread once filled.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "db/value.h"

namespace renkei::db {

class Rows {
 public:
  Rows() = default;
  Rows(std::size_t columns, std::vector<Cell> cells, std::shared_ptr<const void> memory,
       std::vector<std::string> names = {}, std::int64_t affected = 0)
      : columns_(columns),
        cells_(std::move(cells)),
        memory_(std::move(memory)),
        names_(std::move(names)),
        affected_(affected) {}

  std::size_t size() const { return columns_ == 0 ? 0 : cells_.size() / columns_; }
  bool empty() const { return size() == 0; }
  std::size_t columns() const { return columns_; }
  const Cell& at(std::size_t row, std::size_t column) const {
    return cells_[row * columns_ + column];
  }
  const std::vector<std::string>& names() const { return names_; }  // column names
  std::int64_t affected() const { return affected_; }  // rows changed by INSERT, UPDATE, DELETE

 private:
  std::size_t columns_ = 0;
  std::vector<Cell> cells_;
  std::shared_ptr<const void> memory_;
  std::vector<std::string> names_;
  std::int64_t affected_ = 0;
};

}  // namespace renkei::db
