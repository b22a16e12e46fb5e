// apiKeys:list|create|destroy (rest-api.md 13, auth.md 3.3): one's own keys. A key is shown once
// and stored as its digest; it authenticates like a session that never renews, in one fixed role.
#include <algorithm>
#include <limits>
#include <utility>

#include "api/resource/grants.h"
#include "api/resource/identity_support.h"
#include "auth/token.h"

namespace renkei::api {
namespace {

using db::Value;
using records::Output;

constexpr std::string_view kNever = "never";
constexpr std::int64_t kNeverMs = 365'250LL * 86'400'000;  // a thousand years, as NocoBase
constexpr std::size_t kHintLength =
    20;  // "rnk_pat_" and the id: names the key without opening anything
constexpr std::int64_t kDefaultPage = 20;

// A stolen key must not make itself immortal.
Result<void> CheckPerson(const Call& call) {
  if (call.context.identity.kind != access::Identity::Kind::kApiKey) return {};
  return Fail(Forbidden("KEY_CANNOT_MANAGE_KEYS", "No permissions",
                        "Sign in to manage API keys; a key cannot"));
}

Task<Result<Output>> List(Call& call) {
  RK_CO_CHECK_OK(CheckPerson(call));
  const bool by_id = std::ranges::find(call.params.sort, "id") != call.params.sort.end();
  std::string sql =
      R"(SELECT k."id", k."name", k."roleName", k."expiresIn", k."createdAt", k."updatedAt", k."createdById", k."hint",
       r."title", r."name" FROM "apiKeys" k LEFT JOIN "roles" r ON r."name" = k."roleName" WHERE k."createdById" = ? ORDER BY k."id")";
  if (!by_id) sql += " DESC";
  std::vector<Value> params = Values(Value::Int(call.context.identity.user_id));
  RK_CO_TRY(rows, co_await ReadRows(call, "keys.list", sql, std::move(params)));
  json::array all;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    json::value role = nullptr;
    if (!rows.at(i, 9).is_null())
      role = json::object{{"name", rows.at(i, 9).ToText()}, {"title", rows.at(i, 8).ToText()}};
    all.emplace_back(json::object{{"id", rows.at(i, 0).ToInt()},
                                  {"name", rows.at(i, 1).ToText()},
                                  {"roleName", rows.at(i, 2).ToText()},
                                  {"expiresIn", rows.at(i, 3).ToText()},
                                  {"hint", rows.at(i, 7).ToText()},
                                  {"createdAt", Stamp(rows.at(i, 4))},
                                  {"updatedAt", Stamp(rows.at(i, 5))},
                                  {"createdById", rows.at(i, 6).ToInt()},
                                  {"role", std::move(role)}});
  }
  if (!call.params.paginate) co_return Answer(all);
  const std::int64_t size = std::max<std::int64_t>(1, call.params.page_size.value_or(kDefaultPage));
  const std::int64_t page = call.params.page.value_or(1),
                     count = static_cast<std::int64_t>(all.size());
  const std::int64_t from = std::min(count, (page - 1) * size);
  json::array shown(all.begin() + from, all.begin() + std::min(count, from + size));
  co_return Answer(shown, json::object{{"count", count},
                                       {"page", page},
                                       {"pageSize", size},
                                       {"totalPage", (count + size - 1) / size}});
}

struct KeyRequest {
  std::string name, role, expires_in;
  std::int64_t expires_ms = 0;
};

