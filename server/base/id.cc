#include "base/id.h"

#include <sys/random.h>

#include <array>
#include <atomic>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "base/crypto.h"
#include "base/text.h"

namespace renkei {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kUidAlphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kNanoidAlphabet =
    "useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict";

void ReadSystemRandom(unsigned char* out, std::size_t size) {
  while (size > 0) {
    const ssize_t count = getrandom(out, size, 0);
    if (count < 0) {
      if (errno == EINTR) continue;
      std::abort();  // no randomness: going on would hand out guessable tokens
    }
    out += count;
    size -= static_cast<std::size_t>(count);
  }
}

// One system call serves many small requests. Bytes handed out are wiped at once.
struct RandomPool {
  std::array<unsigned char, 2048> bytes;
  std::size_t used = bytes.size();
};

// `length` characters of `alphabet` without modulo bias: a value beyond the alphabet is thrown
// away.
std::string RandomText(std::size_t length, std::string_view alphabet) {
  const unsigned mask = std::bit_ceil(static_cast<unsigned>(alphabet.size())) - 1;
  std::string out;
  out.reserve(length);
  std::array<unsigned char, 32> bytes;
  while (out.size() < length) {
    RandomBytes(bytes.data(), bytes.size());
    for (const unsigned char byte : bytes) {
      const unsigned index = byte & mask;
      if (index >= alphabet.size()) continue;
      out.push_back(alphabet[index]);
      if (out.size() == length) break;
    }
  }
  return out;
}

constexpr std::int64_t kSnowflakeEpochSeconds = 1605024000;
constexpr int kSequenceBits = 16;
constexpr int kWorkerBits = 5;

std::atomic<std::uint64_t> last_tick{0};
std::atomic<std::uint64_t> snowflake_worker{0};

// Time in steps of 2^-16 s since the epoch: whole seconds above, a sequence below. Taking the
// sequence from the clock keeps ids apart even when the process is started twice within one second.
std::uint64_t ClockTick() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  const std::int64_t since = us - kSnowflakeEpochSeconds * 1'000'000;
  if (since < 0) return 0;
  const auto seconds = static_cast<std::uint64_t>(since) / 1'000'000;
  const auto fraction = static_cast<std::uint64_t>(since) % 1'000'000;
  return seconds << kSequenceBits | (fraction << kSequenceBits) / 1'000'000;
}

}  // namespace

void RandomBytes(void* out, std::size_t size) {
  thread_local RandomPool pool;
  auto* target = static_cast<unsigned char*>(out);
  if (size > pool.bytes.size() / 4) {
    ReadSystemRandom(target, size);
    return;
  }
  if (pool.bytes.size() - pool.used < size) {
    ReadSystemRandom(pool.bytes.data(), pool.bytes.size());
    pool.used = 0;
  }
  std::memcpy(target, pool.bytes.data() + pool.used, size);
  std::memset(pool.bytes.data() + pool.used, 0, size);
  pool.used += size;
}

std::string RandomHex(std::size_t bytes) {
  std::string raw(bytes, '\0');
  RandomBytes(raw.data(), raw.size());
  return HexEncode(raw);
}

std::string RandomUid(std::size_t length) { return RandomText(length, kUidAlphabet); }

std::string RandomUuidV4() {
  std::array<unsigned char, 16> bytes;
  RandomBytes(bytes.data(), bytes.size());
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
  std::string out;
  out.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out.push_back('-');
    out.push_back(kHexDigits[bytes[i] >> 4]);
    out.push_back(kHexDigits[bytes[i] & 15]);
  }
  return out;
}

std::string RandomNanoid(std::size_t size, std::string_view alphabet) {
  if (alphabet.empty()) alphabet = kNanoidAlphabet;
  if (alphabet.size() > 256) alphabet = alphabet.substr(0, 256);
  return RandomText(size, alphabet);
}

std::string RandomToken(std::size_t bytes) {
  std::string raw(bytes, '\0');
  RandomBytes(raw.data(), raw.size());
  return Base64UrlEncode(raw);
}

std::string NewTraceId() {
  std::array<unsigned char, 8> bytes;
  RandomBytes(bytes.data(), bytes.size());
  std::string out(16, '0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out[2 * i] = kHexDigits[bytes[i] >> 4];
    out[2 * i + 1] = kHexDigits[bytes[i] & 15];
  }
  return out;
}

std::int64_t NextSnowflake() {
  const std::uint64_t now = ClockTick();
  std::uint64_t last = last_tick.load(std::memory_order_relaxed);
  std::uint64_t next = 0;
  do {
    next = std::max(last + 1, now);  // a burst runs ahead of the clock, a clock set back is ignored
  } while (!last_tick.compare_exchange_weak(last, next, std::memory_order_relaxed));
  const std::uint64_t seconds = next >> kSequenceBits;
  const std::uint64_t sequence = next & ((1u << kSequenceBits) - 1);
  const std::uint64_t worker = snowflake_worker.load(std::memory_order_relaxed);
  return static_cast<std::int64_t>(seconds << (kSequenceBits + kWorkerBits) |
                                   worker << kSequenceBits | sequence);
}

void SetSnowflakeWorker(unsigned worker) { snowflake_worker = worker & ((1u << kWorkerBits) - 1); }

}  // namespace renkei
