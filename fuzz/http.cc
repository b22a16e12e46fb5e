// Requests as they come from a socket: heads one after the other, bodies by length or in chunks.
// The first byte says how large the pieces are in which chunks arrive.
#include <algorithm>

#include "net/http_parser.h"

namespace {

constexpr std::size_t kBodyLimit = 4096;

// Decodes a chunked body that arrives in pieces; gives the number of bytes used.
std::size_t ReadChunks(renkei::net::RequestParser& parser, std::string_view bytes,
                       std::size_t piece) {
  std::string body;
  std::size_t begin = 0;
  for (std::size_t end = std::min(piece, bytes.size());;
       end = std::min(end + piece, bytes.size())) {
    const auto chunks = parser.ParseChunks(bytes.substr(begin, end - begin), body);
    if (chunks.used > end - begin || body.size() > kBodyLimit) __builtin_trap();
    begin += chunks.used;
    if (chunks.complete || chunks.fault != renkei::net::ParseFault::kNone) return begin;
    if (end == bytes.size()) return bytes.size();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace renkei::net;
  if (size < 2) return 0;
  const std::size_t piece = std::max<std::size_t>(1, data[0]);
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  RequestParser parser(kBodyLimit);
  for (int i = 0; i < 8 && !bytes.empty(); ++i) {
    std::size_t searched = 0;
    const auto end = FindHeadEnd(bytes, searched);
    if (!end) {
      (void)CannotBeHead(bytes);
      return 0;
    }
    if (*end > bytes.size() || searched > bytes.size()) __builtin_trap();
    Request request;
    if (parser.ParseHead(bytes.substr(0, *end), request) != ParseFault::kNone) return 0;
    bytes.remove_prefix(*end);
    if (parser.framing().chunked) {
      bytes.remove_prefix(std::min(ReadChunks(parser, bytes, piece), bytes.size()));
    } else {
      if (parser.framing().content_length > kBodyLimit)
        __builtin_trap();  // should have been kBodyTooLarge
      bytes.remove_prefix(std::min<std::size_t>(parser.framing().content_length, bytes.size()));
    }
  }
  return 0;
}
