// renkei doctor: each line says ok, or what is wrong and what to do. Changes nothing but the probe file it removes.
#include <arpa/inet.h>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/cli/commands.h"
#include "app/program.h"

namespace renkei::app {
namespace {

constexpr std::uintmax_t kLeastFreeBytes = 512ull << 20;

class Report {
 public:
  void Ok(std::string_view what, const std::string& detail) { fmt::print("ok    {:<14}{}\n", what, detail); }
  void Bad(std::string_view what, const Error& error) {
    fmt::print("FAIL  {:<14}{}\n", what, error.message);
    if (!error.hint.empty()) fmt::print("                    {}\n", error.hint);
    if (!error.detail.empty()) fmt::print("                    ({})\n", error.detail);
    failed_ = true;
  }
  void Warn(std::string_view what, const std::string& detail) { fmt::print("warn  {:<14}{}\n", what, detail); }
  int exit_code() const { return failed_ ? 1 : 0; }

 private:
  bool failed_ = false;
};

void CheckDisk(const std::string& folder, Report& report) {
  std::error_code fault;
  const auto space = std::filesystem::space(folder, fault);
  if (fault) report.Warn("disk", fault.message());
  else if (space.available < kLeastFreeBytes) report.Warn("disk", fmt::format("only {} MB free in {}", space.available >> 20, folder));
  else report.Ok("disk", fmt::format("{} MB free", space.available >> 20));
}

void CheckClock(Report& report) {
  const std::time_t now = std::time(nullptr);
  constexpr std::time_t kReleased = 1763856000;  // nothing can be older than this program
  if (now < kReleased) report.Bad("clock", InvalidArgument("CLOCK_WRONG", "The system clock is in the past", "Set it, for example with systemd-timesyncd: tokens and schedules depend on it"));
  else report.Ok("clock", fmt::format("{} s since 1970", now));
}

void CheckPort(const Config& config, Report& report) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(config.port());
  const std::string host = config.host() == "localhost" ? "127.0.0.1" : config.host();
  if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) == 1 && ::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    report.Warn("port", fmt::format("something answers on {} (a running renkei?)", config.Get("listen")));
  } else {
    report.Ok("port", fmt::format("{} is free", config.Get("listen")));
  }
  ::close(descriptor);
}

void CheckDatabase(const Config& config, const DataFolder& folder, Report& report) {
  auto database = OpenMainDatabase(config, folder, 0);
  if (!database) return report.Bad("database", database.error());
  auto version = Block((*database)->ServerVersion());
  if (!version) {
    report.Bad("database", version.error());
  } else {
    report.Ok("database", fmt::format("{} {}", (*database)->dialect().name(), *version));
    auto migrations = Block(db::Migrate(**database, AllMigrations(), true, Clock::now() + kStartDeadline));
    if (!migrations) report.Bad("migrations", migrations.error());
    else if (migrations->from != migrations->to) report.Warn("migrations", fmt::format("schema {} will become {} at the next start", migrations->from, migrations->to));
    else report.Ok("migrations", fmt::format("schema {}", migrations->to));
  }
  (*database)->Close();
}

}  // namespace

int RunDoctor(const Config& config) {
  Report report;
  report.Ok("configuration", fmt::format("listen {}, data {}", config.Get("listen"), config.Get("data")));
  if (!config.rate_limits()) report.Warn("limits", "sign-in and request limits are off");
  auto folder = DataFolder::Open(config.data_folder(), false);
  if (!folder) {
    report.Bad("data folder", folder.error());
    return report.exit_code();
  }
  report.Ok("data folder", fmt::format("{} is writable, key {}", config.data_folder(), (*folder)->key_fingerprint()));
  CheckDisk(config.data_folder(), report);
  CheckClock(report);
  CheckPort(config, report);
  CheckDatabase(config, **folder, report);
  return report.exit_code();
}

}  // namespace renkei::app
