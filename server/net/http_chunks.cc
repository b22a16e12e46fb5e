#include "net/http_chunks.h"

#include <algorithm>

namespace renkei::net {
namespace {

// Extensions and trailers of one message together; nobody sends any.
constexpr std::size_t kMaxSkipped = 16 * 1024;
constexpr std::uint64_t kMaxChunkSize = std::uint64_t{1} << 48;

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::size_t ChunkDecoder::Decode(std::string_view bytes, std::string& body) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (state_ == State::kComplete || state_ == State::kMalformed || state_ == State::kTooLarge)
      break;
    if (state_ != State::kData) {
      Step(bytes[at++]);
      continue;
    }
    const std::size_t count =
        static_cast<std::size_t>(std::min<std::uint64_t>(size_, bytes.size() - at));
    body.append(bytes.substr(at, count));
    at += count;
    size_ -= count;
    if (size_ == 0) state_ = State::kDataReturn;
  }
  return at;
}

void ChunkDecoder::TakeSizeDigit(char c) {
  const int digit = HexValue(c);
  if (digit < 0 || size_ > kMaxChunkSize) {
    state_ = State::kMalformed;
    return;
  }
  size_ = size_ * 16 + static_cast<unsigned>(digit);
  state_ = State::kSize;
}

void ChunkDecoder::EndSize() {
  if (size_ == 0) {
    state_ = State::kTrailerStart;
    return;
  }
  total_ += size_;
  state_ = total_ > body_limit_ ? State::kTooLarge : State::kData;
}

void ChunkDecoder::Skip() {
  if (++skipped_ > kMaxSkipped) state_ = State::kMalformed;
}

void ChunkDecoder::Step(char c) {
  const auto expect = [&](char wanted, State next) {
    state_ = c == wanted ? next : State::kMalformed;
  };
  switch (state_) {
    case State::kSizeStart:
      size_ = 0;
      TakeSizeDigit(c);
      return;
    case State::kSize:
      if (c == '\r') {
        state_ = State::kSizeEnd;
      } else if (c == ';' || c == ' ' || c == '\t') {
        state_ = State::kExtension;
        Skip();
      } else {
        TakeSizeDigit(c);
      }
      return;
    case State::kExtension:
      if (c == '\r') {
        state_ = State::kSizeEnd;
      } else if (c == '\n') {
        state_ = State::kMalformed;
      } else {
        Skip();
      }
      return;
    case State::kSizeEnd:
      expect('\n', State::kData);
      if (state_ == State::kData) EndSize();
      return;
    case State::kDataReturn:
      return expect('\r', State::kDataEnd);
    case State::kDataEnd:
      return expect('\n', State::kSizeStart);
    case State::kTrailerStart:
      if (c == '\r') {
        state_ = State::kLastEnd;
        return;
      }
      state_ = State::kTrailer;
      [[fallthrough]];
    case State::kTrailer:
      if (c == '\r') {
        state_ = State::kTrailerEnd;
      } else if (c == '\n') {
        state_ = State::kMalformed;
      } else {
        Skip();
      }
      return;
    case State::kTrailerEnd:
      return expect('\n', State::kTrailerStart);
    case State::kLastEnd:
      return expect('\n', State::kComplete);
    case State::kData:
    case State::kComplete:
    case State::kMalformed:
    case State::kTooLarge:
      return;
  }
}

}  // namespace renkei::net
