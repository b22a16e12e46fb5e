#include "auth/session_store.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "access/permission_changes.h"
#include "access/statement.h"
#include "auth/token.h"
#include "base/id.h"
#include "schema/field_type.h"

namespace renkei::auth {
namespace {

using access::Prepare;
using db::Value;
using std::chrono::milliseconds;

constexpr std::size_t kSessionIdBytes = 12;
constexpr milliseconds kKeptAfterEnd =
    std::chrono::hours(24);  // so that a stale token is told why for a day
constexpr std::string_view kUserPrefix = "user:", kFamilyPrefix = "family:";

std::string Hex(const Sha256Digest& digest) {
  return HexEncode({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string_view KindName(SessionKind kind) {
  switch (kind) {
    case SessionKind::kBearer:
      return "bearer";
    case SessionKind::kCookie:
      return "cookie";
    case SessionKind::kApiKey:
      return "apiKey";
  }
  return "bearer";
}

SessionKind KindOf(std::string_view name) {
  if (name == "cookie") return SessionKind::kCookie;
  return name == "apiKey" ? SessionKind::kApiKey : SessionKind::kBearer;
}

constexpr std::string_view kInsert =
    R"(INSERT INTO "sessions" ("id","family","userId","tokenHash","kind","authenticator","signedInAt","issuedAt","expiresAt",
       "seenAt","ip","userAgent") VALUES (?,?,?,?,?,?,?,?,?,?,?,?))";
constexpr std::string_view kInsertSuccessor =
    R"(INSERT INTO "sessions" ("id","family","userId","tokenHash","kind","authenticator","signedInAt","issuedAt","expiresAt",
       "seenAt","ip","userAgent")
       SELECT ?, "family", "userId", ?, "kind", "authenticator", "signedInAt", ?, ?, ?, "ip", "userAgent"
       FROM "sessions" WHERE "id" = ? ON CONFLICT ("tokenHash") DO NOTHING)";
constexpr std::string_view kHold =
    R"(UPDATE "sessions" SET "seenAt" = ? WHERE "id" = ? AND "endedAt" IS NULL)";
constexpr std::string_view kReplace =
    R"(UPDATE "sessions" SET "replacedAt" = COALESCE("replacedAt", ?) WHERE "id" = ? AND "endedAt" IS NULL)";
constexpr std::string_view kEndFamily =
    R"(UPDATE "sessions" SET "endedAt" = ?, "endReason" = ? WHERE "family" = ? AND "endedAt" IS NULL)";
constexpr std::string_view kEndUser =
    R"(UPDATE "sessions" SET "endedAt" = ?, "endReason" = ? WHERE "userId" = ? AND "endedAt" IS NULL AND "family" <> ? AND "kind" <> 'apiKey')";
constexpr std::string_view kSweep = R"(DELETE FROM "sessions" WHERE "expiresAt" < ?)";

}  // namespace

struct SessionStore::Liveness {
  std::mutex mutex;
  SessionStore* store;
};

SessionStore::SessionStore(db::Database& database, schema::CatalogStore& catalog,
                           Settings& settings, std::string key)
    : database_(database),
      catalog_(catalog),
      settings_(settings),
      key_(std::move(key)),
      liveness_(std::make_shared<Liveness>()) {
  liveness_->store = this;
  database_.Subscribe([liveness = liveness_](std::string_view topic, std::string_view payload) {
    const std::lock_guard lock(liveness->mutex);
    if (liveness->store != nullptr) liveness->store->OnNotification(topic, payload);
  });
}

SessionStore::~SessionStore() {
  const std::lock_guard lock(liveness_->mutex);
  liveness_->store = nullptr;
}

std::size_t SessionStore::DigestHash::operator()(const Sha256Digest& digest) const {
  std::size_t hash;  // the digest is as random as a hash can be
  std::memcpy(&hash, digest.data() + 8, sizeof hash);
  return hash;
}

SessionStore::Shard& SessionStore::ShardOf(const Sha256Digest& digest) const {
  return shards_[digest[0] % kShards];
}

SessionRef SessionStore::Cached(std::string_view token) const {
  const Sha256Digest digest = Sha256(token);
  const Clock::time_point now = Clock::now();
  Shard& shard = ShardOf(digest);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.entries.find(digest);
  if (found == shard.entries.end() || now - found->second.read_at > kCacheTrust) return nullptr;
  return found->second.session;
}

