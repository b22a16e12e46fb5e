// The `query` action: groups and measures over the rows the caller may view
// (rest-api.md 5.9, 12.2).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "query/aggregate.h"
#include "query/variables.h"
#include "records/read_request.h"
#include "records/records.h"
#include "schema/field_type.h"

namespace renkei::records {
namespace {

using query::AggregateColumn;
using query::Aggregation;

constexpr std::int64_t kDefaultGroups = 2000;  // rows without a limit of the caller's
constexpr std::size_t kMaxColumns = 50;        // dimensions and measures; TOO_MANY_MEASURES
constexpr std::size_t kMaxFormat = 60;         // of a date; INVALID_FORMAT
constexpr std::size_t kMaxAlias = 200;         // INVALID_ALIAS

Error InvalidQuery(std::string message, std::string hint, std::string field) {
  return InvalidArgument("INVALID_QUERY", std::move(message), std::move(hint), std::move(field));
}

struct QueryRequest {
  std::vector<AggregateColumn> columns;
  std::vector<std::string> paths;  // of each column
  std::size_t dimensions = 0;
  std::vector<std::string> warnings;
  std::int64_t limit = kDefaultGroups, offset = 0;
  bool exact = false;
};

Result<std::vector<std::string>> PathOf(const json::object& part) {
  std::vector<std::string> path;
  const json::value* field = Find(part, "field");
  auto split = [&](std::string_view text) {
    for (;;) {
      std::size_t dot = text.find('.');
      path.emplace_back(text.substr(0, dot));
      if (dot == std::string_view::npos) break;
      text.remove_prefix(dot + 1);
    }
  };
  if (field && field->is_string()) {
    split(View(field->get_string()));
  } else if (field && field->is_array()) {
    for (const json::value& segment : field->get_array()) {
      if (segment.is_string()) split(View(segment.get_string()));
    }
  }
  if (path.empty() || path[0].empty()) {
    return Fail(InvalidQuery("A measure or dimension needs a field",
                             "Write {\"field\":[\"price\"]}", "field"));
  }
  return path;
}

// Follows association names; what they lead to is joined in FROM.
Result<AggregateColumn> Resolve(const std::vector<std::string>& path, const ReadInput& input,
                                const query::FilterContext& context, query::ReadPlan& plan) {
  AggregateColumn column;
  const schema::Collection* at = &input.collection;
  std::string full = fmt::format("{}", fmt::join(path, "."));
  for (std::size_t i = 0; i < path.size(); ++i) {
    const schema::Field* field = at->FindField(path[i]);
    if (!field) return Fail(query::UnknownName(*at, path[i], full));
    if (context.guard) RK_CHECK_OK(context.guard->MayUse(*at, *field));
    bool last = i + 1 == path.size();
    if (last == field->is_relation() || (last && !field->has_column())) {
      return Fail(query::UnknownName(*at, path[i], full));
    }
    if (last) {
      column.field = field;
      return column;
    }
    RK_TRY(join,
           plan.joins.Add(*input.context.catalog, column.row, *at, *field, context.group, true));
    column.row = join;
    at = plan.joins.at(join).target;
  }
  return Fail(query::UnknownName(*at, full, full));
}

Result<Aggregation> AggregationOf(const json::object& measure) {
  static constexpr std::array<std::pair<std::string_view, Aggregation>, 5> kNames{
      {{"sum", Aggregation::kSum},
       {"count", Aggregation::kCount},
       {"avg", Aggregation::kAvg},
       {"min", Aggregation::kMin},
       {"max", Aggregation::kMax}}};
  std::string_view wanted = FindString(measure, "aggregation");
  for (const auto& [name, aggregation] : kNames) {
    if (name == wanted) return aggregation;
  }
  return Fail(InvalidArgument("INVALID_AGGREGATION",
                              fmt::format("Unknown aggregation '{}'", wanted.substr(0, kMaxAlias)),
                              "Use sum, count, avg, min or max", "aggregation"));
}

Result<void> ReadPart(const json::object& part, bool dimension, const ReadInput& input,
                      const query::FilterContext& context, query::ReadPlan& plan,
                      QueryRequest& request) {
  RK_TRY(path, PathOf(part));
  std::string full = fmt::format("{}", fmt::join(path, "."));
  std::string alias(FindString(part, "alias", full));
  if (alias.empty()) alias = full;
  if (alias.size() > kMaxAlias)
    return Fail(InvalidQuery("The alias is too long", "Use a shorter one", "alias"));
  auto column = Resolve(path, input, context, plan);
  if (!column && !dimension && column.error().kind == ErrorKind::kPermissionDenied) {
    request.warnings.push_back(fmt::format("{}: not permitted", alias));
    return {};
  }
  if (!column) return Fail(std::move(column).error());
  column->alias = std::move(alias);
  const schema::Field& field = *column->field;
  if (dimension) {
    const json::value* given_format = Find(part, "format");
    if (given_format != nullptr && !given_format->is_string() && !given_format->is_null()) {
      return Fail(InvalidArgument("INVALID_FORMAT", "format must be a text", "Use YYYY-MM-DD, for example", full));
    }
    column->format = std::string(FindString(part, "format"));
    if (column->format.size() > kMaxFormat || column->format.find('\0') != std::string::npos) {
      return Fail(InvalidArgument("INVALID_FORMAT", "The format is too long",
                                  "Use YYYY-MM-DD, for example", full));
    }
    if (!query::IsDate(field)) column->format.clear();
    if (!query::CanGroup(field)) {
      return Fail(InvalidQuery(fmt::format("{} cannot be a dimension", full),
                               "Choose a field with plain values", full));
    }
  } else {
    RK_TRY(aggregation, AggregationOf(part));
    column->aggregation = aggregation;
    column->distinct = FindBool(part, "distinct");
    bool number = aggregation == Aggregation::kSum || aggregation == Aggregation::kAvg;
    if ((number && !query::IsNumeric(field)) ||
        (aggregation != Aggregation::kCount && !query::CanGroup(field)) ||
        (column->distinct && !query::CanGroup(field))) {
      return Fail(InvalidQuery(fmt::format("{} cannot be aggregated that way", full),
                               "Use count, or a number field", full));
    }
  }
  request.columns.push_back(std::move(*column));
  request.paths.push_back(std::move(full));
  return {};
}

Result<void> ReadParts(const json::object& body, std::string_view name, const ReadInput& input,
                       const query::FilterContext& context, query::ReadPlan& plan,
                       QueryRequest& request) {
  const json::value* parts = Find(body, name);
  if (!parts || parts->is_null()) return {};
  if (!parts->is_array()) {
    return Fail(InvalidQuery(fmt::format("{} must be a list", name), "Write [{\"field\":[…]}]",
                             std::string(name)));
  }
  if (parts->get_array().size() > kMaxColumns) {
    return Fail(InvalidArgument("TOO_MANY_MEASURES", "Too many measures or dimensions",
                                fmt::format("At most {} of each", kMaxColumns), std::string(name)));
  }
  for (const json::value& part : parts->get_array()) {
    if (!part.is_object()) {
      return Fail(InvalidQuery(fmt::format("{} must hold objects", name), "Write {\"field\":[…]}",
                               std::string(name)));
    }
    RK_CHECK_OK(ReadPart(part.get_object(), name == "dimensions", input, context, plan, request));
  }
  return {};
}

Result<std::int64_t> Number(const json::object& body, std::string_view name, std::int64_t fallback,
                            std::int64_t least, std::int64_t most) {
  const json::value* value = Find(body, name);
  if (!value || value->is_null()) return fallback;
  std::int64_t number = -1;
  if (value->is_int64()) number = value->get_int64();
  if (value->is_string() && !value->get_string().empty() && value->get_string().size() < 10) {
    number = 0;
    for (char c : View(value->get_string()))
      number = c >= '0' && c <= '9' && number >= 0 ? number * 10 + (c - '0') : -1;
  }
  if (number >= least && number <= most) return number;
  return Fail(
      InvalidQuery(fmt::format("{} must be a whole number from {} to {}", name, least, most), "",
                   std::string(name)));
}

Result<std::vector<query::AggregateOrder>> OrdersOf(const json::object& body,
                                                    const QueryRequest& request) {
  std::vector<query::AggregateOrder> orders;
  const json::value* parts = Find(body, "orders");
  if (!parts || !parts->is_array()) return orders;
  for (const json::value& part : parts->get_array()) {
    if (!part.is_object()) continue;
    const json::object& order = part.get_object();
    std::string alias(FindString(order, "alias"));
    std::string path;
    if (Find(order, "field")) {
      RK_TRY(segments, PathOf(order));
      path = fmt::format("{}", fmt::join(segments, "."));
    }
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < request.columns.size() && !found; ++i) {
      if ((!alias.empty() && request.columns[i].alias == alias) || request.columns[i].alias == path)
        found = i;
    }
    for (std::size_t i = 0; i < request.columns.size() && !found; ++i) {
      if (request.paths[i] == path) found = i;
    }
    if (!found) {
      std::string name = alias.empty() ? path : alias;
      return Fail(InvalidArgument("INVALID_SQL_REFERENCE", std::string(query::kUnknownReference),
                                  "Order by a measure or dimension of the query", name));
    }
    query::AggregateOrder one;
    one.column = *found;
    one.descending = EqualsIgnoreCaseAscii(FindString(order, "order", "asc"), "desc");
    one.nulls_first = EqualsIgnoreCaseAscii(FindString(order, "nulls"), "first");
    orders.push_back(one);
  }
  return orders;
}

// Aggregates are numbers on the wire, with every digit the database gave.
void AppendNumber(std::string& out, const db::Cell& cell, bool exact) {
  if (cell.is_null()) {
    out += "null";
    return;
  }
  std::string text;
  if (cell.kind == db::Cell::Kind::kDouble) {
    AppendJsonDouble(text, cell.real);
  } else {
    text = cell.ToText();
  }
  bool plain = !text.empty() && text.find_first_not_of("0123456789+-.eE") == std::string::npos;
  if (!plain) {
    out += "null";
  } else if (exact) {
    AppendJsonString(out, text);
  } else {
    out += text;
  }
}

void AppendCell(std::string& out, const AggregateColumn& column, const db::Cell& cell, bool exact) {
  bool own = column.aggregation == Aggregation::kMin || column.aggregation == Aggregation::kMax;
  if (cell.is_null()) {
    out += "null";
  } else if (column.aggregation == Aggregation::kNone && !column.format.empty()) {
    AppendJsonString(out, cell.view());
  } else if (column.aggregation == Aggregation::kNone ||
             (own && !query::IsNumeric(*column.field))) {
    column.field->type->AppendJson(out, cell, *column.field);
  } else {
    AppendNumber(out, cell, exact);
  }
}

Output Answer(const QueryRequest& request, const db::Rows& rows) {
  Output output;
  std::vector<std::string> keys;
  for (const AggregateColumn& column : request.columns) {
    std::string key = keys.empty() ? "{" : ",";
    AppendJsonString(key, column.alias);
    key += ':';
    keys.push_back(std::move(key));
  }
  output.data = "[";
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (row > 0) output.data += ',';
    for (std::size_t i = 0; i < keys.size(); ++i) {
      output.data += keys[i];
      AppendCell(output.data, request.columns[i], rows.at(row, i), request.exact);
    }
    output.data += '}';
  }
  output.data += ']';
  if (request.warnings.empty()) return output;
  json::array warnings;
  for (const std::string& warning : request.warnings) warnings.emplace_back(json::string(warning));
  output.meta = "{\"warnings\":" + ToJson(warnings) + "}";
  return output;
}

