// storages:* (rest-api.md 16): where files go. Secrets of cloud storages are sealed at rest and
// write-only.
#include <algorithm>
#include <utility>

#include "api/resource/identity_support.h"
#include "base/crypto.h"
#include "base/id.h"
#include "records/write_guard.h"

namespace renkei::api {
namespace {

using db::Value;
using records::Output;

constexpr std::string_view kTypes[] = {"local", "ali-oss", "s3", "tx-cos"};
constexpr std::string_view kRenameModes[] = {"appendRandomID", "random", "none"};
constexpr std::string_view kSecretOptions[] = {"accessKeySecret", "secretAccessKey", "SecretKey",
                                               "secretKey"};
constexpr std::string_view kSealed = "$sealed";

bool IsSecretOption(std::string_view name) {
  return std::ranges::find(kSecretOptions, name) != std::end(kSecretOptions);
}

Error Wrong(std::string_view field, std::string_view hint) {
  return InvalidArgument("INVALID_VALUE", std::string(field) + ": invalid value", std::string(hint),
                         std::string(field));
}

Result<void> CheckValues(const json::object& values) {
  const auto one_of = [&](std::string_view field, const auto& known,
                          std::string_view hint) -> Result<void> {
    const json::value* value = Find(values, field);
    if (value == nullptr || value->is_null()) return {};
    if (value->is_string() &&
        std::ranges::find(known, View(value->get_string())) != std::end(known))
      return {};
    return Fail(Wrong(field, hint));
  };
  RK_CHECK_OK(one_of("type", kTypes, "local, s3, ali-oss or tx-cos"));
  RK_CHECK_OK(one_of("renameMode", kRenameModes, "appendRandomID, random or none"));
  for (const std::string_view field : {"options", "rules", "settings"}) {
    const json::value* value = Find(values, field);
    if (value != nullptr && !value->is_null() && !value->is_object())
      return Fail(Wrong(field, "an object"));
  }
  return {};
}

// Readable secrets are replaced by their sealed form; one that is not sent, or sent as it was
// shown, stays what it was.
Result<void> SealOptions(const Call& call, json::object& values, const json::object& before) {
  json::value* options = values.if_contains("options");
  if (options == nullptr || !options->is_object()) return {};
  for (const std::string_view name : kSecretOptions) {
    json::value* given = options->get_object().if_contains(name);
    const json::value* old = Find(before, name);
    if (given == nullptr || given->is_object()) {
      if (old != nullptr)
        options->get_object()[name] = *old;
      else
        options->get_object().erase(name);
    } else if (given->is_null()) {
      options->get_object().erase(name);
    } else if (given->is_string()) {
      RK_TRY(sealed, Seal(call.services.secret_key, View(given->get_string()),
                          "storages/options/" + std::string(name)));
      options->get_object()[name] = json::object{{kSealed, std::move(sealed)}};
    }
  }
  return {};
}

void Mask(json::value& document) {
  if (document.is_array()) {
    for (json::value& item : document.get_array()) Mask(item);
  } else if (document.is_object()) {
    json::value* options = document.get_object().if_contains("options");
    if (options == nullptr || !options->is_object()) return;
    for (auto& member : options->get_object()) {
      if (IsSecretOption(member.key()))
        member.value() = json::object{{"$secret", true}, {"set", true}};
    }
  }
}

Result<Output> Masked(Result<Output> output) {
  if (!output) return output;
  auto parsed = ParseJson(output->data);
  if (!parsed) return Fail(Internal("storages: own answer is no JSON"));
  Mask(*parsed);
  output->data.clear();
  AppendJson(output->data, *parsed);
  return output;
}

Task<Result<Output>> List(Call& call) {
  auto output =
      co_await records::List(call.context, SystemCollection(call, "storages"), call.params);
  co_return Masked(std::move(output));
}

Task<Result<Output>> Get(Call& call) {
  auto output =
      co_await records::Get(call.context, SystemCollection(call, "storages"), call.params);
  co_return Masked(std::move(output));
}

Task<Result<Output>> Create(Call& call) {
  json::object values = BodyMembers(call);
  RK_CO_CHECK_OK(CheckValues(values));
  if (FindString(values, "type").empty())
    co_return Fail(Wrong("type", "local, s3, ali-oss or tx-cos"));
  if (FindString(values, "name").empty()) values["name"] = "s_" + RandomUid();
  RK_CO_CHECK_OK(SealOptions(call, values, json::object()));
  const json::value body = std::move(values);
  auto output =
      co_await records::Create(call.context, SystemCollection(call, "storages"), call.params, body);
  co_return Masked(std::move(output));
}

Task<Result<Output>> Update(Call& call) {
  RK_CO_CHECK_OK(records::CheckWriteGuard("update", call.params));
  json::object values = BodyMembers(call);
  RK_CO_CHECK_OK(CheckValues(values));
  values.erase("id");
  json::object before;
  if (call.params.filter_by_tk) {
    json::value key = *call.params.filter_by_tk;
    RK_CO_TRY(row, co_await FetchOne(call, "storages", std::move(key)));
    const json::value* options = row.is_object() ? Find(row.get_object(), "options") : nullptr;
    if (options != nullptr && options->is_object()) before = options->get_object();
    // Another has to become the default before this one can stop being it.
    if (row.is_object() && FindBool(row.get_object(), "default") &&
        !FindBool(values, "default", true))
      values.erase("default");
  }
  RK_CO_CHECK_OK(SealOptions(call, values, before));
  const json::value body = std::move(values);
  auto output =
      co_await records::Update(call.context, SystemCollection(call, "storages"), call.params, body);
  co_return Masked(std::move(output));
}

Task<Result<Output>> Destroy(Call& call) {
  RK_CO_CHECK_OK(records::CheckWriteGuard("destroy", call.params));
  const schema::Collection& storages = SystemCollection(call, "storages");
  std::int64_t count = 0;
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    RK_CO_TRY(destroyed,
              co_await records::DestroyIn(connection, call.context, storages, call.params));
    count = destroyed;
    db::Statement look =
        Sql(call, "storages.default", R"(SELECT 1 FROM "storages" WHERE "default" = ? LIMIT 1)",
            {Value::Bool(true)});
    RK_CO_TRY(rows, co_await connection.Run(std::move(look)));
    if (count > 0 && rows.empty()) {
      co_return Fail(Forbidden("DEFAULT_STORAGE", "The default storage cannot be deleted",
                               "Make another storage the default one first"));
    }
    co_return Result<void>();
  };
  db::TransactionBody work = body;
  RK_CO_CHECK_OK(co_await call.services.database.Transact(std::move(work), call.context.deadline));
  co_return Answer(json::value(count));
}

// What everyone who uploads may know.
Task<Result<json::value>> BasicInfo(Call& call) {
  const std::string key = TargetKey(call);
  std::string sql = R"(SELECT "id","title","name","type","rules" FROM "storages" WHERE )";
  std::vector<Value> params;
  const bool is_number =
      !key.empty() && std::ranges::all_of(key, [](char c) { return c >= '0' && c <= '9'; });
  if (key.empty()) {
    sql += R"("default" = ?)";
    params.push_back(Value::Bool(true));
  } else if (is_number) {
    sql += R"("id" = ?)";
    params.push_back(Value::Int(std::strtoll(key.c_str(), nullptr, 10)));
  } else {
    sql += R"("name" = ?)";
    params.push_back(Value::Text(key));
  }
  sql += R"( ORDER BY "id" LIMIT 1)";
  RK_CO_TRY(rows, co_await ReadRows(call, "storages.info", sql, std::move(params)));
  if (rows.empty()) co_return Fail(NotHere());
  co_return json::value(json::object{{"id", rows.at(0, 0).ToInt()},
                                     {"title", rows.at(0, 1).ToText()},
                                     {"name", rows.at(0, 2).ToText()},
                                     {"type", rows.at(0, 3).ToText()},
                                     {"rules", ParseOr(rows.at(0, 4), json::object())}});
}

Task<Result<Output>> GetBasicInfo(Call& call) {
  RK_CO_TRY(info, co_await BasicInfo(call));
  co_return Answer(info);
}

// storages:check?fileCollectionName=…: may this client upload, and by which rules.
Task<Result<Output>> Check(Call& call) {
  RK_CO_TRY(info, co_await BasicInfo(call));
  co_return Answer(json::object{{"isSupportToUploadFiles", true}, {"storage", std::move(info)}});
}

constexpr Action kActions[] = {
    {"storages", "list", List, false},   {"storages", "get", Get, false},
    {"storages", "create", Create},      {"storages", "update", Update},
    {"storages", "destroy", Destroy},    {"storages", "getBasicInfo", GetBasicInfo, false},
    {"storages", "check", Check, false},
};

}  // namespace

ActionList StorageActions() { return kActions; }

}  // namespace renkei::api
