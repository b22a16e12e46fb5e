// dataSources/<ds>/rolesResourcesScopes:*: named row filters for permissions. "all" and "own" are
// fixed.
#include <utility>

#include "api/resource/grants.h"
#include "api/resource/identity_support.h"
#include "base/id.h"
#include "records/write_guard.h"

namespace renkei::api {
namespace {

using records::Output;

constexpr std::string_view kCollection = "dataSourcesRolesResourcesScopes";

std::string SourceOf(const Call& call) {
  std::string source = SourceKey(call);
  return source.empty() ? "main" : source;
}

// The client's parameters, kept within the data source of the address.
records::Params Narrowed(const Call& call) {
  records::Params params = call.params;
  params.association.reset();
  json::array parts;
  if (params.filter) parts.push_back(std::move(*params.filter));
  parts.push_back(json::object{{"dataSourceKey", SourceOf(call)}});
  params.filter = json::object{{"$and", std::move(parts)}};
  return params;
}

Task<Result<Output>> List(Call& call) {
  const records::Context own = OwnContext(call);
  const records::Params params = Narrowed(call);
  auto output = co_await records::List(own, SystemCollection(call, kCollection), params);
  co_return std::move(output);
}

Task<Result<Output>> Get(Call& call) {
  const records::Context own = OwnContext(call);
  const records::Params params = Narrowed(call);
  auto output = co_await records::Get(own, SystemCollection(call, kCollection), params);
  co_return std::move(output);
}

json::object ValuesOf(const Call& call) {
  json::object values;
  for (const std::string_view name : {"name", "resourceName", "scope"}) {
    if (const json::value* value = Find(BodyMembers(call), name)) values[name] = *value;
  }
  return values;
}

Task<Result<Output>> Create(Call& call) {
  json::object values = ValuesOf(call);
  values["key"] = RandomUid();
  values["dataSourceKey"] = SourceOf(call);
  const json::value body = std::move(values);
  records::Params params = call.params;
  params.association.reset();
  const records::Context own = OwnContext(call);
  auto output = co_await records::Create(own, SystemCollection(call, kCollection), params, body);
  co_return std::move(output);
}

// Error when a preset is among the rows that the request selects. A scope may be shared by roles
// above the caller's, and widening it would widen them; that is a right of whoever may configure
// roles at all.
Task<Result<void>> CheckNoPreset(Call& call, const records::Params& params) {
  records::Params selected = params;
  selected.paginate = false;
  const records::Context own = OwnContext(call);
  if (selected.filter_by_tk) {
    json::array parts;
    parts.push_back(std::move(*selected.filter));
    json::value key = *selected.filter_by_tk;
    if (key.is_array())
      parts.push_back(json::object{{"id", json::object{{"$in", std::move(key)}}}});
    else
      parts.push_back(json::object{{"id", std::move(key)}});
    selected.filter = json::object{{"$and", std::move(parts)}};
    selected.filter_by_tk.reset();
  }
  RK_CO_TRY(rows, co_await records::Fetch(own, SystemCollection(call, kCollection), selected));
  for (const json::value& row : rows) {
    const std::string_view key = FindString(row.as_object(), "key");
    if (key == "all" || key == "own") {
      co_return Fail(Forbidden("PROTECTED_SCOPE", "The scopes 'all' and 'own' cannot be changed",
                               "Make a scope of your own"));
    }
  }
  co_return Result<void>();
}

Task<Result<Output>> Update(Call& call) {
  RK_CO_CHECK_OK(records::CheckWriteGuard("update", call.params));
  const records::Params params = Narrowed(call);
  RK_CO_CHECK_OK(co_await CheckNoPreset(call, params));
  const json::value body = ValuesOf(call);
  const records::Context own = OwnContext(call);
  auto output = co_await records::Update(own, SystemCollection(call, kCollection), params, body);
  co_return std::move(output);
}

// Permissions that used the scope close: a missing scope must not mean every row.
Task<Result<Output>> Destroy(Call& call) {
  RK_CO_CHECK_OK(records::CheckWriteGuard("destroy", call.params));
  const records::Params params = Narrowed(call);
  RK_CO_CHECK_OK(co_await CheckNoPreset(call, params));
  const records::Context own = OwnContext(call);
  auto output = co_await records::Destroy(own, SystemCollection(call, kCollection), params);
  co_return std::move(output);
}

#define RENKEI_SCOPE_ACTIONS(resource)                                                          \
  {resource, "list", List, false}, {resource, "get", Get, false}, {resource, "create", Create}, \
      {resource, "update", Update}, {                                                           \
    resource, "destroy", Destroy                                                                \
  }

constexpr Action kActions[] = {
    RENKEI_SCOPE_ACTIONS("dataSources.rolesResourcesScopes"),
    RENKEI_SCOPE_ACTIONS("rolesResourcesScopes"),
    RENKEI_SCOPE_ACTIONS("dataSourcesRolesResourcesScopes"),
};

}  // namespace

ActionList ScopeActions() { return kActions; }

}  // namespace renkei::api
