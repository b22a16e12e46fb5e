// tokenControlConfig:update: the three time spans of sessions, validated (rest-api.md 10.3).
// Reading is a plain get.
#include <utility>

#include "api/resource/identity_support.h"

namespace renkei::api {
namespace {

using records::Output;

Task<Result<Output>> Update(Call& call) {
  if (TargetKey(call) != auth::kTokenPolicyKey) co_return Answer(json::array());
  const json::value* given = Find(BodyMembers(call), "config");
  if (given == nullptr || !given->is_object()) {
    co_return Fail(InvalidArgument("INVALID_TOKEN_POLICY", "config is required",
                                   "An object with tokenExpirationTime and the others", "config"));
  }
  json::object config = call.services.settings.Current()->token_policy_config;
  for (const auto& [name, value] : given->get_object()) config[name] = value;
  RK_CO_CHECK_OK(auth::ParseTokenPolicy(config));
  const json::value body = json::object{{"config", std::move(config)}};
  auto output = co_await records::Update(call.context, SystemCollection(call, "tokenControlConfig"),
                                         call.params, body);
  co_return std::move(output);
}

constexpr Action kActions[] = {{"tokenControlConfig", "update", Update}};

}  // namespace

ActionList TokenPolicyActions() { return kActions; }

}  // namespace renkei::api
