#include "net/static_files.h"

#include "base/text.h"

namespace renkei::net {
namespace {

constexpr std::string_view kIndex = "/index.html";

// "0.5" -> 500. Up to three decimals (RFC 9110); what cannot be read counts as full.
int ParseQuality(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return 1000;
  int quality = (text[0] - '0') * 1000;
  int weight = 100;
  for (std::size_t i = 2; i < text.size() && weight > 0; ++i, weight /= 10) {
    if (text[i] < '0' || text[i] > '9') break;
    quality += (text[i] - '0') * weight;
  }
  return quality > 1000 ? 1000 : quality;
}

// The name before ';' and the number behind "q=".
std::pair<std::string_view, int> SplitWeighted(std::string_view part) {
  const std::size_t semicolon = part.find(';');
  const std::string_view name = Trim(part.substr(0, semicolon));
  if (semicolon == std::string_view::npos) return {name, 1000};
  const std::string_view rest = part.substr(semicolon + 1);
  std::size_t q = rest.find("q=");
  if (q == std::string_view::npos) q = rest.find("Q=");
  return {name, q == std::string_view::npos ? 1000 : ParseQuality(rest.substr(q + 2))};
}

// Does If-None-Match name this tag? Weakly compared, as the header asks for.
bool NamesTag(std::string_view header, std::string_view tag) {
  while (!header.empty()) {
    const std::size_t comma = header.find(',');
    std::string_view candidate = Trim(header.substr(0, comma));
    if (candidate == "*") return true;
    if (candidate.starts_with("W/")) candidate.remove_prefix(2);
    if (candidate == tag) return true;
    header.remove_prefix(comma == std::string_view::npos ? header.size() : comma + 1);
  }
  return false;
}

struct Choice {
  std::string_view bytes;
  std::string_view coding;  // "": as it is
};

Choice Choose(const StaticFile& file, std::string_view accept_encoding) {
  const int br = file.br.empty() ? 0 : AcceptedQuality(accept_encoding, "br");
  const int gzip = file.gzip.empty() ? 0 : AcceptedQuality(accept_encoding, "gzip");
  if (br > 0 && br >= gzip) return {file.br, "br"};
  if (gzip > 0) return {file.gzip, "gzip"};
  return {file.raw, ""};
}

}  // namespace

int AcceptedQuality(std::string_view accept_encoding, std::string_view coding) {
  int any = 0;
  while (!accept_encoding.empty()) {
    const std::size_t comma = accept_encoding.find(',');
    const auto [name, quality] = SplitWeighted(accept_encoding.substr(0, comma));
    if (EqualsIgnoreCaseAscii(name, coding)) return quality;
    if (name == "*") any = quality;
    accept_encoding.remove_prefix(comma == std::string_view::npos ? accept_encoding.size()
                                                                  : comma + 1);
  }
  return any;
}

bool IsPagePath(std::string_view path) {
  for (const std::string_view prefix : {"/api", "/files", "/assets"}) {
    if (path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/'))
      return false;
  }
  const std::size_t slash = path.rfind('/');
  return slash != std::string_view::npos && path.find('.', slash) == std::string_view::npos;
}

StaticFiles::StaticFiles(std::span<const StaticFile> files, std::string page_headers)
    : page_headers_(std::move(page_headers)) {
  for (const StaticFile& file : files) files_.emplace(file.path, &file);
}

const StaticFile* StaticFiles::Find(std::string_view path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : found->second;
}

bool StaticFiles::Serve(const Request& request, Answer& answer) const {
  const std::string path = PercentDecode(request.path, false);
  const StaticFile* file = Find(path);
  if (file == nullptr && IsPagePath(path)) file = Find(kIndex);
  if (file == nullptr) return false;
  if (request.method != "GET" && request.method != "HEAD") {
    answer.status = 405;
    answer.content_type = "text/plain; charset=utf-8";
    answer.body = "Method Not Allowed";
    answer.AddHeader("Allow", "GET, HEAD");
    return true;
  }
  const Choice choice = Choose(*file, request.accept_encoding);
  std::string tag = "\"";
  tag.append(file->etag);
  if (!choice.coding.empty()) tag.append("-").append(choice.coding);  // other bytes, other tag
  tag.append("\"");
  answer.AddHeader("ETag", tag);
  answer.AddHeader("Cache-Control",
                   file->immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (!file->br.empty() || !file->gzip.empty()) answer.AddHeader("Vary", "Accept-Encoding");
  if (NamesTag(request.if_none_match, tag)) {
    answer.status = 304;
    return true;
  }
  if (!choice.coding.empty()) answer.AddHeader("Content-Encoding", choice.coding);
  if (file->content_type.starts_with("text/html")) answer.extra_headers.append(page_headers_);
  answer.content_type = file->content_type;
  answer.static_body = choice.bytes;
  return true;
}

}  // namespace renkei::net
