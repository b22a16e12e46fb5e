#include "base/log.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "base/metrics.h"

namespace renkei {
namespace {

using namespace std::chrono_literals;

TEST(LogLine, IsOneJsonObjectWithoutTheQueryString) {
  LogOptions options;
  options.level = LogLevel::kDebug;
  const std::string line =
      LogLine(options, RequestServed{"GET", "/api/a:list?token=x", 200, 1500us, "abc"}, 0);
  EXPECT_EQ(line,
            "{\"time\":\"1970-01-01T00:00:00.000Z\",\"level\":\"debug\",\"event\":\"request\","
            "\"traceId\":\"abc\","
            "\"method\":\"GET\",\"path\":\"/api/a:list\",\"status\":200,\"ms\":1.500}\n");
}

TEST(LogLine, LevelsDecide) {
  const LogOptions options;
  EXPECT_EQ(LogLine(options, RequestServed{"GET", "/", 200, 1ms, ""}, 0), "");
  EXPECT_NE(LogLine(options, RequestServed{"GET", "/", 500, 1ms, ""}, 0), "");
  EXPECT_NE(LogLine(options, RequestServed{"GET", "/", 200, 3s, ""}, 0).find("warning"),
            std::string::npos);
  EXPECT_EQ(LogLine(options, QueryRan{"list", 1ms, false}, 0), "");
  EXPECT_NE(LogLine(options, QueryRan{"list", 1ms, true}, 0), "");
  const std::string line = LogLine(options, Fault{"session", "bad \xff byte \"quoted\"\n", "t"}, 0);
  EXPECT_TRUE(ParseJson(line)) << line;
  EXPECT_EQ(ParseLogLevel("WARN"), LogLevel::kWarning);
  EXPECT_FALSE(ParseLogLevel("loud"));
}

TEST(Metrics, CountsAndRenders) {
  Metrics metrics;
  metrics.AddGauge("renkei_test_gauge", "A gauge.", [] { return 42; });
  metrics.Count(RequestServed{"GET", "/", 200, 300us, ""});
  metrics.Count(RequestServed{"GET", "/", 404, 30s, ""});
  metrics.Count(QueryRan{"records.list", 2ms, false});
  metrics.Count(QueryRan{"records.list", 2ms, true});
  metrics.Count(SignInTried{"a", "b", "ok"});
  const std::string text = metrics.Render();
  for (const std::string_view line :
       {"renkei_requests_total{status=\"2xx\"} 1\n", "renkei_requests_total{status=\"4xx\"} 1\n",
        "renkei_request_seconds_bucket{le=\"0.00025\"} 0\n",
        "renkei_request_seconds_bucket{le=\"0.0005\"} 1\n",
        "renkei_request_seconds_bucket{le=\"+Inf\"} 2\n",
        "renkei_queries_total{name=\"records.list\"} 2\n",
        "renkei_queries_failed_total{name=\"records.list\"} 1\n", "renkei_test_gauge 42\n",
        "outcome=\"ok\"} 1\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
  }
  EXPECT_GT(ResidentMemoryBytes(), 1'000'000);
}

}  // namespace
}  // namespace renkei