void SessionStore::Keep(const Sha256Digest& digest, SessionRef session, std::uint64_t epoch) {
  constexpr std::size_t kPerShard = kMaxCachedSessions / kShards;
  const Clock::time_point now = Clock::now();
  Shard& shard = ShardOf(digest);
  const std::lock_guard lock(shard.mutex);
  if (epoch_.load(std::memory_order_acquire) != epoch)
    return;  // something changed while we were reading
  if (shard.entries.size() >= kPerShard) {
    std::erase_if(shard.entries,
                  [&](const auto& entry) { return now - entry.second.read_at > kCacheTrust; });
    if (shard.entries.size() >= kPerShard) shard.entries.erase(shard.entries.begin());
  }
  shard.entries.insert_or_assign(digest, Entry{std::move(session), now});
}

void SessionStore::ForgetUser(std::int64_t user_id) {
  epoch_.fetch_add(1, std::memory_order_acq_rel);
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    std::erase_if(shard.entries, [&](const auto& entry) {
      const auto& user = entry.second.session->user;
      return user == nullptr || user->id == user_id;
    });
  }
}

void SessionStore::ForgetFamily(std::string_view family) {
  epoch_.fetch_add(1, std::memory_order_acq_rel);
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    std::erase_if(shard.entries,
                  [&](const auto& entry) { return entry.second.session->family == family; });
  }
}

void SessionStore::ForgetAll() {
  epoch_.fetch_add(1, std::memory_order_acq_rel);
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    shard.entries.clear();
  }
}

void SessionStore::OnNotification(std::string_view topic, std::string_view payload) {
  if (topic == kSessionTopic && payload.starts_with(kUserPrefix)) {
    ForgetUser(std::strtoll(std::string(payload.substr(kUserPrefix.size())).c_str(), nullptr, 10));
  } else if (topic == kSessionTopic && payload.starts_with(kFamilyPrefix)) {
    ForgetFamily(payload.substr(kFamilyPrefix.size()));
  } else if (topic == kSessionTopic || topic == access::kAccessTopic || topic == "*") {
    ForgetAll();
  }
}

Task<Result<SessionRef>> SessionStore::Find(std::string_view token, Deadline deadline) {
  if (!LooksLikeToken(token) && !LooksLikeApiKey(token)) co_return SessionRef();
  const Sha256Digest digest = Sha256(token);
  const std::uint64_t epoch = epoch_.load(std::memory_order_acquire);
  RK_CO_TRY(session, co_await Read("tokenHash", Hex(digest), deadline));
  if (session != nullptr) Keep(digest, session, epoch);
  co_return std::move(session);
}

namespace {

// The columns of users that variables may show, as the catalog knows them; its own fields included.
std::vector<const schema::Field*> VisibleFields(const schema::Catalog& catalog) {
  std::vector<const schema::Field*> out;
  if (const schema::Collection* users = catalog.Find("users")) {
    for (const schema::Field& field : users->fields) {
      if (field.has_column() && !field.hidden && !field.type->is_password()) out.push_back(&field);
    }
  }
  return out;
}

// A row of rolesUsers that stands for "all of them": what setDefaultRole stores for a user who acts
// under union.
constexpr std::string_view kUnionRoleName = "__union__";
constexpr std::size_t kFixedUserColumns = 5;  // id, nickname, username, email, appLang

std::shared_ptr<const SessionUser> ReadUser(const db::Rows& users, const db::Rows& roles,
                                            const std::vector<const schema::Field*>& fields) {
  if (users.empty()) return nullptr;
  auto user = std::make_shared<SessionUser>();
  user->id = users.at(0, 0).ToInt();
  for (const std::size_t column : {1, 2, 3}) {
    if (user->name.empty()) user->name = users.at(0, column).ToText();
  }
  user->language = users.at(0, 4).ToText();
  for (std::size_t i = 0; i < roles.size(); ++i) {
    std::string role = roles.at(i, 0).ToText();
    if (roles.at(i, 1).ToBool()) user->default_role = role;
    if (role != kUnionRoleName) user->roles.push_back(std::move(role));
  }
  std::string text = "{";
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) text += ',';
    AppendJsonString(text, fields[i]->name);
    text += ':';
    fields[i]->type->AppendJson(text, users.at(0, kFixedUserColumns + i), *fields[i]);
  }
  text += '}';
  json::object row;
  if (auto parsed = ParseJson(text); parsed && parsed->is_object())
    row = std::move(parsed->get_object());
  if (!row.contains("id")) row["id"] = user->id;
  user->row = std::make_shared<const json::object>(std::move(row));
  return user;
}

}  // namespace

