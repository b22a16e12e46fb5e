#include "records/move_plan.h"

namespace renkei::records {

MoveMethod ParseMoveMethod(std::string_view text) {
  if (text == "insertAfter") return MoveMethod::kInsertAfter;
  if (text == "prepend" || text == "insertBefore") return MoveMethod::kPrepend;
  return MoveMethod::kDefault;
}

MovePlan PlanMove(std::int64_t from, std::int64_t to, MoveMethod method) {
  MovePlan plan;
  plan.number = from;
  if (from == to) return plan;
  if (from < to) {  // down: those in between go up
    plan.number = method == MoveMethod::kPrepend ? to - 1 : to;
    plan.low = from + 1;
    plan.high = plan.number;
    plan.shift = plan.low <= *plan.high ? -1 : 0;
    return plan;
  }
  plan.number = method == MoveMethod::kInsertAfter ? to + 1 : to;
  plan.low = plan.number;
  plan.high = from - 1;
  plan.shift = plan.low <= *plan.high ? 1 : 0;
  return plan;
}

MovePlan PlanInsert(std::int64_t to, MoveMethod method) {
  MovePlan plan;
  plan.number = method == MoveMethod::kInsertAfter ? to + 1 : to;
  plan.low = plan.number;
  plan.shift = 1;
  return plan;
}

}  // namespace renkei::records
