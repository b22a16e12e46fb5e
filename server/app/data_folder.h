// The data folder (design.md, "What is stored where"): secret.key, lock file, files/, backups/.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace renkei::app {

// An open data folder. Holds an exclusive lock while it lives, so that two servers never share one SQLite folder.
class DataFolder {
 public:
  // Creates what is missing. Errors name the path, the reason and the remedy: DATA_FOLDER_UNUSABLE, DATA_FOLDER_IN_USE.
  static Result<std::unique_ptr<DataFolder>> Open(const std::string& path, bool exclusive);
  ~DataFolder();
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string database_file() const { return path_ + "/renkei.db"; }
  const std::string& secret_key() const { return secret_key_; }  // 32 bytes
  // Kept in the database; another key than the one the database was made with cannot open its secrets.
  std::string key_fingerprint() const;

 private:
  DataFolder() = default;
  Result<void> LoadKey();
  std::string path_;
  std::string secret_key_;
  int lock_ = -1;
};

}  // namespace renkei::app
