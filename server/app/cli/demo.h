// `renkei demo`: loads real data through the public API of a running server. Languages, countries,
// subdivisions, currencies and scripts come from Debian's iso-codes; the shop (customers, products,
// orders, order lines) is made up, the same at every run. It may be run again: collections that
// exist are kept, and rows are added after the last one.
#pragma once

#include <string>

namespace renkei::app {

struct DemoOptions {
  std::string base_url = "http://127.0.0.1:13000";
  std::string account;  // with password; or
  std::string password;
  std::string token;  // a token instead of both
  int orders = 100'000;
  std::string iso_codes = "/usr/share/iso-codes/json";
};

// Prints progress to standard output. 0 done, 1 failed (the reason is on standard error, with the
// remedy), 2 wrong use.
int RunDemo(const DemoOptions& options);

}  // namespace renkei::app