Task<Result<SessionRef>> SessionStore::Read(std::string condition_column, std::string value,
                                            Deadline deadline) {
  const db::Dialect& dialect = database_.dialect();
  const schema::CatalogRef catalog = catalog_.Current();
  const auto fields = catalog ? VisibleFields(*catalog) : std::vector<const schema::Field*>();
  std::string columns = R"("id","nickname","username","email","appLang")";
  for (const schema::Field* field : fields) {
    columns += ',';
    dialect.AppendIdentifier(columns, field->column);
  }
  const std::string owner =
      R"((SELECT "userId" FROM "sessions" WHERE ")" + condition_column + R"(" = ? LIMIT 1))";
  std::vector<db::Statement> statements;
  statements.push_back(Prepare(
      dialect, "session.find",
      R"(SELECT "id","family","kind","authenticator","signedInAt","expiresAt","seenAt","replacedAt","endedAt","endReason"
         FROM "sessions" WHERE ")" +
          condition_column + R"(" = ? ORDER BY "issuedAt" DESC LIMIT 1)",
      {Value::Text(value)}));
  statements.push_back(Prepare(dialect, "session.user",
                               "SELECT " + columns + R"( FROM "users" WHERE "id" = )" + owner,
                               {Value::Text(value)}));
  statements.push_back(Prepare(
      dialect, "session.roles",
      R"(SELECT l."roleName", l."default" FROM "rolesUsers" l LEFT JOIN "roles" r ON r."name" = l."roleName"
         WHERE l."userId" = )" +
          owner + R"( AND (r."name" IS NOT NULL OR l."roleName" = '__union__')
             ORDER BY l."createdAt", r."sort", r."name")",
      {Value::Text(value)}));
  RK_CO_TRY(rows, co_await database_.Read(std::move(statements), db::ReadCost::kBounded, deadline));
  if (rows[0].empty()) co_return SessionRef();
  const db::Rows& row = rows[0];
  auto session = std::make_shared<Session>();
  session->id = row.at(0, 0).ToText();
  session->family = row.at(0, 1).ToText();
  session->kind = KindOf(row.at(0, 2).view());
  session->authenticator = row.at(0, 3).ToText();
  session->signed_in_ms = row.at(0, 4).ToInt();
  session->expires_ms = row.at(0, 5).ToInt();
  session->seen_ms = std::make_shared<std::atomic<std::int64_t>>(row.at(0, 6).ToInt());
  session->replaced_ms = row.at(0, 7).ToInt();
  if (!row.at(0, 8).is_null()) session->ended = row.at(0, 9).ToText();
  session->user = ReadUser(rows[1], rows[2], fields);
  co_return SessionRef(std::move(session));
}

Task<Result<IssuedSession>> SessionStore::Issue(NewSession session, Deadline deadline) {
  const TokenPolicy policy = settings_.Current()->token_policy;
  const std::int64_t now = NowMs();
  IssuedSession issued{NewToken(), RandomHex(kSessionIdBytes), RandomHex(kSessionIdBytes)};
  const db::Dialect& dialect = database_.dialect();
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    const milliseconds kept = policy.session_life + policy.renew_limit + kKeptAfterEnd;
    db::Statement sweep =
        Prepare(dialect, "session.sweep", kSweep, {Value::Int(now - kept.count())});
    RK_CO_CHECK_OK(co_await connection.Run(std::move(sweep)));
    if (session.kind == SessionKind::kCookie) {
      db::Statement living = Prepare(
          dialect, "session.living",
          R"(SELECT "family", MAX("signedInAt") FROM "sessions" WHERE "userId" = ? AND "kind" = 'cookie'
             AND "endedAt" IS NULL AND "signedInAt" > ? GROUP BY "family" ORDER BY 2 DESC)",
          {Value::Int(session.user_id), Value::Int(now - policy.session_life.count())});
      RK_CO_TRY(families, co_await connection.Run(std::move(living)));
      for (std::size_t i = kMaxSessionsPerUser - 1; i < families.size(); ++i) {
        db::Statement end = Prepare(dialect, "session.end", kEndFamily,
                                    {Value::Int(now), Value::Text(kReasonSignedOut),
                                     Value::Text(families.at(i, 0).ToText())});
        RK_CO_CHECK_OK(co_await connection.Run(std::move(end)));
      }
    }
    db::Statement insert =
        Prepare(dialect, "session.issue", kInsert,
                {Value::Text(issued.id), Value::Text(issued.family), Value::Int(session.user_id),
                 Value::Text(Hex(Sha256(issued.token))), Value::Text(KindName(session.kind)),
                 Value::Text(session.authenticator), Value::Int(now), Value::Int(now),
                 Value::Int(now + policy.token_life.count()), Value::Int(now),
                 Value::Text(session.remote_address), Value::Text(session.user_agent)});
    RK_CO_CHECK_OK(co_await connection.Run(std::move(insert)));
    co_return Result<void>();
  };
  db::TransactionBody work = body;
  RK_CO_CHECK_OK(co_await database_.Transact(std::move(work), deadline));
  co_return std::move(issued);
}

