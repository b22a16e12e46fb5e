// Sessions against a real SQLite file: issue, find, renew, rotate, end; and what Authenticate makes
// of them.
#include "auth/session_store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>

#include "access/statement.h"
#include "auth/authenticate.h"
#include "auth/bootstrap.h"
#include "auth/system_auth.h"
#include "auth/token.h"
#include "db/sqlite/sqlite_database.h"

namespace renkei::auth {
namespace {

template <class T>
Result<T> Block(Task<Result<T>> work) {
  boost::asio::io_context context(1);
  std::optional<Result<T>> outcome;
  boost::asio::co_spawn(context, std::move(work), [&](std::exception_ptr, Result<T> result) {
    outcome.emplace(std::move(result));
  });
  context.run();
  return std::move(*outcome);
}

Deadline Soon() { return Clock::now() + std::chrono::seconds(30); }

class SessionTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("renkei-session-test-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    db::SqliteOptions options;
    options.path =
        folder_ /
        (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + ".db");
    auto opened = db::OpenSqlite(options);
    ASSERT_TRUE(opened) << opened.error().detail;
    database_ = std::move(*opened);
    for (
        const char* sql :
        {R"(CREATE TABLE audit_log ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "at" text, "actor" text, "userId" bigint,
        "userName" text, "role" text, "sessionId" text, "traceId" text, "ip" text, "userAgent" text, "action" text, "resource" text,
        "recordKey" text, "changes" text, "outcome" text, "prevHash" text, "hash" text))"}) {
      Run(sql);
    }
    auto migrated = Block(db::Migrate(*database_, AuthMigrations(), false, Soon()));
    ASSERT_TRUE(migrated) << migrated.error().message << migrated.error().detail;
    catalog_ = std::make_unique<schema::CatalogStore>(*database_, std::vector<json::object>());
    settings_ = std::make_unique<Settings>(*database_);
    access_ = std::make_unique<access::AccessStore>(*database_);
    ASSERT_TRUE(Block(settings_->Load(Soon())));
    ASSERT_TRUE(Block(access_->Load(Soon())));
    sessions_ =
        std::make_unique<SessionStore>(*database_, *catalog_, *settings_, std::string(32, 'k'));
    auto made =
        Block(EnsureAdministrator(*database_, "ann@example.com", "Long-Secret-Pass-77", Soon()));
    ASSERT_TRUE(made) << made.error().message << made.error().detail;
    EXPECT_TRUE(*made);
  }
  void TearDown() override {
    sessions_.reset();
    if (database_) database_->Close();
    std::filesystem::remove_all(folder_);
  }
  void Run(std::string sql) {
    auto done = Block(database_->Write(db::Statement{std::move(sql), {}, "test"}, Soon()));
    ASSERT_TRUE(done) << done.error().message << done.error().detail;
  }
  void SetPolicy(const char* token, const char* session, const char* limit) {
    Run(std::string(R"(UPDATE "tokenControlConfig" SET "config" = '{"tokenExpirationTime":")") +
        token + R"(","sessionExpirationTime":")" + session + R"(","expiredTokenRenewLimit":")" +
        limit + "\"}'");
    ASSERT_TRUE(Block(settings_->Load(Soon())));
  }
  // Makes every session this much older.
  void Age(std::chrono::milliseconds span) {
    const std::string by = std::to_string(span.count());
    Run(R"(UPDATE "sessions" SET "signedInAt" = "signedInAt" - )" + by +
        R"(, "expiresAt" = "expiresAt" - )" + by + R"(, "seenAt" = "seenAt" - )" + by +
        R"(, "replacedAt" = "replacedAt" - )" + by);
    sessions_->ForgetAll();
  }
  std::string Issue(SessionKind kind = SessionKind::kBearer) {
    NewSession session;
    session.user_id = 1;
    session.kind = kind;
    session.authenticator = "basic";
    auto issued = Block(sessions_->Issue(session, Soon()));
    EXPECT_TRUE(issued) << issued.error().detail;
    family_ = issued->family;
    return issued->token;
  }
  // "ok", or the code of the refusal.
  std::string Ask(const std::string& token) {
    const std::string header = "Bearer " + token;
    net::Request request;
    request.authorization = header;
    request.accept = accept_;
    request.x_role = role_;
    return Judge(request);
  }
  std::string AskByCookie(const std::string& token, std::string_view method = "GET",
                          std::string_view csrf = {}) {
    const std::string header = "a=b; renkei_sid=" + token;
    net::Request request;
    request.cookie = header;
    request.method = method;
    request.x_csrf_token = csrf;
    return Judge(request);
  }
  std::string Judge(net::Request& request) {
    if (request.method.empty()) request.method = "GET";
    request.host = "localhost:13000";
    request.deadline = Soon();
    answer_ = net::Answer();
    const SettingsRef settings = settings_->Current();
    const access::AccessRulesRef rules = access_->Current();
    auto identity = Block(Authenticate(request, answer_, *sessions_, *settings, *rules));
    if (!identity) return std::string(identity.error().code);
    identity_ = std::move(*identity);
    return "ok";
  }
  std::string NewToken() const {
    const std::string name = "x-new-token: ";
    const std::size_t at = answer_.extra_headers.find(name);
    if (at == std::string::npos) return {};
    const std::size_t from = at + name.size();
    return answer_.extra_headers.substr(from, answer_.extra_headers.find('\r', from) - from);
  }

