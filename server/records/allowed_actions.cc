// meta.allowedActions (rest-api.md 12.3): what the caller may do with each row of the page.
#include <algorithm>
#include <array>
#include <utility>

#include "records/read_request.h"
#include "records/records.h"
#include "schema/field_type.h"

namespace renkei::records {
namespace {

using query::Condition;

constexpr std::array<std::string_view, 3> kActions{"view", "update", "destroy"};

db::Value KeyValue(const db::Cell& cell) {
  if (cell.kind == db::Cell::Kind::kInt) return db::Value::Int(cell.integer);
  return db::Value::Text(cell.ToText());
}

// The rows of the page, as a condition on their keys.
Condition PageCondition(const schema::Collection& collection, const db::Rows& rows,
                        std::size_t count, const std::vector<std::size_t>& key_columns) {
  const std::vector<std::string>& names = KeyFields(collection);
  std::vector<Condition> parts;
  for (std::size_t row = 0; row < count; ++row) {
    std::vector<Condition> members;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const db::Cell& cell = rows.at(row, key_columns[i]);
      if (cell.is_null()) continue;
      query::ColumnRef column;
      column.field = collection.FindField(names[i]);
      members.push_back(Condition::Of(query::Test::kEqual, std::move(column), {KeyValue(cell)}));
    }
    parts.push_back(Condition::And(std::move(members)));
  }
  if (names.size() > 1 || parts.size() < 2) return Condition::Or(std::move(parts));
  std::vector<db::Value> keys;
  for (Condition& part : parts) {
    if (part.kind == Condition::Kind::kTest) keys.push_back(std::move(part.values[0]));
  }
  query::ColumnRef column;
  column.field = collection.FindField(names[0]);
  return Condition::Of(query::Test::kIn, std::move(column), std::move(keys));
}

void AppendKeys(std::string& out, const schema::Collection& collection, const db::Rows& rows,
                std::size_t count, const std::vector<std::size_t>& key_columns) {
  out += '[';
  for (std::size_t row = 0; row < count; ++row) {
    if (row > 0) out += ',';
    AppendKey(out, collection, rows, row, key_columns);
  }
  out += ']';
}

}  // namespace

void AppendKey(std::string& out, const schema::Collection& collection, const db::Rows& rows,
               std::size_t row, const std::vector<std::size_t>& key_columns) {
  const std::vector<std::string>& names = KeyFields(collection);
  auto append = [&](std::size_t i) {
    const db::Cell& cell = rows.at(row, key_columns[i]);
    const schema::Field& field = *collection.FindField(names[i]);
    if (cell.is_null()) {
      out += "null";
    } else {
      field.type->AppendJson(out, cell, field);
    }
  };
  if (names.size() == 1) {
    append(0);
    return;
  }
  out += '{';
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += ',';
    AppendJsonString(out, names[i]);
    out += ':';
    append(i);
  }
  out += '}';
}

Task<Result<std::string>> AllowedActions(ReadRunner runner, const ReadInput& input,
                                         const NodeRows& page,
                                         const std::vector<std::size_t>& key_columns) {
  const schema::Collection& collection = input.collection;
  if (page.rows.empty() || key_columns.empty()) co_return std::string();
  std::array<std::string, kActions.size()> answers;
  std::array<int, kActions.size()> asked{-1, -1, -1};
  std::vector<db::Statement> statements;
  std::vector<std::size_t> positions(key_columns.size());
  for (std::size_t i = 0; i < positions.size(); ++i) positions[i] = i;
  for (std::size_t i = 0; i < kActions.size(); ++i) {
    access::Permission permission = input.context.Check(collection, kActions[i]);
    if (!permission.allowed) {
      answers[i] = "[]";
      continue;
    }
    if (i == 0 || !permission.filter) {  // the page itself is within the scope of view
      AppendKeys(answers[i], collection, page.rows, page.count(), key_columns);
      continue;
    }
    auto scope = co_await ResolveVariables(runner, *permission.filter, input.now_ms);
    if (!scope) co_return Fail(std::move(scope).error());
    query::ReadPlan plan;
    plan.from = &collection;
    query::FilterContext context = FilterContextOf(input.context, input.now_ms);
    auto condition = query::ParseFilter(*scope, collection, context, plan.joins);
    if (!condition) co_return Fail(std::move(condition).error());
    std::vector<Condition> parts;
    parts.push_back(PageCondition(collection, page.rows, page.count(), key_columns));
    parts.push_back(std::move(*condition));
    plan.where = Condition::And(std::move(parts));
    for (const std::string& name : KeyFields(collection)) {
      plan.select.push_back({query::kBaseRow, collection.FindField(name)});
    }
    auto compiled = query::CompileSelect(plan, runner.dialect());
    if (!compiled) co_return Fail(std::move(compiled).error());
    asked[i] = static_cast<int>(statements.size());
    statements.push_back(compiled->ToStatement("records.allowed_actions", 0, 0));
  }
  if (!statements.empty()) {
    auto rows = co_await runner.Read(std::move(statements), db::ReadCost::kUnbounded);
    if (!rows) co_return Fail(std::move(rows).error());
    for (std::size_t i = 0; i < kActions.size(); ++i) {
      if (asked[i] < 0) continue;
      const db::Rows& allowed = (*rows)[static_cast<std::size_t>(asked[i])];
      AppendKeys(answers[i], collection, allowed, allowed.size(), positions);
    }
  }
  std::string out = "{";
  for (std::size_t i = 0; i < kActions.size(); ++i) {
    if (i > 0) out += ',';
    AppendJsonString(out, kActions[i]);
    out += ':';
    out += answers[i];
  }
  out += '}';
  co_return out;
}

}  // namespace renkei::records
