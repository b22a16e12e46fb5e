#include "base/clock.h"

#include <gtest/gtest.h>

#include <ctime>

#include "base/clock_zone.h"

namespace renkei {
namespace {

std::int64_t At(int year, int month, int day, int hour = 0, int minute = 0, int second = 0) {
  return FromCivil({year, month, day, hour, minute, second, 0});
}

TEST(Civil, AgreesWithTheSystemsCalendar) {
  for (std::int64_t day = -719'162; day <= 2'932'896; day += 97) {  // 0001-01-01 … 9999-12-31
    const std::time_t seconds = day * 86'400 + 86'399;
    std::tm tm{};
    gmtime_r(&seconds, &tm);
    const CivilTime civil = ToCivil(seconds * 1000 + 999);
    ASSERT_EQ(civil.year, tm.tm_year + 1900);
    ASSERT_EQ(civil.month, tm.tm_mon + 1);
    ASSERT_EQ(civil.day, tm.tm_mday);
    ASSERT_EQ(civil.hour, 23);
    ASSERT_EQ(civil.millisecond, 999);
    ASSERT_EQ(FromCivil(civil), seconds * 1000 + 999);
  }
}

TEST(Civil, MonthsHaveTheirDays) {
  EXPECT_EQ(DaysInMonth(2024, 2), 29);
  EXPECT_EQ(DaysInMonth(2100, 2), 28);
  EXPECT_EQ(DaysInMonth(2000, 2), 29);
  EXPECT_EQ(DaysInMonth(2026, 4), 30);
  EXPECT_EQ(DaysInMonth(2026, 13), 0);
}

TEST(IsoUtc, HasTwentyFourCharacters) {
  EXPECT_EQ(IsoUtc(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(IsoUtc(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(IsoUtc(1767323045678), "2026-01-02T03:04:05.678Z");
  EXPECT_EQ(IsoUtc(INT64_MAX), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(IsoUtc(INT64_MIN), "0001-01-01T00:00:00.000Z");
}

TEST(TimeZone, ReadsOffsets) {
  const struct {
    std::string_view text;
    int minutes;
    std::string_view name;
  } kCases[] = {
      {"+08:00", 480, "+08:00"}, {"-05:30", -330, "-05:30"}, {"+0800", 480, "+08:00"},
      {"+8", 480, "+08:00"},     {"Z", 0, "+00:00"},         {"+00:00", 0, "+00:00"},
      {"-0:30", -30, "-00:30"},  {"+14", 840, "+14:00"},     {"UTC", 0, "UTC"},
  };
  for (const auto& c : kCases) {
    const std::optional<TimeZone> zone = TimeZone::Parse(c.text);
    ASSERT_TRUE(zone) << c.text;
    EXPECT_EQ(zone->OffsetMinutesAt(0), c.minutes) << c.text;
    EXPECT_EQ(zone->name(), c.name);
  }
  for (const std::string_view bad :
       {"", "+", "8", "+08:60", "+16:00", "+08:0", "+:30", "+1:2:3", "+08:00x", "Nowhere/City",
        "../../etc/passwd", "/etc/passwd", "Asia", "Asia/", "zone.tab", "right/UTC", "+99:99"}) {
    EXPECT_FALSE(TimeZone::Parse(bad)) << bad;
  }
}

TEST(TimeZone, KnowsDaylightSavingTime) {
  const TimeZone new_york = *TimeZone::Parse("America/New_York");
  EXPECT_EQ(new_york.OffsetMinutesAt(At(2026, 1, 15)), -300);
  EXPECT_EQ(new_york.OffsetMinutesAt(At(2026, 7, 15)), -240);
  EXPECT_EQ(new_york.OffsetMinutesAt(At(2026, 3, 8, 6, 59, 59)), -300);
  EXPECT_EQ(new_york.OffsetMinutesAt(At(2026, 3, 8, 7)), -240);
  EXPECT_EQ(new_york.OffsetMinutesAt(At(2300, 7, 15)), -240);  // beyond the file's table
  EXPECT_EQ(new_york.OffsetMinutesAt(At(2300, 12, 15)), -300);
  EXPECT_EQ(TimeZone::Parse("Asia/Tokyo")->OffsetMinutesAt(At(2026, 7, 1)), 540);
  EXPECT_EQ(TimeZone::Parse("Asia/Kolkata")->OffsetMinutesAt(At(2026, 7, 1)), 330);
  const TimeZone sydney = *TimeZone::Parse("Australia/Sydney");  // summer over the turn of the year
  EXPECT_EQ(sydney.OffsetMinutesAt(At(2200, 1, 1)), 660);
  EXPECT_EQ(sydney.OffsetMinutesAt(At(2200, 7, 1)), 600);
}

TEST(TimeZone, GapsMoveForwardAndOverlapsTakeTheEarlier) {
  const TimeZone new_york = *TimeZone::Parse("America/New_York");
  EXPECT_EQ(new_york.ToUtc({2026, 3, 8, 1, 59, 0, 0}), At(2026, 3, 8, 6, 59));
  EXPECT_EQ(new_york.ToUtc({2026, 3, 8, 2, 30, 0, 0}),
            At(2026, 3, 8, 7, 30));  // 03:30 daylight time
  EXPECT_EQ(new_york.ToUtc({2026, 3, 8, 3, 0, 0, 0}), At(2026, 3, 8, 7));
  EXPECT_EQ(new_york.ToUtc({2026, 11, 1, 1, 30, 0, 0}), At(2026, 11, 1, 5, 30));  // the first 01:30
  EXPECT_EQ(new_york.ToUtc({2026, 11, 1, 2, 0, 0, 0}), At(2026, 11, 1, 7));
  EXPECT_EQ(TimeZone::FixedOffset(480).ToUtc({2026, 3, 10, 0, 0, 0, 0}), At(2026, 3, 9, 16));
  const CivilTime local = TimeZone::FixedOffset(-330).ToLocal(At(2026, 1, 1));
  EXPECT_EQ(local.day, 31);
  EXPECT_EQ(local.hour, 18);
  EXPECT_EQ(local.minute, 30);
}

TEST(TimeZone, AgreesWithTheCLibrary) {
  for (const char* name :
       {"Europe/Berlin", "America/Sao_Paulo", "Asia/Shanghai", "Australia/Lord_Howe",
        "Africa/Casablanca", "America/St_Johns", "Pacific/Apia", "Europe/Dublin", "Asia/Tehran"}) {
    setenv("TZ", name, 1);
    tzset();
    const TimeZone zone = *TimeZone::Parse(name);
    for (std::time_t at = -3'000'000'000; at < 6'000'000'000; at += 1'234'567) {
      std::tm tm{};
      localtime_r(&at, &tm);
      ASSERT_EQ(zone.OffsetSecondsAt(at * 1000), tm.tm_gmtoff) << name << " " << at;
    }
  }
  unsetenv("TZ");
  tzset();
}

TEST(PosixZone, ReadsEveryForm) {
  ZoneRules rules;
  EXPECT_TRUE(ParsePosixZone("<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", rules));
  EXPECT_EQ(rules.standard_offset, -3 * 3600);
  EXPECT_EQ(rules.daylight_offset, -2 * 3600);
  EXPECT_TRUE(ParsePosixZone("IST-1GMT0,M10.5.0,M3.5.0/1", rules));
  EXPECT_TRUE(ParsePosixZone("AAA5BBB,J60/1:30,300", rules));
  EXPECT_TRUE(ParsePosixZone("JST-9", rules));
  for (const std::string_view bad :
       {"", "A", "EST", "EST5EDT", "EST5EDT,M13.1.0,M1.1.0", "EST5EDT,M3.2.0", "<+03-3"}) {
    EXPECT_FALSE(ParsePosixZone(bad, rules)) << bad;
  }
}

TEST(Tzif, RefusesBrokenFiles) {
  EXPECT_FALSE(ParseTzif(""));
  EXPECT_FALSE(ParseTzif("TZif2"));
  EXPECT_FALSE(ParseTzif(std::string("TZif2") + std::string(200, '\x7f')));
}

}  // namespace
}  // namespace renkei