  std::filesystem::path folder_;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<schema::CatalogStore> catalog_;
  std::unique_ptr<Settings> settings_;
  std::unique_ptr<access::AccessStore> access_;
  std::unique_ptr<SessionStore> sessions_;
  std::string family_, role_, accept_;
  net::Answer answer_;
  access::Identity identity_;
};

TEST_F(SessionTest, ATokenIsItsUserUntilSignOut) {
  const std::string token = Issue(), other = Issue();
  EXPECT_EQ(Ask(token), "ok");
  EXPECT_EQ(identity_.user_id, 1);
  EXPECT_TRUE(identity_.is_root);
  EXPECT_EQ(identity_.current_role, "root");
  EXPECT_NE(sessions_->Cached(token), nullptr);
  ASSERT_TRUE(Block(sessions_->End(family_, kReasonSignedOut, Soon())));
  EXPECT_EQ(Ask(other), "BLOCKED_TOKEN");
  EXPECT_EQ(Ask(token), "ok");
}

TEST_F(SessionTest, OnlyTheDigestIsStored) {
  const std::string token = Issue();
  auto rows =
      Block(database_->ReadOne(db::Statement{R"(SELECT "tokenHash" FROM "sessions")", {}, "test"},
                               db::ReadCost::kUnbounded, Soon()));
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->at(0, 0).ToText(), Sha256Hex(token));
}

TEST_F(SessionTest, RefusalsHaveTheirCodes) {
  EXPECT_EQ(Ask(auth::NewToken()), "INVALID_TOKEN");
  EXPECT_EQ(Ask("abc.def.ghi"), "INVALID_TOKEN");
  net::Request nothing;
  EXPECT_EQ(Judge(nothing), "EMPTY_TOKEN");
  net::Request in_url;
  in_url.query = "page=1&token=x";
  EXPECT_EQ(Judge(in_url), "TOKEN_IN_URL");
  const std::string token = Issue();
  role_ = "admin";
  EXPECT_EQ(Ask(token), "ROLE_NOT_FOUND_FOR_USER");
  role_ = "anonymous";
  EXPECT_EQ(Ask(token), "NO_PERMISSION");
  role_.clear();
  Run(R"(DELETE FROM "rolesUsers")");
  sessions_->ForgetAll();
  EXPECT_EQ(Ask(token), "USER_HAS_NO_ROLES_ERR");
  Run(R"(DELETE FROM "users")");
  sessions_->ForgetUser(1);
  EXPECT_EQ(Ask(token), "NOT_EXIST_USER");
}

