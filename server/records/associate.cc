// add, set, remove, toggle on an association resource (rest-api.md 5.8).
#include "records/write_request.h"

namespace renkei::records {
namespace {

using schema::RelationKind;

// The caller may change the source's row and its association (rest-api.md 12.2).
Task<Result<void>> CheckSource(WriteSession& session, const Params& params, const Source& source,
                               const access::Permission& permission) {
  if (!permission.filter) co_return Result<void>();
  Params by_key;
  json::object key;
  for (const std::string& name : source.collection->filter_target_key)
    key[name] = source.row.JsonOf(name);
  by_key.filter_by_tk = key.size() == 1 ? key.begin()->value() : json::value(key);
  RK_CO_TRY(keys, co_await SelectKeysIn(session.connection(), session.context(), *source.collection,
                                        by_key, permission));
  if (keys.empty())
    co_return Fail(PermissionDenied("The record is outside of what your role may change"));
  co_return Result<void>();
}

std::vector<StoredRow> RowsOf(std::vector<LinkedRow> links) {
  std::vector<StoredRow> rows;
  for (LinkedRow& link : links) rows.push_back(std::move(link.row));
  return rows;
}

// Objects here name keys; they are not values to create.
Result<void> CheckKeys(const json::value& keys) {
  if (!keys.is_object() || !keys.get_object().empty()) return {};
  return Fail(InvalidArgument("INVALID_KEY", "The keys of the records are missing",
                              "Send [1,2] or {\"tk\":[1,2]}"));
}

Task<Result<void>> ChangeOwnKey(WriteSession& session, const Source& source,
                                const json::value& keys, LinkChange change) {
  const schema::Relation& relation = *source.association->relation;
  const schema::Field* key = source.collection->FindField(relation.foreign_key);
  if (key == nullptr)
    co_return Fail(Internal("association " + source.association->name + " has no foreign key"));
  Assignment assignment{key, db::Value::Null(), nullptr};
  if (change != LinkChange::kRemove) {
    WriteOptions options;
    options.links_only = true;
    const std::vector<Assignment> none;
    RK_CO_TRY(links, co_await ResolveLinks(session, *source.association, *source.target, keys, true,
                                           none, options));
    if (!links.empty()) {
      assignment.value = links.front().row.ValueOf(relation.target_key);
      assignment.json = links.front().row.JsonOf(relation.target_key);
    }
  }
  std::vector<StoredRow> rows{source.row};
  std::vector<Assignment> assignments{std::move(assignment)};
  RK_CO_CHECK_OK(
      co_await AssignRows(session, *source.collection, std::move(rows), std::move(assignments)));
  co_return Result<void>();
}

Task<Result<void>> ChangeForeignKeys(WriteSession& session, const Source& source,
                                     const json::value& keys, LinkChange change) {
  const schema::Field& association = *source.association;
  RK_CO_TRY(foreign_key, ForeignKeyOf(session, source.row, association, *source.target));
  const bool to_one = !association.relation->to_many();
  WriteOptions options;
  options.links_only = true;
  const std::vector<Assignment> none;
  if (change == LinkChange::kRemove) {
    if (to_one)
      co_return co_await UnlinkForeign(session, source.row, association, *source.target, nullptr);
    RK_CO_TRY(links, co_await ResolveLinks(session, association, *source.target, keys, false, none,
                                           options));
    std::vector<StoredRow> rows = RowsOf(std::move(links));
    const std::string own = BorrowCell(foreign_key.value).ToText();
    std::erase_if(rows, [&](const StoredRow& row) {
      const db::Cell* cell = row.Find(foreign_key.field->name);
      return cell == nullptr || cell->is_null() || cell->ToText() != own;
    });
    std::vector<Assignment> cleared{Assignment{foreign_key.field, db::Value::Null(), nullptr}};
    RK_CO_CHECK_OK(
        co_await AssignRows(session, *source.target, std::move(rows), std::move(cleared)));
    co_return Result<void>();
  }
  if (change == LinkChange::kSet || to_one) {
    RK_CO_CHECK_OK(co_await UnlinkForeign(session, source.row, association, *source.target, keys));
  }
  std::vector<Assignment> preset{foreign_key};
  RK_CO_CHECK_OK(
      co_await ResolveLinks(session, association, *source.target, keys, to_one, preset, options));
  co_return Result<void>();
}

Task<Result<void>> ChangeThrough(WriteSession& session, const Source& source,
                                 const json::value& keys, LinkChange change) {
  const schema::Field& association = *source.association;
  WriteOptions options;
  options.links_only = true;
  const std::vector<Assignment> none;
  RK_CO_TRY(links, co_await ResolveLinks(session, association, *source.target, keys, false, none,
                                         options));
  switch (change) {
    case LinkChange::kAdd:
      co_return co_await LinkThrough(session, source.row, association, std::move(links), false);
    case LinkChange::kSet:
      co_return co_await LinkThrough(session, source.row, association, std::move(links), true);
    case LinkChange::kRemove: {
      std::vector<StoredRow> rows = RowsOf(std::move(links));
      co_return co_await UnlinkThrough(session, source.row, association, std::move(rows));
    }
    case LinkChange::kToggle:
      break;
  }
  for (LinkedRow& link : links) {
    RK_CO_TRY(linked, co_await IsLinkedThrough(session, source.row, association, link.row));
    std::vector<StoredRow> row{link.row};
    std::vector<LinkedRow> one;
    one.push_back(std::move(link));
    if (linked) {
      RK_CO_CHECK_OK(co_await UnlinkThrough(session, source.row, association, std::move(row)));
    } else {
      RK_CO_CHECK_OK(co_await LinkThrough(session, source.row, association, std::move(one), false));
    }
  }
  co_return Result<void>();
}

Task<Result<void>> Change(WriteSession& session, const Source& source, const json::value& keys,
                          LinkChange change) {
  switch (source.association->relation->kind) {
    case RelationKind::kBelongsToMany:
      return ChangeThrough(session, source, keys, change);
    case RelationKind::kHasOne:
    case RelationKind::kHasMany:
      return ChangeForeignKeys(session, source, keys, change);
    default:
      return ChangeOwnKey(session, source, keys, change);
  }
}

struct LinkRequest {
  access::Permission permission;
  json::value keys;
};

Result<LinkRequest> ParseRequest(const Context& context, const Params& params, LinkChange change,
                                 const json::value& body) {
  if (!params.association) {
    return Fail(
        NotFound("ASSOCIATION_NOT_FOUND",
                 "This action needs an association: /api/<collection>/<key>/<association>:add"));
  }
  RK_TRY(source, FindSource(context, *params.association));
  LinkRequest request;
  request.permission = context.Check(*source.collection, "update");
  if (!request.permission.allowed || !request.permission.MayField(source.association->name)) {
    return Fail(PermissionDenied("Linking needs the right to update " + source.collection->name));
  }
  if (change == LinkChange::kToggle &&
      source.association->relation->kind != RelationKind::kBelongsToMany) {
    return Fail(InvalidArgument("UNSUPPORTED_ACTION",
                                "toggle is available on many-to-many associations only",
                                "Use add or remove"));
  }
  const json::value* by_tk = params.filter_by_tk ? &*params.filter_by_tk : nullptr;
  const bool found = LinkKeysOf(by_tk, params.filter_by_tks, body, request.keys);
  const bool none_needed =
      change == LinkChange::kRemove && !source.association->relation->to_many();
  if (!found && !none_needed) {
    return Fail(InvalidArgument("INVALID_KEY", "The keys of the records are missing",
                                "Send filterByTk, filterByTks, an array of keys or {\"tk\":[1,2]}",
                                "filterByTk"));
  }
  RK_CHECK_OK(CheckKeys(request.keys));
  return request;
}

}  // namespace

Task<Result<void>> ChangeLinksIn(db::Connection& connection, const Context& context,
                                 const Params& params, LinkChange change, const json::value& body) {
  RK_CO_TRY(request, ParseRequest(context, params, change, body));
  WriteSession session(connection, context);
  RK_CO_TRY(source, co_await LoadSource(session, *params.association));
  RK_CO_CHECK_OK(co_await CheckSource(session, params, source, request.permission));
  RK_CO_CHECK_OK(co_await Change(session, source, request.keys, change));
  co_return co_await session.Flush();
}

Task<Result<Output>> ChangeLinks(const Context& context, const Params& params, LinkChange change,
                                 const json::value& body) {
  // Refusals that need no database come before the transaction.
  RK_CO_CHECK_OK(ParseRequest(context, params, change, body));
  db::TransactionBody transaction = [&](db::Connection& connection) {
    return ChangeLinksIn(connection, context, params, change, body);
  };
  RK_CO_CHECK_OK(co_await context.database.Transact(std::move(transaction), context.deadline));
  Output output;
  if (change == LinkChange::kToggle) output.data = "\"ok\"";
  co_return std::move(output);
}

}  // namespace renkei::records
