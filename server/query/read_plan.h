// A ReadPlan is everything needed to read rows of one collection, before any dialect is chosen:
// which columns, which joins, which rows, in what order, how many. A plain value that borrows from
// a catalog snapshot.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "query/condition.h"

namespace renkei::query {

inline constexpr int kMaxJoins = 16;  // FILTER_TOO_MANY_JOINS

// One association on the way from the base row to a column.
struct Join {
  int parent = kBaseRow;
  const schema::Collection* from = nullptr;
  const schema::Field* association = nullptr;
  const schema::Collection* target = nullptr;
  const schema::Collection* through = nullptr;  // belongsToMany
  bool to_many = false;  // may give several rows for one: never in FROM of a row list
  bool in_from = false;  // joined in FROM (to-one, or asked for by an aggregation)
  int group = 0;  // to-many joins of different groups are different rows even on the same path
};

class JoinTree {
 public:
  // The join for `association` of the row `parent`; the same one for the same path (and group, when
  // to-many). Errors: FILTER_TOO_MANY_JOINS, INVALID_SQL_REFERENCE when the target or its keys are
  // gone.
  Result<int> Add(const schema::Catalog& catalog, int parent, const schema::Collection& from,
                  const schema::Field& association, int group, bool force_from = false);
  const std::vector<Join>& all() const { return joins_; }
  const Join& at(int index) const { return joins_[static_cast<std::size_t>(index)]; }

 private:
  std::vector<Join> joins_;
};

// The field of the source row that a relation starts from, and the field of the target
// (belongsToMany: of the through row) it must equal. nullptr when the catalog no longer has it.
const schema::Field* RelationSourceField(const schema::Collection& from,
                                         const schema::Relation& relation);
const schema::Field* RelationTargetField(const schema::Catalog& catalog,
                                         const schema::Relation& relation);
// A belongsTo whose target key is unique gives at most one row; everything else may give several.
bool MayMultiply(const schema::Catalog& catalog, const schema::Relation& relation);

struct SelectedColumn {
  int row = kBaseRow;
  const schema::Field* field = nullptr;  // null: the collection name of the row (inheritance)
};

struct SortTerm {
  ColumnRef column;
  bool descending = false;
};

// A recursive set of keys of an adjacency list (tree=true, recursively=true), tested by
// Test::kInTree.
struct TreeWalk {
  enum class Direction { kUp, kDown };
  Direction direction = Direction::kDown;
  const schema::Field* key = nullptr;           // what `parent` points to
  const schema::Field* parent = nullptr;        // the foreign key
  std::optional<std::vector<db::Value>> seeds;  // start from these keys, …
  Condition seed_where;                         // … else from the rows of this condition
  Condition visible;                            // every row on the way must meet it (row scopes)
  // kDown only: rows outside this condition that are no ancestors of its rows are left out
  // (filtered tree).
  std::optional<Condition> above;
};

struct ReadPlan {
  const schema::Collection* from = nullptr;
  JoinTree joins;
  Condition where;                     // kTrue: every row
  std::vector<SelectedColumn> select;  // at least one
  std::vector<SortTerm> order;
  // Rows of a belongsToMany seen from its through rows: FROM target JOIN through ON …; see
  // kThroughRow.
  const schema::Field* through_of = nullptr;
  const schema::Collection* through = nullptr;
  std::optional<TreeWalk> tree;       // used by Test::kInTree
  bool tree_roots_only = false;       // with tree: rows whose parent is not in the tree
  std::optional<std::int64_t> limit;  // parameters: the text does not depend on the numbers
  std::int64_t offset = 0;
};

}  // namespace renkei::query
