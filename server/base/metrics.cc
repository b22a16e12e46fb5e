#include "base/metrics.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <mutex>

#include "base/clock.h"

namespace renkei {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

std::uint64_t Microseconds(std::chrono::nanoseconds took) {
  const auto count = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  return count < 0 ? 0 : static_cast<std::uint64_t>(count);
}

// Every metric is announced once, by name, type and a sentence.
void Announce(std::string& out, std::string_view name, std::string_view type,
              std::string_view help) {
  fmt::format_to(std::back_inserter(out), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

template <class Value>
void Sample(std::string& out, std::string_view name, std::string_view labels, Value value) {
  if (labels.empty()) {
    fmt::format_to(std::back_inserter(out), "{} {}\n", name, value);
  } else {
    fmt::format_to(std::back_inserter(out), "{}{{{}}} {}\n", name, labels, value);
  }
}

template <class Value>
void Single(std::string& out, std::string_view name, std::string_view type, std::string_view help,
            Value value) {
  Announce(out, name, type, help);
  Sample(out, name, "", value);
}

std::string Label(std::string_view name, std::string_view value) {
  std::string out(name);
  out.append("=\"");
  for (const char c : value) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c == '\n' ? ' ' : c);
  }
  out.push_back('"');
  return out;
}

}  // namespace

std::int64_t ResidentMemoryBytes() {
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return 0;
  long long total = 0;
  long long resident = 0;
  const int read = std::fscanf(file, "%lld %lld", &total, &resident);
  std::fclose(file);
  return read == 2 ? resident * sysconf(_SC_PAGESIZE) : 0;
}

Metrics::Metrics() : started_ms_(NowMs()) {}

void Metrics::AddGauge(std::string name, std::string help, std::function<std::int64_t()> read) {
  gauges_.push_back({std::move(name), std::move(help), std::move(read)});
}

void Metrics::Count(const Observation& observation) {
  if (const auto* request = std::get_if<RequestServed>(&observation)) {
    CountRequest(*request);
  } else if (const auto* query = std::get_if<QueryRan>(&observation)) {
    CountQuery(*query);
  } else if (const auto* attempt = std::get_if<SignInTried>(&observation)) {
    (attempt->outcome == "ok" ? sign_ins_ok_ : sign_ins_refused_).fetch_add(1, kRelaxed);
  } else if (std::holds_alternative<Fault>(observation)) {
    faults_.fetch_add(1, kRelaxed);
  } else if (std::holds_alternative<CatalogReloaded>(observation)) {
    catalog_reloads_.fetch_add(1, kRelaxed);
  }
}

void Metrics::CountRequest(const RequestServed& request) {
  const auto status_class = static_cast<std::size_t>(request.status / 100);
  requests_by_class_[status_class < requests_by_class_.size() ? status_class : 0].fetch_add(
      1, kRelaxed);
  const std::uint64_t took = Microseconds(request.took);
  std::size_t bucket = 0;
  while (bucket < kLatencyBuckets.size() &&
         took > static_cast<std::uint64_t>(kLatencyBuckets[bucket]))
    ++bucket;
  latency_[bucket].fetch_add(1, kRelaxed);
  latency_microseconds_.fetch_add(took, kRelaxed);
}

Metrics::QueryCounters& Metrics::CountersOf(std::string_view name) {
  {
    const std::shared_lock lock(queries_mutex_);
    const auto found = queries_.find(name);
    if (found != queries_.end()) return *found->second;
  }
  const std::unique_lock lock(queries_mutex_);
  if (queries_.size() >= kMaxQueryNames && queries_.find(name) == queries_.end()) name = "other";
  std::unique_ptr<QueryCounters>& counters = queries_[std::string(name)];
  if (counters == nullptr) counters = std::make_unique<QueryCounters>();
  return *counters;
}

void Metrics::CountQuery(const QueryRan& query) {
  QueryCounters& counters = CountersOf(query.name);
  counters.count.fetch_add(1, kRelaxed);
  counters.microseconds.fetch_add(Microseconds(query.took), kRelaxed);
  if (query.failed) counters.failed.fetch_add(1, kRelaxed);
}

std::string Metrics::Render() const {
  std::string out;
  out.reserve(4096);
  Announce(out, "renkei_requests_total", "counter", "Requests answered, by class of status.");
  for (std::size_t i = 1; i < requests_by_class_.size(); ++i) {
    Sample(out, "renkei_requests_total", fmt::format("status=\"{}xx\"", i),
           requests_by_class_[i].load(kRelaxed));
  }
  Announce(out, "renkei_request_seconds", "histogram", "Time from a request's head to its answer.");
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kLatencyBuckets.size(); ++i) {
    sum += latency_[i].load(kRelaxed);
    Sample(out, "renkei_request_seconds_bucket",
           fmt::format("le=\"{}\"", static_cast<double>(kLatencyBuckets[i]) / 1e6), sum);
  }
  sum += latency_.back().load(kRelaxed);
  Sample(out, "renkei_request_seconds_bucket", "le=\"+Inf\"", sum);
  Sample(out, "renkei_request_seconds_sum", "",
         static_cast<double>(latency_microseconds_.load(kRelaxed)) / 1e6);
  Sample(out, "renkei_request_seconds_count", "", sum);

  Announce(out, "renkei_queries_total", "counter", "Statements run, by name.");
  {
    const std::shared_lock lock(queries_mutex_);
    for (const auto& [name, counters] : queries_) {
      Sample(out, "renkei_queries_total", Label("name", name), counters->count.load(kRelaxed));
    }
    Announce(out, "renkei_queries_failed_total", "counter", "Statements that failed, by name.");
    for (const auto& [name, counters] : queries_) {
      Sample(out, "renkei_queries_failed_total", Label("name", name),
             counters->failed.load(kRelaxed));
    }
    Announce(out, "renkei_query_seconds_total", "counter", "Time spent in statements, by name.");
    for (const auto& [name, counters] : queries_) {
      Sample(out, "renkei_query_seconds_total", Label("name", name),
             static_cast<double>(counters->microseconds.load(kRelaxed)) / 1e6);
    }
  }
  Announce(out, "renkei_sign_ins_total", "counter", "Sign-ins tried, by outcome.");
  Sample(out, "renkei_sign_ins_total", "outcome=\"ok\"", sign_ins_ok_.load(kRelaxed));
  Sample(out, "renkei_sign_ins_total", "outcome=\"refused\"", sign_ins_refused_.load(kRelaxed));
  Single(out, "renkei_faults_total", "counter", "Unexpected faults.", faults_.load(kRelaxed));
  Single(out, "renkei_catalog_reloads_total", "counter", "Reloads of the schema snapshot.",
         catalog_reloads_.load(kRelaxed));
  for (const Gauge& gauge : gauges_) Single(out, gauge.name, "gauge", gauge.help, gauge.read());
  Single(out, "process_resident_memory_bytes", "gauge", "Resident memory.", ResidentMemoryBytes());
  Single(out, "process_start_time_seconds", "gauge", "Start of the process, unix time.",
         fmt::format("{:.3f}", static_cast<double>(started_ms_) / 1000));
  return out;
}

}  // namespace renkei
