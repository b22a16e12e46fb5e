#include "audit/journal.h"

#include "base/clock.h"

namespace renkei::audit {
namespace {

db::Value TextOrNull(std::string_view text) {
  return text.empty() ? db::Value::Null() : db::Value::Text(text);
}

std::string_view KindName(const access::Identity* identity) {
  if (identity == nullptr) return "anonymous";
  switch (identity->kind) {
    case access::Identity::Kind::kAnonymous:
      return "anonymous";
    case access::Identity::Kind::kUser:
      return "user";
    case access::Identity::Kind::kApiKey:
      return "apiKey";
    case access::Identity::Kind::kSystem:
      return "system";
  }
  return "anonymous";
}

// Adds one parameter and gives the text to write at its place. NULL is a parameter too: the text of
// the statement, and with it the prepared statement, depends on the number of entries only.
class Params {
 public:
  Params(const db::Dialect& dialect, std::vector<db::Value>& values)
      : dialect_(dialect), values_(values) {}
  std::string Add(db::Value value) {
    values_.push_back(std::move(value));
    std::string out;
    dialect_.AppendPlaceholder(out, values_.size());
    return out;
  }

 private:
  const db::Dialect& dialect_;
  std::vector<db::Value>& values_;
};

}  // namespace

std::string_view ActorKind(const access::Identity* identity) { return KindName(identity); }

std::vector<BoundColumn> SharedColumns(const Entry& entry) {
  const access::Identity* identity = entry.identity;
  const bool user = identity != nullptr && identity->user_id != 0;
  const auto text = [&](const std::string access::Identity::*member) {
    return identity == nullptr ? db::Value::Null() : TextOrNull(identity->*member);
  };
  std::vector<BoundColumn> out;
  out.reserve(9);
  out.push_back({"\"at\"", db::Value::Text(IsoUtc(NowMs())), db::ColumnKind::kTimestampTz});
  out.push_back({"\"actor\"", db::Value::Text(KindName(identity))});
  out.push_back({"\"userId\"", user ? db::Value::Int(identity->user_id) : db::Value::Null(),
                 db::ColumnKind::kInt64});
  out.push_back({"\"userName\"", text(&access::Identity::user_name)});
  out.push_back({"\"role\"", text(&access::Identity::current_role)});
  out.push_back({"\"sessionId\"", text(&access::Identity::session_id)});
  out.push_back({"\"traceId\"", TextOrNull(entry.trace_id)});
  out.push_back({"\"ip\"", TextOrNull(entry.remote_address)});
  out.push_back({"\"userAgent\"", TextOrNull(entry.user_agent)});
  return out;
}

db::Statement AppendStatement(const db::Dialect& dialect, const Entry& entry) {
  return AppendStatement(dialect, std::span<const Entry>(&entry, 1));
}

db::Statement AppendStatement(const db::Dialect& dialect, std::span<const Entry> entries) {
  db::Statement statement;
  statement.name = "audit_append";
  statement.sql =
      "INSERT INTO audit_log (\"at\", \"actor\", \"userId\", \"userName\", \"role\", "
      "\"sessionId\", \"traceId\", \"ip\", "
      "\"userAgent\", \"action\", \"resource\", \"recordKey\", \"changes\", \"outcome\") VALUES ";
  Params params(dialect, statement.params);
  // Entries of one request share who and where: those parameters are written once.
  const Entry* shared = nullptr;
  std::string who;
  for (const Entry& entry : entries) {
    const bool same = shared != nullptr && shared->identity == entry.identity &&
                      shared->trace_id == entry.trace_id &&
                      shared->remote_address == entry.remote_address &&
                      shared->user_agent == entry.user_agent;
    if (!same) {
      who.clear();
      for (BoundColumn& column : SharedColumns(entry)) {
        who += who.empty() ? "(" : ", ";
        who += params.Add(std::move(column.value));
      }
    }
    if (shared != nullptr) statement.sql += ", ";
    shared = &entry;
    statement.sql += who;
    for (const std::string_view text :
         {entry.action, entry.resource, std::string_view(entry.record_key),
          std::string_view(entry.changes), entry.outcome}) {
      statement.sql += ", " + params.Add(TextOrNull(text));
    }
    statement.sql += ")";
  }
  return statement;
}

}  // namespace renkei::audit