std::string SessionStore::KeyFamily(std::int64_t key_id) { return "key-" + std::to_string(key_id); }

db::Statement SessionStore::KeyStatement(std::int64_t key_id, std::string_view token,
                                         std::int64_t user_id, std::string_view role,
                                         std::int64_t expires_ms) const {
  const std::int64_t now = NowMs();
  return Prepare(
      database_.dialect(), "session.key", kInsert,
      {Value::Text(RandomHex(kSessionIdBytes)), Value::Text(KeyFamily(key_id)), Value::Int(user_id),
       Value::Text(Hex(Sha256(token))), Value::Text(KindName(SessionKind::kApiKey)),
       Value::Text(role), Value::Int(now), Value::Int(now), Value::Int(expires_ms), Value::Int(now),
       Value::Null(), Value::Null()});
}

// The row that is replaced is written first: its lock makes an End() that runs at the same time
// wait, and End() looks twice.
Task<Result<std::string>> SessionStore::Renew(SessionRef session, std::string token,
                                              Deadline deadline) {
  std::string successor = SuccessorToken(key_, token);
  if (const SessionRef known = Cached(successor); known != nullptr && known->ended.empty())
    co_return std::move(successor);
  const std::int64_t now = NowMs();
  const milliseconds life = settings_.Current()->token_policy.token_life;
  const std::string id = RandomHex(kSessionIdBytes), hash = Hex(Sha256(successor));
  const bool cookie = session->kind == SessionKind::kCookie;
  const db::Dialect& dialect = database_.dialect();
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    db::Statement hold = Prepare(dialect, "session.hold", cookie ? kReplace : kHold,
                                 {Value::Int(now), Value::Text(session->id)});
    RK_CO_TRY(held, co_await connection.Run(std::move(hold)));
    if (held.affected() == 0) {
      co_return Fail(Error{ErrorKind::kUnauthenticated,
                           "TOKEN_RENEW_FAILED",
                           "Your session has expired. Please sign in again.",
                           {},
                           {},
                           {},
                           {}});
    }
    db::Statement insert =
        Prepare(dialect, "session.renew", kInsertSuccessor,
                {Value::Text(id), Value::Text(hash), Value::Int(now),
                 Value::Int(now + life.count()), Value::Int(now), Value::Text(session->id)});
    RK_CO_CHECK_OK(co_await connection.Run(std::move(insert)));
    co_return Result<void>();
  };
  db::TransactionBody work = body;
  RK_CO_CHECK_OK(co_await database_.Transact(std::move(work), deadline));
  co_return std::move(successor);
}

Task<Result<std::string>> SessionStore::Rotate(SessionRef session, std::string token,
                                               Deadline deadline) {
  const Sha256Digest digest = Sha256(token);
  auto renewed = co_await Renew(session, std::move(token), deadline);
  if (renewed && session->replaced_ms == 0) {
    auto replaced = std::make_shared<Session>(*session);
    replaced->replaced_ms = NowMs();
    Keep(digest, std::move(replaced), epoch_.load(std::memory_order_acquire));
  }
  co_return std::move(renewed);
}

bool SessionStore::NeedsTouch(const Session& session, std::int64_t now_ms) {
  return now_ms - session.seen_ms->load(std::memory_order_relaxed) >=
         milliseconds(kSeenResolution).count();
}

// One of the requests of a minute writes; the others see the new time already.
Task<Result<void>> SessionStore::Touch(SessionRef session, std::string remote_address,
                                       Deadline deadline) {
  const std::int64_t now = NowMs();
  std::int64_t seen = session->seen_ms->load(std::memory_order_relaxed);
  if (now - seen < milliseconds(kSeenResolution).count() ||
      !session->seen_ms->compare_exchange_strong(seen, now)) {
    co_return Result<void>();
  }
  db::Statement statement =
      Prepare(database_.dialect(), "session.touch",
              R"(UPDATE "sessions" SET "seenAt" = ?, "ip" = ? WHERE "id" = ?)",
              {Value::Int(now), Value::Text(std::move(remote_address)), Value::Text(session->id)});
  auto written = co_await database_.Write(std::move(statement), deadline);
  if (!written) co_return Fail(std::move(written).error());
  co_return Result<void>();
}

