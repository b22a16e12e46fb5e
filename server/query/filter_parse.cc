#include "query/filter_parse.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "query/operators.h"
#include "schema/field_type.h"

namespace renkei::query {
namespace {

using schema::Comparison;

constexpr std::size_t kMaxPathSegments = 24;  // INVALID_SQL_REFERENCE: no catalog nests that deep
constexpr std::size_t kMaxShownName = 100;    // of a wrong name in a message

// Where a path stands: on a row (of `row`), or on a column of it.
struct Place {
  const schema::Collection* collection = nullptr;
  const schema::Field* association = nullptr;  // how the row was reached
  int row = kBaseRow;
  bool on_column = false;
  ColumnRef column;
};

// nullopt: nothing was asked ("empty"), which drops out of any logic around it.
using Parsed = Result<std::optional<Condition>>;

bool IsLogic(std::string_view name) { return name == "$and" || name == "$or" || name == "$not"; }

class Parser {
 public:
  Parser(const FilterContext& context, JoinTree& joins) : context_(context), joins_(joins) {}

  Parsed Value(const Place& place, const json::value& value, std::string_view path, int depth);
  Result<void> Step(Place& place, std::string_view segment, std::string_view path);

 private:
  Parsed Object(const Place& place, const json::object& object, std::string_view path, int depth);
  Parsed Member(const Place& place, std::string_view key, const json::value& value,
                std::string_view path, int depth);
  Parsed Logic(const Place& place, std::string_view name, const json::value& value,
               std::string_view path, int depth);
  Parsed Operate(const Place& place, std::string_view name, const json::value& value,
                 std::string_view path, int depth);
  Result<void> StepToField(Place& place, std::string_view segment, std::string_view path);
  Result<ColumnRef> KeyOf(const Place& place, std::string_view path);
  Result<void> CountTest(std::string_view path);

