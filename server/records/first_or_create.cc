#include "db/errors.h"
#include "records/write_request.h"

namespace renkei::records {
namespace {

// Another writer may create the record between our look and our insert; the unique index then sends
// us back to look.
constexpr int kAttempts = 3;

// The filter made of the body's values of `filterKeys`; a dotted key goes into nested association
// values.
Result<json::value> FilterOf(const Params& params, const json::value& values) {
  if (params.filter_keys.empty()) {
    return Fail(InvalidArgument("FILTER_KEYS_REQUIRED", "filterKeys is not iterable",
                                "Name the columns that identify the record: filterKeys[]=title",
                                "filterKeys"));
  }
  json::array conditions;
  for (const std::string& key : params.filter_keys) {
    const json::value* value = &values;
    std::string_view path = key;
    while (value != nullptr && !path.empty()) {
      const std::size_t dot = path.find('.');
      value = value->is_object() ? Find(value->get_object(), path.substr(0, dot)) : nullptr;
      path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    json::object test;
    test["$eq"] = value == nullptr ? json::value(nullptr) : *value;
    // A dotted path becomes nested objects: {"author":{"name":{"$eq":…}}}.
    json::value condition = std::move(test);
    std::string rest = key;
    while (true) {
      const std::size_t dot = rest.rfind('.');
      json::object outer;
      outer[dot == std::string::npos ? rest : rest.substr(dot + 1)] = std::move(condition);
      condition = std::move(outer);
      if (dot == std::string::npos) break;
      rest.resize(dot);
    }
    conditions.push_back(std::move(condition));
  }
  json::object filter;
  filter["$and"] = std::move(conditions);
  return json::value(std::move(filter));
}

struct Upsert {
  const Context& context;
  const schema::Collection& collection;
  const Params& params;
  const json::value& body;
  const json::value& filter;
  const access::Permission& create;
};

Task<Result<std::vector<StoredRow>>> FindExisting(WriteSession& session, const Upsert& upsert) {
  Params lookup;
  lookup.association = upsert.params.association;
  lookup.filter = upsert.filter;
  const access::Permission any = access::Permission::All();
  RK_CO_TRY(rows, co_await SelectRows(session, upsert.collection, lookup, any));
  if (rows.size() > 1) rows.resize(1);
  co_return std::move(rows);
}

// Changing the record that exists needs the right to change it.
Task<Result<std::string>> UpdateExisting(WriteSession& session, const Upsert& upsert,
                                         std::vector<StoredRow> rows) {
  const access::Permission permission = upsert.context.Check(upsert.collection, "update");
  if (!permission.allowed)
    co_return Fail(PermissionDenied("The record exists; changing it needs the right to update"));
  Params selected;
  json::object key;
  for (const std::string& name : upsert.collection.filter_target_key)
    key[name] = rows.front().JsonOf(name);
  selected.filter_by_tk = key.size() == 1 ? key.begin()->value() : json::value(key);
  selected.whitelist = upsert.params.whitelist;
  selected.blacklist = upsert.params.blacklist;
  selected.update_association_values = upsert.params.update_association_values;
  RK_CO_TRY(updated,
            co_await UpdateSelected(session, upsert.collection, selected, upsert.body, permission));
  co_return co_await EchoRows(session, upsert.collection, updated, upsert.body, permission);
}

// Without the brackets of the array that EchoRows makes.
std::string OnlyRow(const std::string& rows) {
  return rows.size() > 2 ? rows.substr(1, rows.size() - 2) : "null";
}

Task<Result<std::string>> RunOnce(WriteSession& session, const Upsert& upsert, bool update) {
  RK_CO_TRY(rows, co_await FindExisting(session, upsert));
  if (rows.empty()) {
    co_return co_await CreateOne(session, upsert.collection, upsert.params, upsert.body,
                                 upsert.create);
  }
  if (update) co_return co_await UpdateExisting(session, upsert, std::move(rows));
  static const json::value kNothing;
  RK_CO_TRY(text, co_await EchoRows(session, upsert.collection, rows, kNothing, upsert.create));
  co_return OnlyRow(text);
}

Task<Result<Output>> Run(const Context& context, const schema::Collection& collection,
                         const Params& params, const json::value& values, bool update) {
  const access::Permission permission = context.Check(collection, "create");
  if (!permission.allowed) co_return Fail(PermissionDenied());
  if (!values.is_object()) {
    co_return Fail(InvalidArgument("INVALID_BODY", "The body must be a JSON object",
                                   "Send the values themselves"));
  }
  RK_CO_TRY(filter, FilterOf(params, values));
  RK_CO_TRY(hashed, co_await HashPasswords(context, collection, values));
  const json::value& body = hashed ? *hashed : values;
  const Upsert upsert{context, collection, params, body, filter, permission};
  Output output;
  for (int attempt = 1;; ++attempt) {
    WriteBody write = [&](WriteSession& session) -> Task<Result<void>> {
      RK_CO_TRY(text, co_await RunOnce(session, upsert, update));
      output.data = std::move(text);
      co_return Result<void>();
    };
    Result<void> done = co_await RunWrite(context, std::move(write));
    if (done) co_return std::move(output);
    const bool raced = done.error().code == db::codes::kUnique && attempt < kAttempts;
    if (!raced) co_return Fail(std::move(done).error());
  }
}

}  // namespace

Task<Result<Output>> FirstOrCreate(const Context& context, const schema::Collection& collection,
                                   const Params& params, const json::value& values) {
  return Run(context, collection, params, values, false);
}

Task<Result<Output>> UpdateOrCreate(const Context& context, const schema::Collection& collection,
                                    const Params& params, const json::value& values) {
  return Run(context, collection, params, values, true);
}

}  // namespace renkei::records
