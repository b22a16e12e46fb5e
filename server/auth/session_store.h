// SessionStore issues, finds, renews and ends sessions (rest-api.md 10, auth.md 3.2). Tokens are
// opaque; the database holds their SHA-256; every process keeps what it has seen in memory, so that
// a request costs one digest and one lookup.
//
// Thread-safe. An entry is trusted for kCacheTrust at most and dropped at once when this process
// changes it or another process notifies of a change ("session", "access"). `Find` suspends only
// when the cache has no answer.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "auth/settings.h"
#include "base/crypto.h"
#include "base/json.h"
#include "base/result.h"
#include "base/task.h"
#include "db/database.h"
#include "schema/catalog.h"

namespace renkei::auth {

inline constexpr std::string_view kSessionTopic = "session";
inline constexpr std::chrono::seconds kCacheTrust{5};
inline constexpr std::size_t kMaxCachedSessions =
    100'000;  // per process; the oldest shard entries make room
inline constexpr std::chrono::seconds kCookieGrace{30};  // a rotated cookie value still works
inline constexpr std::chrono::hours kCookieIdleTimeout{8};
inline constexpr std::chrono::minutes kSeenResolution{1};  // lastSeenAt is written no more often
inline constexpr int kMaxSessionsPerUser = 20;             // cookie sessions; the oldest is ended
inline constexpr std::string_view kReasonSignedOut = "signOut";
inline constexpr std::string_view kReasonPassword = "passwordChanged";
inline constexpr std::string_view kReasonReuse = "tokenReused";

enum class SessionKind { kBearer, kCookie, kApiKey };

// Who a session belongs to, as of the moment it was read.
struct SessionUser {
  std::int64_t id = 0;
  std::string name;  // nickname, user name or e-mail
  std::string language;
  std::vector<std::string> roles;  // in the order they were given
  std::string default_role;  // chosen by setDefaultRole; may be "__union__"; empty: none chosen
  std::shared_ptr<const json::object> row;  // without secrets, for variables
};

struct Session {
  std::string id;      // changes with each renewal
  std::string family;  // the same from sign-in to sign-out
  SessionKind kind = SessionKind::kBearer;
  std::int64_t signed_in_ms = 0;
  std::int64_t expires_ms = 0;  // of the token, fixed when it was issued
  std::shared_ptr<std::atomic<std::int64_t>>
      seen_ms;                              // shared by the copies of one read; never null
  std::int64_t replaced_ms = 0;             // cookie: rotated then; 0: not
  std::string ended;                        // a kReason…, empty while alive
  std::string authenticator;                // of an API key: its role
  std::shared_ptr<const SessionUser> user;  // null: the account is gone
};
using SessionRef = std::shared_ptr<const Session>;

struct NewSession {
  std::int64_t user_id = 0;
  SessionKind kind = SessionKind::kBearer;
  std::string authenticator;
  std::string remote_address;
  std::string user_agent;
};
struct IssuedSession {
  std::string token;
  std::string id;
  std::string family;
};

class SessionStore {
 public:
  // `key` is the server's secret key (32 bytes). Subscribes to the database's notifications.
  SessionStore(db::Database& database, schema::CatalogStore& catalog, Settings& settings,
               std::string key);
  ~SessionStore();

  // What the cache knows, without suspending; nullptr: ask Find.
  SessionRef Cached(std::string_view token) const;
  // nullptr: there is no such token. Ended and expired sessions are returned as they are;
  // authenticate.cc judges them.
  Task<Result<SessionRef>> Find(std::string_view token, Deadline deadline);

  Task<Result<IssuedSession>> Issue(NewSession session, Deadline deadline);
  // API keys are sessions without renewal, idle time and password: the row of one, for the
  // transaction that makes it.
  db::Statement KeyStatement(std::int64_t key_id, std::string_view token, std::int64_t user_id,
                             std::string_view role, std::int64_t expires_ms) const;
  static std::string KeyFamily(std::int64_t key_id);
  // The successor of an expired bearer token; the same one for every caller.
  Task<Result<std::string>> Renew(SessionRef session, std::string token, Deadline deadline);
  // A new value for a cookie session; empty when another request has rotated it already.
  Task<Result<std::string>> Rotate(SessionRef session, std::string token, Deadline deadline);
  // Notes that the session is in use, at most once in kSeenResolution; cheap when there is nothing
  // to write.
  Task<Result<void>> Touch(SessionRef session, std::string remote_address, Deadline deadline);
  static bool NeedsTouch(const Session& session, std::int64_t now_ms);

  Task<Result<void>> End(std::string family, std::string_view reason, Deadline deadline);
  // Ends every session of a user but `except_family`.
  Task<Result<void>> EndUser(std::int64_t user_id, std::string except_family,
                             std::string_view reason, Deadline deadline);
  // The same as statements for a transaction of the caller's; Forget() afterwards.
  std::vector<db::Statement> EndUserStatements(std::int64_t user_id, std::string_view except_family,
                                               std::string_view reason) const;
  Task<Result<json::array>> List(std::int64_t user_id,
                                 Deadline deadline);  // living sessions, newest first

  void ForgetUser(
      std::int64_t user_id);  // after a committed change of a user, their roles or sessions
  void ForgetFamily(std::string_view family);
  void ForgetAll();

  std::string CsrfValue(std::string_view family) const;
  std::string FileCookie(
      std::string_view session_id) const;  // "<family>.<mac>", good for GET and HEAD of files only
  Task<Result<SessionRef>> FindFileCookie(std::string_view value, Deadline deadline);

 private:
  struct DigestHash {
    std::size_t operator()(const Sha256Digest& digest) const;
  };
  struct Entry {
    SessionRef session;
    Clock::time_point read_at;
  };
  struct alignas(64) Shard {
    mutable std::mutex mutex;
    std::unordered_map<Sha256Digest, Entry, DigestHash> entries;
  };
  static constexpr std::size_t kShards = 64;

  Shard& ShardOf(const Sha256Digest& digest) const;
  void Keep(const Sha256Digest& digest, SessionRef session, std::uint64_t epoch);
  Task<Result<SessionRef>> Read(std::string condition_column, std::string value, Deadline deadline);
  void OnNotification(std::string_view topic, std::string_view payload);

  db::Database& database_;
  schema::CatalogStore& catalog_;
  Settings& settings_;
  std::string key_;
  mutable std::array<Shard, kShards> shards_;
  std::atomic<std::uint64_t> epoch_{0};  // moves with every Forget: a read begun before is not kept
  struct Liveness;
  std::shared_ptr<Liveness> liveness_;  // notifications after our end find it closed
};

}  // namespace renkei::auth
