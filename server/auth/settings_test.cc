#include "auth/settings.h"

#include <gtest/gtest.h>

namespace renkei::auth {
namespace {

TEST(Settings, SpansOfTime) {
  const std::pair<json::value, std::int64_t> cases[] = {
      {"1s", 1000},       {"30m", 1800'000},       {"12h", 43'200'000},
      {"1d", 86'400'000}, {"7 days", 604'800'000}, {"1500ms", 1500},
      {5000, 5000},       {"2w", 1'209'600'000},   {"1.5h", 5'400'000}};
  for (const auto& [text, want] : cases) {
    const auto span = ParseSpan(text);
    ASSERT_TRUE(span) << ToJson(text);
    EXPECT_EQ(span->count(), want) << ToJson(text);
  }
  for (const json::value& bad :
       {json::value("0s"), json::value("500ms"), json::value("soon"), json::value(""),
        json::value(nullptr), json::value("-1d"), json::value("1y"), json::value("99999999d")}) {
    EXPECT_FALSE(ParseSpan(bad)) << ToJson(bad);
  }
}

TEST(Settings, ATokenMayNotOutliveItsSession) {
  EXPECT_TRUE(ParseTokenPolicy({{"tokenExpirationTime", "1s"}, {"sessionExpirationTime", "7d"}}));
  const auto wrong =
      ParseTokenPolicy({{"tokenExpirationTime", "8d"}, {"sessionExpirationTime", "7d"}});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, "INVALID_TOKEN_POLICY");
  EXPECT_EQ(ParseTokenPolicy({{"expiredTokenRenewLimit", "x"}}).error().field,
            "expiredTokenRenewLimit");
}

TEST(Settings, TitlesShowVariables) {
  SettingsSnapshot settings;
  settings.environment["SITE"] = "Tokyo";
  EXPECT_EQ(settings.Render("ERP {{ $env.SITE }}!"), "ERP Tokyo!");
  EXPECT_EQ(settings.Render("{{$env.NONE}}x"), "x");
  EXPECT_EQ(settings.Render("plain {{t(\"x\")}}"), "plain {{t(\"x\")}}");
  EXPECT_EQ(settings.Render("open {{ $env"), "open {{ $env");
}

}  // namespace
}  // namespace renkei::auth
