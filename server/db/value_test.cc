#include "db/value.h"

#include <gtest/gtest.h>

namespace renkei::db {
namespace {

Cell TextCell(std::string_view text) {
  Cell cell;
  cell.kind = Cell::Kind::kText;
  cell.text.data = text.data();
  cell.text.size = text.size();
  return cell;
}

Cell IntCell(std::int64_t value) {
  Cell cell;
  cell.kind = Cell::Kind::kInt;
  cell.integer = value;
  return cell;
}

Cell DoubleCell(double value) {
  Cell cell;
  cell.kind = Cell::Kind::kDouble;
  cell.real = value;
  return cell;
}

TEST(CellTest, ReadsIntegersOfBothDatabases) {
  EXPECT_EQ(TextCell("-42").ToInt(), -42);
  EXPECT_EQ(TextCell("9223372036854775807").ToInt(), INT64_MAX);
  EXPECT_EQ(TextCell("12.9").ToInt(), 12);
  EXPECT_EQ(TextCell("t").ToInt(), 1);
  EXPECT_EQ(TextCell("x").ToInt(7), 7);
  EXPECT_EQ(TextCell("").ToInt(7), 7);
  EXPECT_EQ(DoubleCell(1e300).ToInt(7), 7);
  EXPECT_EQ(IntCell(5).ToInt(), 5);
  EXPECT_EQ(Cell().ToInt(3), 3);
}

TEST(CellTest, ReadsBooleansOfBothDatabases) {
  EXPECT_TRUE(TextCell("t").ToBool());
  EXPECT_TRUE(TextCell("true").ToBool());
  EXPECT_TRUE(IntCell(1).ToBool());
  EXPECT_FALSE(TextCell("f").ToBool(true));
  EXPECT_FALSE(IntCell(0).ToBool(true));
  EXPECT_TRUE(Cell().ToBool(true));
}

TEST(CellTest, PrintsText) {
  EXPECT_EQ(IntCell(-7).ToText(), "-7");
  EXPECT_EQ(DoubleCell(5.0).ToText(), "5");
  EXPECT_EQ(DoubleCell(0.1).ToText(), "0.1");
  EXPECT_EQ(TextCell("x").ToText(), "x");
  EXPECT_EQ(Cell().ToText(), "");
}

}  // namespace
}  // namespace renkei::db
