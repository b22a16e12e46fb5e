#include "schema/sql_check.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"

namespace renkei::schema {
namespace {

constexpr std::size_t kMaxSql = 100'000;

constexpr std::array<std::string_view, 35> kForbidden = {
    "insert", "update", "delete",   "drop",      "alter",    "create",  "truncate",
    "grant",  "revoke", "copy",     "call",      "do",       "exec",    "execute",
    "attach", "detach", "pragma",   "vacuum",    "reindex",  "into",    "set",
    "reset",  "lock",   "listen",   "notify",    "unlisten", "prepare", "deallocate",
    "begin",  "commit", "rollback", "savepoint", "merge",    "declare", "cluster"};
// Functions that reach outside of the tables, and tables that hold secrets.
constexpr std::array<std::string_view, 36> kForbiddenNames = {"pg_sleep",
                                                              "pg_sleep_for",
                                                              "pg_sleep_until",
                                                              "pg_read_file",
                                                              "pg_read_binary_file",
                                                              "pg_ls_dir",
                                                              "pg_stat_file",
                                                              "lo_import",
                                                              "lo_export",
                                                              "lo_get",
                                                              "dblink",
                                                              "dblink_exec",
                                                              "dblink_connect",
                                                              "current_setting",
                                                              "set_config",
                                                              "pg_terminate_backend",
                                                              "pg_cancel_backend",
                                                              "pg_reload_conf",
                                                              "query_to_xml",
                                                              "database_to_xml",
                                                              "table_to_xml",
                                                              "nextval",
                                                              "setval",
                                                              "load_extension",
                                                              "readfile",
                                                              "writefile",
                                                              "edit",
                                                              "pg_shadow",
                                                              "pg_authid",
                                                              "pg_hba_file_rules",
                                                              "sessions",
                                                              "authenticators",
                                                              "apikeys",
                                                              "environmentvariables",
                                                              "storages",
                                                              "credentials"};

// Stands for something the two databases read differently.
constexpr std::string_view kAmbiguous = "an ambiguous text or comment";

bool IsWordStart(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool IsWordPart(char c) {
  return IsWordStart(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '$';
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view sql) : sql_(sql) {}

  std::vector<SqlToken> Run() {
    while (at_ < sql_.size()) Step();
    return std::move(tokens_);
  }

 private:
  void Step() {
    const char c = sql_[at_];
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++at_;
    } else if (Starts("--")) {
      at_ = std::min(sql_.find('\n', at_), sql_.size());
    } else if (Starts("/*")) {
      SkipBlockComment();
    } else if (c == '\'') {
      Quoted('\'', SqlToken::Kind::kText);
    } else if (c == '"' || c == '`') {
      Quoted(c, SqlToken::Kind::kQuoted);
    } else if (IsWordStart(c)) {
      Run(SqlToken::Kind::kWord, IsWordPart);
    } else if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
      Run(SqlToken::Kind::kNumber, [](char d) { return IsWordPart(d) || d == '.'; });
    } else {
      tokens_.push_back({SqlToken::Kind::kSymbol, std::string(1, c)});
      ++at_;
    }
  }

  bool Starts(std::string_view text) const { return sql_.substr(at_, text.size()) == text; }

  // PostgreSQL nests block comments, SQLite does not: what one skips, the other would run.
  void SkipBlockComment() {
    const std::size_t end = std::min(sql_.find("*/", at_ + 2), sql_.size());
    if (sql_.substr(at_ + 2, end - at_ - 2).find("/*") != std::string_view::npos) {
      tokens_.push_back({SqlToken::Kind::kSymbol, std::string(kAmbiguous)});
    }
    at_ = std::min(end + 2, sql_.size());
  }

  void Quoted(char end, SqlToken::Kind kind) {
    // E'…\'…' ends elsewhere than '…': refused rather than understood for one database only.
    const bool escapes = at_ > 0 && IsWordPart(sql_[at_ - 1]) && end == '\'';
    std::string text;
    for (++at_; at_ < sql_.size(); ++at_) {
      if (sql_[at_] == end) {
        if (at_ + 1 >= sql_.size() || sql_[at_ + 1] != end) break;
        ++at_;
      }
      text.push_back(sql_[at_]);
    }
    ++at_;
    if (escapes && text.find('\\') != std::string::npos) {
      tokens_.push_back({SqlToken::Kind::kSymbol, std::string(kAmbiguous)});
    }
    tokens_.push_back({kind, std::move(text)});
  }

