#include "net/http_chunks.h"

#include <gtest/gtest.h>

namespace renkei::net {
namespace {

using State = ChunkDecoder::State;

struct Decoded {
  State state;
  std::string body;
  std::size_t used;
};
Decoded DecodeIn(std::string_view text, std::size_t piece) {
  ChunkDecoder decoder(1000);
  Decoded result{};
  for (std::size_t at = 0; at < text.size(); at += piece) {
    const std::string_view part = text.substr(at, piece);
    const std::size_t used = decoder.Decode(part, result.body);
    result.used += used;
    if (used < part.size()) break;
  }
  result.state = decoder.state();
  return result;
}

TEST(ChunkDecoder, GivesTheSameForEveryDivision) {
  const struct {
    std::string_view text;
    State state;
    std::string_view body;
    std::size_t left;
  } kCases[] = {
      {"0\r\n\r\n", State::kComplete, "", 0},
      {"0\r\n\r\nGET /", State::kComplete, "", 5},
      {"3\r\nabc\r\n0\r\n\r\n", State::kComplete, "abc", 0},
      {"3;a=\"b\"\r\nabc\r\n00A\r\n0123456789\r\n0;x\r\nTrailer: y\r\nZ: 1\r\n\r\nrest",
       State::kComplete, "abc0123456789", 4},
      {"1 \r\nx\r\n0\r\n\r\n", State::kComplete, "x", 0},
      {"3\r\nab", State::kData, "ab", 0},
      {"", State::kSizeStart, "", 0},
      {"\r\n", State::kMalformed, "", 1},
      {"g\r\n", State::kMalformed, "", 2},
      {"-1\r\n", State::kMalformed, "", 3},
      {"3\nabc", State::kMalformed, "", 3},
      {"3\r\nabcd", State::kMalformed, "abc", 0},
      {"0\r\nhello\n", State::kMalformed, "", 0},
      {"fffffffffffffffff\r\n", State::kMalformed, "", 5},
      {"3e9\r\n", State::kTooLarge, "", 0},
      {"3e8\r\n", State::kData, "", 0},
  };
  for (const auto& c : kCases) {
    for (std::size_t piece = 1; piece <= c.text.size() + 1; ++piece) {
      const Decoded decoded = DecodeIn(c.text, piece);
      EXPECT_EQ(decoded.state, c.state) << c.text << " in pieces of " << piece;
      EXPECT_EQ(decoded.body, c.body) << c.text;
      EXPECT_EQ(decoded.used, c.text.size() - c.left) << c.text;
    }
  }
}

TEST(ChunkDecoder, BoundsWhatItSkips) {
  EXPECT_EQ(DecodeIn("1;" + std::string(20'000, 'x'), 100).state, State::kMalformed);
  EXPECT_EQ(DecodeIn("0\r\n" + std::string(20'000, 'x'), 100).state, State::kMalformed);
}

}  // namespace
}  // namespace renkei::net
