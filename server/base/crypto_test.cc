#include "base/crypto.h"

#include <gtest/gtest.h>

#include "base/secret.h"

namespace renkei {
namespace {

TEST(Sha256, MatchesKnownAnswers) {
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(HexEncode(std::string_view("\x00\xff", 2)), "00ff");
}

TEST(EqualConstantTime, Compares) {
  EXPECT_TRUE(EqualConstantTime("abc", "abc"));
  EXPECT_FALSE(EqualConstantTime("abc", "abd"));
  EXPECT_FALSE(EqualConstantTime("abc", "ab"));
}

TEST(Seal, OpensOnlyWithKeyAndContext) {
  const std::string key(32, 'k');
  const Result<std::string> sealed = Seal(key, "a secret", "row:7");
  ASSERT_TRUE(sealed);
  EXPECT_EQ(sealed->find("secret"), std::string::npos);
  EXPECT_NE(*sealed, *Seal(key, "a secret", "row:7"));
  EXPECT_EQ(*Unseal(key, *sealed, "row:7"), "a secret");
  EXPECT_FALSE(Unseal(key, *sealed, "row:8"));
  EXPECT_FALSE(Unseal(std::string(32, 'x'), *sealed, "row:7"));
  EXPECT_FALSE(Unseal(key, "not base64!", "row:7"));
  EXPECT_FALSE(Unseal(key, "AAAA", "row:7"));
  std::string changed = *sealed;
  changed[20] = changed[20] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(Unseal(key, changed, "row:7"));
  EXPECT_FALSE(Seal("short", "x", ""));
  EXPECT_EQ(*Unseal(key, *Seal(key, "", ""), ""), "");
}

TEST(Secret, MovesAndWipes) {
  std::string text = "pass";
  Secret secret(std::move(text));
  EXPECT_EQ(secret.Reveal(), "pass");
  Secret copy = secret.Copy();
  const Secret moved = std::move(secret);
  EXPECT_EQ(moved.Reveal(), "pass");
  EXPECT_EQ(copy.Reveal(), "pass");
  EXPECT_TRUE(secret.empty());  // NOLINT(bugprone-use-after-move): moving wipes
}

}  // namespace
}  // namespace renkei
