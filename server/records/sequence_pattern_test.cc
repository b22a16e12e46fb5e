#include "records/sequence_pattern.h"

#include <gtest/gtest.h>

#include "records/cron_schedule.h"

namespace renkei::records {
namespace {

std::vector<SequencePart> Parts(std::string_view patterns) {
  json::object options;
  options["patterns"] = json::parse(json::string_view(patterns.data(), patterns.size()));
  auto parts = ParseSequencePatterns(options);
  return parts ? *parts : std::vector<SequencePart>();
}

std::int64_t At(int year, int month, int day, int hour = 0, int minute = 0) {
  CivilTime civil;
  civil.year = year;
  civil.month = month;
  civil.day = day;
  civil.hour = hour;
  civil.minute = minute;
  return FromCivil(civil);
}

TEST(SequencePattern, Parses) {
  const auto parts = Parts(
      R"([{"type":"string","options":{"value":"SO-"}},{"type":"integer","options":{"digits":4,"start":1,"key":7}}])");
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].value, "SO-");
  EXPECT_EQ(parts[1].key, "7");
  EXPECT_EQ(FormatNumber(parts[1], NextNumber(parts[1], std::nullopt)), "0001");
  EXPECT_EQ(FormatNumber(parts[1], NextNumber(parts[1], 41)), "0042");
}

TEST(SequencePattern, RefusesNonsense) {
  for (std::string_view patterns :
       {R"([{"type":"x"}])", R"([{"type":"integer","options":{"digits":0}}])",
        R"([{"type":"integer","options":{"base":1}}])", R"([1])"}) {
    json::object options;
    options["patterns"] = json::parse(json::string_view(patterns.data(), patterns.size()));
    EXPECT_FALSE(ParseSequencePatterns(options)) << patterns;
  }
}

TEST(SequencePattern, StartsAgainAfterTheLargestNumber) {
  const auto parts = Parts(R"([{"type":"integer","options":{"digits":2,"start":5}}])");
  EXPECT_EQ(NextNumber(parts[0], 98), 99);
  EXPECT_EQ(NextNumber(parts[0], 99), 5);
}

TEST(SequencePattern, OtherBases) {
  const auto parts = Parts(R"([{"type":"integer","options":{"digits":3,"start":1,"base":16}}])");
  EXPECT_EQ(FormatNumber(parts[0], 255), "0ff");
}

TEST(SequencePattern, Dates) {
  const std::int64_t instant = At(2026, 3, 9, 23, 5);
  EXPECT_EQ(FormatMoment("YYYYMMDD", instant, TimeZone()), "20260309");
  EXPECT_EQ(FormatMoment("YY/M/D HH:mm [at] hh A dddd", instant, TimeZone()),
            "26/3/9 23:05 at 11 PM Monday");
  EXPECT_EQ(FormatMoment("YYYYMMDD", instant, TimeZone::FixedOffset(60)), "20260310");
}

TEST(SequencePattern, MatchesAClientsText) {
  const auto parts = Parts(
      R"([{"type":"string","options":{"value":"SO-"}},{"type":"date","options":{"format":"YYYY"}},{"type":"integer","options":{"digits":3}}])");
  const auto numbers = MatchSequence(parts, "SO-2026042");
  ASSERT_TRUE(numbers);
  EXPECT_EQ(numbers->front(), 42);
  EXPECT_FALSE(MatchSequence(parts, "XX-2026042"));
  EXPECT_FALSE(MatchSequence(parts, "SO-202604x"));
  EXPECT_FALSE(MatchSequence(parts, "SO-20260421"));
}

TEST(CronSchedule, NextFire) {
  const auto yearly = CronSchedule::Parse("0 0 1 1 *");
  ASSERT_TRUE(yearly);
  EXPECT_EQ(yearly->Next(At(2026, 3, 9), TimeZone()), At(2027, 1, 1));
  EXPECT_EQ(yearly->Next(At(2027, 1, 1), TimeZone()), At(2028, 1, 1));
  EXPECT_EQ(CronSchedule::Parse("*/15 * * * *")->Next(At(2026, 1, 1, 10, 7), TimeZone()),
            At(2026, 1, 1, 10, 15));
  EXPECT_EQ(CronSchedule::Parse("0 9 * * mon-fri")->Next(At(2026, 3, 6, 10), TimeZone()),
            At(2026, 3, 9, 9));
  EXPECT_EQ(CronSchedule::Parse("30 0 0 * * *")->Next(At(2026, 1, 1, 0, 1), TimeZone()),
            At(2026, 1, 2) + 30'000);
  EXPECT_EQ(CronSchedule::Parse("0 0 31 2 *")->Next(At(2026, 1, 1), TimeZone()), std::nullopt);
  EXPECT_EQ(
      CronSchedule::Parse("0 0 1 1 *")->Next(At(2026, 12, 31, 14), TimeZone::FixedOffset(540)),
      At(2026, 12, 31, 15));
}

TEST(CronSchedule, RefusesNonsense) {
  for (std::string_view text :
       {"", "* * * *", "60 * * * *", "* * 0 * *", "a * * * *", "*/0 * * * *", "5-1 * * * *"}) {
    EXPECT_FALSE(CronSchedule::Parse(text)) << text;
  }
}

TEST(SequencePattern, CycleEnds) {
  const auto parts = Parts(R"([{"type":"integer","options":{"digits":2,"cycle":"0 0 1 1 *"}}])");
  EXPECT_FALSE(CycleEnded(parts[0], At(2026, 1, 5), At(2026, 12, 31), TimeZone()));
  EXPECT_TRUE(CycleEnded(parts[0], At(2026, 12, 31), At(2027, 1, 1), TimeZone()));
}

}  // namespace
}  // namespace renkei::records