TEST_F(SessionTest, AnExpiredBearerGoesOnWithOneSuccessor) {
  SetPolicy("1h", "7d", "1d");
  const std::string token = Issue();
  Age(std::chrono::hours(2));
  EXPECT_EQ(Ask(token), "ok");
  const std::string successor = NewToken();
  ASSERT_FALSE(successor.empty());
  EXPECT_EQ(Ask(token), "ok") << "SDKs ignore the header";
  EXPECT_EQ(NewToken(), successor);
  EXPECT_EQ(Ask(successor), "ok");
  EXPECT_EQ(NewToken(), "");
  accept_ = "text/event-stream";
  EXPECT_EQ(Ask(token), "SKIP_TOKEN_RENEW");
  accept_.clear();
  ASSERT_TRUE(Block(sessions_->End(family_, kReasonSignedOut, Soon())));
  EXPECT_EQ(Ask(token), "BLOCKED_TOKEN");
  EXPECT_EQ(Ask(successor), "BLOCKED_TOKEN");
}

TEST_F(SessionTest, BeyondTheLimitTheSessionIsOver) {
  SetPolicy("1h", "7d", "1d");
  const std::string token = Issue();
  Age(std::chrono::hours(26));
  EXPECT_EQ(Ask(token), "EXPIRED_SESSION");
  SetPolicy("1h", "1d", "7d");
  EXPECT_EQ(Ask(token), "EXPIRED_SESSION");
}

TEST_F(SessionTest, CookiesRotateAndReuseEndsTheFamily) {
  SetPolicy("1h", "7d", "1d");
  const std::string token = Issue(SessionKind::kCookie);
  EXPECT_EQ(Ask(token), "INVALID_TOKEN") << "a cookie's value is no bearer token";
  EXPECT_EQ(AskByCookie(token), "ok");
  EXPECT_EQ(answer_.extra_headers.find("Set-Cookie"), std::string::npos);
  Age(std::chrono::hours(2));
  EXPECT_EQ(AskByCookie(token), "ok");
  EXPECT_NE(answer_.extra_headers.find("renkei_sid=rns_"), std::string::npos);
  EXPECT_EQ(AskByCookie(token), "ok") << "within the grace of 30 s";
  Age(std::chrono::seconds(31));
  EXPECT_EQ(AskByCookie(token), "BLOCKED_TOKEN");
}

TEST_F(SessionTest, CookiesNeedTheCsrfValueToChangeThings) {
  const std::string token = Issue(SessionKind::kCookie);
  EXPECT_EQ(AskByCookie(token, "POST"), "CSRF_FAILED");
  EXPECT_EQ(AskByCookie(token, "POST", "guess"), "CSRF_FAILED");
  EXPECT_EQ(AskByCookie(token, "POST", sessions_->CsrfValue(family_)), "ok");
  Age(kCookieIdleTimeout + std::chrono::minutes(1));
  EXPECT_EQ(AskByCookie(token), "EXPIRED_SESSION") << "idle too long";
}

TEST_F(SessionTest, ANewPasswordEndsTheOthers) {
  const std::string other = Issue(), own = Issue();
  ASSERT_TRUE(Block(sessions_->EndUser(1, family_, kReasonPassword, Soon())));
  EXPECT_EQ(Ask(own), "ok");
  EXPECT_EQ(Ask(other), "INVALID_TOKEN");
  EXPECT_EQ(Ask(Issue()), "ok") << "signed in within the same millisecond or later";
  ASSERT_TRUE(Block(ResetPassword(*database_, "ann@example.com", "Other-Secret-Pass-88", Soon())));
  sessions_->ForgetAll();
  EXPECT_EQ(Ask(own), "INVALID_TOKEN");
}

