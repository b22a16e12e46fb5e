#include "query/date_range.h"

#include <gtest/gtest.h>

#include <string>

namespace renkei::query {
namespace {

// 2026-03-15 is a Sunday; the clock stands at 2026-03-11 (Wednesday) 20:30 UTC.
DateContext At(std::string_view zone) {
  CivilTime now;
  now.year = 2026;
  now.month = 3;
  now.day = 11;
  now.hour = 20;
  now.minute = 30;
  return DateContext{*TimeZone::Parse(zone), FromCivil(now)};
}

std::string Show(const Result<DateRange>& range) {
  if (!range) return range.error().message;
  return IsoUtc(range->start_ms) + " " + IsoUtc(range->end_ms);
}

struct DateCase {
  const char* json;
  const char* zone;
  const char* want;
};

class DateRanges : public testing::TestWithParam<DateCase> {};

TEST_P(DateRanges, AreHalfOpen) {
  auto value = ParseJson(GetParam().json);
  ASSERT_TRUE(value) << GetParam().json;
  EXPECT_EQ(Show(ParseDateRange(*value, At(GetParam().zone))), GetParam().want) << GetParam().json;
}

INSTANTIATE_TEST_SUITE_P(
    Table, DateRanges,
    testing::Values(
        DateCase{"\"2026\"", "+00:00", "2026-01-01T00:00:00.000Z 2027-01-01T00:00:00.000Z"},
        DateCase{"2026", "+00:00", "2026-01-01T00:00:00.000Z 2027-01-01T00:00:00.000Z"},
        DateCase{"\"2026Q4\"", "+00:00", "2026-10-01T00:00:00.000Z 2027-01-01T00:00:00.000Z"},
        DateCase{"\"2026-12\"", "+08:00", "2026-11-30T16:00:00.000Z 2026-12-31T16:00:00.000Z"},
        DateCase{"\"2024-02\"", "+00:00", "2024-02-01T00:00:00.000Z 2024-03-01T00:00:00.000Z"},
        DateCase{"\"2026W11\"", "+00:00", "2026-03-09T00:00:00.000Z 2026-03-16T00:00:00.000Z"},
        DateCase{"\"2026w11\"", "+00:00", "2026-03-08T00:00:00.000Z 2026-03-15T00:00:00.000Z"},
        DateCase{"\"2020W53\"", "+00:00", "2020-12-28T00:00:00.000Z 2021-01-04T00:00:00.000Z"},
        DateCase{"\"2026-03-10\"", "-05:00", "2026-03-10T05:00:00.000Z 2026-03-11T05:00:00.000Z"},
        DateCase{"\"2026-03-10+08:00\"", "-05:00",
                 "2026-03-09T16:00:00.000Z 2026-03-10T16:00:00.000Z"},
        DateCase{"\"2026-03-10 08\"", "+00:00",
                 "2026-03-10T08:00:00.000Z 2026-03-10T09:00:00.000Z"},
        DateCase{"\"2026-03-10T08:30\"", "+00:00",
                 "2026-03-10T08:30:00.000Z 2026-03-10T08:31:00.000Z"},
        DateCase{"\"2026-03-10 08:30:15\"", "+00:00",
                 "2026-03-10T08:30:15.000Z 2026-03-10T08:30:16.000Z"},
        DateCase{"\"2026-03-10 08:30:15.25\"", "+00:00",
                 "2026-03-10T08:30:15.250Z 2026-03-10T08:30:15.251Z"},
        DateCase{"\"2026-03-10 08:30:00-05:00\"", "+00:00",
                 "2026-03-10T13:30:00.000Z 2026-03-10T13:30:01.000Z"},
        DateCase{"\"2026-03-10T02:00:00.000Z\"", "+08:00",
                 "2026-03-10T02:00:00.000Z 2026-03-10T02:00:00.001Z"},
        DateCase{"\"2026-03-10T02:00:00Z\"", "+08:00",
                 "2026-03-10T02:00:00.000Z 2026-03-10T02:00:00.001Z"},
        DateCase{"\"[2026-03-01,2026-04-01)\"", "+00:00",
                 "2026-03-01T00:00:00.000Z 2026-04-01T00:00:00.000Z"},
        DateCase{"\"(2026-03, 2026-04]\"", "+00:00",
                 "2026-04-01T00:00:00.000Z 2026-05-01T00:00:00.000Z"},
        DateCase{"[\"2026-03-01\",\"2026-03-31\"]", "+00:00",
                 "2026-03-01T00:00:00.000Z 2026-04-01T00:00:00.000Z"},
        DateCase{"[\"2026-03-01\",\"2026-03-31\",\"()\"]", "+00:00",
                 "2026-03-02T00:00:00.000Z 2026-03-31T00:00:00.000Z"},
        DateCase{"[\"2026-03-10\",\"2026-03-10\",\"[]\",\"+08:00\"]", "+00:00",
                 "2026-03-09T16:00:00.000Z 2026-03-10T16:00:00.000Z"},
        DateCase{"{\"type\":\"today\"}", "+08:00",
                 "2026-03-11T16:00:00.000Z 2026-03-12T16:00:00.000Z"},
        DateCase{"{\"type\":\"yesterday\"}", "+00:00",
                 "2026-03-10T00:00:00.000Z 2026-03-11T00:00:00.000Z"},
        DateCase{"{\"type\":\"thisWeek\"}", "+00:00",
                 "2026-03-09T00:00:00.000Z 2026-03-16T00:00:00.000Z"},
        DateCase{"{\"type\":\"lastQuarter\"}", "+00:00",
                 "2025-10-01T00:00:00.000Z 2026-01-01T00:00:00.000Z"},
        DateCase{"{\"type\":\"nextYear\"}", "+00:00",
                 "2027-01-01T00:00:00.000Z 2028-01-01T00:00:00.000Z"},
        DateCase{"{\"type\":\"past\",\"number\":3,\"unit\":\"day\"}", "+00:00",
                 "2026-03-08T00:00:00.000Z 2026-03-11T00:00:00.000Z"},
        DateCase{"{\"type\":\"next\",\"number\":\"2\",\"unit\":\"month\"}", "+00:00",
                 "2026-04-01T00:00:00.000Z 2026-06-01T00:00:00.000Z"},
        DateCase{"{\"type\":\"last7Days\"}", "+00:00",
                 "2026-03-05T00:00:00.000Z 2026-03-12T00:00:00.000Z"},
        // A day that a change to summer time shortens.
        DateCase{"\"2026-03-29\"", "Europe/Berlin",
                 "2026-03-28T23:00:00.000Z 2026-03-29T22:00:00.000Z"},
        DateCase{"\"xyz\"", "+00:00", "Invalid Date: xyz"},
        DateCase{"\"\"", "+00:00", "Invalid Date: "},
        DateCase{"null", "+00:00", "Invalid Date: null"},
        DateCase{"\"2026-13\"", "+00:00", "Invalid Date: 2026-13"},
        DateCase{"\"2026-02-30\"", "+00:00", "Invalid Date: 2026-02-30"},
        DateCase{"\"2026Q5\"", "+00:00", "Invalid Date: 2026Q5"},
        DateCase{"\"2026-03-10 24:00\"", "+00:00", "Invalid Date: 2026-03-10 24:00"},
        DateCase{"\"[2026-03-10]\"", "+00:00", "Invalid Date: [2026-03-10]"},
        DateCase{"[\"2026\"]", "+00:00", "Invalid Date: [\"2026\"]"},
        DateCase{"{\"type\":\"bogus\"}", "+00:00", "Unsupported type: bogus"},
        DateCase{"{\"type\":\"past\",\"number\":2,\"unit\":\"fortnight\"}", "+00:00",
                 "Unsupported unit: fortnight"},
        DateCase{"{\"type\":\"past\",\"number\":-1,\"unit\":\"day\"}", "+00:00",
                 "Invalid Date: {\"type\":\"past\",\"number\":-1,\"unit\":\"day\"}"}));

}  // namespace
}  // namespace renkei::query
