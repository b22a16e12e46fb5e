// Metrics counts observations and renders them as Prometheus text. Owned by app, subscribed with
// AddObserver, lives until the process ends. Every function may be called from any thread; counting
// a request takes no lock.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/observe.h"

namespace renkei {

class Metrics {
 public:
  // Upper bounds in microseconds; one more bucket holds the rest.
  static constexpr std::array<std::int64_t, 12> kLatencyBuckets = {
      250,    500,    1'000,   2'500,   5'000,     10'000,
      25'000, 50'000, 100'000, 500'000, 1'000'000, 5'000'000};
  // Names of queries are literals in the code; a larger number is a mistake and is counted as
  // "other".
  static constexpr std::size_t kMaxQueryNames = 500;

  Metrics();
  void Count(const Observation& observation);
  // A number to read when rendering ("renkei_connections_open"): `read` is called from any thread,
  // later.
  void AddGauge(std::string name, std::string help,
                std::function<std::int64_t()> read);  // before serving
  std::string Render() const;

 private:
  using Counter = std::atomic<std::uint64_t>;
  struct QueryCounters {
    Counter count{0}, failed{0}, microseconds{0};
  };
  struct Gauge {
    std::string name, help;
    std::function<std::int64_t()> read;
  };
  void CountRequest(const RequestServed& request);
  void CountQuery(const QueryRan& query);
  QueryCounters& CountersOf(std::string_view name);

  std::int64_t started_ms_;
  std::array<Counter, 6> requests_by_class_{};  // index = status / 100; 0: anything else
  std::array<Counter, kLatencyBuckets.size() + 1> latency_{};
  Counter latency_microseconds_{0};
  Counter faults_{0}, catalog_reloads_{0}, sign_ins_ok_{0}, sign_ins_refused_{0};
  mutable std::shared_mutex queries_mutex_;  // guards the map, not its counters
  std::map<std::string, std::unique_ptr<QueryCounters>, std::less<>> queries_;
  std::vector<Gauge> gauges_;
};

// Resident memory of this process in bytes, 0 when it cannot be told.
std::int64_t ResidentMemoryBytes();

}  // namespace renkei
