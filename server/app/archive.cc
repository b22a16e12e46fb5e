#include "app/archive.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace renkei::app {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kBlockBytes = 64u << 10;
constexpr int kOwnerOnly = 0600;

Error Failed(std::string_view what, const std::string& file, std::string_view reason) {
  return Error{ErrorKind::kUnavailable, "ARCHIVE_FAILED", fmt::format("Cannot {} {}: {}", what, file, reason), "Is there room on the disk, and the right to write?", {}, {}, {}};
}

// A name is safe when it is relative and never leaves the folder.
bool IsSafeName(const std::string& name) {
  const fs::path path(name);
  if (name.empty() || path.is_absolute()) return false;
  return std::none_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".."; });
}

}  // namespace

Result<std::unique_ptr<ArchiveWriter>> ArchiveWriter::Create(const std::string& file) {
  std::unique_ptr<ArchiveWriter> writer(new ArchiveWriter());
  writer->file_ = file;
  const std::string temporary = file + ".part";
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kOwnerOnly);
  if (descriptor < 0) return Fail(Failed("write", temporary, std::strerror(errno)));
  ::close(descriptor);
  writer->archive_ = archive_write_new();
  archive_write_set_format_pax_restricted(writer->archive_);
  if (archive_write_open_filename(writer->archive_, temporary.c_str()) != ARCHIVE_OK) {
    return Fail(Failed("write", temporary, archive_error_string(writer->archive_)));
  }
  return writer;
}

ArchiveWriter::~ArchiveWriter() {
  if (archive_ == nullptr) return;
  archive_write_free(archive_);
  std::remove((file_ + ".part").c_str());
}

Result<void> ArchiveWriter::AddText(const std::string& name, std::string_view text) {
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, name.c_str());
  archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, kOwnerOnly);
  const bool ok = archive_write_header(archive_, entry) == ARCHIVE_OK &&
                  archive_write_data(archive_, text.data(), text.size()) == static_cast<la_ssize_t>(text.size());
  archive_entry_free(entry);
  if (!ok) return Fail(Failed("write", file_, archive_error_string(archive_)));
  return {};
}

Result<void> ArchiveWriter::AddFile(const std::string& name, const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::error_code fault;
  const auto size = fs::file_size(path, fault);
  if (!in || fault) return Fail(Failed("read", path, fault ? fault.message() : std::string("it cannot be opened")));
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, name.c_str());
  archive_entry_set_size(entry, static_cast<la_int64_t>(size));
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, kOwnerOnly);
  bool ok = archive_write_header(archive_, entry) == ARCHIVE_OK;
  archive_entry_free(entry);
  std::vector<char> block(kBlockBytes);
  std::uintmax_t left = size;
  while (ok && left > 0) {
    in.read(block.data(), static_cast<std::streamsize>(std::min<std::uintmax_t>(block.size(), left)));
    const auto got = in.gcount();
    ok = got > 0 && archive_write_data(archive_, block.data(), static_cast<std::size_t>(got)) == got;
    left -= static_cast<std::uintmax_t>(got);
  }
  if (!ok) return Fail(Failed("write", file_, path));
  return {};
}

Result<void> ArchiveWriter::AddFolder(const std::string& prefix, const std::string& folder) {
  std::error_code fault;
  for (const auto& item : fs::recursive_directory_iterator(folder, fault)) {
    if (!item.is_regular_file() || item.is_symlink()) continue;
    RK_CHECK_OK(AddFile(prefix + "/" + fs::relative(item.path(), folder).string(), item.path().string()));
  }
  if (fault) return Fail(Failed("read", folder, fault.message()));
  return {};
}

Result<void> ArchiveWriter::Finish() {
  const bool closed = archive_write_close(archive_) == ARCHIVE_OK;
  archive_write_free(archive_);
  archive_ = nullptr;
  const std::string temporary = file_ + ".part";
  if (!closed || std::rename(temporary.c_str(), file_.c_str()) != 0) return Fail(Failed("write", file_, std::strerror(errno)));
  return {};
}

Result<std::vector<std::string>> ExtractArchive(const std::string& file, const std::string& folder) {
  std::unique_ptr<::archive, int (*)(::archive*)> in(archive_read_new(), archive_read_free);
  archive_read_support_format_tar(in.get());
  if (archive_read_open_filename(in.get(), file.c_str(), kBlockBytes) != ARCHIVE_OK) {
    return Fail(Failed("read", file, archive_error_string(in.get())));
  }
  std::vector<std::string> names;
  archive_entry* entry = nullptr;
  int state = ARCHIVE_OK;
  while ((state = archive_read_next_header(in.get(), &entry)) == ARCHIVE_OK) {
    const std::string name = archive_entry_pathname(entry);
    if (archive_entry_filetype(entry) != AE_IFREG || !IsSafeName(name)) {
      return Fail(InvalidArgument("ARCHIVE_UNSAFE", fmt::format("{} holds an entry that is no plain file inside the folder: {}", file, name), "Is it a backup made by 'renkei backup'?"));
    }
    const fs::path target = fs::path(folder) / name;
    std::error_code fault;
    fs::create_directories(target.parent_path(), fault);
    const int descriptor = ::open(target.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kOwnerOnly);
    if (descriptor < 0) return Fail(Failed("write", target.string(), std::strerror(errno)));
    const bool ok = archive_read_data_into_fd(in.get(), descriptor) == ARCHIVE_OK && ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (!ok) return Fail(Failed("write", target.string(), "the archive is damaged or the disk is full"));
    names.push_back(name);
  }
  if (state != ARCHIVE_EOF) return Fail(Failed("read", file, archive_error_string(in.get())));
  return names;
}

}  // namespace renkei::app
