#include "app/data_folder.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/id.h"

namespace renkei::app {
namespace {

constexpr std::size_t kKeyBytes = 32;

Error Unusable(std::string message, std::string hint) {
  return InvalidArgument("DATA_FOLDER_UNUSABLE", std::move(message), std::move(hint));
}

// Writes the whole key with mode 0600 under another name, then renames: a crash leaves no half key.
Result<void> WriteKey(const std::string& file, const std::string& key) {
  const std::string temporary = file + ".new";
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return Fail(Unusable(fmt::format("Cannot write {}: {}", temporary, std::strerror(errno)), "Give the user that runs renkei the right to write there"));
  const bool written = ::write(descriptor, key.data(), key.size()) == static_cast<ssize_t>(key.size()) && ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (!written || ::rename(temporary.c_str(), file.c_str()) != 0) {
    return Fail(Unusable(fmt::format("Cannot write {}: {}", file, std::strerror(errno)), "Is the disk full?"));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<DataFolder>> DataFolder::Open(const std::string& path, bool exclusive) {
  std::error_code fault;
  for (const char* part : {"", "/files", "/backups"}) {
    std::filesystem::create_directories(path + part, fault);
    if (fault) {
      return Fail(Unusable(fmt::format("Cannot create the data folder {}: {}", path + part, fault.message()),
                           "Choose another with --data, or give the user that runs renkei the right to write there"));
    }
  }
  std::unique_ptr<DataFolder> folder(new DataFolder());
  folder->path_ = path;
  const std::string lock_file = path + "/renkei.lock";
  folder->lock_ = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (folder->lock_ < 0) {
    return Fail(Unusable(fmt::format("Cannot write in the data folder {}: {}", path, std::strerror(errno)),
                         "Choose another with --data, or give the user that runs renkei the right to write there"));
  }
  if (exclusive && ::flock(folder->lock_, LOCK_EX | LOCK_NB) != 0) {
    return Fail(Error{ErrorKind::kConflict, "DATA_FOLDER_IN_USE", fmt::format("Another renkei is running on the data folder {}", path),
                      "Stop it, or choose another folder with --data; several nodes need PostgreSQL (--database-url)", {}, {}, {}});
  }
  RK_CHECK_OK(folder->LoadKey());
  return folder;
}

DataFolder::~DataFolder() {
  if (lock_ >= 0) ::close(lock_);
}

Result<void> DataFolder::LoadKey() {
  const std::string file = path_ + "/secret.key";
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) {
    std::string key(kKeyBytes, '\0');
    RandomBytes(key.data(), key.size());
    RK_CHECK_OK(WriteKey(file, key));
    secret_key_ = std::move(key);
    return {};
  }
  if ((status.st_mode & 077) != 0) {
    return Fail(Unusable(fmt::format("{} can be read by other users (mode {:o})", file, status.st_mode & 0777), fmt::format("Run: chmod 600 {}", file)));
  }
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Fail(Unusable(fmt::format("Cannot read {}: {}", file, std::strerror(errno)), ""));
  std::string key(kKeyBytes + 1, '\0');
  const ssize_t size = ::read(descriptor, key.data(), key.size());
  ::close(descriptor);
  if (size != static_cast<ssize_t>(kKeyBytes)) {
    return Fail(Unusable(fmt::format("{} is not a key of {} bytes", file, kKeyBytes), "Restore it from the backup of this data folder"));
  }
  key.resize(kKeyBytes);
  secret_key_ = std::move(key);
  return {};
}

std::string DataFolder::key_fingerprint() const { return Sha256Hex("renkei key fingerprint " + secret_key_).substr(0, 16); }

}  // namespace renkei::app
