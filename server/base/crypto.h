// OpenSSL 3 behind small functions. Any thread. Digests are fetched once per thread (hot-path.md 1).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace renkei {

using Sha256Digest = std::array<std::uint8_t, 32>;
Sha256Digest Sha256(std::string_view text);
std::string Sha256Hex(std::string_view text);
std::string HexEncode(std::string_view bytes);
bool EqualConstantTime(std::string_view a, std::string_view b);

// AES-256-GCM; the result is base64 of nonce, ciphertext and tag. `context` is bound as associated data.
Result<std::string> Seal(std::string_view key32, std::string_view plain, std::string_view context);
Result<std::string> Unseal(std::string_view key32, std::string_view sealed, std::string_view context);

}  // namespace renkei
