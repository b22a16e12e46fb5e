#include "auth/password.h"

#include <argon2.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <utility>

#include "base/crypto.h"
#include "base/id.h"
#include "base/text.h"

namespace renkei::auth {
namespace {

namespace asio = boost::asio;

// NocoBase: 16 characters of salt, used as text, then 24 bytes as hex (rest-api.md 8.3).
constexpr std::size_t kScryptSaltLength = 16;
constexpr std::size_t kScryptKeyBytes = 24;
constexpr std::uint64_t kScryptN = 16384, kScryptR = 8, kScryptP = 1;

bool IsHex(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsScrypt(std::string_view stored) {
  return stored.size() == kScryptSaltLength + 2 * kScryptKeyBytes && IsHex(stored);
}

bool VerifyScrypt(std::string_view stored, std::string_view password) {
  const std::string_view salt = stored.substr(0, kScryptSaltLength);
  std::array<unsigned char, kScryptKeyBytes> key{};
  if (EVP_PBE_scrypt(password.data(), password.size(),
                     reinterpret_cast<const unsigned char*>(salt.data()), salt.size(), kScryptN,
                     kScryptR, kScryptP, 64u << 20, key.data(), key.size()) != 1) {
    return false;
  }
  const std::string hex = HexEncode({reinterpret_cast<const char*>(key.data()), key.size()});
  return EqualConstantTime(hex, stored.substr(kScryptSaltLength));
}

std::string ParameterPart() {
  return "$argon2id$v=19$m=" + std::to_string(kArgon2MemoryKib) +
         ",t=" + std::to_string(kArgon2Passes) + ",p=" + std::to_string(kArgon2Lanes) + "$";
}

// Threads that do nothing but hash; started with the first password.
class HashPool {
 public:
  static HashPool& Instance() {
    static HashPool pool;
    return pool;
  }

  template <class T, class Work>
  Task<Result<T>> Run(Work work) {
    if (waiting_.fetch_add(1, std::memory_order_relaxed) >= kPasswordQueueLimit) {
      waiting_.fetch_sub(1, std::memory_order_relaxed);
      co_return Fail(Unavailable("PASSWORD_QUEUE_FULL", "Too many sign-ins at once"));
    }
    auto start = [this, work = std::move(work)](auto handler) mutable {
      auto executor = asio::get_associated_executor(handler);
      auto guard = asio::make_work_guard(executor);
      asio::post(threads_, [this, work = std::move(work), handler = std::move(handler),
                            guard = std::move(guard)]() mutable {
        Result<T> outcome = work();
        waiting_.fetch_sub(1, std::memory_order_relaxed);
        auto home = guard.get_executor();
        asio::post(home, [handler = std::move(handler), outcome = std::move(outcome)]() mutable {
          std::move(handler)(std::move(outcome));
        });
      });
    };
    auto outcome = co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Result<T>)>(
        std::move(start), asio::use_awaitable);
    co_return std::move(outcome);
  }

 private:
  HashPool() : threads_(kPasswordThreads) {}
  asio::thread_pool threads_;
  std::atomic<int> waiting_{0};
};

Error Weak(std::string_view code, std::string message, std::string hint) {
  return InvalidArgument(code, std::move(message), std::move(hint), "password");
}

// The few hundred most used ones boil down to these shapes and words; the full list is an
// operator's choice.
bool IsCommon(std::string_view lower) {
  static constexpr std::string_view kWords[] = {
      "password",   "passw0rd", "password1",     "password123", "12345678", "123456789",
      "1234567890", "qwertyui", "qwertyuiop",    "qwerty123",   "11111111", "00000000",
      "iloveyou",   "admin123", "administrator", "letmein1",    "welcome1", "sunshine",
      "princess",   "football", "baseball",      "changeme",    "changeit", "abc12345",
      "abcd1234",   "1q2w3e4r", "1qaz2wsx",      "zaq12wsx",    "trustno1", "superman",
      "renkei123",  "nocobase"};
  return std::ranges::find(kWords, lower) != std::end(kWords);
}

}  // namespace

Result<std::string> HashPassword(std::string_view password) {
  std::array<unsigned char, kArgon2SaltBytes> salt{};
  RandomBytes(salt.data(), salt.size());
  const std::size_t length = argon2_encodedlen(kArgon2Passes, kArgon2MemoryKib, kArgon2Lanes,
                                               kArgon2SaltBytes, kArgon2KeyBytes, Argon2_id);
  std::string encoded(length, '\0');
  const int outcome = argon2id_hash_encoded(
      kArgon2Passes, kArgon2MemoryKib, kArgon2Lanes, password.data(), password.size(), salt.data(),
      salt.size(), kArgon2KeyBytes, encoded.data(), encoded.size());
  if (outcome != ARGON2_OK)
    return Fail(Internal(std::string("argon2: ") + argon2_error_message(outcome)));
  encoded.resize(encoded.find('\0') == std::string::npos ? encoded.size() : encoded.find('\0'));
  return encoded;
}

PasswordCheck VerifyPassword(std::string_view stored, std::string_view password) {
  if (IsScrypt(stored)) return {VerifyScrypt(stored, password), true};
  if (!stored.starts_with("$argon2id$")) return {};
  const std::string encoded(stored);
  PasswordCheck check;
  check.matches = argon2id_verify(encoded.c_str(), password.data(), password.size()) == ARGON2_OK;
  check.needs_rehash = !stored.starts_with(ParameterPart());
  return check;
}

std::string_view DummyPasswordHash() {
  static const std::string hash = [] {
    auto made = HashPassword(RandomToken(32));
    return made ? *made : std::string();
  }();
  return hash;
}

Task<Result<std::string>> HashPasswordAsync(std::string password) {
  auto work = [password = std::move(password)]() -> Result<std::string> {
    return HashPassword(password);
  };
  auto outcome = co_await HashPool::Instance().Run<std::string>(std::move(work));
  co_return std::move(outcome);
}

Task<Result<PasswordCheck>> VerifyPasswordAsync(std::string stored, std::string password) {
  auto work = [stored = std::move(stored),
               password = std::move(password)]() -> Result<PasswordCheck> {
    return VerifyPassword(stored.empty() ? DummyPasswordHash() : std::string_view(stored),
                          password);
  };
  auto outcome = co_await HashPool::Instance().Run<PasswordCheck>(std::move(work));
  co_return std::move(outcome);
}

Result<void> CheckPasswordPolicy(std::string_view password, std::string_view username,
                                 std::string_view email) {
  const std::size_t length = CountCodePoints(password);
  if (length < kPasswordMinimum) {
    return Fail(Weak("PASSWORD_TOO_SHORT", "Password must have at least 8 characters",
                     "Use a longer one, for example a few words"));
  }
  if (length > kPasswordMaximum) {
    return Fail(Weak("PASSWORD_TOO_LONG", "Password must have at most 128 characters",
                     "Use a shorter one"));
  }
  const std::string lower = ToLowerAscii(password);
  // A name inside a long password does no harm; a name with a few characters around it is the first
  // thing tried.
  constexpr std::size_t kShortestNameToAvoid = 3;
  for (std::string_view name : {username, email.substr(0, email.find('@'))}) {
    if (name.size() < kShortestNameToAvoid) continue;
    const bool inside = lower.find(ToLowerAscii(name)) != std::string::npos;
    if (inside && length < kPasswordMinimum + CountCodePoints(name)) {
      return Fail(Weak("PASSWORD_TOO_WEAK", "Password must not be made of the user name or address",
                       "Choose words that are not about you"));
    }
  }
  if (IsCommon(lower) ||
      std::ranges::all_of(password, [&](char c) { return c == password.front(); })) {
    return Fail(Weak("PASSWORD_TOO_WEAK", "Password is too easy to guess",
                     "Use a few words, or let a password manager choose"));
  }
  return {};
}

}  // namespace renkei::auth
