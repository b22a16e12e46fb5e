#include "db/sqlite/pattern.h"

#include <gtest/gtest.h>

namespace renkei::db::sqlite {
namespace {

TEST(LikePatternTest, Matches) {
  struct Row {
    std::string_view pattern, text;
    bool folded, exact;
  };
  const Row rows[] = {
      {"%bot%", "Botchan", true, false},
      {"Bot%", "Botchan", true, true},
      {"%chan", "Botchan", true, true},
      {"_otchan", "Botchan", true, true},
      {"", "", true, true},
      {"", "x", false, false},
      {"%", "", true, true},
      {"100\\%", "100%", true, true},
      {"100\\%", "1000", false, false},
      {"a\\_b", "a_b", true, true},
      {"a\\_b", "axb", false, false},
      {"%ÄÖ%", "xäöx", true, false},
      {"_本", "日本", true, true},
      {"%ΣΑ%", "μουσα", true, false},
      {"a%b%c", "axxbyybzzc", true, true},
      {"a%b%c", "axxbyybzzcd", false, false},
      {"%%a%%", "bab", true, true},
      {"%aab", "aaaab", true, true},
      {"\\\\", "\\", true, true},
      {"_", "\xff", true, true},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(LikePattern::Compile(row.pattern, true)->Matches(row.text), row.folded)
        << row.pattern << " " << row.text;
    EXPECT_EQ(LikePattern::Compile(row.pattern, false)->Matches(row.text), row.exact)
        << row.pattern << " " << row.text;
  }
  EXPECT_FALSE(LikePattern::Compile("abc\\", true));
}

}  // namespace
}  // namespace renkei::db::sqlite
