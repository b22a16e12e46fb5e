// JSON bodies: whatever is accepted can be written and read again, and is then the same.
#include "base/json.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = renkei::ParseJson(text);
  if (!parsed) {
    if (parsed.error().message.empty()) std::abort();
    return 0;
  }
  const std::string written = renkei::ToJson(*parsed);
  const auto again = renkei::ParseJson(written);
  if (!again || renkei::ToJson(*again) != written) std::abort();
  return 0;
}
