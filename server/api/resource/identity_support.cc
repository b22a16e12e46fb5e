#include "api/resource/identity_support.h"

#include <utility>

#include "audit/journal.h"
#include "base/clock.h"

namespace renkei::api {

const json::object& BodyMembers(const Call& call) {
  static const json::object empty;
  return call.body.is_object() ? call.body.get_object() : empty;
}

namespace {

std::string TextOf(const json::value* value) {
  if (value == nullptr) return {};
  if (value->is_string()) return std::string(View(value->get_string()));
  if (value->is_number()) return ToJson(*value);
  return {};
}

const json::value* FindInFilter(const json::value& filter, std::string_view name) {
  if (filter.is_array()) {
    for (const json::value& part : filter.get_array()) {
      if (const json::value* found = FindInFilter(part, name)) return found;
    }
    return nullptr;
  }
  if (!filter.is_object()) return nullptr;
  if (const json::value* found = Find(filter.get_object(), name)) {
    if (!found->is_object()) return found;
    for (const std::string_view op : {"$eq", "$is"}) {
      if (const json::value* operand = Find(found->get_object(), op)) return operand;
    }
  }
  const json::value* parts = Find(filter.get_object(), "$and");
  return parts == nullptr ? nullptr : FindInFilter(*parts, name);
}

}  // namespace

std::string BodyText(const Call& call, std::string_view name) {
  return TextOf(Find(BodyMembers(call), name));
}

std::string ParameterText(const Call& call, std::string_view name) {
  std::string text = TextOf(Find(call.query, name));
  return text.empty() ? BodyText(call, name) : text;
}

std::string TargetKey(const Call& call) {
  return call.params.filter_by_tk ? TextOf(&*call.params.filter_by_tk) : std::string();
}

std::string SourceKey(const Call& call) {
  return call.params.association ? TextOf(&call.params.association->source_key) : std::string();
}

std::string FilterText(const Call& call, std::string_view name) {
  return call.params.filter ? TextOf(FindInFilter(*call.params.filter, name)) : std::string();
}

records::Context OwnContext(const Call& call) {
  records::Context context = call.context;
  context.enforce_access = false;
  return context;
}

const schema::Collection& SystemCollection(const Call& call, std::string_view name) {
  const schema::Collection* collection = call.context.catalog->Find(name);
  static const schema::Collection
      none;  // cannot be: made by our migrations, protected from collections:destroy
  return collection == nullptr ? none : *collection;
}

Task<Result<json::value>> FetchOne(const Call& call, std::string_view collection, json::value key,
                                   std::vector<std::string> appends) {
  const records::Context context = OwnContext(call);
  records::Params params;
  params.filter_by_tk = std::move(key);
  params.appends = std::move(appends);
  params.page_size = 1;
  const schema::Collection& target = SystemCollection(call, collection);
  RK_CO_TRY(rows, co_await records::Fetch(context, target, params));
  if (rows.empty()) co_return json::value(nullptr);
  co_return std::move(rows.front());
}

db::Statement Sql(const Call& call, std::string_view name, std::string_view trusted_sql,
                  std::vector<db::Value> params) {
  return access::Prepare(call.services.database.dialect(), name, trusted_sql, std::move(params));
}

Task<Result<db::Rows>> ReadRows(const Call& call, std::string_view name,
                                std::string_view trusted_sql, std::vector<db::Value> params) {
  db::Statement statement = Sql(call, name, trusted_sql, std::move(params));
  auto rows = co_await call.services.database.ReadOne(
      std::move(statement), db::ReadCost::kUnbounded, call.context.deadline);
  co_return std::move(rows);
}

db::Statement JournalStatement(const Call& call, std::string_view action, std::string_view resource,
                               std::string record_key, std::string_view outcome) {
  audit::Entry entry;
  entry.action = action;
  entry.resource = resource;
  entry.record_key = std::move(record_key);
  entry.identity = &call.context.identity;
  entry.trace_id = call.context.trace_id;
  entry.remote_address = call.context.remote_address;
  entry.user_agent = call.context.user_agent;
  entry.outcome = outcome;
  return audit::AppendStatement(call.services.database.dialect(), entry);
}

// A journal that cannot be written is a fault of the database, which the next statement reports;
// the answer stands.
Task<void> Journal(const Call& call, std::string_view action, std::string_view resource,
                   std::string record_key, std::string_view outcome) {
  db::Statement statement =
      JournalStatement(call, action, resource, std::move(record_key), outcome);
  auto written = co_await call.services.database.Write(std::move(statement), call.context.deadline);
  (void)written;
}

json::value ParseOr(const db::Cell& cell, json::value fallback) {
  if (cell.is_null()) return fallback;
  auto parsed = ParseJson(cell.view());
  return parsed ? std::move(*parsed) : std::move(fallback);
}

// PostgreSQL in UTC gives "2026-01-02 03:04:05.678+00" with as many digits as needed.
json::value Stamp(const db::Cell& cell) {
  if (cell.is_null()) return nullptr;
  std::string text = cell.ToText();
  if (text.size() >= 24 && text[10] == 'T') return json::value(text);
  if (text.size() < 19) return json::value(text);
  std::string out = text.substr(0, 19);
  out[10] = 'T';
  std::string millis = "000";
  if (text.size() > 20 && text[19] == '.') {
    for (std::size_t i = 0;
         i < 3 && 20 + i < text.size() && text[20 + i] >= '0' && text[20 + i] <= '9'; ++i)
      millis[i] = text[20 + i];
  }
  return json::value(out + "." + millis + "Z");
}

db::Value NowValue() { return db::Value::Text(IsoUtc(NowMs())); }

Error NotHere() { return NotFound("NOT_FOUND", "Not Found"); }

Error Forbidden(std::string_view code, std::string message, std::string hint) {
  return Error{ErrorKind::kPermissionDenied, code, std::move(message), std::move(hint), {}, {}, {}};
}

}  // namespace renkei::api
