// Plans of lists and gets that were asked for before. One cache a thread, so it needs no lock and
// its plans' counters no atomics; bounded, and emptied whole when full. An entry holds the catalog
// and access snapshots it was made with and is good for exactly those. What depends on the clock or
// on variables of the caller is never kept.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "records/list_plan.h"

namespace renkei::records {

inline constexpr std::size_t kMaxCachedPlans = 256;  // of one thread; a plan takes 2-20 KiB
inline constexpr std::size_t kMaxPlanKey = 2048;     // bytes; longer requests are planned each time

// Everything a plan depends on but snapshots, page numbers and (for a get by a plain key) the key
// itself; nullopt when the request must be planned each time.
std::optional<std::string> PlanKey(const Context& context, const schema::Collection& collection,
                                   const Params& params, PlanUse use);
// A get by one scalar key: the key is the plan's first parameter.
bool HasKeySlot(const schema::Collection& collection, const Params& params, PlanUse use);

class PlanCache {
 public:
  static PlanCache& OfThisThread();

  ListPlanRef Find(const std::string& key, const Context& context);
  void Put(std::string key, const Context& context, const ReadInput& input, ListPlanRef plan);

 private:
  struct Entry {
    ListPlanRef plan;  // null: the plans differ from user to user, look below key + user
    schema::CatalogRef catalog;
    access::AccessRulesRef rules;
  };
  ListPlanRef FindExact(const std::string& key, const Context& context, bool& per_user);
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace renkei::records