struct PreparedQuery {
  QueryRequest request;
  query::CompiledSelect select;
};

Result<PreparedQuery> PrepareQuery(const ReadInput& input, const json::object& body) {
  PreparedQuery prepared;
  QueryRequest& request = prepared.request;
  query::AggregatePlan plan;
  plan.rows.from = &input.collection;
  ViewGuard guard(input.context, input.collection, input.permission);
  query::FilterContext context = FilterContextOf(input.context, input.now_ms);
  context.group = 0;
  context.guard = input.internal ? nullptr : &guard;
  RK_CHECK_OK(ReadParts(body, "dimensions", input, context, plan.rows, request));
  request.dimensions = request.columns.size();
  RK_CHECK_OK(ReadParts(body, "measures", input, context, plan.rows, request));
  if (request.columns.empty() && !request.warnings.empty())
    return Fail(PermissionDenied("No measure is permitted"));
  if (request.columns.empty()) {
    return Fail(
        InvalidQuery("Query action requires at least one measure or dimension", "", "measures"));
  }
  RK_TRY(limit, Number(body, "limit", kDefaultGroups, 1, kMaxAnswerRows));
  RK_TRY(offset, Number(body, "offset", 0, 0, kMaxPage));
  request.limit = limit;
  request.offset = offset;
  request.exact = FindBool(body, "exact");
  RK_TRY(conditions, MakeConditions(input, plan.rows, false));
  plan.rows.where = std::move(conditions).All();
  plan.columns = request.columns;
  RK_TRY(orders, OrdersOf(body, request));
  plan.order = std::move(orders);
  const json::value* having = Find(body, "having");
  if (having && !query::IsEmptyFilter(*having)) plan.having = *having;
  plan.offset_minutes = input.context.request_zone.OffsetMinutesAt(input.now_ms);
  RK_TRY(select, query::CompileAggregate(plan, context));
  prepared.select = std::move(select);
  return prepared;
}

}  // namespace

Task<Result<Output>> Query(const Context& context, const schema::Collection& collection,
                           const json::object& body) {
  ReadRunner runner(context);
  Params params;
  if (const json::value* filter = Find(body, "filter")) {
    params.filter = *filter;
    if (filter->is_string()) {
      auto document = ParseJson(filter->get_string().empty() ? "{}" : View(filter->get_string()));
      if (!document)
        co_return Fail(InvalidArgument("INVALID_FILTER", "Invalid filter", "", "filter"));
      params.filter = std::move(*document);
    }
  }
  access::Permission permission = context.Check(collection, "view");
  auto input = co_await ResolveInput(runner, collection, params, permission);
  if (!input) co_return Fail(std::move(input).error());
  auto prepared = PrepareQuery(*input, body);
  if (!prepared) co_return Fail(std::move(prepared).error());
  std::vector<db::Statement> statements;
  statements.push_back(prepared->select.ToStatement("records.query", prepared->request.limit,
                                                    prepared->request.offset));
  auto rows = co_await runner.Read(std::move(statements), db::ReadCost::kUnbounded);
  if (!rows) co_return Fail(std::move(rows).error());
  co_return Answer(prepared->request, rows->front());
}

}  // namespace renkei::records
