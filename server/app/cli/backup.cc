// renkei backup | restore: database, key and files in one tar archive. The backup is taken while the server runs; the
// restore wants an empty data folder (or --force, which keeps the old database beside the new one).
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <sys/wait.h>
#include <unistd.h>

#include "app/archive.h"
#include "app/cli/commands.h"
#include "app/program.h"
#include "base/json.h"

namespace renkei::app {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kManifest = "manifest.json";
constexpr std::chrono::hours kBackupDeadline{4};

// Runs a program without a shell; its own messages go to standard error.
Result<void> RunTool(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::execvp(arguments[0], arguments.data());
    std::_Exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return Fail(Error{ErrorKind::kUpstream, "TOOL_FAILED", fmt::format("{} failed", words[0]),
                    fmt::format("Is {} installed (Debian: postgresql-client), and of the server's version or newer?", words[0]), {}, {}, {}});
}

// A folder that goes away with everything in it.
class Scratch {
 public:
  explicit Scratch(const std::string& parent) : path_(parent + "/.backup-XXXXXX") { made_ = ::mkdtemp(path_.data()) != nullptr; }
  ~Scratch() {
    std::error_code ignored;
    if (made_) fs::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool made_ = false;
};

Result<std::string> CopyDatabase(const Config& config, const DataFolder& folder, const std::string& scratch) {
  if (config.uses_postgres()) {
    const std::string dump = scratch + "/database.dump";
    RK_CHECK_OK(RunTool({"pg_dump", "--format=custom", "--no-owner", "--file=" + dump, "--dbname=" + config.Get("database-url")}));
    return dump;
  }
  const std::string copy = scratch + "/renkei.db";
  RK_TRY(database, OpenMainDatabase(config, folder, 0));
  auto copied = Block(database->BackupTo(copy, Clock::now() + kBackupDeadline));
  database->Close();
  if (!copied) return Fail(copied.error());
  return copy;
}

Result<std::string> WriteBackup(const Config& config, std::string file) {
  RK_TRY(folder, DataFolder::Open(config.data_folder(), false));
  if (file.empty()) {
    std::string stamp = IsoUtc(NowMs()).substr(0, 19);
    std::replace(stamp.begin(), stamp.end(), ':', '-');
    file = folder->path() + "/backups/renkei-" + stamp + ".tar";
  }
  Scratch scratch(folder->path());
  fmt::print("Copying the database …\n");
  RK_TRY(copy, CopyDatabase(config, *folder, scratch.path()));
  RK_TRY(archive, ArchiveWriter::Create(file));
  const json::object manifest{{"renkei", RENKEI_VERSION}, {"database", config.uses_postgres() ? "postgres" : "sqlite"}, {"createdAt", IsoUtc(NowMs())}};
  RK_CHECK_OK(archive->AddText(std::string(kManifest), ToJson(manifest)));
  RK_CHECK_OK(archive->AddFile(fs::path(copy).filename().string(), copy));
  RK_CHECK_OK(archive->AddFile("secret.key", folder->path() + "/secret.key"));
  fmt::print("Adding files …\n");
  RK_CHECK_OK(archive->AddFolder("files", folder->path() + "/files"));
  RK_CHECK_OK(archive->Finish());
  return file;
}

Result<json::object> ReadManifest(const std::string& folder, const std::string& archive) {
  std::ifstream in(folder + "/" + std::string(kManifest));
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  auto manifest = ParseJson(text);
  if (!manifest || !manifest->is_object()) {
    return Fail(InvalidArgument("NOT_A_BACKUP", fmt::format("{} is not a backup made by 'renkei backup'", archive), "Choose another file"));
  }
  return manifest->get_object();
}

Result<void> Restore(const Config& config, const std::string& file, bool force) {
  RK_TRY(folder, DataFolder::Open(config.data_folder(), !config.uses_postgres()));
  const std::string& home = folder->path();
  const bool occupied = fs::exists(folder->database_file());
  if (occupied && !force) {
    return Fail(Error{ErrorKind::kConflict, "DATA_FOLDER_NOT_EMPTY", fmt::format("The data folder {} holds a database already", home),
                      "Choose an empty folder with --data, or --force to replace it (the old file is kept as renkei.db.before-restore)", {}, {}, {}});
  }
  Scratch scratch(home);
  fmt::print("Reading {} …\n", file);
  RK_CHECK_OK(ExtractArchive(file, scratch.path()));
  RK_TRY(manifest, ReadManifest(scratch.path(), file));
  const bool is_postgres = FindString(manifest, "database") == "postgres";
  if (is_postgres != config.uses_postgres()) {
    return Fail(InvalidArgument("OTHER_DATABASE", fmt::format("The backup is of a {} database", FindString(manifest, "database")),
                                is_postgres ? "Set --database-url to an empty PostgreSQL database" : "Leave --database-url empty"));
  }
  if (is_postgres) {
    RK_CHECK_OK(RunTool({"pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", force ? "--clean" : "--no-owner",
                         force ? "--if-exists" : "--no-owner", "--dbname=" + config.Get("database-url"), scratch.path() + "/database.dump"}));
  } else {
    std::error_code fault;
    if (occupied) fs::rename(folder->database_file(), folder->database_file() + ".before-restore", fault);
    for (const char* part : {"-wal", "-shm"}) fs::remove(folder->database_file() + part, fault);
    fs::rename(scratch.path() + "/renkei.db", folder->database_file(), fault);
    if (fault) return Fail(Error{ErrorKind::kUnavailable, "RESTORE_FAILED", fmt::format("Cannot write {}: {}", folder->database_file(), fault.message()), "", {}, {}, {}});
  }
  std::error_code fault;
  fs::rename(scratch.path() + "/secret.key", home + "/secret.key", fault);
  if (!fault && fs::exists(scratch.path() + "/files")) {
    fs::copy(scratch.path() + "/files", home + "/files", fs::copy_options::recursive | fs::copy_options::overwrite_existing, fault);
  }
  if (fault) return Fail(Error{ErrorKind::kUnavailable, "RESTORE_FAILED", fmt::format("Cannot write in {}: {}", home, fault.message()), "", {}, {}, {}});
  return {};
}

}  // namespace

int RunBackup(const Config& config, const std::string& file) {
  auto written = WriteBackup(config, file);
  if (!written) return ReportFailure(written.error());
  fmt::print("Wrote {} ({} bytes). It holds the secret key: keep it as safe as the server.\n", *written, fs::file_size(*written));
  return 0;
}

int RunRestore(const Config& config, const std::string& file, bool force) {
  auto restored = Restore(config, file, force);
  if (!restored) return ReportFailure(restored.error());
  fmt::print("Restored {} into {}. Start with: renkei serve --data {}\n", file, config.data_folder(), config.data_folder());
  return 0;
}

}  // namespace renkei::app
