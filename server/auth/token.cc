#include "auth/token.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/id.h"

namespace renkei::auth {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t kHmacBlock = 64;

std::string_view Bytes(const Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

Sha256Digest Hmac(std::string_view key, std::string_view text) {
  std::array<char, kHmacBlock> block{};
  if (key.size() > kHmacBlock) {
    const Sha256Digest short_key = Sha256(key);
    std::ranges::copy(Bytes(short_key), block.begin());
  } else {
    std::ranges::copy(key, block.begin());
  }
  std::string inner(kHmacBlock, '\0'), outer(kHmacBlock, '\0');
  for (std::size_t i = 0; i < kHmacBlock; ++i) {
    inner[i] = static_cast<char>(block[i] ^ 0x36);
    outer[i] = static_cast<char>(block[i] ^ 0x5c);
  }
  inner += text;
  const Sha256Digest digest = Sha256(inner);
  outer += Bytes(digest);
  return Sha256(outer);
}

// Catches slips of the keyboard and cut-off copies without a look into the database; it is no
// secret.
std::string Checksum(std::string_view secret) {
  const Sha256Digest digest = Sha256(std::string("renkei session ").append(secret));
  return Base64Url(Bytes(digest)).substr(0, kTokenChecksumLength);
}

std::string Assemble(std::string_view secret) {
  std::string token(kTokenPrefix);
  token += secret;
  token += Checksum(secret);
  return token;
}

}  // namespace

std::string Base64Url(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 4 / 3 + 2);
  std::uint32_t word = 0;
  int bits = 0;
  for (const char c : bytes) {
    word = (word << 8) | static_cast<unsigned char>(c);
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      out += kAlphabet[(word >> bits) & 63];
    }
  }
  if (bits > 0) out += kAlphabet[(word << (6 - bits)) & 63];
  return out;
}

std::string KeyedHash(std::string_view key, std::string_view purpose, std::string_view text) {
  const Sha256Digest digest = Hmac(key, std::string(purpose).append(1, '\0').append(text));
  return Base64Url(Bytes(digest));
}

namespace {

constexpr std::string_view kBase62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kKeyIdLength = 12, kKeySecretLength = 40, kKeyChecksumLength = 6;
constexpr std::size_t kApiKeyLength = 8 + kKeyIdLength + 1 + kKeySecretLength + kKeyChecksumLength;

std::uint32_t Crc32(std::string_view text) {
  std::uint32_t crc = 0xffffffffu;
  for (const char c : text) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0u);
  }
  return ~crc;
}

std::string KeyChecksum(std::string_view text) {
  std::uint32_t crc = Crc32(text);
  std::string out(kKeyChecksumLength, '0');
  for (std::size_t i = kKeyChecksumLength; i-- > 0; crc /= 62) out[i] = kBase62[crc % 62];
  return out;
}

}  // namespace

std::string NewApiKey() {
  std::string key(kApiKeyPrefix);
  key += RandomNanoid(kKeyIdLength, kBase62);
  key += '_';
  key += RandomNanoid(kKeySecretLength, kBase62);
  key += KeyChecksum(key);
  return key;
}

bool LooksLikeApiKey(std::string_view token) {
  if (token.size() != kApiKeyLength || !token.starts_with(kApiKeyPrefix)) return false;
  const std::string_view front = token.substr(0, kApiKeyLength - kKeyChecksumLength);
  return token.substr(front.size()) == KeyChecksum(front);
}

std::string NewToken() { return Assemble(RandomToken(32)); }

std::string SuccessorToken(std::string_view key, std::string_view token) {
  return Assemble(KeyedHash(key, "session successor", token));
}

bool LooksLikeToken(std::string_view token) {
  if (token.size() != kTokenLength || !token.starts_with(kTokenPrefix)) return false;
  const std::string_view secret = token.substr(kTokenPrefix.size(), kTokenSecretLength);
  return token.substr(kTokenPrefix.size() + kTokenSecretLength) == Checksum(secret);
}

}  // namespace renkei::auth
