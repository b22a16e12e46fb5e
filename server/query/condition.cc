#include "query/condition.h"

#include <algorithm>
#include <utility>

namespace renkei::query {

Condition Condition::False() {
  Condition condition;
  condition.kind = Kind::kFalse;
  return condition;
}

Condition Condition::Of(Test test, ColumnRef column, std::vector<db::Value> values) {
  Condition condition;
  condition.kind = Kind::kTest;
  condition.test = test;
  condition.column = std::move(column);
  condition.values = std::move(values);
  return condition;
}

namespace {

// Joins `parts` by `kind`; `neutral` drops out, `decisive` is the whole answer.
Condition Join(std::vector<Condition> parts, Condition::Kind kind, Condition::Kind neutral,
               Condition::Kind decisive) {
  std::vector<Condition> kept;
  kept.reserve(parts.size());
  for (Condition& part : parts) {
    if (part.kind == neutral) continue;
    Condition result;
    if (part.kind == decisive) {
      result.kind = decisive;
      return result;
    }
    if (part.kind == kind) {
      std::move(part.parts.begin(), part.parts.end(), std::back_inserter(kept));
    } else {
      kept.push_back(std::move(part));
    }
  }
  if (kept.size() == 1) return std::move(kept.front());
  Condition result;
  result.kind = kept.empty() ? neutral : kind;
  result.parts = std::move(kept);
  return result;
}

}  // namespace

Condition Condition::And(std::vector<Condition> parts) {
  return Join(std::move(parts), Kind::kAnd, Kind::kTrue, Kind::kFalse);
}

Condition Condition::Or(std::vector<Condition> parts) {
  return Join(std::move(parts), Kind::kOr, Kind::kFalse, Kind::kTrue);
}

Condition Condition::Not(Condition part) {
  if (part.kind == Kind::kTrue) return False();
  if (part.kind == Kind::kFalse) return True();
  Condition result;
  result.kind = Kind::kNot;
  result.parts.push_back(std::move(part));
  return result;
}

}  // namespace renkei::query