Result<KeyRequest> ReadRequest(const Call& call) {
  KeyRequest out;
  out.name = BodyText(call, "name");
  const json::value* role = Find(BodyMembers(call), "role");
  if (role != nullptr) {
    const std::vector<std::string> names = KeyTexts(*role, "name");
    if (names.size() == 1) out.role = names.front();
  }
  if (out.role.empty()) out.role = BodyText(call, "roleName");
  if (out.role.empty())
    return Fail(InvalidArgument("MISSING_ROLE", "Role is required",
                                "Send role as {\"name\":\"member\"} or \"member\"", "role"));
  const std::vector<std::string>& held = call.context.identity.all_roles;
  if (std::ranges::find(held, out.role) == held.end()) {
    return Fail(InvalidArgument("ROLE_NOT_FOUND", "Role not found", "Choose one of your own roles",
                                "role"));
  }
  const json::value* expires = Find(BodyMembers(call), "expiresIn");
  if (expires == nullptr || expires->is_null()) {
    return Fail(InvalidArgument("MISSING_EXPIRY", "expiresIn is required",
                                "For example 30d, or never", "expiresIn"));
  }
  out.expires_in = BodyText(call, "expiresIn");
  if (out.expires_in == kNever) {
    out.expires_ms = NowMs() + kNeverMs;
    return out;
  }
  const auto span = auth::ParseSpan(*expires);
  if (!span) {
    return Fail(InvalidArgument("INVALID_EXPIRY", "expiresIn is not a time span",
                                "A number and a unit, for example 30d; or never", "expiresIn"));
  }
  out.expires_ms = NowMs() + span->count();
  return out;
}

Task<Result<Output>> Create(Call& call) {
  RK_CO_CHECK_OK(CheckPerson(call));
  RK_CO_TRY(wanted, ReadRequest(call));
  const std::string token = auth::NewApiKey();
  const std::int64_t user = call.context.identity.user_id;
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    const Value now = NowValue();
    db::Statement insert = Sql(
        call, "keys.create",
        R"(INSERT INTO "apiKeys" ("name","roleName","expiresIn","expiresAt","hint","createdById","createdAt","updatedAt")
         VALUES (?,?,?,?,?,?,?,?) RETURNING "id")",
        {Value::Text(wanted.name), Value::Text(wanted.role), Value::Text(wanted.expires_in),
         Value::Int(wanted.expires_ms), Value::Text(token.substr(0, kHintLength)), Value::Int(user),
         now, now});
    RK_CO_TRY(made, co_await connection.Run(std::move(insert)));
    const std::int64_t id = made.at(0, 0).ToInt();
    std::vector<db::Statement> statements;
    statements.push_back(
        call.services.sessions.KeyStatement(id, token, user, wanted.role, wanted.expires_ms));
    statements.push_back(JournalStatement(call, "create", "apiKeys", std::to_string(id)));
    RK_CO_CHECK_OK(co_await connection.RunAll(std::move(statements)));
    co_return Result<void>();
  };
  db::TransactionBody work = body;
  RK_CO_CHECK_OK(co_await call.services.database.Transact(std::move(work), call.context.deadline));
  co_return Answer(json::object{{"token", token}});
}

Task<Result<Output>> Destroy(Call& call) {
  RK_CO_CHECK_OK(CheckPerson(call));
  std::vector<std::string> ids;
  if (call.params.filter_by_tk) ids = KeyTexts(*call.params.filter_by_tk, "id");
  if (ids.empty()) {
    std::string id = FilterText(call, "id");
    if (id.empty())
      co_return Fail(InvalidArgument("FILTER_REQUIRED",
                                     "to do destroy action, filter or filterByTk is required", {},
                                     "filterByTk"));
    ids.push_back(std::move(id));
  }
  std::int64_t count = 0;
  for (const std::string& text : ids) {
    const std::int64_t id = std::strtoll(text.c_str(), nullptr, 10);
    db::Statement drop =
        Sql(call, "keys.destroy", R"(DELETE FROM "apiKeys" WHERE "id" = ? AND "createdById" = ?)",
            {Value::Int(id), Value::Int(call.context.identity.user_id)});
    RK_CO_TRY(gone, co_await call.services.database.Write(std::move(drop), call.context.deadline));
    if (gone.affected() == 0) continue;
    std::string family = auth::SessionStore::KeyFamily(id);
    RK_CO_CHECK_OK(co_await call.services.sessions.End(std::move(family), auth::kReasonSignedOut,
                                                       call.context.deadline));
    co_await Journal(call, "destroy", "apiKeys", text);
    ++count;
  }
  co_return Answer(json::value(count));
}

constexpr Action kActions[] = {
    {"apiKeys", "list", List, false},
    {"apiKeys", "create", Create},
    {"apiKeys", "destroy", Destroy},
};

}  // namespace

ActionList ApiKeyActions() { return kActions; }

}  // namespace renkei::api
