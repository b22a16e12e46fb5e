// Session tokens: "rns_" + 43 base64url characters (256 bits) + 6 characters of checksum. Only the
// SHA-256 of a token is stored. Pure functions but for randomness; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/crypto.h"

namespace renkei::auth {

inline constexpr std::string_view kTokenPrefix = "rns_";
inline constexpr std::size_t kTokenSecretLength = 43;
inline constexpr std::size_t kTokenChecksumLength = 6;
inline constexpr std::size_t kTokenLength = 4 + kTokenSecretLength + kTokenChecksumLength;

std::string NewToken();
// The one successor of an expired bearer token: the same on every node and in every parallel
// request, and a secret to anyone without the server's key.
std::string SuccessorToken(std::string_view key, std::string_view token);
bool LooksLikeToken(std::string_view token);  // prefix, length, alphabet, checksum

// API keys: "rnk_pat_" + 12 characters of id + "_" + 40 of secret + 6 of CRC-32, all base62
// (auth.md 3.3), so that a slip or a cut is seen without the database and secret scanners find
// them.
inline constexpr std::string_view kApiKeyPrefix = "rnk_pat_";
std::string NewApiKey();
bool LooksLikeApiKey(std::string_view token);

// base64url of HMAC-SHA-256 over `purpose`, a NUL and `text`: CSRF values, file cookies.
std::string KeyedHash(std::string_view key, std::string_view purpose, std::string_view text);
std::string Base64Url(std::string_view bytes);

}  // namespace renkei::auth
