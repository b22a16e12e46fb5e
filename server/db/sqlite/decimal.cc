#include "db/sqlite/decimal.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace renkei::db::sqlite {
namespace {

constexpr int kMaxScale = 18;  // beyond, a summand is added as a double

struct Parts {
  bool negative = false;
  std::string_view whole;     // without leading zeros
  std::string_view fraction;  // without trailing zeros
  bool zero() const { return whole.empty() && fraction.empty(); }
};

bool IsDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool Split(std::string_view text, Parts& out) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    out.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  std::size_t point = text.find('.');
  out.whole = text.substr(0, point);
  out.fraction = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  if (out.whole.empty() && out.fraction.empty()) return false;
  if (!IsDigits(out.whole) || !IsDigits(out.fraction)) return false;
  while (!out.whole.empty() && out.whole.front() == '0') out.whole.remove_prefix(1);
  while (!out.fraction.empty() && out.fraction.back() == '0') out.fraction.remove_suffix(1);
  return true;
}

int CompareMagnitudes(const Parts& a, const Parts& b) {
  if (a.whole.size() != b.whole.size()) return a.whole.size() < b.whole.size() ? -1 : 1;
  if (int order = a.whole.compare(b.whole); order != 0) return order;
  return a.fraction.compare(b.fraction);
}

}  // namespace

bool IsDecimal(std::string_view text) {
  Parts parts;
  return Split(text, parts);
}

int CompareDecimals(std::string_view a, std::string_view b) {
  Parts left, right;
  bool left_number = Split(a, left);
  bool right_number = Split(b, right);
  if (!left_number || !right_number) {
    if (left_number != right_number) return left_number ? -1 : 1;
    return a.compare(b);
  }
  bool left_negative = left.negative && !left.zero();
  bool right_negative = right.negative && !right.zero();
  if (left_negative != right_negative) return left_negative ? -1 : 1;
  int order = CompareMagnitudes(left, right);
  return left_negative ? -order : order;
}

void DecimalSum::Add(std::string_view text) {
  if (AddExactly(text)) return;
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  rest_ += value;
  rounded_ = true;
}

bool DecimalSum::AddExactly(std::string_view text) {
  Parts parts;
  if (!Split(text, parts)) return false;
  int scale = static_cast<int>(parts.fraction.size());
  if (scale > kMaxScale || (scale > scale_ && !Rescale(scale))) return false;
  __int128 value = 0;
  auto append = [&value](char c) {
    return !__builtin_mul_overflow(value, 10, &value) &&
           !__builtin_add_overflow(value, c - '0', &value);
  };
  for (char c : parts.whole) {
    if (!append(c)) return false;
  }
  for (char c : parts.fraction) {
    if (!append(c)) return false;
  }
  for (int i = scale; i < scale_; ++i) {
    if (!append('0')) return false;
  }
  __int128 sum = 0;
  if (__builtin_add_overflow(digits_, parts.negative ? -value : value, &sum)) return false;
  digits_ = sum;
  return true;
}

bool DecimalSum::Rescale(int scale) {
  __int128 digits = digits_;
  for (int i = scale_; i < scale; ++i) {
    if (__builtin_mul_overflow(digits, 10, &digits)) return false;
  }
  digits_ = digits;
  scale_ = scale;
  return true;
}

double DecimalSum::AsDouble() const {
  // Through text, so that the result is the double nearest to the decimal sum.
  bool negative = digits_ < 0;
  unsigned __int128 left =
      negative ? -static_cast<unsigned __int128>(digits_) : static_cast<unsigned __int128>(digits_);
  std::string text;
  for (int i = 0; left > 0 || i <= scale_; ++i) {
    if (i == scale_ && scale_ > 0) text += '.';
    text += static_cast<char>('0' + static_cast<int>(left % 10));
    left /= 10;
  }
  if (negative) text += '-';
  std::reverse(text.begin(), text.end());
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value + rest_;
}

bool DecimalSum::AsInteger(std::int64_t& out) const {
  if (rounded_) return false;
  __int128 unit = 1;
  for (int i = 0; i < scale_; ++i) unit *= 10;
  if (digits_ % unit != 0) return false;
  __int128 whole = digits_ / unit;
  if (whole < INT64_MIN || whole > INT64_MAX) return false;
  out = static_cast<std::int64_t>(whole);
  return true;
}

}  // namespace renkei::db::sqlite
