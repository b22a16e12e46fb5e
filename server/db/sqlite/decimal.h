// Decimal numbers as text ("-12.50"): exact comparison of any length, and an exact sum while it
// fits 38 digits.
#pragma once

#include <cstdint>
#include <string_view>

namespace renkei::db::sqlite {

bool IsDecimal(std::string_view text);  // sign, digits, one point; no exponent

// <0, 0, >0. Numbers compare by value ("1.0" equals "1"); text that is no number sorts after all
// numbers, bytewise.
int CompareDecimals(std::string_view a, std::string_view b);

class DecimalSum {
 public:
  void Add(std::string_view text);
  double AsDouble() const;
  // True while nothing was rounded and the sum is a whole number that fits.
  bool AsInteger(std::int64_t& out) const;

 private:
  bool AddExactly(std::string_view text);
  bool Rescale(int scale);

  __int128 digits_ = 0;  // the sum is digits_ / 10^scale_ …
  int scale_ = 0;
  double rest_ = 0;  // … plus what did not fit
  bool rounded_ = false;
};

}  // namespace renkei::db::sqlite
