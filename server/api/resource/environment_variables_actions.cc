// environmentVariables:* (rest-api.md 17.4). Values of type "secret" are sealed with the server's
// key, bound to their name, and never come back.
#include <algorithm>
#include <utility>

#include "api/resource/identity_support.h"
#include "base/crypto.h"

namespace renkei::api {
namespace {

using db::Value;
using records::Output;

constexpr std::size_t kMaxNameLength = 255;
constexpr std::size_t kMaxValueBytes = 64 * 1024;  // VALUE_TOO_LONG

bool IsValidName(std::string_view name) {
  if (name.empty() || name.size() > kMaxNameLength || (name[0] >= '0' && name[0] <= '9'))
    return false;
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Error InvalidName() {
  return InvalidArgument("INVALID_NAME", "name validation error",
                         "Letters, digits and _, not beginning with a digit", "name");
}

Result<std::string> Stored(const Call& call, std::string_view type, std::string_view name,
                           const std::string& value) {
  if (value.size() > kMaxValueBytes) {
    return Fail(InvalidArgument("VALUE_TOO_LONG", "The value is longer than 64 KiB",
                                "Keep files elsewhere and name their place", "value"));
  }
  if (type != "secret") return value;
  return Seal(call.services.secret_key, value, std::string("environmentVariables/").append(name));
}

json::object RowDocument(const db::Rows& rows, std::size_t i) {
  const bool secret = rows.at(i, 1).view() == "secret";
  return json::object{
      {"name", rows.at(i, 0).ToText()},
      {"type", rows.at(i, 1).ToText()},
      {"value", secret || rows.at(i, 2).is_null() ? json::value(nullptr)
                                                  : json::value(rows.at(i, 2).ToText())},
      {"createdAt", Stamp(rows.at(i, 3))},
      {"updatedAt", Stamp(rows.at(i, 4))}};
}

constexpr std::string_view kSelect =
    R"(SELECT "name","type","value","createdAt","updatedAt" FROM "environmentVariables")";

Task<Result<Output>> List(Call& call) {
  RK_CO_TRY(rows,
            co_await ReadRows(call, "env.list", std::string(kSelect) + R"( ORDER BY "name")"));
  json::array out;
  for (std::size_t i = 0; i < rows.size(); ++i) out.emplace_back(RowDocument(rows, i));
  // A changed value holds from the next use on; nothing waits for a reload.
  co_return Answer(out, json::object{{"updated", false}});
}

Task<Result<json::value>> ReadOne(const Call& call, std::string name) {
  RK_CO_TRY(rows, co_await ReadRows(call, "env.get", std::string(kSelect) + R"( WHERE "name" = ?)",
                                    Values(Value::Text(name))));
  if (rows.empty()) co_return json::value(nullptr);
  co_return json::value(RowDocument(rows, 0));
}

Task<Result<Output>> Get(Call& call) {
  RK_CO_TRY(row, co_await ReadOne(call, TargetKey(call)));
  co_return Answer(row);
}

Task<Result<void>> Run(Call& call, db::Statement change, std::string_view action, std::string name,
                       std::int64_t* affected) {
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    RK_CO_TRY(rows, co_await connection.Run(change));
    if (affected != nullptr) *affected = rows.affected();
    db::Statement journal = JournalStatement(call, action, "environmentVariables", name);
    RK_CO_CHECK_OK(co_await connection.Run(std::move(journal)));
    co_return Result<void>();
  };
  db::TransactionBody work = body;
  auto done = co_await call.services.database.Transact(std::move(work), call.context.deadline);
  co_return std::move(done);
}

Task<Result<Output>> Create(Call& call) {
  const std::string name = BodyText(call, "name");
  std::string type = BodyText(call, "type");
  if (type.empty()) type = "default";
  if (!IsValidName(name)) co_return Fail(InvalidName());
  if (type != "default" && type != "secret") {
    co_return Fail(
        InvalidArgument("INVALID_VALUE", "type validation error", "default or secret", "type"));
  }
  RK_CO_TRY(stored, Stored(call, type, name, BodyText(call, "value")));
  const Value now = NowValue();
  const Value author = Value::Int(call.context.identity.user_id);
  db::Statement insert = Sql(
      call, "env.create",
      R"(INSERT INTO "environmentVariables" ("name","type","value","createdAt","updatedAt","createdById","updatedById")
         VALUES (?,?,?,?,?,?,?) ON CONFLICT ("name") DO NOTHING)",
      {Value::Text(name), Value::Text(type), Value::Text(std::move(stored)), now, now, author,
       author});
  std::int64_t made = 0;
  RK_CO_CHECK_OK(co_await Run(call, std::move(insert), "create", name, &made));
  if (made == 0)
    co_return Fail(InvalidArgument("UNIQUE_VIOLATION", "name already exists",
                                   "Change the existing one", "name"));
  RK_CO_TRY(row, co_await ReadOne(call, name));
  co_return Answer(row);
}

// A changed type needs the value again: a secret is never turned into a readable one.
Task<Result<Output>> Update(Call& call) {
  const std::string name = TargetKey(call);
  RK_CO_TRY(rows, co_await ReadRows(call, "env.type",
                                    R"(SELECT "type" FROM "environmentVariables" WHERE "name" = ?)",
                                    Values(Value::Text(name))));
  if (rows.empty()) co_return Answer(json::array());
  const std::string old_type = rows.at(0, 0).ToText();
  std::string type = BodyText(call, "type");
  if (type.empty()) type = old_type;
  const json::value* value = Find(BodyMembers(call), "value");
  const bool has_value = value != nullptr && !value->is_null();
  if (type != "default" && type != "secret")
    co_return Fail(
        InvalidArgument("INVALID_VALUE", "type validation error", "default or secret", "type"));
  if (type != old_type && !has_value)
    co_return Fail(
        InvalidArgument("MISSING_VALUE", "A changed type needs the value again", {}, "value"));
  if (const std::string renamed = BodyText(call, "name"); !renamed.empty() && renamed != name) {
    co_return Fail(InvalidArgument("NAME_IS_FIXED", "The name cannot be changed",
                                   "Create another one", "name"));
  }
  if (has_value) {
    RK_CO_TRY(stored, Stored(call, type, name, BodyText(call, "value")));
    db::Statement update = Sql(
        call, "env.update",
        R"(UPDATE "environmentVariables" SET "type" = ?, "value" = ?, "updatedAt" = ?, "updatedById" = ? WHERE "name" = ?)",
        {Value::Text(type), Value::Text(std::move(stored)), NowValue(),
         Value::Int(call.context.identity.user_id), Value::Text(name)});
    RK_CO_CHECK_OK(co_await Run(call, std::move(update), "update", name, nullptr));
  }
  RK_CO_TRY(row, co_await ReadOne(call, name));
  json::array out;
  out.push_back(std::move(row));
  co_return Answer(out);
}

Task<Result<Output>> Destroy(Call& call) {
  std::vector<std::string> names;
  if (call.params.filter_by_tk && call.params.filter_by_tk->is_array()) {
    for (const json::value& item : call.params.filter_by_tk->get_array()) {
      if (item.is_string()) names.emplace_back(View(item.get_string()));
    }
  } else {
    std::string name = TargetKey(call);
    if (name.empty()) name = FilterText(call, "name");
    if (name.empty())
      co_return Fail(InvalidArgument("FILTER_REQUIRED",
                                     "to do destroy action, filter or filterByTk is required", {},
                                     "filterByTk"));
    names.push_back(std::move(name));
  }
  std::int64_t count = 0;
  for (const std::string& name : names) {
    db::Statement drop =
        Sql(call, "env.destroy", R"(DELETE FROM "environmentVariables" WHERE "name" = ?)",
            {Value::Text(name)});
    std::int64_t gone = 0;
    RK_CO_CHECK_OK(co_await Run(call, std::move(drop), "destroy", name, &gone));
    count += gone;
  }
  co_return Answer(json::value(count));
}

// NocoBase's clients may call them; nothing is hidden behind them here.
Task<Result<Output>> Refuse(Call&) { co_return Fail(NotHere()); }

constexpr Action kActions[] = {
    {"environmentVariables", "list", List, false},
    {"environmentVariables", "get", Get, false},
    {"environmentVariables", "create", Create},
    {"environmentVariables", "update", Update},
    {"environmentVariables", "destroy", Destroy},
    {"environmentVariables", "query", Refuse, false},
    {"environmentVariables", "firstOrCreate", Refuse},
    {"environmentVariables", "updateOrCreate", Refuse},
};

}  // namespace

ActionList EnvironmentVariableActions() { return kActions; }

}  // namespace renkei::api
