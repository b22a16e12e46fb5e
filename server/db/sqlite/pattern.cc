#include "db/sqlite/pattern.h"

#include <unicode/uchar.h>

namespace renkei::db::sqlite {
namespace {

constexpr std::uint32_t kAnyText = 0xFFFFFFFF;       // %
constexpr std::uint32_t kAnyCharacter = 0xFFFFFFFE;  // _
constexpr std::uint32_t kBrokenByte = 0x80000000;    // a byte that is no UTF-8 stands for itself

// The code point at `position`, which moves behind it.
std::uint32_t Decode(std::string_view text, std::size_t& position) {
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char first = byte(position);
  if (first < 0x80) return ++position, first;
  int length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (length == 0 || position + static_cast<std::size_t>(length) > text.size())
    return ++position, kBrokenByte | first;
  std::uint32_t point = first & (0xFFu >> (length + 1));
  for (int i = 1; i < length; ++i) {
    unsigned char next = byte(position + static_cast<std::size_t>(i));
    if ((next & 0xC0) != 0x80) return ++position, kBrokenByte | first;
    point = (point << 6) | (next & 0x3Fu);
  }
  position += static_cast<std::size_t>(length);
  return point;
}

std::uint32_t Fold(std::uint32_t point) {
  if (point < 0x80) return point >= 'A' && point <= 'Z' ? point + 32 : point;
  if (point >= kBrokenByte) return point;
  return static_cast<std::uint32_t>(u_foldCase(static_cast<UChar32>(point), U_FOLD_CASE_DEFAULT));
}

}  // namespace

std::optional<LikePattern> LikePattern::Compile(std::string_view pattern, bool fold_case) {
  LikePattern result;
  result.fold_case_ = fold_case;
  for (std::size_t i = 0; i < pattern.size();) {
    if (pattern[i] == '%' || pattern[i] == '_') {
      std::uint32_t token = pattern[i] == '%' ? kAnyText : kAnyCharacter;
      if (token != kAnyText || result.tokens_.empty() || result.tokens_.back() != kAnyText)
        result.tokens_.push_back(token);
      ++i;
      continue;
    }
    if (pattern[i] == '\\' && ++i == pattern.size()) return std::nullopt;
    std::uint32_t point = Decode(pattern, i);
    result.tokens_.push_back(fold_case ? Fold(point) : point);
  }
  return result;
}

bool LikePattern::Matches(std::string_view text) const {
  std::size_t at = 0, token = 0;
  std::size_t after_any = tokens_.size() + 1, retry_at = 0;  // where to go back to; none yet
  while (at < text.size()) {
    if (token < tokens_.size() && tokens_[token] == kAnyText) {
      if (++token == tokens_.size()) return true;
      after_any = token;
      retry_at = at;
      continue;
    }
    std::size_t next = at;
    std::uint32_t point = Decode(text, next);
    if (fold_case_) point = Fold(point);
    if (token < tokens_.size() && (tokens_[token] == kAnyCharacter || tokens_[token] == point)) {
      at = next;
      ++token;
      continue;
    }
    if (after_any > tokens_.size()) return false;
    Decode(text, retry_at);
    at = retry_at;
    token = after_any;
  }
  while (token < tokens_.size() && tokens_[token] == kAnyText) ++token;
  return token == tokens_.size();
}

}  // namespace renkei::db::sqlite
