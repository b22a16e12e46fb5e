// Identifiers the product makes: random ones from the system's generator, snowflakes with NocoBase's layout
// (rest-api.md 8.3). Every function here may be called from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace renkei {

void RandomBytes(void* out, std::size_t size);
std::string RandomHex(std::size_t bytes);
// `length` characters of [0-9a-z], as NocoBase's uid().
std::string RandomUid(std::size_t length = 11);
std::string RandomUuidV4();
// nanoid with the given alphabet (default: nanoid's own 64 characters).
std::string RandomNanoid(std::size_t size, std::string_view alphabet = {});
// Base64url without padding of `bytes` random bytes: tokens.
std::string RandomToken(std::size_t bytes = 32);
// 16 hex characters: the request id.
std::string NewTraceId();

// (unixSeconds - 1605024000) * 2^21 + worker * 2^16 + sequence; 53 bits. The worker is set once at start.
std::int64_t NextSnowflake();
void SetSnowflakeWorker(unsigned worker);  // 0..31

}  // namespace renkei