Task<Result<void>> SessionStore::End(std::string family, std::string_view reason,
                                     Deadline deadline) {
  const std::int64_t now = NowMs();
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    for (int look = 0; look < 2; ++look) {
      db::Statement end = Prepare(database_.dialect(), "session.end", kEndFamily,
                                  {Value::Int(now), Value::Text(reason), Value::Text(family)});
      RK_CO_CHECK_OK(co_await connection.Run(std::move(end)));
    }
    db::Statement notify =
        database_.NotifyStatement(kSessionTopic, std::string(kFamilyPrefix) + family);
    if (!notify.sql.empty()) RK_CO_CHECK_OK(co_await connection.Run(std::move(notify)));
    co_return Result<void>();
  };
  db::TransactionBody work = body;
  RK_CO_CHECK_OK(co_await database_.Transact(std::move(work), deadline));
  ForgetFamily(family);
  co_return Result<void>();
}

std::vector<db::Statement> SessionStore::EndUserStatements(std::int64_t user_id,
                                                           std::string_view except_family,
                                                           std::string_view reason) const {
  std::vector<db::Statement> out;
  const std::int64_t now = NowMs();
  for (int look = 0; look < 2; ++look) {
    out.push_back(Prepare(
        database_.dialect(), "session.endUser", kEndUser,
        {Value::Int(now), Value::Text(reason), Value::Int(user_id), Value::Text(except_family)}));
  }
  db::Statement notify =
      database_.NotifyStatement(kSessionTopic, std::string(kUserPrefix) + std::to_string(user_id));
  if (!notify.sql.empty()) out.push_back(std::move(notify));
  return out;
}

Task<Result<void>> SessionStore::EndUser(std::int64_t user_id, std::string except_family,
                                         std::string_view reason, Deadline deadline) {
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    auto statements = EndUserStatements(user_id, except_family, reason);
    RK_CO_CHECK_OK(co_await connection.RunAll(std::move(statements)));
    co_return Result<void>();
  };
  db::TransactionBody work = body;
  RK_CO_CHECK_OK(co_await database_.Transact(std::move(work), deadline));
  ForgetUser(user_id);
  co_return Result<void>();
}

Task<Result<json::array>> SessionStore::List(std::int64_t user_id, Deadline deadline) {
  const TokenPolicy policy = settings_.Current()->token_policy;
  const std::int64_t now = NowMs();
  db::Statement statement = Prepare(
      database_.dialect(), "session.list",
      R"(SELECT "family","kind","authenticator","signedInAt","seenAt","expiresAt","ip","userAgent"
         FROM "sessions" WHERE "userId" = ? AND "kind" <> 'apiKey' AND "endedAt" IS NULL AND "replacedAt" IS NULL AND "signedInAt" > ? AND "expiresAt" > ?
         ORDER BY "seenAt" DESC, "id")",
      {Value::Int(user_id), Value::Int(now - policy.session_life.count()),
       Value::Int(now - policy.renew_limit.count())});
  RK_CO_TRY(rows,
            co_await database_.ReadOne(std::move(statement), db::ReadCost::kBounded, deadline));
  json::array out;
  std::vector<std::string> families;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::string family = rows.at(i, 0).ToText();
    if (std::ranges::find(families, family) != families.end())
      continue;  // an older value of a renewed session
    out.emplace_back(
        json::object{{"id", family},
                     {"kind", rows.at(i, 1).ToText()},
                     {"authenticator", rows.at(i, 2).ToText()},
                     {"createdAt", IsoUtc(rows.at(i, 3).ToInt())},
                     {"lastSeenAt", IsoUtc(rows.at(i, 4).ToInt())},
                     {"expiresAt", IsoUtc(rows.at(i, 3).ToInt() + policy.session_life.count())},
                     {"ip", rows.at(i, 6).ToText()},
                     {"userAgent", rows.at(i, 7).ToText()}});
    families.push_back(std::move(family));
  }
  co_return std::move(out);
}

std::string SessionStore::CsrfValue(std::string_view family) const {
  return KeyedHash(key_, "csrf", family);
}

std::string SessionStore::FileCookie(std::string_view session_id) const {
  return std::string(session_id).append(1, '.').append(KeyedHash(key_, "file cookie", session_id));
}

Task<Result<SessionRef>> SessionStore::FindFileCookie(std::string_view value, Deadline deadline) {
  const std::size_t dot = value.find('.');
  if (dot == std::string_view::npos) co_return SessionRef();
  std::string family(value.substr(0, dot));
  if (!EqualConstantTime(value, FileCookie(family))) co_return SessionRef();
  auto session = co_await Read("family", std::move(family), deadline);
  co_return std::move(session);
}

}  // namespace renkei::auth
