// authenticators:* (auth.md 1.1): public list, types, and the rule that one of them stays enabled.
#include <algorithm>
#include <utility>

#include "api/resource/identity_support.h"
#include "records/write_guard.h"

namespace renkei::api {
namespace {

using records::Output;

struct AuthType {
  std::string_view name, title;
  std::vector<std::string_view> options;  // besides `public`, which is free
};
const std::vector<AuthType>& AuthTypes() {
  static const std::vector<AuthType> all = {
      {auth::kPasswordAuthType,
       "Password",
       {"notificationChannel", "emailSubject", "emailContentType", "emailContentHTML",
        "emailContentText", "resetTokenExpiresIn"}},
  };
  return all;
}
const AuthType* FindType(std::string_view name) {
  for (const AuthType& type : AuthTypes()) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

Task<Result<Output>> PublicList(Call& call) {
  json::array rows;
  const auth::SettingsRef settings = call.services.settings.Current();  // kept alive through the loop
  for (const auth::Authenticator& item : settings->authenticators) {
    const AuthType* type = FindType(item.type);
    if (!item.enabled || type == nullptr) continue;
    const json::value* shared = Find(item.options, "public");
    rows.emplace_back(json::object{
        {"name", item.name},
        {"authType", item.type},
        {"authTypeTitle", type->title},
        {"title", item.title.empty() ? json::value(nullptr) : json::value(item.title)},
        {"kind", "form"},
        {"options",
         shared != nullptr && shared->is_object() ? *shared : json::value(json::object())}});
  }
  co_return Answer(rows);
}

Task<Result<Output>> ListTypes(Call&) {
  json::array rows;
  for (const AuthType& type : AuthTypes())
    rows.emplace_back(json::object{{"name", type.name}, {"title", type.title}});
  co_return Answer(rows);
}

Result<void> CheckValues(const json::object& values, std::string_view type_name) {
  const AuthType* type = FindType(type_name);
  if (type == nullptr) {
    return Fail(InvalidArgument("UNKNOWN_AUTH_TYPE",
                                "Unknown authentication type: " + std::string(type_name),
                                "authenticators:listTypes names those there are", "authType"));
  }
  const json::value* options = Find(values, "options");
  if (options == nullptr || options->is_null()) return {};
  if (!options->is_object())
    return Fail(InvalidArgument("INVALID_VALUE", "options must be an object", {}, "options"));
  for (const auto& [name, value] : options->get_object()) {
    const bool known =
        name == "public" ||
        std::ranges::find(type->options, std::string_view(name)) != type->options.end();
    if (!known) {
      return Fail(InvalidArgument("UNKNOWN_OPTION", "Unknown option: " + std::string(name),
                                  "Options of your own belong under public", std::string(name)));
    }
    if (name == "public" && !value.is_object())
      return Fail(
          InvalidArgument("INVALID_VALUE", "options.public must be an object", {}, "public"));
  }
  return {};
}

Task<Result<Output>> Create(Call& call) {
  const json::object& values = BodyMembers(call);
  RK_CO_CHECK_OK(CheckValues(values, FindString(values, "authType")));
  if (FindString(values, "name").empty())
    co_return Fail(
        InvalidArgument("MISSING_NAME", "Auth UID cannot be null", "Give it a name", "name"));
  auto output = co_await records::Create(call.context, SystemCollection(call, "authenticators"),
                                         call.params, call.body);
  co_return std::move(output);
}

// In the transaction of the change, so that two at once cannot disable one each. The update of all
// rows is a lock.
Task<Result<void>> CheckOneRemains(db::Connection& connection, const Call& call) {
  db::Statement lock =
      Sql(call, "authenticators.lock", R"(UPDATE "authenticators" SET "enabled" = "enabled")");
  RK_CO_CHECK_OK(co_await connection.Run(std::move(lock)));
  db::Statement look =
      Sql(call, "authenticators.any",
          R"(SELECT 1 FROM "authenticators" WHERE "enabled" = ? LIMIT 1)", {db::Value::Bool(true)});
  RK_CO_TRY(rows, co_await connection.Run(std::move(look)));
  if (rows.empty()) {
    co_return Fail(InvalidArgument("LAST_AUTHENTICATOR",
                                   "Please keep and enable at least one authenticator",
                                   "Enable another one first", "enabled"));
  }
  co_return Result<void>();
}

Task<Result<Output>> Update(Call& call) {
  RK_CO_CHECK_OK(records::CheckWriteGuard("update", call.params));
  json::object values = BodyMembers(call);
  const std::string target = TargetKey(call);
  const auth::SettingsRef settings = call.services.settings.Current();  // kept alive through the loop
  for (const auth::Authenticator& item : settings->authenticators) {
    if (std::to_string(item.id) != target) continue;
    const std::string_view name = FindString(values, "name", item.name),
                           type = FindString(values, "authType", item.type);
    if (name != item.name)
      co_return Fail(InvalidArgument("NAME_IS_FIXED",
                                     "The name of an authenticator cannot be changed",
                                     "Create another one", "name"));
    RK_CO_CHECK_OK(CheckValues(values, type));
  }
  if (target.empty() && (values.contains("name") || values.contains("options"))) {
    co_return Fail(
        InvalidArgument("MISSING_KEY", "Name the authenticator with filterByTk", {}, "filterByTk"));
  }
  values.erase("name");
  const json::value body = std::move(values);
  json::value document;
  auto work_body = [&](db::Connection& connection) -> Task<Result<void>> {
    RK_CO_TRY(rows, co_await records::UpdateIn(connection, call.context,
                                               SystemCollection(call, "authenticators"),
                                               call.params, body));
    document = std::move(rows);
    auto checked = co_await CheckOneRemains(connection, call);
    co_return std::move(checked);
  };
  db::TransactionBody work = work_body;
  RK_CO_CHECK_OK(co_await call.services.database.Transact(std::move(work), call.context.deadline));
  co_return Answer(document);
}

Task<Result<Output>> Destroy(Call& call) {
  RK_CO_CHECK_OK(records::CheckWriteGuard("destroy", call.params));
  std::int64_t count = 0;
  auto body = [&](db::Connection& connection) -> Task<Result<void>> {
    RK_CO_TRY(destroyed,
              co_await records::DestroyIn(connection, call.context,
                                          SystemCollection(call, "authenticators"), call.params));
    count = destroyed;
    auto checked = co_await CheckOneRemains(connection, call);
    co_return std::move(checked);
  };
  db::TransactionBody work = body;
  RK_CO_CHECK_OK(co_await call.services.database.Transact(std::move(work), call.context.deadline));
  co_return Answer(json::value(count));
}

constexpr Action kActions[] = {
    {"authenticators", "publicList", PublicList, false},
    {"authenticators", "listTypes", ListTypes, false},
    {"authenticators", "create", Create},
    {"authenticators", "update", Update},
    {"authenticators", "destroy", Destroy},
};

}  // namespace

ActionList AuthenticatorActions() { return kActions; }

}  // namespace renkei::api