  template <class Part>
  void Run(SqlToken::Kind kind, Part part) {
    const std::size_t start = at_;
    while (at_ < sql_.size() && part(sql_[at_])) ++at_;
    tokens_.push_back({kind, std::string(sql_.substr(start, at_ - start))});
  }

  std::string_view sql_;
  std::size_t at_ = 0;
  std::vector<SqlToken> tokens_;
};

Error Dangerous(std::string_view word) {
  return InvalidArgument("SQL_DANGEROUS", "SQL statements contain dangerous keywords",
                         "Not allowed here: " + std::string(word), "sql");
}

template <std::size_t N>
bool Contains(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

std::vector<SqlToken> TokenizeSql(std::string_view sql) { return Tokenizer(sql).Run(); }

Result<void> CheckSelect(std::string_view sql) {
  std::vector<SqlToken> tokens = TokenizeSql(sql);
  if (tokens.empty()) {
    return Fail(InvalidArgument("SQL_MISSING", "Please enter a SQL statement", {}, "sql"));
  }
  if (sql.size() > kMaxSql || sql.find('\0') != std::string_view::npos)
    return Fail(Dangerous("a statement this long"));
  const std::string first = ToLowerAscii(tokens.front().text);
  if (tokens.front().kind != SqlToken::Kind::kWord || (first != "select" && first != "with")) {
    return Fail(InvalidArgument("SQL_NOT_SELECT", "Only supports SELECT statements or WITH clauses",
                                {}, "sql"));
  }
  while (!tokens.empty() && tokens.back().text == ";" &&
         tokens.back().kind == SqlToken::Kind::kSymbol)
    tokens.pop_back();
  for (const SqlToken& token : tokens) {
    const std::string word = ToLowerAscii(token.text);
    const bool name = token.kind == SqlToken::Kind::kWord || token.kind == SqlToken::Kind::kQuoted;
    if (token.kind == SqlToken::Kind::kSymbol && word == ";")
      return Fail(Dangerous("several statements"));
    // $tag$…$tag$ is a text to PostgreSQL and a parameter to SQLite.
    if (token.kind == SqlToken::Kind::kSymbol && word == "$") return Fail(Dangerous("$"));
    if (token.kind == SqlToken::Kind::kSymbol && token.text == kAmbiguous)
      return Fail(Dangerous(kAmbiguous));
    if (token.kind == SqlToken::Kind::kWord && Contains(kForbidden, word))
      return Fail(Dangerous(token.text));
    if (name && Contains(kForbiddenNames, word)) return Fail(Dangerous(token.text));
  }
  return {};
}

std::vector<std::string> ReferencedTables(std::string_view sql) {
  const std::vector<SqlToken> tokens = TokenizeSql(sql);
  const auto is_name = [&](std::size_t i) {
    return i < tokens.size() &&
           (tokens[i].kind == SqlToken::Kind::kWord || tokens[i].kind == SqlToken::Kind::kQuoted);
  };
  std::vector<std::string> tables;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::string word = ToLowerAscii(tokens[i].text);
    if (tokens[i].kind != SqlToken::Kind::kWord || (word != "from" && word != "join")) continue;
    std::size_t at = i + 1;
    while (at < tokens.size() && tokens[at].text == "(") ++at;
    if (!is_name(at) || ToLowerAscii(tokens[at].text) == "select") continue;
    while (at + 2 < tokens.size() && tokens[at + 1].text == "." && is_name(at + 2)) at += 2;
    if (std::find(tables.begin(), tables.end(), tokens[at].text) == tables.end())
      tables.push_back(tokens[at].text);
  }
  return tables;
}

std::string WithoutSemicolon(std::string_view sql) {
  sql = Trim(sql);
  while (!sql.empty() && sql.back() == ';') sql = Trim(sql.substr(0, sql.size() - 1));
  // A line comment at the end must not swallow the parenthesis that follows.
  return std::string(sql) + "\n";
}

}  // namespace renkei::schema
