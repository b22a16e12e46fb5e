#include "base/text.h"

#include <gtest/gtest.h>

namespace renkei {
namespace {

using namespace std::string_view_literals;

TEST(IsValidUtf8, TellsGoodFromBad) {
  for (const std::string_view good :
       {""sv, "plain ascii that is longer than sixteen bytes"sv, "é"sv, "日本語"sv, "😀"sv, "\0"sv,
        "\xF4\x8F\xBF\xBF"sv, "0123456789abcdeé"sv}) {
    EXPECT_TRUE(IsValidUtf8(good)) << good;
  }
  for (const std::string_view bad :
       {"\x80"sv, "\xC3"sv, "\xC0\xAF"sv, "\xE0\x80\x80"sv, "\xED\xA0\x80"sv, "\xF4\x90\x80\x80"sv,
        "\xF5\x80\x80\x80"sv, "0123456789abcdef\xFF"sv, "ab\xE2\x82"sv}) {
    EXPECT_FALSE(IsValidUtf8(bad));
    EXPECT_TRUE(IsValidUtf8(ReplaceInvalidUtf8(bad)));
  }
  EXPECT_EQ(ReplaceInvalidUtf8("a\xFFé"), "a\xEF\xBF\xBDé");
}

TEST(Percent, DecodesAndLeavesMalformedEscapes) {
  const struct {
    std::string_view in;
    bool plus;
    std::string_view out;
  } kCases[] = {
      {"a%20b", false, "a b"}, {"a+b", true, "a b"},      {"a+b", false, "a+b"},
      {"%zz", true, "%zz"},    {"50%", true, "50%"},      {"%4", true, "%4"},
      {"%2F%3a", false, "/:"}, {"%E6%97%A5", true, "日"}, {"%%41", true, "%A"},
  };
  for (const auto& c : kCases) EXPECT_EQ(PercentDecode(c.in, c.plus), c.out) << c.in;
  EXPECT_EQ(PercentEncode("a b/é~"), "a%20b%2F%C3%A9~");
}

TEST(Lists, AreSplitAndTrimmed) {
  EXPECT_EQ(SplitComma(" a, b ,,c,"), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_TRUE(SplitComma("").empty());
  EXPECT_TRUE(SplitComma(" , ").empty());
  EXPECT_EQ(Trim("\t a b \n"), "a b");
  EXPECT_EQ(Trim("  "), "");
}

TEST(Case, IsAsciiOnly) {
  EXPECT_EQ(ToLowerAscii("ABCÉ"), "abcÉ");
  EXPECT_TRUE(EqualsIgnoreCaseAscii("Content-Type", "content-type"));
  EXPECT_FALSE(EqualsIgnoreCaseAscii("a", "ab"));
  EXPECT_FALSE(EqualsIgnoreCaseAscii("@", "`"));
}

TEST(EditDistance, CountsSwapsAsOne) {
  const struct {
    std::string_view a, b;
    std::size_t distance;
  } kCases[] = {
      {"", "", 0},
      {"", "abc", 3},
      {"abc", "", 3},
      {"abc", "abc", 0},
      {"abc", "acb", 1},
      {"kitten", "sitting", 3},
      {"createdAt", "craetedAt", 1},
      {"ca", "abc", 3},
  };
  for (const auto& c : kCases) EXPECT_EQ(EditDistance(c.a, c.b), c.distance) << c.a << " " << c.b;
}

TEST(DidYouMean, OffersOnlyNearNames) {
  const std::string_view names[] = {"createdAt", "updatedAt", "title"};
  EXPECT_EQ(DidYouMean("createdat", names), "Did you mean 'createdAt'?");
  EXPECT_EQ(DidYouMean("titel", names), "Did you mean 'title'?");
  EXPECT_EQ(DidYouMean("price", names), "");
  EXPECT_EQ(DidYouMean("", names), "");
}

TEST(CodePoints, AreCounted) {
  EXPECT_EQ(CountCodePoints("日本語é😀a"), 6u);
  EXPECT_EQ(CountCodePoints(""), 0u);
}

TEST(Base64, GoesThereAndBack) {
  const struct {
    std::string_view plain, coded;
  } kCases[] = {
      {"", ""},        {"f", "Zg=="},        {"fo", "Zm8="},
      {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"\xFB\xFF\xBF", "+/+/"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Base64Encode(c.plain), c.coded);
    EXPECT_EQ(Base64Decode(c.coded), c.plain);
    EXPECT_EQ(Base64Decode(Base64UrlEncode(c.plain)), c.plain);
  }
  EXPECT_EQ(Base64UrlEncode("\xFB\xFF"), "-_8");
  EXPECT_FALSE(Base64Decode("a"));
  EXPECT_FALSE(Base64Decode("ab*d"));
}

}  // namespace
}  // namespace renkei
