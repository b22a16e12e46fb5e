// systemSettings:get (public) and :put (rest-api.md 17.2).
#include <utility>

#include "api/resource/identity_support.h"
#include "base/clock.h"

namespace renkei::api {
namespace {

using records::Output;

constexpr std::string_view kWritable[] = {
    "showLogoOnly",     "logoId",  "allowSignUp", "smsAuthEnabled",    "appLang",
    "enabledLanguages", "options", "timezone",    "enableEditProfile", "enableChangePassword",
    "roleMode"};

Task<Result<json::value>> Document(Call& call) {
  const auth::SettingsRef settings = call.services.settings.Current();
  json::object out = settings->row;
  out["title"] = settings->Render(settings->raw_title);
  out["logo"] = nullptr;
  if (const json::value* logo = Find(out, "logoId"); logo != nullptr && !logo->is_null()) {
    json::value key = *logo;
    RK_CO_TRY(attachment, co_await FetchOne(call, "attachments", std::move(key)));
    out["logo"] = std::move(attachment);
  }
  co_return json::value(std::move(out));
}

Task<Result<Output>> Get(Call& call) {
  RK_CO_TRY(document, co_await Document(call));
  co_return Answer(document);
}

Error Wrong(std::string_view field, std::string_view hint) {
  return InvalidArgument("INVALID_VALUE", std::string(field) + ": invalid value", std::string(hint),
                         std::string(field));
}

Result<json::object> ReadValues(const Call& call) {
  const json::object& body = BodyMembers(call);
  json::object values;
  for (const std::string_view name : kWritable) {
    if (const json::value* value = Find(body, name)) values[name] = *value;
  }
  if (const json::value* title = Find(body, "raw_title")) {
    if (!title->is_string() && !title->is_null()) return Fail(Wrong("raw_title", "a text"));
    values["title"] = *title;
  }
  if (const json::value* logo = Find(body, "logo")) {
    const json::value* id = logo->is_object() ? Find(logo->get_object(), "id") : logo;
    if (id != nullptr) values["logoId"] = *id;
  }
  if (const json::value* mode = Find(values, "roleMode")) {
    const std::string_view text = mode->is_string() ? View(mode->get_string()) : std::string_view();
    if (text != auth::kRoleModeDefault && text != auth::kRoleModeAllowUnion &&
        text != auth::kRoleModeOnlyUnion) {
      return Fail(Wrong("roleMode", "default, allow-use-union or only-use-union"));
    }
  }
  if (const json::value* zone = Find(values, "timezone"); zone != nullptr && !zone->is_null()) {
    if (!zone->is_string() ||
        (!zone->get_string().empty() && !TimeZone::Parse(View(zone->get_string())))) {
      return Fail(Wrong("timezone", "+08:00 or a name such as Asia/Tokyo"));
    }
  }
  if (const json::value* languages = Find(values, "enabledLanguages");
      languages != nullptr && !languages->is_array()) {
    return Fail(Wrong("enabledLanguages", "a list such as [\"en-US\"]"));
  }
  if (const json::value* options = Find(values, "options");
      options != nullptr && !options->is_null() && !options->is_object()) {
    return Fail(Wrong("options", "an object"));
  }
  return values;
}

Task<Result<Output>> Put(Call& call) {
  RK_CO_TRY(values, ReadValues(call));
  if (!values.empty()) {
    records::Params params;
    params.filter_by_tk = json::value(call.services.settings.Current()->id);
    const json::value body = std::move(values);
    const records::Context own = OwnContext(call);
    RK_CO_CHECK_OK(
        co_await records::Update(own, SystemCollection(call, "systemSettings"), params, body));
    RK_CO_CHECK_OK(co_await call.services.settings.Load(call.context.deadline));
  }
  RK_CO_TRY(document, co_await Document(call));
  co_return Answer(document);
}

constexpr Action kActions[] = {
    {"systemSettings", "get", Get, false},
    {"systemSettings", "put", Put},
};

}  // namespace

ActionList SystemSettingsActions() { return kActions; }

}  // namespace renkei::api
