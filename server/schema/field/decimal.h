// Decimal numbers as text with a fixed number of places: what both databases store and the wire
// shows.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace renkei::schema {

// "12.5", 10, 2 → "12.50"; rounds half away from zero. nullopt: not a number, or too many digits
// before the point.
std::optional<std::string> FixedDecimal(std::string_view number, int precision, int scale);

}  // namespace renkei::schema
