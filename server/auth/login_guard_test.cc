#include "auth/login_guard.h"

#include <gtest/gtest.h>

namespace renkei::auth {
namespace {

using std::chrono::milliseconds;

class LoginGuardTest : public testing::Test {
 protected:
  void Wait(milliseconds span) { now_ += span.count(); }
  std::string_view Try(std::string_view account, std::string_view address) {
    const auto may = guard_.MayTry(account, address);
    return may ? std::string_view("ok") : may.error().code;
  }
  void Fail(int times, std::string_view account, std::string_view address) {
    for (int i = 0; i < times; ++i) guard_.Failed(account, address);
  }

  std::int64_t now_ = 1'000'000;
  LoginGuard guard_{true, [this] { return now_; }};
};

TEST_F(LoginGuardTest, FiveFailuresLockTheAccountFromEveryAddress) {
  Fail(kAccountFailures - 1, "Ann", "10.0.0.1");
  EXPECT_EQ(Try("ann", "10.0.0.1"), "ok");
  Fail(1, "ann", "10.0.0.2");
  EXPECT_EQ(Try("ANN", "10.0.0.3"), "ACCOUNT_LOCKED");
  EXPECT_EQ(Try("bob", "10.0.0.1"), "ok");
  Wait(kFirstLock + milliseconds(1));
  EXPECT_EQ(Try("ann", "10.0.0.1"), "ok");
}

TEST_F(LoginGuardTest, LocksDoubleUntilASuccess) {
  Fail(kAccountFailures, "ann", "a");
  Wait(kFirstLock + milliseconds(1));
  Fail(kAccountFailures, "ann", "a");
  Wait(kFirstLock + milliseconds(1));
  EXPECT_EQ(Try("ann", "a"), "ACCOUNT_LOCKED");
  Wait(kFirstLock);
  EXPECT_EQ(Try("ann", "a"), "ok");
  guard_.Succeeded("ann", "a");
  Fail(kAccountFailures, "ann", "a");
  Wait(kFirstLock + milliseconds(1));
  EXPECT_EQ(Try("ann", "a"), "ok");
}

TEST_F(LoginGuardTest, OldFailuresAreForgotten) {
  Fail(kAccountFailures - 1, "ann", "a");
  Wait(kFailureWindow + milliseconds(1));
  Fail(kAccountFailures - 1, "ann", "a");
  EXPECT_EQ(Try("ann", "a"), "ok");
}

TEST_F(LoginGuardTest, SprayingManyAccountsLocksTheAddress) {
  for (int i = 0; i < kAddressFailures; ++i) guard_.Failed("user" + std::to_string(i), "10.0.0.9");
  EXPECT_EQ(Try("someone", "10.0.0.9"), "RATE_LIMITED");
  EXPECT_EQ(Try("someone", "10.0.0.8"), "ok");
}

TEST_F(LoginGuardTest, PublicActionsAreCountedPerAddress) {
  for (int i = 0; i < kPublicActionsPerWindow; ++i)
    EXPECT_TRUE(guard_.CountPublicAction("signUp", "a"));
  EXPECT_EQ(guard_.CountPublicAction("signUp", "a").error().code, "RATE_LIMITED");
  EXPECT_TRUE(guard_.CountPublicAction("signUp", "b"));
  EXPECT_TRUE(guard_.CountPublicAction("lostPassword", "a"));
  Wait(kFailureWindow + milliseconds(1));
  EXPECT_TRUE(guard_.CountPublicAction("signUp", "a"));
}

TEST_F(LoginGuardTest, LocksAreHandedOutAndTakenBack) {
  Fail(kAccountFailures - 1, "ann", "a");
  const auto lock = guard_.Failed("Ann", "a");
  ASSERT_TRUE(lock);
  EXPECT_EQ(lock->locks, 1);
  EXPECT_FALSE(guard_.Failed("bob", "a"));
  LoginGuard other(true, [this] { return now_; });
  other.Restore("ann", lock);
  EXPECT_FALSE(other.MayTry("ann", "b"));
  guard_.Restore("ann", std::nullopt);
  EXPECT_EQ(Try("ann", "a"), "ok") << "an administrator took the lock away";
}

TEST(LoginGuard, SwitchedOffItLocksNobody) {
  LoginGuard guard(false);
  for (int i = 0; i < 100; ++i) guard.Failed("ann", "a");
  EXPECT_TRUE(guard.MayTry("ann", "a"));
}

}  // namespace
}  // namespace renkei::auth
