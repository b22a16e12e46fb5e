// Date values of filters: a range that runs forward (an interval may be written backwards: it
// selects nothing), or a 400.
#include <cstdlib>

#include "query/date_range.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  constexpr std::int64_t kNow = 1'764'000'000'000;  // 2025-11-24
  for (const char* zone : {"+00:00", "-09:30", "Europe/Berlin"}) {
    const renkei::query::DateContext context{
        renkei::TimeZone::Parse(zone).value_or(renkei::TimeZone()), kNow};
    const auto range = renkei::query::ParseDateText(text, context);
    const bool interval = text.find(',') != std::string_view::npos;
    if (range ? !interval && range->start_ms > range->end_ms
              : renkei::HttpStatus(range.error().kind) != 400)
      std::abort();
    const auto document = renkei::ParseJson(text);
    if (!document) continue;
    const auto value = renkei::query::ParseDateRange(*document, context);
    if (!value && renkei::HttpStatus(value.error().kind) != 400) std::abort();
  }
  return 0;
}
