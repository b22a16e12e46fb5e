// Query strings and form bodies in the qs dialect: an object or a 400, whatever comes.
#include "net/query_string.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto parsed = renkei::net::ParseQueryString({reinterpret_cast<const char*>(data), size});
  if (parsed) {
    const auto again = renkei::ParseJson(renkei::ToJson(renkei::json::value(*parsed)));
    if (!again) std::abort();  // not UTF-8, or too deep for everybody after us
  } else if (renkei::HttpStatus(parsed.error().kind) != 400) {
    std::abort();
  }
  return 0;
}
