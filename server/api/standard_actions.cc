#include "api/standard_actions.h"

#include "base/text.h"

namespace renkei::api {
namespace {

using records::LinkChange;
using records::Output;

Task<Result<Output>> List(Call& call) { return records::List(call.context, *call.collection, call.params); }
Task<Result<Output>> Get(Call& call) { return records::Get(call.context, *call.collection, call.params); }

Task<Result<Output>> Query(Call& call) {
  if (call.params.association) {
    co_return Fail(InvalidArgument("UNSUPPORTED_ACTION", "query is not available on association resources",
                                   "Query the collection itself and filter by the association"));
  }
  if (!call.body.is_object()) {
    co_return Fail(InvalidArgument("INVALID_BODY", "The body must be a JSON object with measures or dimensions"));
  }
  co_return co_await records::Query(call.context, *call.collection, call.body.get_object());
}

Task<Result<Output>> Create(Call& call) { return records::Create(call.context, *call.collection, call.params, call.body); }
Task<Result<Output>> Update(Call& call) { return records::Update(call.context, *call.collection, call.params, call.body); }
Task<Result<Output>> Destroy(Call& call) { return records::Destroy(call.context, *call.collection, call.params); }
Task<Result<Output>> FirstOrCreate(Call& call) {
  return records::FirstOrCreate(call.context, *call.collection, call.params, call.body);
}
Task<Result<Output>> UpdateOrCreate(Call& call) {
  return records::UpdateOrCreate(call.context, *call.collection, call.params, call.body);
}
// sourceId, targetId … come as query parameters; a body may carry them too.
Task<Result<Output>> Move(Call& call) {
  json::object params = call.query;
  if (call.body.is_object()) {
    for (const auto& [name, value] : call.body.get_object()) {
      if (!params.contains(name)) params.emplace(name, value);
    }
  }
  co_return co_await records::MoveWithin(call.context, *call.collection, params, call.params.association);
}
Task<Result<Output>> Add(Call& call) { return records::ChangeLinks(call.context, call.params, LinkChange::kAdd, call.body); }
Task<Result<Output>> Set(Call& call) { return records::ChangeLinks(call.context, call.params, LinkChange::kSet, call.body); }
Task<Result<Output>> Remove(Call& call) { return records::ChangeLinks(call.context, call.params, LinkChange::kRemove, call.body); }
Task<Result<Output>> Toggle(Call& call) { return records::ChangeLinks(call.context, call.params, LinkChange::kToggle, call.body); }

constexpr Action kActions[] = {
    {"", "list", List, false},
    {"", "get", Get, false},
    {"", "query", Query, false},
    {"", "create", Create},
    {"", "update", Update},
    {"", "destroy", Destroy},
    {"", "firstOrCreate", FirstOrCreate},
    {"", "updateOrCreate", UpdateOrCreate},
    {"", "move", Move},
    {"", "add", Add},
    {"", "set", Set},
    {"", "remove", Remove},
    {"", "toggle", Toggle},
};

}  // namespace

std::span<const Action> StandardActions() { return kActions; }

bool IsLinkAction(std::string_view action) {
  return action == "add" || action == "set" || action == "remove" || action == "toggle";
}

}  // namespace renkei::api
