#include "records/plan_cache.h"

#include <utility>

#include "query/variables.h"

namespace renkei::records {
namespace {

void AppendNames(std::string& key, char tag, const std::vector<std::string>& names) {
  if (names.empty()) return;
  key += tag;
  for (const std::string& name : names) {
    key += name;
    key += '\x1f';
  }
  key += '\x1e';
}

// Values that change with the clock or the caller.
bool DependsOnTheMoment(std::string_view filter_text) {
  for (std::string_view mark :
       {"{{", "\"type\"", "$isCurrentUser", "$isNotCurrentUser", "$isVar"}) {
    if (filter_text.find(mark) != std::string_view::npos) return true;
  }
  return false;
}

std::string UserKey(const std::string& key, const Context& context) {
  return key + '\x1d' + std::to_string(context.identity.user_id);
}

bool HasScope(const ReadInput& input) {
  if (input.scope) return true;
  for (const ResolvedScope& scope : input.scopes) {
    if (scope.filter) return true;
  }
  return false;
}

bool ScopeHasVariables(const ReadInput& input) {
  if (input.permission.filter && query::HasVariables(*input.permission.filter)) return true;
  for (const ResolvedScope& scope : input.scopes) {
    if (scope.permission.filter && query::HasVariables(*scope.permission.filter)) return true;
  }
  return false;
}

}  // namespace

bool HasKeySlot(const schema::Collection& collection, const Params& params, PlanUse use) {
  if (use != PlanUse::kGet || params.association || !params.filter_by_tk ||
      !params.filter_by_tks.empty())
    return false;
  const json::value& key = *params.filter_by_tk;
  bool scalar = key.is_int64() || (key.is_string() && !key.get_string().empty());
  return scalar && KeyFields(collection).size() == 1;
}

std::optional<std::string> PlanKey(const Context& context, const schema::Collection& collection,
                                   const Params& params, PlanUse use) {
  if (params.tree || params.acl_meta || !params.filter_by_tks.empty()) return std::nullopt;
  std::string key;
  key.reserve(256);
  key += collection.name;
  key += use == PlanUse::kGet ? '\x01' : '\x02';
  const access::Identity& identity = context.identity;
  key += static_cast<char>('0' + static_cast<int>(identity.kind) * 4 + (identity.is_root ? 2 : 0) +
                           (context.enforce_access ? 1 : 0));
  key += context.granted;
  AppendNames(key, 'r', identity.roles);
  key += context.request_zone.name();
  key += '/';
  key += context.server_zone.name();
  if (params.fields) {
    key += 'F';
    AppendNames(key, 'f', *params.fields);
  }
  AppendNames(key, 'a', params.appends);
  AppendNames(key, 'e', params.except);
  AppendNames(key, 's', params.sort);
  if (params.is_template) key += 'T';
  if (params.association) {
    key += 'A' + params.association->source_collection + '\x1f' + params.association->association +
           '\x1f';
    AppendJson(key, params.association->source_key);
  }
  if (params.filter) {
    std::size_t start = key.size();
    key += 'q';
    AppendJson(key, *params.filter);
    if (DependsOnTheMoment(std::string_view(key).substr(start))) return std::nullopt;
  }
  if (use == PlanUse::kGet && params.filter_by_tk) {
    key += 'k';
    if (!HasKeySlot(collection, params, use)) AppendJson(key, *params.filter_by_tk);
  }
  if (key.size() > kMaxPlanKey) return std::nullopt;
  return key;
}

PlanCache& PlanCache::OfThisThread() {
  thread_local PlanCache cache;
  return cache;
}

ListPlanRef PlanCache::FindExact(const std::string& key, const Context& context, bool& per_user) {
  auto found = entries_.find(key);
  if (found == entries_.end()) return nullptr;
  const Entry& entry = found->second;
  if (entry.catalog != context.catalog || entry.rules != context.rules) {
    entries_.erase(found);
    return nullptr;
  }
  per_user = entry.plan == nullptr;
  return entry.plan;
}

ListPlanRef PlanCache::Find(const std::string& key, const Context& context) {
  bool per_user = false;
  ListPlanRef plan = FindExact(key, context, per_user);
  if (plan || !per_user) return plan;
  return FindExact(UserKey(key, context), context, per_user);
}

void PlanCache::Put(std::string key, const Context& context, const ReadInput& input,
                    ListPlanRef plan) {
  if (ScopeHasVariables(input)) return;
  if (entries_.size() + 2 > kMaxCachedPlans) entries_.clear();
  if (HasScope(input)) {
    // "own" scopes hold the caller's key: the plan is this user's alone.
    entries_[UserKey(key, context)] = Entry{std::move(plan), context.catalog, context.rules};
    plan = nullptr;
  }
  entries_[std::move(key)] = Entry{std::move(plan), context.catalog, context.rules};
}

}  // namespace renkei::records