TEST_F(SessionTest, RolesByModeAndHeader) {
  Run(R"(INSERT INTO "rolesUsers" ("userId","roleName","createdAt") VALUES (1,'member','2999-01-01T00:00:00.000Z'))");
  Run(R"(UPDATE "rolesUsers" SET "default" = false)");
  const std::string token = Issue();
  EXPECT_EQ(Ask(token), "ok");
  EXPECT_EQ(identity_.current_role, "root");
  role_ = "member";
  EXPECT_EQ(Ask(token), "ok");
  EXPECT_EQ(identity_.roles, std::vector<std::string>{"member"});
  EXPECT_FALSE(identity_.is_root);
  role_ = "__union__";
  EXPECT_EQ(Ask(token), "ok");
  EXPECT_EQ(identity_.current_role, "root") << "mode default: the first role";
  Run(R"(UPDATE "systemSettings" SET "roleMode" = 'allow-use-union')");
  ASSERT_TRUE(Block(settings_->Load(Soon())));
  EXPECT_EQ(Ask(token), "ok");
  EXPECT_EQ(identity_.current_role, "__union__");
  EXPECT_EQ(identity_.roles.size(), 2u);
  role_.clear();
  EXPECT_EQ(Ask(token), "ok");
  EXPECT_EQ(identity_.current_role, "root");
  Run(R"(UPDATE "systemSettings" SET "roleMode" = 'only-use-union')");
  ASSERT_TRUE(Block(settings_->Load(Soon())));
  EXPECT_EQ(Ask(token), "ok");
  EXPECT_EQ(identity_.current_role, "__union__");
}

TEST_F(SessionTest, ListShowsLivingSessionsOnce) {
  SetPolicy("1h", "7d", "1d");
  const std::string token = Issue();
  Issue();
  Age(std::chrono::hours(2));
  EXPECT_EQ(Ask(token), "ok");  // renewed: two rows, one session
  auto listed = Block(sessions_->List(1, Soon()));
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed->size(), 2u);
  ASSERT_TRUE(Block(sessions_->EndUser(1, "", kReasonSignedOut, Soon())));
  listed = Block(sessions_->List(1, Soon()));
  EXPECT_TRUE(listed->empty());
}

TEST_F(SessionTest, OnlyOneFirstAdministrator) {
  auto again =
      Block(EnsureAdministrator(*database_, "bob@example.com", "Long-Secret-Pass-77", Soon()));
  ASSERT_TRUE(again);
  EXPECT_FALSE(*again);
  NewAccount account;
  account.email = "ann@example.com";
  account.password = "x";
  account.role = "member";
  EXPECT_FALSE(Block(CreateUser(*database_, account, Soon())));
  account.email = "bob@example.com";
  account.role = "nosuch";
  EXPECT_EQ(Block(CreateUser(*database_, account, Soon())).error().code, "ROLE_NOT_FOUND");
  account.role = "member";
  EXPECT_TRUE(Block(CreateUser(*database_, account, Soon())));
}

TEST(Cookies, ForeignOrigins) {
  struct Case {
    std::string_view origin, referer, host;
    bool foreign;
  };
  const Case cases[] = {{"", "", "app.example", false},
                        {"https://app.example", "", "app.example", false},
                        {"http://app.example:13000", "", "app.example:13000", false},
                        {"https://app.example:443", "", "app.example", false},
                        {"http://evil.example", "", "app.example", true},
                        {"http://app.example.evil", "", "app.example", true},
                        {"null", "", "app.example", true},
                        {"", "http://evil.example/x", "app.example", true},
                        {"", "http://app.example/x?y", "app.example", false}};
  for (const Case& c : cases) {
    net::Request request;
    request.origin = c.origin;
    request.referer = c.referer;
    request.host = c.host;
    EXPECT_EQ(IsForeignOrigin(request), c.foreign) << c.origin << c.referer;
  }
  net::Request request;
  request.origin = "https://front.example";
  request.host = "api.example";
  const std::vector<std::string> trusted = {"https://front.example"};
  EXPECT_FALSE(IsForeignOrigin(request, trusted));
}

TEST(Cookies, ValuesByName) {
  EXPECT_EQ(CookieValue("a=1; renkei_sid=x; b=2", "renkei_sid"), "x");
  EXPECT_EQ(CookieValue("__Host-renkei_sid=y", "renkei_sid"), "");
  EXPECT_EQ(CookieValue("", "a"), "");
}

}  // namespace
}  // namespace renkei::auth
