// SQL LIKE over UTF-8, with '\' as escape, case-sensitive or by simple Unicode case folding. No
// SQLite in here.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace renkei::db::sqlite {

class LikePattern {
 public:
  // nullopt: the pattern ends in the escape character.
  static std::optional<LikePattern> Compile(std::string_view pattern, bool fold_case);
  bool Matches(std::string_view text) const;

 private:
  std::vector<std::uint32_t> tokens_;  // code points, or one of the two wildcards
  bool fold_case_ = false;
};

}  // namespace renkei::db::sqlite
