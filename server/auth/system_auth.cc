#include "auth/system_auth.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/id.h"

namespace renkei::auth {
namespace {

using db::ColumnKind;

struct Column {
  std::string_view name;
  ColumnKind kind = ColumnKind::kText;
  std::string_view rules = {};  // NOT NULL, DEFAULT …
  int length = 0;
};
enum class Key {
  kCounter,
  kGiven,
  kNone
};  // "id" counted by the database, given by us, or none of that name
struct Table {
  std::string_view name;
  Key key;
  std::vector<Column> columns;
  std::vector<std::string_view> constraints = {};
  bool stamps = true;    // createdAt, updatedAt
  bool authors = false;  // createdById, updatedById
  bool counted = true;   // listed over the wire, so its count is maintained
};

constexpr ColumnKind kText = ColumnKind::kText, kInt = ColumnKind::kInt64,
                     kBool = ColumnKind::kBoolean, kJson = ColumnKind::kJson,
                     kTime = ColumnKind::kTimestampTz, kName = ColumnKind::kVarchar;
constexpr int kNameLength = 255;

std::vector<Table> PeopleTables() {
  return {
      {"users",
       Key::kCounter,
       {{"nickname", kName, {}, kNameLength},
        {"username", kName, {}, kNameLength},
        {"email", kName, {}, kNameLength},
        {"phone", kName, {}, kNameLength},
        {"password", kName, {}, kNameLength},
        {"appLang", kName, {}, kNameLength},
        {"resetToken", kName, {}, kNameLength},
        {"systemSettings", kJson},
        {"passwordChangedAt", kTime}},
       {R"(UNIQUE ("username"))", R"(UNIQUE ("email"))", R"(UNIQUE ("phone"))"},
       true,
       true},
      {"roles",
       Key::kNone,
       {{"name", kName, "NOT NULL PRIMARY KEY", kNameLength},
        {"title", kName, {}, kNameLength},
        {"description", kName, {}, kNameLength},
        {"color", kName, {}, kNameLength},
        {"strategy", kJson},
        {"default", kBool},
        {"hidden", kBool},
        {"allowConfigure", kBool},
        {"allowNewMenu", kBool},
        {"snippets", kJson},
        {"sort", kInt}},
       {R"(UNIQUE ("title"))"}},
      {"rolesUsers",
       Key::kNone,
       {{"userId", kInt, "NOT NULL"},
        {"roleName", kName, "NOT NULL", kNameLength},
        {"default", kBool}},
       {R"(PRIMARY KEY ("userId", "roleName"))"}},
      {"dataSourcesRoles",
       Key::kNone,
       {{"id", kName, "NOT NULL PRIMARY KEY", kNameLength},
        {"strategy", kJson},
        {"dataSourceKey", kName, "NOT NULL", kNameLength},
        {"roleName", kName, "NOT NULL", kNameLength}},
       {R"(UNIQUE ("dataSourceKey", "roleName"))"},
       false},
      {"dataSourcesRolesResources",
       Key::kCounter,
       {{"dataSourceKey", kName, "NOT NULL", kNameLength},
        {"roleName", kName, "NOT NULL", kNameLength},
        {"name", kName, "NOT NULL", kNameLength},
        {"usingActionsConfig", kBool}},
       {R"(UNIQUE ("dataSourceKey", "roleName", "name"))"}},
      {"dataSourcesRolesResourcesActions",
       Key::kCounter,
       {{"name", kName, "NOT NULL", kNameLength},
        {"fields", kJson},
        {"scopeId", kInt},
        {"rolesResourceId", kInt}}},
      {"dataSourcesRolesResourcesScopes",
       Key::kCounter,
       {{"key", kName, {}, kNameLength},
        {"dataSourceKey", kName, "NOT NULL DEFAULT 'main'", kNameLength},
        {"name", kName, {}, kNameLength},
        {"resourceName", kName, {}, kNameLength},
        {"scope", kJson}}},
  };
}

std::vector<Table> SystemTables() {
  return {
      {"authenticators",
       Key::kCounter,
       {{"name", kName, "NOT NULL UNIQUE", kNameLength},
        {"authType", kName, "NOT NULL", kNameLength},
        {"title", kName, {}, kNameLength},
        {"description", kName, {}, kNameLength},
        {"options", kJson},
        {"enabled", kBool},
        {"sort", kInt}},
       {},
       true,
       true},
      {"usersAuthenticators",
       Key::kNone,
       {{"authenticator", kName, "NOT NULL", kNameLength},
        {"userId", kInt, "NOT NULL"},
        {"uuid", kName, "NOT NULL", kNameLength},
        {"nickname", kName, {}, kNameLength},
        {"avatar", kName, {}, kNameLength},
        {"meta", kJson}},
       {R"(PRIMARY KEY ("authenticator", "userId"))", R"(UNIQUE ("authenticator", "uuid"))"},
       true,
       true},
      {"tokenControlConfig",
       Key::kNone,
       {{"key", kName, "NOT NULL PRIMARY KEY", kNameLength}, {"config", kJson}},
       {},
       true,
       true},
      {"systemSettings",
       Key::kCounter,
       {{"title", kName, {}, kNameLength},
        {"showLogoOnly", kBool},
        {"logoId", kInt},
        {"allowSignUp", kBool},
        {"smsAuthEnabled", kBool},
        {"roleMode", kName, {}, kNameLength},
        {"appLang", kName, {}, kNameLength},
        {"enabledLanguages", kJson},
        {"options", kJson},
        {"timezone", kName, {}, kNameLength},
        {"enableEditProfile", kBool},
        {"enableChangePassword", kBool}}},
      {"storages",
       Key::kGiven,
       {{"title", kName, {}, kNameLength},
        {"name", kName, "UNIQUE", kNameLength},
        {"type", kName, {}, kNameLength},
        {"options", kJson},
        {"rules", kJson},
        {"path", kText},
        {"baseUrl", kName, {}, kNameLength},
        {"renameMode", kName, {}, kNameLength},
        {"default", kBool},
        {"paranoid", kBool},
        {"settings", kJson}}},
      {"attachments",
       Key::kCounter,
       {{"title", kName, {}, kNameLength},
        {"filename", kName, {}, kNameLength},
        {"extname", kName, {}, kNameLength},
        {"size", kInt},
        {"mimetype", kName, {}, kNameLength},
        {"storageId", kInt},
        {"path", kText},
        {"url", kText},
        {"preview", kText},
        {"meta", kJson}},
       {},
       true,
       true},
      {"environmentVariables",
       Key::kNone,
       {{"name", kName, "NOT NULL PRIMARY KEY", kNameLength},
        {"type", kName, "NOT NULL", kNameLength},
        {"value", kText}},
       {},
       true,
       true},
  };
}

// Our own, never on the wire; instants are milliseconds, compared in the program.
std::vector<Table> SessionTables() {
  return {
      {"sessions",
       Key::kNone,
       {{"id", kName, "NOT NULL PRIMARY KEY", 64},
        {"family", kName, "NOT NULL", 64},
        {"userId", kInt, "NOT NULL"},
        {"tokenHash", kName, "NOT NULL UNIQUE", 64},
        {"kind", kName, "NOT NULL", 16},
        {"authenticator", kName, {}, kNameLength},
        {"signedInAt", kInt, "NOT NULL"},
        {"issuedAt", kInt, "NOT NULL"},
        {"expiresAt", kInt, "NOT NULL"},
        {"seenAt", kInt, "NOT NULL"},
        {"replacedAt", kInt},
        {"endedAt", kInt},
        {"endReason", kName, {}, 32},
        {"ip", kName, {}, 64},
        {"userAgent", kText}},
       {},
       false,
       false,
       false},
      {"apiKeys",
       Key::kCounter,
       {{"name", kName, {}, kNameLength},
        {"roleName", kName, "NOT NULL", kNameLength},
        {"expiresIn", kName, {}, kNameLength},
        {"expiresAt", kInt, "NOT NULL"},
        {"hint", kName, {}, 32},
        {"createdById", kInt, "NOT NULL"}},
       {},
       true,
       false,
       false},
      {"passwordResets",
       Key::kNone,
       {{"tokenHash", kName, "NOT NULL PRIMARY KEY", 64},
        {"userId", kInt, "NOT NULL"},
        {"passwordHash", kName, "NOT NULL", 64},
        {"expiresAt", kInt, "NOT NULL"},
        {"usedAt", kInt}},
       {},
       false,
       false,
       false},
      {"lockouts",
       Key::kNone,
       {{"account", kName, "NOT NULL PRIMARY KEY", kNameLength},
        {"lockedUntil", kInt, "NOT NULL"},
        {"locks", kInt, "NOT NULL"}},
       {},
       false,
       false,
       false},
  };
}

void AppendColumn(std::string& sql, const db::Dialect& dialect, const Column& column) {
  dialect.AppendIdentifier(sql, column.name);
  db::ColumnSpec spec;
  spec.kind = column.kind;
  spec.length = column.length;
  sql += ' ';
  sql += dialect.ColumnType(spec);
  if (!column.rules.empty()) {
    sql += ' ';
    sql += column.rules;
  }
}

std::string CreateTable(const db::Dialect& dialect, const Table& table) {
  std::string sql = "CREATE TABLE ";
  dialect.AppendIdentifier(sql, table.name);
  sql += " (";
  std::string_view separator;
  const auto next = [&] {
    sql += separator;
    separator = ", ";
  };
  if (table.key != Key::kNone) {
    db::ColumnSpec id;
    id.kind = ColumnKind::kInt64;
    id.auto_increment = table.key == Key::kCounter;
    next();
    dialect.AppendIdentifier(sql, "id");
    sql += fmt::format(" {} {}", dialect.ColumnType(id), dialect.PrimaryKeySuffix(id));
  }
  std::vector<Column> columns = table.columns;
  if (table.stamps) columns.insert(columns.end(), {{"createdAt", kTime}, {"updatedAt", kTime}});
  if (table.authors) columns.insert(columns.end(), {{"createdById", kInt}, {"updatedById", kInt}});
  for (const Column& column : columns) {
    next();
    AppendColumn(sql, dialect, column);
  }
  for (const std::string_view constraint : table.constraints) {
    next();
    sql += constraint;
  }
  sql += ')';
  return sql;
}

constexpr std::string_view kIndexes[] = {
    R"(CREATE INDEX "rolesUsers_role" ON "rolesUsers" ("roleName"))",
    R"(CREATE INDEX "roles_actions_entry" ON "dataSourcesRolesResourcesActions" ("rolesResourceId"))",
    R"(CREATE INDEX "sessions_user" ON "sessions" ("userId", "endedAt"))",
    R"(CREATE INDEX "sessions_family" ON "sessions" ("family"))",
    R"(CREATE INDEX "sessions_expires" ON "sessions" ("expiresAt"))",
    R"(CREATE INDEX "passwordResets_user" ON "passwordResets" ("userId"))",
};

// Spelled so that both databases read them: true and false are known to SQLite since 3.23.
std::vector<std::string> Seeds() {
  const std::string now = IsoUtc(NowMs());
  std::vector<std::string> out;
  const auto role = [&](std::string_view name, std::string_view title, std::string_view strategy,
                        std::string_view snippets, bool is_default, bool hidden, bool configure,
                        int sort) {
    out.push_back(fmt::format(
        R"(INSERT INTO "roles" ("name","title","strategy","snippets","default","hidden","allowConfigure","allowNewMenu","sort","createdAt","updatedAt")
           VALUES ('{}','{}',{},'{}',{},{},{},{},{},'{}','{}'))",
        name, title, strategy, snippets, is_default, hidden, configure, configure, sort, now, now));
  };
  role("root", R"({{t("Root")}})", "NULL", R"(["ui.*","pm","pm.*"])", false, true, true, 1);
  role("admin", R"({{t("Admin")}})",
       R"('{"actions":["create","view","update","destroy","export","importXlsx"]}')",
       R"(["ui.*","pm","pm.*"])", false, false, true, 2);
  role("member", R"({{t("Member")}})", R"('{"actions":["view:own"]}')",
       R"(["!ui.*","!pm","!pm.*"])", true, false, false, 3);
  for (const auto& [key, name, scope] :
       {std::tuple("all", R"({{t("All records")}})", "{}"),
        std::tuple("own", R"({{t("Own records")}})",
                   R"({"createdById":"{{ ctx.state.currentUser.id }}"})")}) {
    out.push_back(fmt::format(
        R"(INSERT INTO "dataSourcesRolesResourcesScopes" ("key","dataSourceKey","name","scope","createdAt","updatedAt")
           VALUES ('{}','main','{}','{}','{}','{}'))",
        key, name, scope, now, now));
  }
  out.push_back(fmt::format(
      R"(INSERT INTO "authenticators" ("name","authType","description","options","enabled","sort","createdAt","updatedAt")
         VALUES ('basic','Email/Password','Sign in with username/email.','{{"public":{{"allowSignUp":false}}}}',true,1,'{}','{}'))",
      now, now));
  out.push_back(fmt::format(
      R"(INSERT INTO "tokenControlConfig" ("key","config","createdAt","updatedAt") VALUES ('token-policy-config',
         '{{"tokenExpirationTime":"1d","sessionExpirationTime":"7d","expiredTokenRenewLimit":"1d"}}','{}','{}'))",
      now, now));
  out.push_back(fmt::format(
      R"(INSERT INTO "systemSettings" ("title","showLogoOnly","allowSignUp","smsAuthEnabled","roleMode","appLang","enabledLanguages",
         "options","enableEditProfile","enableChangePassword","createdAt","updatedAt")
         VALUES ('Renkei',false,false,false,'default','en-US','["en-US","zh-CN","ja-JP"]','{{}}',true,true,'{}','{}'))",
      now, now));
  out.push_back(fmt::format(
      R"(INSERT INTO "storages" ("id","title","name","type","options","rules","path","baseUrl","renameMode","default","paranoid","settings","createdAt","updatedAt")
         VALUES ({},'Local storage','local','local','{{"documentRoot":"storage/uploads"}}','{{"size":20971520}}','','/storage/uploads',
         'appendRandomID',true,false,'{{}}','{}','{}'))",
      NextSnowflake(), now, now));
  return out;
}

std::vector<db::Statement> Create(const db::Database& database) {
  std::vector<db::Statement> out;
  const auto add = [&](std::string sql) {
    out.push_back(db::Statement{std::move(sql), {}, "migration"});
  };
  for (const auto& tables : {PeopleTables(), SystemTables(), SessionTables()}) {
    for (const Table& table : tables) {
      add(CreateTable(database.dialect(), table));
      if (!table.counted) continue;
      for (db::Statement& statement : database.TrackCountStatements(table.name))
        out.push_back(std::move(statement));
    }
  }
  for (const std::string_view index : kIndexes) add(std::string(index));
  for (std::string& seed : Seeds()) add(std::move(seed));
  return out;
}

}  // namespace

std::vector<db::Migration> AuthMigrations() {
  return {{2, "users, roles, permissions, settings, sessions", Create}};
}

}  // namespace renkei::auth
