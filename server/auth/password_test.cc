#include "auth/password.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <vector>

namespace renkei::auth {
namespace {

// Made with node: crypto.scryptSync("Kokoro-1914", "00112233445566ff", 24, {N:16384, r:8, p:1}).
constexpr std::string_view kNocoBaseHash =
    "00112233445566ff72ebd8144bda05c68a217e49dcc19c48686cfedd06e3421c";

TEST(Password, HashesAreArgon2idWithASaltOfTheirOwn) {
  const auto one = HashPassword("Long-Secret-Pass-77"), two = HashPassword("Long-Secret-Pass-77");
  ASSERT_TRUE(one && two);
  EXPECT_TRUE(one->starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << *one;
  EXPECT_NE(*one, *two);
  EXPECT_LT(one->size(), 255u) << "the column is varchar(255)";
  EXPECT_TRUE(VerifyPassword(*one, "Long-Secret-Pass-77").matches);
  EXPECT_FALSE(VerifyPassword(*one, "Long-Secret-Pass-77").needs_rehash);
  EXPECT_FALSE(VerifyPassword(*one, "Long-Secret-Pass-78").matches);
  EXPECT_FALSE(VerifyPassword(*one, "").matches);
}

TEST(Password, MigratedHashesAreVerifiedAndMarkedForReplacement) {
  EXPECT_TRUE(VerifyPassword(kNocoBaseHash, "Kokoro-1914").matches);
  EXPECT_TRUE(VerifyPassword(kNocoBaseHash, "Kokoro-1914").needs_rehash);
  EXPECT_FALSE(VerifyPassword(kNocoBaseHash, "Kokoro-1915").matches);
}

TEST(Password, OtherParametersAskForARehash) {
  // argon2id, m=8192, t=1: "old"
  const std::string old = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA";
  EXPECT_TRUE(VerifyPassword(old, "old").needs_rehash);
}

TEST(Password, NothingMatchesBrokenHashes) {
  for (const char* broken : {"", "x", "$argon2id$", "$2b$10$abc", "plain",
                             "zz112233445566ff72ebd8144bda05c68a217e49dcc19c48686cfedd06e3421c"}) {
    EXPECT_FALSE(VerifyPassword(broken, "").matches) << broken;
    EXPECT_FALSE(VerifyPassword(broken, broken).matches) << broken;
  }
}

TEST(Password, PolicyJudgesLengthAndObviousness) {
  struct Case {
    std::string_view password, username, email, code;
  };
  const Case cases[] = {
      {"1234567", "", "", "PASSWORD_TOO_SHORT"},
      {"password", "", "", "PASSWORD_TOO_WEAK"},
      {"aaaaaaaaaaaa", "", "", "PASSWORD_TOO_WEAK"},
      {"kokoro-19", "kokoro", "", "PASSWORD_TOO_WEAK"},
      {"Soseki123", "", "soseki@example.com", "PASSWORD_TOO_WEAK"},
      {"Member-Pass-2026", "member", "member@example.com", ""},
      {"Long-Secret-Pass-77", "cf1_user", "cf1_user@example.test", ""},
      {"\xe7\xa7\x98\xe5\xaf\x86\xe3\x81\xae\xe8\xa8\x80\xe8\x91\x89\xe3\x81\xa7\xe3\x81\x99\xe3"
       "\x81\xad",
       "", "", ""},
  };
  for (const Case& c : cases) {
    const auto outcome = CheckPasswordPolicy(c.password, c.username, c.email);
    EXPECT_EQ(outcome ? std::string_view() : outcome.error().code, c.code) << c.password;
  }
  EXPECT_EQ(CheckPasswordPolicy(std::string(129, 'x') + "y", "", "").error().code,
            "PASSWORD_TOO_LONG");
}

TEST(Password, AsyncHashingAnswersOnTheCallersLoopAndRefusesWhenFull) {
  boost::asio::io_context context;
  int done = 0, refused = 0;
  const int asked = kPasswordQueueLimit + 8;
  for (int i = 0; i < asked; ++i) {
    auto work = [](int number) -> Task<Result<PasswordCheck>> {
      std::string stored = "x", password = "Kokoro-1914";
      if (number < 2) stored = std::string(kNocoBaseHash);
      auto outcome = co_await VerifyPasswordAsync(std::move(stored), std::move(password));
      co_return std::move(outcome);
    };
    boost::asio::co_spawn(context, work(i), [&](std::exception_ptr, Result<PasswordCheck> outcome) {
      if (!outcome) {
        EXPECT_EQ(outcome.error().code, "PASSWORD_QUEUE_FULL");
        ++refused;
      } else {
        ++done;
      }
    });
  }
  context.run();
  EXPECT_EQ(done + refused, asked);
  EXPECT_GE(done, kPasswordQueueLimit);
}

}  // namespace
}  // namespace renkei::auth
