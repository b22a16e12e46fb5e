// Snippets: named sets of endpoints that roles hold by globs ("pm.*", "!pm.users"); the endpoints
// are globs too (rest-api.md 12.5). And the lists of who may call what without any (12.6). Pure.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace renkei::access {

struct Snippet {
  std::string_view name;
  std::span<const std::string_view> endpoints;  // "roles:*"
};
std::span<const Snippet> AllSnippets();
const Snippet* FindSnippet(std::string_view name);

// '*' any run, '?' one character.
bool GlobMatches(std::string_view pattern, std::string_view text);

bool IsPublicEndpoint(std::string_view endpoint);  // "auth:signIn"
bool IsEndpointForEverySignedIn(std::string_view endpoint);

}  // namespace renkei::access
