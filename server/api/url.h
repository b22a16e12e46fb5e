// The address grammar of the API (rest-api.md 2): action form and RESTful form. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace renkei::api {

// One parsed address below /api. Segments are percent-decoded after splitting, so that keys may hold any character.
struct Address {
  std::string resource;                    // "books"; for associations the source: "authors"
  std::optional<std::string> source_key;   // "/authors/<source_key>/books"
  std::string association;                 // "books"; empty without source_key
  std::optional<std::string> target_key;   // the last segment, what filterByTk means
  std::string action;                      // empty: RESTful form, see RestAction
  // "authors.books" for associations, else the resource: the name under which actions are registered.
  std::string full_name() const { return association.empty() ? resource : resource + "." + association; }
};

// nullopt: no address of ours (404). `path` is what follows "/api/".
std::optional<Address> ParseAddress(std::string_view path);

// The action of the RESTful form (rest-api.md 2.2). `to_one` is known for associations only. Empty: 404.
std::string_view RestAction(std::string_view method, const Address& address, bool to_one);

}  // namespace renkei::api
