// Tar archives of backups, by libarchive. Blocking; errors name the file and the reason.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

struct archive;  // libarchive

namespace renkei::app {

// Adds files to a new archive, readable by its owner only; Finish() makes it whole under its final name.
class ArchiveWriter {
 public:
  static Result<std::unique_ptr<ArchiveWriter>> Create(const std::string& file);
  ~ArchiveWriter();
  Result<void> AddText(const std::string& name, std::string_view text);
  Result<void> AddFile(const std::string& name, const std::string& path);
  // Every regular file below `folder`, as prefix/…; links are left out.
  Result<void> AddFolder(const std::string& prefix, const std::string& folder);
  Result<void> Finish();

 private:
  ArchiveWriter() = default;
  ::archive* archive_ = nullptr;
  std::string file_;
};

// Unpacks into `folder`, which must exist. Only plain files with relative names inside it are accepted.
Result<std::vector<std::string>> ExtractArchive(const std::string& file, const std::string& folder);

}  // namespace renkei::app
