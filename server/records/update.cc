#include "records/list_plan.h"
#include "records/simple_update.h"
#include "records/write_guard.h"
#include "records/write_request.h"

namespace renkei::records {
namespace {

// Values of the through row come under the through collection's name: POST books/2/genres:update
// {"bookGenres":{…}}.
Task<Result<void>> UpdateThrough(WriteSession& session, const Params& params,
                                 const std::vector<StoredRow>& rows, const json::object& values) {
  if (!params.association || rows.empty()) co_return Result<void>();
  RK_CO_TRY(found, FindSource(session.context(), *params.association));
  if (found.association->relation->kind != schema::RelationKind::kBelongsToMany)
    co_return Result<void>();
  const json::value* through = Find(values, found.association->relation->through);
  if (through == nullptr || !through->is_object()) co_return Result<void>();
  const access::Permission permission = session.context().Check(*found.collection, "update");
  if (!permission.MayField(found.association->name)) co_return Result<void>();
  RK_CO_TRY(source, co_await LoadSource(session, *params.association));
  std::vector<LinkedRow> targets;
  for (const StoredRow& row : rows) targets.push_back(LinkedRow{row, &through->get_object(), {}});
  co_return co_await LinkThrough(session, source.row, *source.association, std::move(targets),
                                 false);
}

Task<Result<std::string>> UpdateOne(WriteSession& session, const schema::Collection& collection,
                                    const Params& params, const json::value& values,
                                    const access::Permission& permission) {
  RK_CO_TRY(rows, co_await UpdateSelected(session, collection, params, values, permission));
  co_return co_await EchoRows(session, collection, rows, values, permission);
}

Result<void> CheckBody(const json::value& values) {
  bool valid = values.is_object() || values.is_null();
  if (values.is_array()) {
    valid = true;
    for (const json::value& item : values.get_array()) valid = valid && item.is_object();
  }
  if (valid) return {};
  return Fail(InvalidArgument("INVALID_BODY", "The body must be a JSON object",
                              "Send the values themselves, without a wrapper"));
}

}  // namespace

Task<Result<std::vector<StoredRow>>> UpdateSelected(WriteSession& session,
                                                    const schema::Collection& collection,
                                                    const Params& params, const json::value& values,
                                                    const access::Permission& permission) {
  static const json::object kEmpty;
  const json::object& object = values.is_object() ? values.get_object() : kEmpty;
  // The source of an association resource must exist; "_" is for reading only.
  if (params.association) RK_CO_CHECK_OK(co_await LoadSource(session, *params.association));
  RK_CO_TRY(rows, co_await SelectRows(session, collection, params, permission));
  WriteOptions options;
  options.params = &params;
  options.permission = &permission;
  RK_CO_TRY(updated, co_await UpdateRows(session, collection, std::move(rows), object, options));
  RK_CO_CHECK_OK(co_await UpdateThrough(session, params, updated, object));
  co_return std::move(updated);
}

Task<Result<Output>> Update(const Context& context, const schema::Collection& asked,
                            const Params& params, const json::value& values) {
  RK_CO_TRY(target, ReadCollection(context, asked, params));
  const schema::Collection& collection = *target;
  const access::Permission permission = context.Check(collection, "update");
  if (!permission.allowed) co_return Fail(PermissionDenied());
  RK_CO_CHECK_OK(CheckWriteGuard("update", params, context.catalog.get()));
  RK_CO_CHECK_OK(CheckBody(values));
  RK_CO_TRY(hashed, co_await HashPasswords(context, collection, values));
  const json::value& body = hashed ? *hashed : values;
  RK_CO_TRY(simple, co_await TrySimpleUpdate(context, collection, params, body, permission));
  if (simple) co_return std::move(*simple);
  Output output;
  WriteBody write = [&](WriteSession& session) -> Task<Result<void>> {
    if (!body.is_array()) {
      RK_CO_TRY(rows, co_await UpdateOne(session, collection, params, body, permission));
      output.data = std::move(rows);
      co_return Result<void>();
    }
    output.data = "[";
    for (const json::value& item : body.get_array()) {
      RK_CO_TRY(rows, co_await UpdateOne(session, collection, params, item, permission));
      if (output.data.size() > 1) output.data += ',';
      output.data += rows;
    }
    output.data += ']';
    co_return Result<void>();
  };
  RK_CO_CHECK_OK(co_await RunWrite(context, std::move(write)));
  co_return std::move(output);
}

Task<Result<json::value>> UpdateIn(db::Connection& connection, const Context& context,
                                   const schema::Collection& collection, const Params& params,
                                   const json::value& values) {
  const access::Permission permission = context.Check(collection, "update");
  if (!permission.allowed) co_return Fail(PermissionDenied());
  RK_CO_CHECK_OK(CheckWriteGuard("update", params, context.catalog.get()));
  RK_CO_CHECK_OK(CheckBody(values));
  RK_CO_TRY(hashed, HashPasswordsNow(context, collection, values));
  const json::value& body = hashed ? *hashed : values;
  WriteSession session(connection, context);
  RK_CO_TRY(text, co_await UpdateOne(session, collection, params, body, permission));
  RK_CO_CHECK_OK(co_await session.Flush());
  co_return ParseJson(text);
}

}  // namespace renkei::records
