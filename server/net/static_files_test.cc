#include "net/static_files.h"

#include <gtest/gtest.h>

#include <array>

namespace renkei::net {
namespace {

constexpr std::array<StaticFile, 3> kFiles = {{
    {"/index.html", "text/html; charset=utf-8", "i1", "<html>", "BR", "GZ", false},
    {"/assets/a-1.js", "text/javascript; charset=utf-8", "a1", "code", "B", "G", true},
    {"/favicon.svg", "image/svg+xml", "f1", "<svg/>", "", "", false},
}};

struct Served {
  bool served;
  Answer answer;
};
Served Get(std::string_view path, std::string_view accept_encoding = {},
           std::string_view if_none_match = {}, std::string_view method = "GET") {
  static const StaticFiles files(kFiles, "Content-Security-Policy: default-src 'none'\r\n");
  Request request;
  request.method = method;
  request.path = path;
  request.accept_encoding = accept_encoding;
  request.if_none_match = if_none_match;
  Served result{};
  result.served = files.Serve(request, result.answer);
  return result;
}
bool Has(const Answer& answer, std::string_view line) {
  return answer.extra_headers.find(line) != std::string::npos;
}

TEST(StaticFiles, ChooseTheBestCodingTheClientTakes) {
  const struct {
    std::string_view accept, body, header;
  } kCases[] = {
      {"", "code", ""},
      {"gzip, deflate, br", "B", "Content-Encoding: br\r\n"},
      {"gzip", "G", "Content-Encoding: gzip\r\n"},
      {"br;q=0", "code", ""},
      {"br;q=0.5, gzip", "G", "Content-Encoding: gzip\r\n"},
      {"*", "B", "br\r\n"},
      {"BR", "B", "br\r\n"},
      {"identity", "code", ""},
      {"gzip;q=0, *;q=0.1", "B", "br\r\n"},
      {"br;q=0,*", "G", "gzip\r\n"},
  };
  for (const auto& c : kCases) {
    const Served got = Get("/assets/a-1.js", c.accept);
    ASSERT_TRUE(got.served);
    EXPECT_EQ(got.answer.static_body, c.body) << c.accept;
    EXPECT_TRUE(Has(got.answer, c.header)) << c.accept;
    EXPECT_TRUE(Has(got.answer, "Vary: Accept-Encoding\r\n"));
    EXPECT_TRUE(Has(got.answer, "max-age=31536000, immutable"));
  }
}

TEST(StaticFiles, AnswersPagesWithTheIndex) {
  for (const std::string_view path :
       {"/", "/index.html", "/admin/books", "/signin", "/v1.2/books", "/a%20b", "/apidocs"}) {
    const Served got = Get(path);
    ASSERT_TRUE(got.served) << path;
    EXPECT_EQ(got.answer.static_body, "<html>") << path;
    EXPECT_TRUE(Has(got.answer, "Content-Security-Policy: default-src 'none'\r\n"));
    EXPECT_TRUE(Has(got.answer, "Cache-Control: no-cache\r\n"));
  }
  for (const std::string_view path : {"/x.js", "/api/books:list", "/api", "/files/a",
                                      "/assets/gone", "/../etc/passwd.txt", "*"}) {
    EXPECT_FALSE(Get(path).served) << path;
  }
  EXPECT_FALSE(Has(Get("/favicon.svg").answer, "Content-Security-Policy"));
}

TEST(StaticFiles, KnowsTags) {
  EXPECT_TRUE(Has(Get("/index.html", "br").answer, "ETag: \"i1-br\"\r\n"));
  const struct {
    std::string_view tag;
    int status;
  } kCases[] = {
      {"\"i1\"", 304}, {"W/\"i1\"", 304}, {"\"x\", \"i1\"", 304}, {"*", 304}, {"\"i1-br\"", 200},
      {"i1", 200},     {"", 200},
  };
  for (const auto& c : kCases) EXPECT_EQ(Get("/", "", c.tag).answer.status, c.status) << c.tag;
  EXPECT_TRUE(Get("/", "", "*").answer.static_body.empty());
}

TEST(StaticFiles, AreOnlyRead) {
  EXPECT_EQ(Get("/", "", "", "HEAD").answer.status, 200);
  EXPECT_EQ(Get("/", "", "", "POST").answer.status, 405);
  EXPECT_FALSE(Get("/nothing.txt", "", "", "POST").served);
}

}  // namespace
}  // namespace renkei::net
