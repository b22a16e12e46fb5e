// Secret holds a password, key or token: wiped when it goes, copied only by name, with no way into
// a stream, a log line or a JSON document. Reading it out is a visible call, so that a search for
// "Reveal" finds every use.
#pragma once

#include <openssl/crypto.h>

#include <string>
#include <string_view>
#include <utility>

namespace renkei {

class Secret {
 public:
  Secret() = default;
  // Takes the text and wipes the caller's copy.
  explicit Secret(std::string&& text) : text_(text) { Wipe(text); }
  Secret(Secret&& other) noexcept : text_(other.text_) { Wipe(other.text_); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      Wipe(text_);
      text_ = other.text_;
      Wipe(other.text_);
    }
    return *this;
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { Wipe(text_); }

  Secret Copy() const { return Secret(std::string(text_)); }
  std::string_view Reveal() const { return text_; }  // valid while this object lives
  bool empty() const { return text_.empty(); }

 private:
  static void Wipe(std::string& text) {
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
  }
  std::string text_;
};

}  // namespace renkei
