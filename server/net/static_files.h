// StaticFiles serves files that are part of the program (the web UI): by Accept-Encoding, with ETag
// and 304, immutable where the name carries a hash, and index.html for the addresses of pages.
//
// The entries and their bytes live as long as the program (app/embedded_web.h); nothing is copied
// into an answer. Constant after construction: any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "net/http.h"

namespace renkei::net {

struct StaticFile {
  std::string_view path;  // "/assets/index-3f9a.js"
  std::string_view content_type;
  std::string_view etag;  // without quotes, of the raw bytes
  std::string_view raw;
  std::string_view br, gzip;  // empty: none, or not smaller
  bool immutable = false;     // the name changes with the content
};

class StaticFiles {
 public:
  // `page_headers`: complete lines sent with every HTML file (Content-Security-Policy).
  StaticFiles(std::span<const StaticFile> files, std::string page_headers);

  // True: answered. False: there is no such file and the address is not one of a page; `answer` is
  // untouched. Methods other than GET and HEAD are 405.
  bool Serve(const Request& request, Answer& answer) const;

 private:
  const StaticFile* Find(std::string_view path) const;

  std::unordered_map<std::string_view, const StaticFile*> files_;
  std::string page_headers_;
};

// Is this the address of a page of the UI, to be answered with index.html? ("/admin/books", not
// "/x.js", not "/api/…")
bool IsPagePath(std::string_view path);

// The quality a client gives `coding` ("br") in Accept-Encoding, 0 … 1000; 0: not accepted.
int AcceptedQuality(std::string_view accept_encoding, std::string_view coding);

}  // namespace renkei::net