  const FilterContext& context_;
  JoinTree& joins_;
  int tests_ = 0;
};

Error NotAFilter(std::string_view path) {
  return InvalidArgument("INVALID_FILTER", "Invalid filter",
                         "A filter is an object such as {\"price\":{\"$gt\":5}}",
                         std::string(path));
}

std::string Joined(std::string_view path, std::string_view key) {
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

Result<void> Parser::CountTest(std::string_view path) {
  if (++tests_ <= kMaxFilterTests) return {};
  return Fail(InvalidArgument("FILTER_TOO_LARGE", "The filter is too large",
                              fmt::format("A filter may hold {} conditions", kMaxFilterTests),
                              std::string(path)));
}

Result<void> Parser::StepToField(Place& place, std::string_view segment, std::string_view path) {
  if (segment == "__collection") {
    place.on_column = true;
    place.column.row = place.row;
    place.column.field = nullptr;
    return {};
  }
  const schema::Field* field = place.collection->FindField(segment);
  if (!field) return Fail(UnknownName(*place.collection, segment, path));
  if (context_.guard) RK_CHECK_OK(context_.guard->MayUse(*place.collection, *field));
  if (field->is_relation()) {
    RK_TRY(join,
           joins_.Add(context_.catalog, place.row, *place.collection, *field, context_.group));
    place.row = join;
    place.collection = joins_.at(join).target;
    place.association = field;
    return {};
  }
  if (!field->has_column()) {
    return Fail(InvalidArgument(
        "INVALID_SQL_REFERENCE", std::string(kUnknownReference),
        fmt::format("'{}' has no column and cannot be filtered", field->name), std::string(path)));
  }
  place.on_column = true;
  place.column.row = place.row;
  place.column.field = field;
  return {};
}

Result<void> Parser::Step(Place& place, std::string_view segment, std::string_view path) {
  if (!place.on_column) return StepToField(place, segment, path);
  const schema::Field* field = place.column.field;
  if (field && field->type->comparison() == Comparison::kJson && !segment.empty() &&
      segment.find('\0') == std::string_view::npos &&
      place.column.json_path.size() < kMaxPathSegments) {
    place.column.json_path.emplace_back(segment);
    return {};
  }
  return Fail(UnknownName(*place.collection, segment, path));
}

Result<ColumnRef> Parser::KeyOf(const Place& place, std::string_view path) {
  ColumnRef column;
  column.row = place.row;
  if (place.association) {
    const schema::Relation& relation = *place.association->relation;
    bool keyed = relation.kind != schema::RelationKind::kHasOne &&
                 relation.kind != schema::RelationKind::kHasMany;
    if (keyed) column.field = place.collection->FindField(relation.target_key);
  }
  const auto& keys = place.collection->primary_key.empty() ? place.collection->filter_target_key
                                                           : place.collection->primary_key;
  if (!column.field && !keys.empty()) column.field = place.collection->FindField(keys[0]);
  if (!column.field) return Fail(UnknownName(*place.collection, path, path));
  return column;
}

Parsed Parser::Logic(const Place& place, std::string_view name, const json::value& value,
                     std::string_view path, int depth) {
  std::vector<Condition> parts;
  bool any = false;
  auto take = [&](Parsed part) -> Result<void> {
    if (!part) return Fail(std::move(part).error());
    if (!*part) return {};
    any = true;
    parts.push_back(std::move(**part));
    return {};
  };
  if (value.is_array()) {
    for (const json::value& member : value.get_array()) {
      RK_CHECK_OK(take(Value(place, member, path, depth + 1)));
    }
  } else if (value.is_object() && name == "$or") {
    for (const auto& [key, member] : value.get_object()) {
      RK_CHECK_OK(take(Member(place, key, member, path, depth + 1)));
    }
  } else if (value.is_object()) {
    RK_CHECK_OK(take(Value(place, value, path, depth + 1)));
  } else if (!value.is_null()) {
    return Fail(NotAFilter(Joined(path, name)));
  }
  if (!any) return std::optional<Condition>();
  if (name == "$or") return std::optional(Condition::Or(std::move(parts)));
  Condition all = Condition::And(std::move(parts));
  return std::optional(name == "$not" ? Condition::Not(std::move(all)) : std::move(all));
}

Parsed Parser::Operate(const Place& place, std::string_view name, const json::value& value,
                       std::string_view path, int depth) {
  bool scalar_not =
      name == "$not" && place.on_column && !value.is_object() &&
      !(value.is_array() && !value.get_array().empty() && value.get_array()[0].is_object());
  if (IsLogic(name) && !scalar_not) return Logic(place, name, value, path, depth);
  auto op = FindOperator(name);
  if (!op) {
    std::string hint = OperatorHint(name);
    if (hint.empty()) hint = "Operators are $eq, $ne, $gt, $includes, $in, $empty, $dateOn and others";
    return Fail(InvalidArgument("INVALID_OPERATOR",
                                fmt::format("Invalid operator '{}'", name.substr(0, kMaxShownName)),
                                std::move(hint), std::string(path)));
  }
  RK_CHECK_OK(CountTest(path));
  ColumnRef column = place.column;
  if (!place.on_column) {
    bool of_row = *op == Operator::kExists || *op == Operator::kNotExists ||
                  *op == Operator::kIsCurrentUser || *op == Operator::kIsNotCurrentUser ||
                  *op == Operator::kEmpty || *op == Operator::kNotEmpty;
    if (!of_row || !place.association) {
      return Fail(InvalidArgument("INVALID_OPERATOR", fmt::format("'{}' needs a field", name),
                                  "Write {\"field\":{\"$eq\":…}}", std::string(path)));
    }
    RK_TRY(key, KeyOf(place, path));
    column = key;
    if (*op == Operator::kEmpty) op = Operator::kNotExists;
    if (*op == Operator::kNotEmpty) op = Operator::kExists;
  }
  RK_TRY(condition, LowerTest(column, *op, value, path, context_));
  return std::optional(std::move(condition));
}

Parsed Parser::Member(const Place& place, std::string_view key, const json::value& value,
                      std::string_view path, int depth) {
  if (key.starts_with('$')) return Operate(place, key, value, path, depth);
  Place next = place;
  std::string full = Joined(path, key.substr(0, kMaxShownName));
  std::string_view rest = key;
  for (std::size_t segments = 0;; ++segments) {
    std::size_t dot = rest.find('.');
    std::string_view segment = rest.substr(0, dot);
    bool last = dot == std::string_view::npos;
    if (last && segment.starts_with('$')) return Operate(next, segment, value, full, depth);
    if (segments >= kMaxPathSegments) return Fail(UnknownName(*next.collection, segment, full));
    RK_CHECK_OK(Step(next, segment, full));
    if (last) break;
    rest.remove_prefix(dot + 1);
  }
  return Value(next, value, full, depth + 1);
}

Parsed Parser::Object(const Place& place, const json::object& object, std::string_view path,
                      int depth) {
  if (object.empty()) {
    bool is_value = place.on_column;
    if (is_value) {
      return Fail(InvalidArgument("INVALID_FILTER", fmt::format("{}: an empty condition", path),
                                  "Give a value or an operator", std::string(path)));
    }
    return std::optional<Condition>();
  }
  std::vector<Condition> parts;
  bool any = false;
  for (const auto& [key, value] : object) {
    auto part = Member(place, key, value, path, depth);
    if (!part) return Fail(std::move(part).error());
    if (!*part) continue;
    any = true;
    parts.push_back(std::move(**part));
  }
  if (!any) return std::optional<Condition>();
  return std::optional(Condition::And(std::move(parts)));
}

Parsed Parser::Value(const Place& place, const json::value& value, std::string_view path,
                     int depth) {
  if (depth > kMaxFilterDepth) {
    return Fail(InvalidArgument("FILTER_TOO_DEEP", "The filter is nested too deeply",
                                fmt::format("Filters may nest {} levels", kMaxFilterDepth),
                                std::string(path)));
  }
  if (value.is_object()) {
    // {"at":"{{$nDate.today}}"} has become a relative date.
    const json::object& object = value.get_object();
    bool relative = place.on_column && place.column.field && place.column.json_path.empty() &&
                    IsDateLike(place.column.field->type->comparison()) && object.contains("type");
    if (!relative) return Object(place, object, path, depth);
  }
  if (place.on_column) {
    RK_CHECK_OK(CountTest(path));
    RK_TRY(condition, LowerImplicit(place.column, value, path, context_));
    return std::optional(std::move(condition));
  }
  bool top = path.empty();
  if (value.is_array() && (top || value.get_array().empty()))
    return Logic(place, "$and", value, path, depth);
  if (top && (value.is_null() || (value.is_string() && value.get_string().empty())))
    return std::optional<Condition>();
  if (top) return Fail(NotAFilter(path));
  return Fail(InvalidArgument(
      "INVALID_FILTER", fmt::format("{}: an association needs a field", path),
      fmt::format("Write {{\"{}.id\":…}} or use the foreign key", path), std::string(path)));
}

bool IsEmptyAt(const json::value& filter, int depth) {
  if (depth > kMaxFilterDepth)
    return true;  // parsing will refuse it; until then it protects nothing
  if (filter.is_null()) return true;
  if (filter.is_string()) return depth == 0 && filter.get_string().empty();
  if (filter.is_array()) {
    for (const json::value& member : filter.get_array()) {
      if (!IsEmptyAt(member, depth + 1)) return false;
    }
    return true;
  }
  if (!filter.is_object()) return false;
  for (const auto& [key, value] : filter.get_object()) {
    std::string_view name(key.data(), key.size());
    std::size_t dot = name.rfind('.');
    std::string_view last = dot == std::string_view::npos ? name : name.substr(dot + 1);
    if (IsLogic(last)) {
      if (last == "$not" && !value.is_object() && !value.is_array()) return false;
      if (!IsEmptyAt(value, depth + 1)) return false;
    } else if (last.starts_with('$') || !value.is_object()) {
      return false;
    } else if (!IsEmptyAt(value, depth + 1)) {
      return false;
    }
  }
  return true;
}

}  // namespace

Error UnknownName(const schema::Collection& collection, std::string_view name,
                  std::string_view path) {
  std::vector<std::string_view> names;
  names.reserve(collection.fields.size());
  for (const schema::Field& field : collection.fields) {
    if (!field.hidden) names.push_back(field.name);
  }
  std::string hint = DidYouMean(name.substr(0, kMaxShownName), names);
  if (hint.empty())
    hint =
        fmt::format("'{}' is not a field of '{}'", name.substr(0, kMaxShownName), collection.name);
  return InvalidArgument("INVALID_SQL_REFERENCE", std::string(kUnknownReference), std::move(hint),
                         std::string(path.substr(0, kMaxShownName)));
}

Result<Condition> ParseFilter(const json::value& filter, const schema::Collection& collection,
                              const FilterContext& context, JoinTree& joins) {
  Parser parser(context, joins);
  Place place;
  place.collection = &collection;
  RK_TRY(parsed, parser.Value(place, filter, "", 0));
  return parsed ? std::move(*parsed) : Condition::True();
}

Result<Condition> ParseFilterText(std::string_view text, const schema::Collection& collection,
                                  const FilterContext& context, JoinTree& joins) {
  if (Trim(text).empty()) return Condition::True();
  auto document = ParseJson(text);
  if (!document) return Fail(NotAFilter("filter"));
  return ParseFilter(*document, collection, context, joins);
}

bool IsEmptyFilter(const json::value& filter) { return IsEmptyAt(filter, 0); }

Result<SortTerm> ParseSort(std::string_view text, const schema::Collection& collection,
                           const FilterContext& context, JoinTree& joins) {
  std::string_view path = Trim(text);
  SortTerm term;
  if (path.starts_with('-')) {
    term.descending = true;
    path.remove_prefix(1);
  } else if (path.starts_with('+')) {
    path.remove_prefix(1);
  }
  const schema::Collection* at = &collection;
  int row = kBaseRow;
  std::string_view rest = path;
  for (;;) {
    std::size_t dot = rest.find('.');
    std::string_view segment = rest.substr(0, dot);
    const schema::Field* field = at->FindField(segment);
    if (!field) return Fail(UnknownName(*at, segment, path));
    if (context.guard) RK_CHECK_OK(context.guard->MayUse(*at, *field));
    if (dot == std::string_view::npos) {
      Comparison comparison = field->type->comparison();
      bool sortable = field->has_column() && comparison != Comparison::kNone &&
                      comparison != Comparison::kGeometry &&
                      field->spec.kind != db::ColumnKind::kJson;
      if (!sortable) {
        return Fail(InvalidArgument("INVALID_SQL_REFERENCE", std::string(kUnknownReference),
                                    fmt::format("'{}' has no order", field->name),
                                    std::string(path)));
      }
      term.column.row = row;
      term.column.field = field;
      return term;
    }
    if (!field->is_relation() || field->relation->to_many()) {
      return Fail(InvalidArgument("INVALID_SQL_REFERENCE", std::string(kUnknownReference),
                                  "Rows can be sorted by columns of to-one associations only",
                                  std::string(path)));
    }
    RK_TRY(join, joins.Add(context.catalog, row, *at, *field, context.group, true));
    row = join;
    at = joins.at(join).target;
    rest.remove_prefix(dot + 1);
  }
}

}  // namespace renkei::query
