// What the actions of identity share: answers, bodies, the server's own reads and writes on system
// collections.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/statement.h"
#include "api/resource.h"
#include "api/resource/answers.h"
#include "api/services.h"
#include "auth/authenticate.h"
#include "auth/session_store.h"
#include "auth/settings.h"
#include "base/json.h"

namespace renkei::api {

using ActionList = std::span<const Action>;
ActionList AuthActions();
ActionList SessionActions();
ActionList SetupActions();
ActionList UserActions();
ActionList RoleActions();
ActionList RoleResourceActions();
ActionList ScopeActions();
ActionList AuthenticatorActions();
ActionList TokenPolicyActions();
ActionList SystemSettingsActions();
ActionList AppActions();
ActionList StorageActions();
ActionList EnvironmentVariableActions();
ActionList ApiKeyActions();
ActionList RoleLinkActions();

// ---- the request
// The body as an object; anything else counts as empty.
const json::object& BodyMembers(const Call& call);
std::string BodyText(const Call& call,
                     std::string_view name);  // "" when absent or no text; numbers as digits
// A parameter of the query, else of the body.
std::string ParameterText(const Call& call, std::string_view name);
// The record meant by filterByTk, as text; "" without one.
std::string TargetKey(const Call& call);
std::string SourceKey(const Call& call);
// The value of `name` anywhere in the filter: {"name":"x"}, {"name":{"$eq":"x"}}, inside $and. ""
// when there is none.
std::string FilterText(const Call& call, std::string_view name);

// ---- rows
// The caller's context with the permission question settled: for endpoints whose snippet or
// allow-list said yes.
records::Context OwnContext(const Call& call);
const schema::Collection& SystemCollection(const Call& call, std::string_view name);
// One row by key as a document, null when there is none.
Task<Result<json::value>> FetchOne(const Call& call, std::string_view collection, json::value key,
                                   std::vector<std::string> appends = {});
Task<Result<db::Rows>> ReadRows(const Call& call, std::string_view name,
                                std::string_view trusted_sql, std::vector<db::Value> params = {});
// Parameters without a braced list: g++ 12 refuses those inside a co_await expression.
template <class... V>
std::vector<db::Value> Values(V&&... values) {
  std::vector<db::Value> out;
  out.reserve(sizeof...(values));
  (out.push_back(std::forward<V>(values)), ...);
  return out;
}
db::Statement Sql(const Call& call, std::string_view name, std::string_view trusted_sql,
                  std::vector<db::Value> params = {});
// Journal entry outside a record's change: sign-in, sign-out, settings.
Task<void> Journal(const Call& call, std::string_view action, std::string_view resource,
                   std::string record_key, std::string_view outcome = "ok");
db::Statement JournalStatement(const Call& call, std::string_view action, std::string_view resource,
                               std::string record_key, std::string_view outcome = "ok");

json::value ParseOr(const db::Cell& cell, json::value fallback);
// A timestamp of either database as the wire writes it; null stays null.
json::value Stamp(const db::Cell& cell);
db::Value NowValue();
Error NotHere();  // JSON 404
Error Forbidden(std::string_view code, std::string message, std::string hint = {});

}  // namespace renkei::api
