// A Condition is which rows are meant, before any dialect is chosen. Plain value; it borrows Field
// and Collection pointers from a catalog snapshot and must not outlive it. filter_parse.h makes one
// from the wire's filter language, compile.h turns it into SQL. SQL's three-valued logic holds: a
// test on a null value is neither true nor false.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/value.h"
#include "schema/catalog.h"

namespace renkei::query {

// Rows a column may belong to: the collection itself, the row of the through collection of a
// belongsToMany that the plan starts from, or (from 0) a join of the plan's JoinTree.
inline constexpr int kBaseRow = -1;
inline constexpr int kThroughRow = -2;

struct ColumnRef {
  int row = kBaseRow;
  const schema::Field* field = nullptr;  // null: the row's own collection name (`__collection`)
  std::vector<std::string> json_path;    // inside a json column
  bool as_number = false;                // a json path compared as a number
  bool operator==(const ColumnRef&) const = default;
};

enum class Test : std::uint8_t {
  kNull,
  kNotNull,
  kEqual,
  kNotEqual,
  kGreater,
  kGreaterOrEqual,
  kLess,
  kLessOrEqual,  // values[0]
  kIn,
  kNotIn,  // values
  kLike,
  kNotLike,
  kRegexp,
  kNotRegexp,  // values[0] is the finished pattern
  kBlank,      // null, '' or (arrays) no element
  kNotBlank,
  kArrayMatch,
  kArrayAnyOf,  // values[0] is a JSON array text
  kCollectionIn,
  kCollectionNotIn,  // values are collection names (inheritance)
  kInSource,         // column is in `source`'s one selected column
  kInTree,           // column is in the plan's tree (ReadPlan::tree)
};

// The row an association resource starts from: "SELECT <column> FROM <collection> WHERE <key>".
struct SourceLookup {
  const schema::Collection* collection = nullptr;
  const schema::Field* column = nullptr;
  std::vector<std::pair<const schema::Field*, db::Value>> key;
  bool column_is_array = false;  // belongsToArray: the column holds the keys of the targets
};

struct Condition {
  enum class Kind : std::uint8_t { kTrue, kFalse, kAnd, kOr, kNot, kTest };
  Kind kind = Kind::kTrue;
  std::vector<Condition> parts;  // kAnd, kOr: two or more; kNot: one

  Test test = Test::kNull;
  ColumnRef column;
  std::vector<db::Value> values;
  bool case_sensitive = true;  // kLike …, kRegexp …
  std::shared_ptr<const SourceLookup> source;

  static Condition True() { return {}; }
  static Condition False();
  static Condition Of(Test test, ColumnRef column, std::vector<db::Value> values = {});
  // Empty parts drop out: And() of nothing is kTrue; Or() of nothing is kFalse.
  static Condition And(std::vector<Condition> parts);
  static Condition Or(std::vector<Condition> parts);
  static Condition Not(Condition part);
  bool is_true() const { return kind == Kind::kTrue; }
};

}  // namespace renkei::query
