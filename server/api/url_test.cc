#include "api/url.h"

#include <gtest/gtest.h>

namespace renkei::api {
namespace {

struct Case {
  std::string_view path, resource, source, association, key, action;
};

TEST(AddressTest, API001_ReadsActionAndRestForms) {
  const Case cases[] = {
      {"books:list", "books", "", "", "", "list"},
      {"books:list/", "books", "", "", "", "list"},
      {"books:get/7", "books", "", "", "7", "get"},
      {"books", "books", "", "", "", ""},
      {"books/7", "books", "", "", "7", ""},
      {"books/7/genres:add", "books", "7", "genres", "", "add"},
      {"books/7/genres:get/3", "books", "7", "genres", "3", "get"},
      {"books/7/genres/3", "books", "7", "genres", "3", ""},
      {"dataSourcesCollections/main.books/fields:list", "dataSourcesCollections", "main.books", "fields", "", "list"},
      {"books:get/a%2Fb%3Ac", "books", "", "", "a/b:c", "get"},
      {"comp/%7B%22a%22%3A1%7D/items:list", "comp", "{\"a\":1}", "items", "", "list"},
  };
  for (const Case& c : cases) {
    const auto address = ParseAddress(c.path);
    ASSERT_TRUE(address) << c.path;
    EXPECT_EQ(address->resource, c.resource) << c.path;
    EXPECT_EQ(address->source_key.value_or(""), c.source) << c.path;
    EXPECT_EQ(address->association, c.association) << c.path;
    EXPECT_EQ(address->target_key.value_or(""), c.key) << c.path;
    EXPECT_EQ(address->action, c.action) << c.path;
  }
}

TEST(AddressTest, API004_RefusesWhatIsNoAddress) {
  for (const std::string_view path : {"", "/", "books//7", "a/b/c/d/e", ":list", "books:", "books:list/1/genres", "//"}) {
    EXPECT_FALSE(ParseAddress(path)) << path;
  }
}

TEST(AddressTest, API002_RestTable) {
  const auto action = [](std::string_view method, std::string_view path, bool to_one = false) {
    return RestAction(method, *ParseAddress(path), to_one);
  };
  EXPECT_EQ(action("GET", "books"), "list");
  EXPECT_EQ(action("HEAD", "books"), "list");
  EXPECT_EQ(action("GET", "books/1"), "get");
  EXPECT_EQ(action("POST", "books"), "create");
  EXPECT_EQ(action("POST", "books/1"), "");
  EXPECT_EQ(action("PUT", "books"), "");
  EXPECT_EQ(action("PATCH", "books/1"), "update");
  EXPECT_EQ(action("DELETE", "books"), "destroy");
  EXPECT_EQ(action("GET", "books/1/author", true), "get");
  EXPECT_EQ(action("GET", "books/1/genres"), "list");
  EXPECT_EQ(action("POST", "books/1/genres/2"), "create");
}

}  // namespace
}  // namespace renkei::api
