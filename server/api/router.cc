#include "api/router.h"

#include <algorithm>
#include <fmt/format.h>

#include "api/cors.h"
#include "api/error_answer.h"
#include "api/explain.h"
#include "api/params.h"
#include "api/request_body.h"
#include "api/request_context.h"
#include "api/resource/identity_actions.h"
#include "api/standard_actions.h"
#include "auth/authenticate.h"
#include "base/metrics.h"
#include "base/observe.h"
#include "base/text.h"
#include "net/query_string.h"
#include "records/write_guard.h"

namespace renkei::api {
namespace {

constexpr std::string_view kApiPrefix = "/api/";
constexpr std::string_view kLegacyPrefix = "/resourcer/";
constexpr std::string_view kHealthPath = "/__health_check";
constexpr std::string_view kMetricsPath = "/metrics";

bool IsSafeMethod(std::string_view method) { return method == "GET" || method == "HEAD"; }

bool IsKnownMethod(std::string_view method) {
  return IsSafeMethod(method) || method == "POST" || method == "PUT" || method == "PATCH" || method == "DELETE" || method == "OPTIONS";
}

// {"data":…,"meta":…}; nothing to say is {} (rest-api.md 4).
void Envelope(records::Output output, net::Answer& answer) {
  if (output.data.empty() && output.meta.empty()) {
    answer.body = "{}";
    return;
  }
  std::string& body = answer.body;
  body.reserve(output.data.size() + output.meta.size() + 24);
  body = "{\"data\":";
  body += output.data.empty() ? std::string_view("null") : std::string_view(output.data);
  if (!output.meta.empty()) {
    body += ",\"meta\":";
    body += output.meta;
  }
  if (!output.explain.empty()) {
    body += ",\"explain\":";
    body += output.explain;
  }
  body += '}';
}

void AnswerNotReady(net::Answer& answer) {
  answer.status = 503;
  answer.AddHeader("Retry-After", "1");
  answer.body =
      R"({"error":{"status":503,"maintaining":true,"message":"The application is starting","code":"APP_STARTING","command":{"name":"start"}}})";
}

void AnswerMethodNotAllowed(const net::Request& request, std::string_view locale, net::Answer& answer) {
  answer.AddHeader("Allow", "POST");
  AnswerError(Error{ErrorKind::kMethodNotAllowed, "METHOD_NOT_ALLOWED", "This action changes data and needs POST",
                    "Send the same request with method POST", {}, {}, {}},
              request.trace_id, locale, answer);
}

// Administrators only: SQL and scopes are nobody else's business.
bool WantsExplain(const Call& call) {
  return FindString(call.query, "explain") == "1" &&
         (call.context.identity.is_root || call.context.rules->MayCall(call.context.identity, "pm", "explain"));
}

// The same call on a database that writes down what it runs.
Task<Result<records::Output>> RunExplained(Call& call, const Action& action) {
  db::ExplainingDatabase database(call.context.database);
  const records::Context& from = call.context;
  records::Context context{database,       from.catalog,  from.rules,          from.identity,   from.request_zone, from.server_zone, from.locale,
                           from.trace_id,  from.remote_address, from.user_agent, from.deadline, from.granted,      from.enforce_access};
  Call explained{call.request, call.answer, call.services, std::move(context), call.resource, call.action,
                 call.collection, call.params, call.query, call.body, false};
  auto output = co_await action.run(explained);
  call.raw = explained.raw;
  if (output) output->explain = ExplainJson(explained, database);
  co_return output;
}

}  // namespace

Router::Router(Services& services, std::vector<std::span<const Action>> tables, net::Handler& pages)
    : services_(services), pages_(pages) {
  for (const auto& table : tables) {
    for (const Action& action : table) {
      actions_.emplace(fmt::format("{}:{}", action.resource, action.name), &action);
      resources_.emplace(std::string(action.resource), true);
    }
  }
  for (const Action& action : StandardActions()) standard_.emplace_back(action.name, &action);
}

Task<void> Router::Handle(const net::Request& request, net::Answer& answer) {
  if (request.path.ends_with(kHealthPath)) {
    if (ready_.load(std::memory_order_acquire)) {
      answer.content_type = "text/plain; charset=utf-8";
      answer.body = "ok";
    } else {
      AnswerNotReady(answer);
    }
    co_return;
  }
  if (request.path == kMetricsPath) {
    if (services_.metrics == nullptr || !(request.remote_is_loopback || services_.open_metrics)) {
      AnswerNotFound(answer);
    } else {
      answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
      answer.body = services_.metrics->Render();
    }
    co_return;
  }
  std::string_view path = request.path;
  if (path.starts_with(kApiPrefix) || path.starts_with(kLegacyPrefix)) {
    path.remove_prefix(path.starts_with(kApiPrefix) ? kApiPrefix.size() : kLegacyPrefix.size());
    answer.AddHeader("Cache-Control", "no-store");
    AddCorsHeaders(request, services_.cors_origins, answer);
    if (!ready_.load(std::memory_order_acquire)) {
      AnswerNotReady(answer);
      co_return;
    }
    co_await HandleApi(request, answer, path);
    co_return;
  }
  co_await pages_.Handle(request, answer);
}

const Action* Router::FindAction(std::string_view resource, std::string_view action) const {
  char name[160];
  if (resource.size() + action.size() + 1 > sizeof name) return nullptr;
  char* end = std::copy(resource.begin(), resource.end(), name);
  *end++ = ':';
  end = std::copy(action.begin(), action.end(), end);
  const auto found = actions_.find(std::string_view(name, static_cast<std::size_t>(end - name)));
  return found == actions_.end() ? nullptr : found->second;
}

bool Router::HasResource(std::string_view resource) const { return resources_.find(resource) != resources_.end(); }

// Registered actions first (by their full name), then the standard ones of a collection or association.
Router::Route Router::FindRoute(const Address& address, std::string_view method, std::string& action) const {
  Route route;
  route.catalog = services_.catalog.Current();
  route.association = !address.association.empty();
  const schema::Collection* source = route.catalog->Find(address.resource);
  const schema::Field* field = nullptr;
  if (route.association && source != nullptr) {
    field = source->FindField(address.association);
    if (field != nullptr && field->is_relation()) route.collection = route.catalog->Find(field->relation->target);
  } else if (!route.association) {
    route.collection = source;
  }
  const bool to_one = field != nullptr && field->is_relation() && !field->relation->to_many();
  if (action.empty()) action = RestAction(method, address, to_one);
  if (action.empty()) return route;
  route.action = route.association ? FindAction(address.full_name(), action) : FindAction(address.resource, action);
  if (route.action == nullptr && route.collection != nullptr) {
    for (const auto& [name, standard] : standard_) {
      if (name == action) route.action = standard;
    }
    if (route.action != nullptr && IsLinkAction(action) && !route.association) route.action = nullptr;
  }
  route.found = route.action != nullptr;
  return route;
}

Task<void> Router::HandleApi(const net::Request& request, net::Answer& answer, std::string_view path) {
  if (request.method == "OPTIONS") {
    answer.extra_headers.clear();
    AnswerPreflight(request, services_.cors_origins, answer);
    co_return;
  }
  const std::string_view locale = RequestLocale(request);
  if (!IsKnownMethod(request.method)) {
    AnswerError(Error{ErrorKind::kMethodNotAllowed, "METHOD_NOT_ALLOWED", "Unknown method", "Use GET, POST, PUT, PATCH or DELETE", {}, {}, {}},
                request.trace_id, locale, answer);
    co_return;
  }
  auto query = net::ParseQueryString(request.query);
  if (!query) {
    AnswerError(query.error(), request.trace_id, locale, answer);
    co_return;
  }
  auto body = ParseRequestBody(request);
  if (!body) {
    AnswerError(body.error(), request.trace_id, locale, answer);
    co_return;
  }
  if (!request.x_data_source.empty() && request.x_data_source != "main") {
    AnswerError(NotFound("DATA_SOURCE_NOT_FOUND", fmt::format("data source {} does not exist", request.x_data_source),
                         "Leave X-Data-Source away for the main database"),
                request.trace_id, locale, answer);
    co_return;
  }
  if (!request.x_timezone.empty() && !TimeZone::Parse(request.x_timezone)) {
    AnswerError(InvalidArgument("INVALID_TIME_ZONE", "X-Timezone is no time zone", "Write +09:00 or Asia/Tokyo", "X-Timezone"),
                request.trace_id, locale, answer);
    co_return;
  }
  auto address = ParseAddress(path);
  if (!address) {
    AnswerNotFound(answer);
    co_return;
  }
  std::string action = address->action;
  const Route route = FindRoute(*address, request.method, action);
  if (!route.found) {
    AnswerNotFound(answer);
    co_return;
  }
  if (route.action->state_changing && IsSafeMethod(request.method)) {
    AnswerMethodNotAllowed(request, locale, answer);
    co_return;
  }
  Call call{request, answer, services_, MakeContext(services_, request, *query, route.catalog), address->full_name(), std::move(action),
            route.collection, {}, std::move(*query), std::move(*body), false};
  auto output = co_await Run(call, route, *address);
  if (!output) {
    if (call.raw) answer.body.clear();
    AnswerError(output.error(), request.trace_id, call.context.locale, answer);
  } else if (!call.raw) {
    Envelope(std::move(*output), answer);
  }
}

Task<Result<records::Output>> Router::Run(Call& call, const Route& route, const Address& address) {
  auto params = ParseParams(call.query, address);
  if (!params) co_return Fail(std::move(params).error());
  call.params = std::move(*params);
  call.params.acl_meta = !call.request.x_with_acl_meta.empty() && call.request.x_with_acl_meta != "false";
  const bool is_standard = route.action->resource.empty();
  if (is_standard) RK_CO_CHECK_OK(records::CheckWriteGuard(call.action, call.params, call.context.catalog.get()));

  auth::AuthenticateOptions options;
  options.required = !access::AccessRules::IsPublic(call.resource, call.action);
  const auth::SettingsRef settings = services_.settings.Current();
  auto identity = co_await auth::Authenticate(call.request, call.answer, services_.sessions, *settings, *call.context.rules, options);
  if (!identity) co_return Fail(std::move(identity).error());
  call.context.identity = std::move(*identity);
  if (options.required) RK_CO_CHECK_OK(Authorize(call, route));

  if (route.action->state_changing && is_standard && route.collection != nullptr &&
      (TouchesAccess(route.collection->name) || TouchesAccess(address.resource))) {
    RK_CO_CHECK_OK(co_await GuardIdentityWrite(call));
  }

  const Clock::time_point started = Clock::now();
  Result<records::Output> output;
  if (WantsExplain(call)) {
    output = co_await RunExplained(call, *route.action);
  } else {
    output = co_await route.action->run(call);
  }
  if (call.context.identity.is_root) {
    const std::chrono::duration<double, std::milli> took = Clock::now() - started;
    call.answer.AddHeader("Server-Timing", fmt::format("action;dur={:.3f}", took.count()));
  }
  if (output && route.action->state_changing) {
    const std::string_view changed = route.collection != nullptr ? std::string_view(route.collection->name) : std::string_view(call.resource);
    if (TouchesAccess(changed) || TouchesAccess(address.resource)) RK_CO_CHECK_OK(co_await RefreshAccess(services_, call.context.deadline));
  }
  co_return output;
}

// Allow-lists and snippets settle endpoints and system collections; everything else is a question of the role's rights
// on the collection, which records asks again for fields and rows.
Result<void> Router::Authorize(Call& call, const Route& route) const {
  const access::Identity& identity = call.context.identity;
  if (identity.is_root) return {};
  const access::AccessRules& rules = *call.context.rules;
  if (rules.MayCall(identity, call.resource, call.action)) {
    if (route.collection != nullptr) call.context.granted = route.collection->name;
    return {};
  }
  const std::string_view hint = "Ask an administrator to give your role this right";
  if (route.collection == nullptr) return Fail(PermissionDenied(std::string(hint)));
  if (IsLinkAction(call.action)) return {};  // the source's permission decides: records::ChangeLinks
  const std::string_view permission = access::AccessRules::FoldAction(call.action);
  if (!rules.Check(identity, *call.context.catalog, *route.collection, permission).allowed) return Fail(PermissionDenied(std::string(hint)));
  return {};
}

}  // namespace renkei::api
