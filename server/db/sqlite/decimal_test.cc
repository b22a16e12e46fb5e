#include "db/sqlite/decimal.h"

#include <gtest/gtest.h>

#include <vector>

namespace renkei::db::sqlite {
namespace {

TEST(DecimalTest, OrdersByValue) {
  // Each is smaller than the next.
  std::vector<std::string_view> ordered = {"-100000000000000000000000000000000000000000.5",
                                           "-10",
                                           "-9.99",
                                           "-0.5",
                                           "0",
                                           "0.05",
                                           "0.5",
                                           "1",
                                           "9.99",
                                           "10",
                                           "100000000000000000000000000000000000000000.1",
                                           "abc",
                                           "b"};
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    for (std::size_t j = 0; j < ordered.size(); ++j) {
      int order = CompareDecimals(ordered[i], ordered[j]);
      EXPECT_EQ(order < 0, i < j) << ordered[i] << " " << ordered[j];
      EXPECT_EQ(order == 0, i == j) << ordered[i] << " " << ordered[j];
    }
  }
}

TEST(DecimalTest, EqualInEveryWriting) {
  EXPECT_EQ(CompareDecimals("1.50", "01.5"), 0);
  EXPECT_EQ(CompareDecimals("-0", "0.00"), 0);
  EXPECT_EQ(CompareDecimals("+2", "2."), 0);
  EXPECT_EQ(CompareDecimals(".5", "0.5"), 0);
  EXPECT_FALSE(IsDecimal("."));
  EXPECT_FALSE(IsDecimal(""));
  EXPECT_FALSE(IsDecimal("1e5"));
}

TEST(DecimalTest, SumsWithoutRounding) {
  DecimalSum sum;
  for (int i = 0; i < 10; ++i) sum.Add("0.1");
  std::int64_t whole = 0;
  EXPECT_TRUE(sum.AsInteger(whole));
  EXPECT_EQ(whole, 1);
  sum.Add("-0.70");
  EXPECT_FALSE(sum.AsInteger(whole));
  EXPECT_EQ(sum.AsDouble(), 0.3);
}

TEST(DecimalTest, FallsBackToDoublesWhenTooLong) {
  DecimalSum sum;
  sum.Add("100000000000000000000000000000000000000000000");
  sum.Add("1");
  std::int64_t whole = 0;
  EXPECT_FALSE(sum.AsInteger(whole));
  EXPECT_DOUBLE_EQ(sum.AsDouble(), 1e44);
}

}  // namespace
}  // namespace renkei::db::sqlite
