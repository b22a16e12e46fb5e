#include "base/crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <memory>

#include "base/id.h"
#include "base/text.h"

namespace renkei {
namespace {

constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;
constexpr std::size_t kKeySize = 32;

struct FreeMd {
  void operator()(EVP_MD* md) const { EVP_MD_free(md); }
};
struct FreeMdContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeCipherContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipherContext>;

// Looking a digest up by name costs more than hashing 40 bytes with it (hot-path.md 1).
struct Sha256State {
  std::unique_ptr<EVP_MD, FreeMd> md{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  std::unique_ptr<EVP_MD_CTX, FreeMdContext> context{EVP_MD_CTX_new()};
};

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

Error Unreadable() {
  Error error = Internal("a sealed value does not open with this key and context");
  error.code = "SECRET_UNREADABLE";
  error.message = "A stored secret cannot be read with this server's key";
  error.hint =
      "Restore the secret.key file that belongs to this database, or enter the secret again";
  return error;
}

}  // namespace

Sha256Digest Sha256(std::string_view text) {
  thread_local Sha256State state;
  Sha256Digest digest{};
  unsigned size = 0;
  EVP_DigestInit_ex2(state.context.get(), state.md.get(), nullptr);
  EVP_DigestUpdate(state.context.get(), text.data(), text.size());
  EVP_DigestFinal_ex(state.context.get(), digest.data(), &size);
  return digest;
}

std::string Sha256Hex(std::string_view text) {
  const Sha256Digest digest = Sha256(text);
  return HexEncode({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string HexEncode(std::string_view bytes) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out(bytes.size() * 2, '0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    out[2 * i] = kHex[byte >> 4];
    out[2 * i + 1] = kHex[byte & 15];
  }
  return out;
}

bool EqualConstantTime(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Result<std::string> Seal(std::string_view key32, std::string_view plain, std::string_view context) {
  if (key32.size() != kKeySize) return Fail(Internal("a sealing key must have 32 bytes"));
  std::string sealed(kNonceSize + plain.size() + kTagSize, '\0');
  RandomBytes(sealed.data(), kNonceSize);
  const CipherContext cipher(EVP_CIPHER_CTX_new());
  unsigned char* nonce = Bytes(sealed);
  unsigned char* body = nonce + kNonceSize;
  unsigned char* tag = body + plain.size();
  int size = 0;
  int rest = 0;
  const bool sealed_ok =
      cipher &&
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, Bytes(key32), nonce) == 1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &size, Bytes(context),
                        static_cast<int>(context.size())) == 1 &&
      EVP_EncryptUpdate(cipher.get(), body, &size, Bytes(plain), static_cast<int>(plain.size())) ==
          1 &&
      EVP_EncryptFinal_ex(cipher.get(), body + size, &rest) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagSize, tag) == 1;
  if (!sealed_ok) return Fail(Internal("AES-256-GCM failed"));
  return Base64Encode(sealed);
}

Result<std::string> Unseal(std::string_view key32, std::string_view sealed,
                           std::string_view context) {
  if (key32.size() != kKeySize) return Fail(Internal("a sealing key must have 32 bytes"));
  std::optional<std::string> bytes = Base64Decode(sealed);
  if (!bytes || bytes->size() < kNonceSize + kTagSize) return Fail(Unreadable());
  const std::size_t plain_size = bytes->size() - kNonceSize - kTagSize;
  unsigned char* nonce = Bytes(*bytes);
  unsigned char* body = nonce + kNonceSize;
  unsigned char* tag = body + plain_size;
  std::string plain(plain_size, '\0');
  const CipherContext cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  int rest = 0;
  const bool opened =
      cipher &&
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, Bytes(key32), nonce) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &size, Bytes(context),
                        static_cast<int>(context.size())) == 1 &&
      EVP_DecryptUpdate(cipher.get(), Bytes(plain), &size, body, static_cast<int>(plain_size)) ==
          1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagSize, tag) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), Bytes(plain) + size, &rest) == 1;
  if (!opened) {
    OPENSSL_cleanse(plain.data(), plain.size());
    return Fail(Unreadable());
  }
  return plain;
}

}  // namespace renkei
