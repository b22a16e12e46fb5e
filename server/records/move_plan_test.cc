#include "records/move_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

namespace renkei::records {
namespace {

// Applies a plan to rows numbered 1, 2, 3 … and gives their order.
std::string Apply(std::string order, char moved, const MovePlan& plan) {
  std::map<char, std::int64_t> numbers;
  for (std::size_t i = 0; i < order.size(); ++i)
    numbers[order[i]] = static_cast<std::int64_t>(i) + 1;
  for (auto& [row, number] : numbers) {
    if (row != moved && number >= plan.low && (!plan.high || number <= *plan.high))
      number += plan.shift;
  }
  if (std::find(order.begin(), order.end(), moved) == order.end()) order += moved;
  numbers[moved] = plan.number;
  std::sort(order.begin(), order.end(), [&](char a, char b) { return numbers[a] < numbers[b]; });
  return order;
}

TEST(MovePlan, DownComesAfterTheTarget) {
  EXPECT_EQ(Apply("abcde", 'a', PlanMove(1, 3, MoveMethod::kDefault)), "bcade");
}
TEST(MovePlan, UpComesBeforeTheTarget) {
  EXPECT_EQ(Apply("abcde", 'e', PlanMove(5, 2, MoveMethod::kDefault)), "aebcd");
}
TEST(MovePlan, InsertAfter) {
  EXPECT_EQ(Apply("abcde", 'e', PlanMove(5, 2, MoveMethod::kInsertAfter)), "abecd");
  EXPECT_EQ(Apply("abcde", 'a', PlanMove(1, 3, MoveMethod::kInsertAfter)), "bcade");
  EXPECT_EQ(Apply("abcde", 'c', PlanMove(3, 2, MoveMethod::kInsertAfter)), "abcde");
}
TEST(MovePlan, Prepend) {
  EXPECT_EQ(Apply("abcde", 'a', PlanMove(1, 3, MoveMethod::kPrepend)), "bacde");
  EXPECT_EQ(Apply("abcde", 'a', PlanMove(1, 2, MoveMethod::kPrepend)), "abcde");
  EXPECT_EQ(Apply("abcde", 'e', PlanMove(5, 2, MoveMethod::kPrepend)), "aebcd");
}
TEST(MovePlan, OntoItself) {
  EXPECT_EQ(Apply("abc", 'b', PlanMove(2, 2, MoveMethod::kDefault)), "abc");
}
TEST(MovePlan, FromAnotherScope) {
  EXPECT_EQ(Apply("abc", 'x', PlanInsert(2, MoveMethod::kDefault)), "axbc");
  EXPECT_EQ(Apply("abc", 'x', PlanInsert(2, MoveMethod::kInsertAfter)), "abxc");
  EXPECT_EQ(Apply("abc", 'x', PlanInsert(3, MoveMethod::kInsertAfter)), "abcx");
}

}  // namespace
}  // namespace renkei::records
