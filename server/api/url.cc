#include "api/url.h"

#include <vector>

#include "base/text.h"

namespace renkei::api {
namespace {

constexpr std::size_t kMaxSegments = 4;  // resource, source key, association, target key

std::optional<std::vector<std::string_view>> Split(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  std::vector<std::string_view> segments;
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    if (segment.empty() || segments.size() == kMaxSegments) return std::nullopt;
    segments.push_back(segment);
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

// "books:list" → name and action; without ':' the action stays empty. False: malformed.
bool SplitAction(std::string_view segment, std::string& name, std::string& action) {
  const std::size_t colon = segment.find(':');
  name = PercentDecode(segment.substr(0, colon), false);
  if (colon == std::string_view::npos) return !name.empty();
  action = PercentDecode(segment.substr(colon + 1), false);
  return !name.empty() && !action.empty();
}

}  // namespace

std::optional<Address> ParseAddress(std::string_view path) {
  const auto segments = Split(path);
  if (!segments) return std::nullopt;
  Address address;
  const auto& s = *segments;
  if (!SplitAction(s[0], address.resource, address.action)) return std::nullopt;
  if (s.size() == 1) return address;
  if (s.size() == 2) {
    address.target_key = PercentDecode(s[1], false);
    return address;
  }
  if (!address.action.empty()) return std::nullopt;  // books:list/1/genres
  address.source_key = PercentDecode(s[1], false);
  if (!SplitAction(s[2], address.association, address.action)) return std::nullopt;
  if (s.size() == 4) address.target_key = PercentDecode(s[3], false);
  return address;
}

std::string_view RestAction(std::string_view method, const Address& address, bool to_one) {
  const bool keyed = address.target_key.has_value();
  const bool association = !address.association.empty();
  if (method == "GET" || method == "HEAD") return keyed || to_one ? "get" : "list";
  if (method == "POST") return keyed && !association ? "" : "create";
  if (method == "PUT" || method == "PATCH") return keyed ? "update" : "";
  if (method == "DELETE") return "destroy";
  return "";
}

}  // namespace renkei::api
