#include "records/simple_create.h"
#include "records/write_request.h"

namespace renkei::records {
namespace {

Error InvalidBody() {
  return InvalidArgument("INVALID_BODY", "The body must be a JSON object or an array of objects",
                         "Send the values themselves, without a wrapper");
}

bool IsBody(const json::value& values) {
  if (values.is_object() || values.is_null()) return true;
  if (!values.is_array()) return false;
  for (const json::value& item : values.get_array()) {
    if (!item.is_object()) return false;
  }
  return true;
}

// Creates the target of an association resource and links it to its source.
Task<Result<Written>> CreateLinked(WriteSession& session, const Source& source,
                                   const json::object& values, WriteOptions options) {
  const schema::Field& association = *source.association;
  switch (association.relation->kind) {
    case schema::RelationKind::kHasOne:
    case schema::RelationKind::kHasMany: {
      RK_CO_TRY(foreign_key, ForeignKeyOf(session, source.row, association, *source.target));
      if (!association.relation->to_many()) {
        RK_CO_CHECK_OK(
            co_await UnlinkForeign(session, source.row, association, *source.target, nullptr));
      }
      options.preset.push_back(foreign_key);
      co_return co_await CreateRow(session, *source.target, values, options);
    }
    case schema::RelationKind::kBelongsToMany: {
      RK_CO_TRY(written, co_await CreateRow(session, *source.target, values, options));
      std::vector<LinkedRow> targets(1);
      targets.front().row = written.row;
      const json::value* through = Find(values, association.relation->through);
      if (through != nullptr && through->is_object())
        targets.front().through = &through->get_object();
      RK_CO_CHECK_OK(
          co_await LinkThrough(session, source.row, association, std::move(targets), false));
      co_return std::move(written);
    }
    default:
      break;
  }
  RK_CO_TRY(written, co_await CreateRow(session, *source.target, values, options));
  const schema::Field* key = source.collection->FindField(association.relation->foreign_key);
  if (key == nullptr)
    co_return Fail(Internal("association " + association.name + " has no foreign key"));
  std::vector<StoredRow> rows{source.row};
  std::vector<Assignment> link{Assignment{key,
                                          written.row.ValueOf(association.relation->target_key),
                                          written.row.JsonOf(association.relation->target_key)}};
  RK_CO_CHECK_OK(
      co_await AssignRows(session, *source.collection, std::move(rows), std::move(link)));
  co_return std::move(written);
}

}  // namespace

Task<Result<std::string>> CreateOne(WriteSession& session, const schema::Collection& collection,
                                    const Params& params, const json::value& values,
                                    const access::Permission& permission) {
  static const json::object kEmpty;
  const json::object& object = values.is_object() ? values.get_object() : kEmpty;
  WriteOptions options;
  options.params = &params;
  options.permission = &permission;
  Written written;
  if (params.association) {
    RK_CO_TRY(source, co_await LoadSource(session, *params.association));
    RK_CO_TRY(linked, co_await CreateLinked(session, source, object, std::move(options)));
    written = std::move(linked);
  } else {
    RK_CO_TRY(made, co_await CreateRow(session, collection, object, options));
    written = std::move(made);
  }
  const access::Permission view = session.context().Check(collection, "view");
  co_return written.Json(view.allowed ? Echo{&view, &values, &permission} : Echo{});
}

Task<Result<Output>> Create(const Context& context, const schema::Collection& collection,
                            const Params& params, const json::value& values) {
  const access::Permission permission = context.Check(collection, "create");
  if (!permission.allowed) co_return Fail(PermissionDenied());
  if (!IsBody(values)) co_return Fail(InvalidBody());
  RK_CO_TRY(hashed, co_await HashPasswords(context, collection, values));
  const json::value& body = hashed ? *hashed : values;
  RK_CO_TRY(simple, co_await TrySimpleCreate(context, collection, params, body, permission));
  if (simple) co_return std::move(*simple);
  Output output;
  WriteBody write = [&](WriteSession& session) -> Task<Result<void>> {
    output.data.clear();
    if (!body.is_array()) {
      RK_CO_TRY(row, co_await CreateOne(session, collection, params, body, permission));
      output.data = std::move(row);
      co_return Result<void>();
    }
    output.data = "[";
    for (const json::value& item : body.get_array()) {
      RK_CO_TRY(row, co_await CreateOne(session, collection, params, item, permission));
      if (output.data.size() > 1) output.data += ',';
      output.data += row;
    }
    output.data += ']';
    co_return Result<void>();
  };
  RK_CO_CHECK_OK(co_await RunWrite(context, std::move(write)));
  co_return std::move(output);
}

Task<Result<json::value>> CreateIn(db::Connection& connection, const Context& context,
                                   const schema::Collection& collection, const Params& params,
                                   const json::value& values) {
  const access::Permission permission = context.Check(collection, "create");
  if (!permission.allowed) co_return Fail(PermissionDenied());
  if (!IsBody(values)) co_return Fail(InvalidBody());
  RK_CO_TRY(hashed, HashPasswordsNow(context, collection, values));
  const json::value& body = hashed ? *hashed : values;
  WriteSession session(connection, context);
  std::string text;
  if (body.is_array()) {
    text = "[";
    for (const json::value& item : body.get_array()) {
      RK_CO_TRY(row, co_await CreateOne(session, collection, params, item, permission));
      if (text.size() > 1) text += ',';
      text += row;
    }
    text += ']';
  } else {
    RK_CO_TRY(row, co_await CreateOne(session, collection, params, body, permission));
    text = std::move(row);
  }
  RK_CO_CHECK_OK(co_await session.Flush());
  co_return ParseJson(text);
}

}  // namespace renkei::records
