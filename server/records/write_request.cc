#include "records/write_request.h"

#include <map>
#include <set>

#include "schema/field_type.h"

namespace renkei::records {
namespace {

std::string KeyTextOf(const std::vector<db::Value>& key) {
  std::string out;
  for (const db::Value& part : key) out += BorrowCell(part).ToText() + '\0';
  return out;
}

// The keys that filterByTk names, when nothing else narrows the rows; false: the filter language
// has to decide.
bool OnlyByKey(const Params& params, const access::Permission& permission) {
  return params.filter_by_tk && !params.filter_by_tk->is_null() && !params.filter &&
         !params.association && params.filter_by_tks.empty() && !permission.filter;
}

}  // namespace

Task<Result<void>> RunWrite(const Context& context, WriteBody body) {
  db::TransactionBody transaction = [&context,
                                     &body](db::Connection& connection) -> Task<Result<void>> {
    WriteSession session(connection, context);
    RK_CO_CHECK_OK(co_await body(session));
    co_return co_await session.Flush();
  };
  co_return co_await context.database.Transact(std::move(transaction), context.deadline);
}

Task<Result<std::vector<StoredRow>>> SelectRows(WriteSession& session,
                                                const schema::Collection& collection,
                                                const Params& params,
                                                const access::Permission& permission) {
  const std::vector<std::string>& key_fields =
      collection.filter_target_key.empty() ? IdentityOf(collection) : collection.filter_target_key;
  if (key_fields.empty()) {
    co_return Fail(InvalidArgument("NO_PRIMARY_KEY",
                                   collection.name + " has no key to find a row again",
                                   "Choose a filterTargetKey for the collection"));
  }
  json::array selected;
  if (OnlyByKey(params, permission)) {
    if (params.filter_by_tk->is_array()) {
      selected = params.filter_by_tk->get_array();
    } else {
      selected.push_back(*params.filter_by_tk);
    }
  } else {
    RK_CO_TRY(found, co_await SelectKeysIn(session.connection(), session.context(), collection,
                                           params, permission));
    selected = std::move(found);
  }
  if (selected.size() > kMaxRowsPerWrite) {
    co_return Fail(InvalidArgument("TOO_MANY_ROWS", "One request changes at most 100000 records",
                                   "Change them in parts"));
  }
  std::vector<std::vector<db::Value>> keys;
  std::vector<std::string> order;
  std::set<std::string> seen;
  for (const json::value& item : selected) {
    RK_CO_TRY(key, KeyFromJson(session.context(), collection, key_fields, item));
    std::string text = KeyTextOf(key);
    if (!seen.insert(text).second) continue;
    order.push_back(std::move(text));
    keys.push_back(std::move(key));
  }
  RK_CO_TRY(rows, co_await session.Load(collection, key_fields, keys));
  if (rows.size() < 2) co_return std::move(rows);
  // A target key need not be unique: one key may mean several rows.
  std::multimap<std::string, StoredRow> by_key;
  for (StoredRow& row : rows) by_key.emplace(KeyTextOf(KeyOf(row, key_fields)), std::move(row));
  std::vector<StoredRow> ordered;
  for (const std::string& text : order) {
    const auto [first, last] = by_key.equal_range(text);
    for (auto it = first; it != last; ++it) ordered.push_back(std::move(it->second));
  }
  co_return std::move(ordered);
}

Result<Source> FindSource(const Context& context, const AssociationRef& ref) {
  Source source;
  source.collection = context.catalog->Find(ref.source_collection);
  source.association =
      source.collection == nullptr ? nullptr : source.collection->FindField(ref.association);
  if (source.association == nullptr || !source.association->is_relation()) {
    return Fail(NotFound("ASSOCIATION_NOT_FOUND",
                         ref.source_collection + "." + ref.association + " is not an association"));
  }
  if (source.association->relation->kind == schema::RelationKind::kBelongsToArray) {
    return Fail(
        InvalidArgument("UNSUPPORTED_ACTION", ref.association + " has no association resource",
                        "Write the association's value through its record", ref.association));
  }
  source.target = context.catalog->Find(source.association->relation->target);
  if (source.target == nullptr) {
    return Fail(
        NotFound("ASSOCIATION_NOT_FOUND",
                 "The collection " + source.association->relation->target + " does not exist"));
  }
  return source;
}

Task<Result<Source>> LoadSource(WriteSession& session, const AssociationRef& ref) {
  RK_CO_TRY(source, FindSource(session.context(), ref));
  const schema::Relation& relation = *source.association->relation;
  std::vector<std::string> key_fields = source.collection->filter_target_key.empty()
                                            ? IdentityOf(*source.collection)
                                            : source.collection->filter_target_key;
  if (relation.kind != schema::RelationKind::kBelongsTo && !ref.source_key.is_object() &&
      !relation.source_key.empty()) {
    key_fields = {relation.source_key};
  }
  RK_CO_TRY(key, KeyFromJson(session.context(), *source.collection, key_fields, ref.source_key));
  std::vector<std::vector<db::Value>> keys;
  keys.push_back(std::move(key));
  RK_CO_TRY(rows, co_await session.Load(*source.collection, key_fields, keys));
  if (rows.empty()) {
    co_return Fail(NotFound("SOURCE_NOT_FOUND",
                            "The record of " + source.collection->name + " does not exist",
                            "Check the key in the address"));
  }
  source.row = std::move(rows.front());
  co_return std::move(source);
}

Task<Result<std::string>> EchoRows(WriteSession& session, const schema::Collection& collection,
                                   const std::vector<StoredRow>& rows, const json::value& written,
                                   const access::Permission& permission) {
  access::Permission view = session.context().Check(collection, "view");
  std::set<std::string> visible;
  if (view.allowed && view.filter && !rows.empty()) {
    Params params;
    json::array keys;
    for (const StoredRow& row : rows) {
      json::object key;
      for (const std::string& name : collection.filter_target_key) key[name] = row.JsonOf(name);
      keys.push_back(key.size() == 1 ? key.begin()->value() : json::value(std::move(key)));
    }
    params.filter_by_tk = std::move(keys);
    RK_CO_TRY(seen, co_await SelectKeysIn(session.connection(), session.context(), collection,
                                          params, view));
    for (const json::value& key : seen) visible.insert(ToJson(key));
  }
  const access::Permission keys_only{true, std::nullopt, std::vector<std::string>()};
  std::string out = "[";
  for (const StoredRow& row : rows) {
    if (out.size() > 1) out += ',';
    json::value key = nullptr;
    if (view.filter && collection.filter_target_key.size() == 1)
      key = row.JsonOf(collection.filter_target_key.front());
    const bool all = view.allowed && (!view.filter || visible.contains(ToJson(key)));
    out += '{';
    AppendRowMembers(out, row, Echo{all ? &view : &keys_only, &written, &permission});
    out += '}';
  }
  co_return out + "]";
}

}  // namespace renkei::records
