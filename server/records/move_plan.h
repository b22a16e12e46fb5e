// Where a row goes when it is moved, as arithmetic on sort numbers (rest-api.md 5.7). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace renkei::records {

enum class MoveMethod { kDefault, kInsertAfter, kPrepend };
MoveMethod ParseMoveMethod(std::string_view text);

// Rows of the target's scope with low <= number <= high (no high: all from low) are shifted by
// `shift`; the moved row then gets `number`.
struct MovePlan {
  std::int64_t low = 0;
  std::optional<std::int64_t> high;
  int shift = 0;  // 0: nothing to shift
  std::int64_t number = 0;
};

// Within one scope, where all numbers differ: the row at `from` takes the place of the one at `to`.
// By default a row that moves down comes after the target, one that moves up before it.
MovePlan PlanMove(std::int64_t from, std::int64_t to, MoveMethod method);
// From another scope to the place of the row at `to`.
MovePlan PlanInsert(std::int64_t to, MoveMethod method);

}  // namespace renkei::records
