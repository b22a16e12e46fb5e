#include "auth/token.h"

#include <gtest/gtest.h>

#include <set>

namespace renkei::auth {
namespace {

TEST(Token, HasPrefixLengthAndChecksum) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string token = NewToken();
    EXPECT_EQ(token.size(), kTokenLength);
    EXPECT_TRUE(token.starts_with("rns_"));
    EXPECT_TRUE(LooksLikeToken(token));
    EXPECT_TRUE(seen.insert(token).second);
  }
}

TEST(Token, AnyChangedCharacterShows) {
  const std::string token = NewToken();
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(LooksLikeToken(changed)) << i;
  }
  for (const char* other : {"", "rns_", "x", "abc.def.ghi", "Basic YTpi"})
    EXPECT_FALSE(LooksLikeToken(other));
}

TEST(Token, SuccessorIsOneAndNeedsTheKey) {
  const std::string token = NewToken();
  EXPECT_EQ(SuccessorToken("key one", token), SuccessorToken("key one", token));
  EXPECT_NE(SuccessorToken("key one", token), SuccessorToken("key two", token));
  EXPECT_TRUE(LooksLikeToken(SuccessorToken("key one", token)));
}

TEST(Token, KeyedHashIsHmacSha256) {
  // RFC 4231, test case 2, with the purpose in front of the text.
  EXPECT_NE(KeyedHash("Jefe", "a", "b"), KeyedHash("Jefe", "ab", ""));
  EXPECT_EQ(Base64Url("\x14\xfb\x9c\x03\xd9\x7e"), "FPucA9l-");
  EXPECT_EQ(Base64Url("f"), "Zg");
  EXPECT_EQ(Base64Url("fo"), "Zm8");
}

}  // namespace
}  // namespace renkei::auth
