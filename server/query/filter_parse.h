// The filter language of the wire (rest-api.md 7.1-7.4) -> Condition. Pure; any thread. Every
// mistake is a 400 that names the field: INVALID_FILTER, INVALID_OPERATOR, INVALID_VALUE,
// INVALID_DATE, FILTER_TOO_DEEP, FILTER_TOO_LARGE, and INVALID_SQL_REFERENCE with NocoBase's text
// for names that do not exist. A column the caller may not look at is 403.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "query/condition.h"
#include "query/read_plan.h"

namespace renkei::query {

inline constexpr int kMaxFilterDepth = 24;             // FILTER_TOO_DEEP: recursion must end
inline constexpr int kMaxFilterTests = 1000;           // FILTER_TOO_LARGE
inline constexpr std::size_t kMaxListValues = 20000;   // FILTER_TOO_LARGE: members of one list
inline constexpr std::size_t kMaxPatternBytes = 4096;  // FILTER_TOO_LARGE: one text pattern

inline constexpr std::string_view kUnknownReference = "Invalid SQL column or table reference";
// 400 with that text, a hint with the nearest name of `collection`, and the field.
Error UnknownName(const schema::Collection& collection, std::string_view name,
                  std::string_view path);

// Says whether the caller may filter or sort by a column: value probing is reading
// (rest-api.md 12.2).
class FieldGuard {
 public:
  virtual ~FieldGuard() = default;
  // `association`: how the collection was reached; null for the base collection.
  virtual Result<void> MayUse(const schema::Collection& collection,
                              const schema::Field& field) const = 0;
};

struct FilterContext {
  const schema::Catalog& catalog;
  const db::Dialect& dialect;
  TimeZone request_zone;
  TimeZone server_zone;
  std::int64_t now_ms = 0;
  std::optional<std::int64_t> user_id;  // for $isCurrentUser
  const FieldGuard* guard =
      nullptr;    // null: the server's own filter (scopes), everything may be used
  int group = 0;  // see Join::group
};

// `filter`: object or array (members joined by and). kTrue when it is empty at every depth.
Result<Condition> ParseFilter(const json::value& filter, const schema::Collection& collection,
                              const FilterContext& context, JoinTree& joins);
// The same from text: 400 "Invalid filter" when it is not JSON. For tools and fuzzing.
Result<Condition> ParseFilterText(std::string_view text, const schema::Collection& collection,
                                  const FilterContext& context, JoinTree& joins);

// Empty at every depth: {}, [], null, "", {"$and":[{"$or":[]}]} … (rest-api.md 5.4).
bool IsEmptyFilter(const json::value& filter);

// "author.born" or "-author.born" -> SortTerm. Only to-one paths. Errors as above.
Result<SortTerm> ParseSort(std::string_view text, const schema::Collection& collection,
                           const FilterContext& context, JoinTree& joins);

// A value of a filter or key as the column stores and compares it. Error: 400 "<title>: invalid
// value".
Result<db::Value> CoerceValue(const json::value& value, const schema::Field& field,
                              const FilterContext& context);

}  // namespace renkei::query
