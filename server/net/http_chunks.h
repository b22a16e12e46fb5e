// Decodes `Transfer-Encoding: chunked` (RFC 9112, 7.1) as bytes come, in pieces of any size.
// Sans-I/O.
//
//   chunk   = size-in-hex [ ";" extension ] CRLF data CRLF
//   message = *chunk "0" [ ";" extension ] CRLF *( trailer CRLF ) CRLF
//
// Extensions and trailers are skipped. Stricter than it must be: no bare line feeds, because
// proxies disagree about them. (Beast's own decoder asserts on some divisions into pieces, and an
// assertion is a stop by remote.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace renkei::net {

class ChunkDecoder {
 public:
  enum class State {
    kSizeStart,
    kSize,
    kExtension,
    kSizeEnd,  // kSizeEnd: the line feed
    kData,
    kDataReturn,
    kDataEnd,
    kTrailerStart,
    kTrailer,
    kTrailerEnd,
    kLastEnd,
    kComplete,
    kMalformed,
    kTooLarge,
  };

  explicit ChunkDecoder(std::size_t body_limit) : body_limit_(body_limit) {}

  // Appends decoded bytes to `body`; returns how many bytes were taken: all, but for what follows
  // the end.
  std::size_t Decode(std::string_view bytes, std::string& body);
  State state() const { return state_; }
  bool complete() const { return state_ == State::kComplete; }

 private:
  void Step(char c);
  void TakeSizeDigit(char c);
  void EndSize();
  void Skip();  // counts a byte that means nothing to us

  std::size_t body_limit_;
  State state_ = State::kSizeStart;
  std::uint64_t size_ = 0;  // of the chunk; then what is left of it
  std::uint64_t total_ = 0;
  std::size_t skipped_ = 0;
};

}  // namespace renkei::net
