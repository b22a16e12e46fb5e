#include "base/id.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <thread>
#include <vector>

#include "base/clock.h"

namespace renkei {
namespace {

TEST(RandomIds, HaveTheirForms) {
  EXPECT_TRUE(std::regex_match(RandomUid(), std::regex("[0-9a-z]{11}")));
  EXPECT_TRUE(std::regex_match(
      RandomUuidV4(),
      std::regex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")));
  EXPECT_TRUE(std::regex_match(RandomNanoid(21), std::regex("[A-Za-z0-9_-]{21}")));
  EXPECT_TRUE(std::regex_match(RandomNanoid(12, "ab"), std::regex("[ab]{12}")));
  EXPECT_EQ(RandomNanoid(3, "x"), "xxx");
  EXPECT_TRUE(std::regex_match(RandomToken(), std::regex("[A-Za-z0-9_-]{43}")));
  EXPECT_TRUE(std::regex_match(NewTraceId(), std::regex("[0-9a-f]{16}")));
  EXPECT_EQ(RandomHex(5000).size(), 10000u);
  std::set<std::string> seen;
  for (int i = 0; i < 10000; ++i) EXPECT_TRUE(seen.insert(NewTraceId()).second);
}

TEST(Snowflake, RisesOnEveryThread) {
  SetSnowflakeWorker(5);
  std::vector<std::vector<std::int64_t>> ids(4);
  std::vector<std::thread> threads;
  for (auto& mine : ids) {
    threads.emplace_back([&mine] {
      for (int i = 0; i < 50'000; ++i) mine.push_back(NextSnowflake());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::int64_t> all;
  for (const auto& mine : ids) {
    EXPECT_TRUE(std::is_sorted(mine.begin(), mine.end()));
    all.insert(mine.begin(), mine.end());
  }
  EXPECT_EQ(all.size(), 200'000u);
  const std::int64_t id = NextSnowflake();
  EXPECT_EQ((id >> 16) & 31, 5);
  EXPECT_NEAR(static_cast<double>((id >> 21) + 1605024000), static_cast<double>(NowMs() / 1000),
              10);
  EXPECT_LT(id, std::int64_t{1} << 53);
  SetSnowflakeWorker(0);
}

}  // namespace
}  // namespace renkei
