// Text: UTF-8, percent-encoding, case, nearest names for hints. Pure functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace renkei {

bool IsValidUtf8(std::string_view text);
// Each byte that is no part of a well-formed sequence becomes U+FFFD.
std::string ReplaceInvalidUtf8(std::string_view text);
// %XX and, when `plus_is_space`, '+'. Malformed escapes stay as they are.
std::string PercentDecode(std::string_view text, bool plus_is_space);
std::string PercentEncode(std::string_view text);
std::vector<std::string> SplitComma(std::string_view text);  // trims blanks, drops empty parts
std::string_view Trim(std::string_view text);
std::string ToLowerAscii(std::string_view text);
bool EqualsIgnoreCaseAscii(std::string_view a, std::string_view b);
// Optimal string alignment distance, for "Did you mean …?".
std::size_t EditDistance(std::string_view a, std::string_view b);
// "Did you mean 'createdAt'?" when a candidate is near enough, else "".
std::string DidYouMean(std::string_view word, std::span<const std::string_view> candidates);
// Number of Unicode code points.
std::size_t CountCodePoints(std::string_view utf8);

std::string Base64Encode(std::string_view bytes);
std::string Base64UrlEncode(std::string_view bytes);  // without padding
// Both alphabets, padding optional; nullopt when it is not base64.
std::optional<std::string> Base64Decode(std::string_view text);

}  // namespace renkei
