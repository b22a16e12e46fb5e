// renkei migrate [--dry-run]
#include <cstdio>
#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/program.h"

namespace renkei::app {

int RunMigrate(const Config& config, bool dry_run) {
  auto folder = DataFolder::Open(config.data_folder(), !config.uses_postgres());
  if (!folder) return ReportFailure(folder.error());
  auto database = OpenMainDatabase(config, **folder, 0);
  if (!database) return ReportFailure(database.error());
  auto report = Block(db::Migrate(**database, AllMigrations(), dry_run, Clock::now() + kStartDeadline));
  (*database)->Close();
  if (!report) return ReportFailure(report.error());
  if (report->from == report->to || report->applied.empty()) {
    fmt::print("The database is up to date (schema {}).\n", report->to);
    return 0;
  }
  fmt::print("{} from schema {} to {}:\n", dry_run ? "Would migrate" : "Migrated", report->from, report->to);
  for (const std::string& line : report->applied) fmt::print("  {}\n", line);
  return 0;
}

}  // namespace renkei::app
