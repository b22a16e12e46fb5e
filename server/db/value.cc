#include "db/value.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace renkei::db {
namespace {

// The whole of `text` as a number, or `fallback`.
template <class Number>
Number Parse(std::string_view text, Number fallback) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  Number value{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : fallback;
}

bool FitsInt64(double value) {
  return value >= -9223372036854775808.0 && value < 9223372036854775808.0;
}

}  // namespace

std::int64_t Cell::ToInt(std::int64_t fallback) const {
  switch (kind) {
    case Kind::kInt:
      return integer;
    case Kind::kDouble:
      return FitsInt64(real) ? static_cast<std::int64_t>(real) : fallback;
    case Kind::kText: {
      if (view() == "t" || view() == "true") return 1;
      if (view() == "f" || view() == "false") return 0;
      if (view().find_first_of(".eE") == std::string_view::npos)
        return Parse<std::int64_t>(view(), fallback);
      double value = Parse<double>(view(), std::nan(""));
      return FitsInt64(value) ? static_cast<std::int64_t>(value) : fallback;
    }
    default:
      return fallback;
  }
}

double Cell::ToDouble(double fallback) const {
  switch (kind) {
    case Kind::kInt:
      return static_cast<double>(integer);
    case Kind::kDouble:
      return real;
    case Kind::kText:
      return Parse<double>(view(), fallback);
    default:
      return fallback;
  }
}

bool Cell::ToBool(bool fallback) const {
  switch (kind) {
    case Kind::kInt:
      return integer != 0;
    case Kind::kDouble:
      return real != 0;
    case Kind::kText:
      if (view() == "t" || view() == "true" || view() == "1") return true;
      if (view() == "f" || view() == "false" || view() == "0") return false;
      return fallback;
    default:
      return fallback;
  }
}

std::string Cell::ToText() const {
  switch (kind) {
    case Kind::kInt:
      return fmt::format_int(integer).str();
    case Kind::kDouble:
      return std::isfinite(real) && real == std::trunc(real) && std::abs(real) < 1e15
                 ? fmt::format_int(static_cast<std::int64_t>(real)).str()
                 : fmt::format("{}", real);
    case Kind::kText:
    case Kind::kBlob:
      return std::string(view());
    default:
      return {};
  }
}

}  // namespace renkei::db
