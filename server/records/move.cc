#include "records/move_plan.h"
#include "records/write_request.h"
#include "schema/field_type.h"

namespace renkei::records {
namespace {

// The parameters of a move after checking against the catalog.
struct Request {
  explicit Request(const schema::Collection& moved) : collection(moved) {}
  const schema::Collection& collection;
  const schema::Field* sort = nullptr;
  const schema::Field* scope = nullptr;  // null: one order for the whole collection
  json::value source, target;
  std::optional<json::value> target_scope;  // the value of the scope column
  MoveMethod method = MoveMethod::kDefault;
  bool sticky = false;
};

Error BadMove(std::string message, std::string field) {
  return InvalidArgument("INVALID_MOVE", std::move(message),
                         "Give sourceId, and targetId, targetScope or sticky=true",
                         std::move(field));
}

bool IsGiven(const json::value* value) {
  return value != nullptr && !value->is_null() &&
         !(value->is_string() && value->get_string().empty());
}

Result<Request> ParseMove(const schema::Collection& collection, const json::object& params,
                          std::string_view default_sort) {
  Request request(collection);
  const std::string_view name = FindString(params, "sortField", default_sort);
  request.sort = collection.FindField(name);
  if (request.sort == nullptr || request.sort->type->name() != "sort") {
    return Fail(InvalidArgument("NOT_A_SORT_FIELD", std::string(name) + " is not a sort field",
                                "Name a field of type sort with sortField", "sortField"));
  }
  const std::string_view scope = FindString(request.sort->options, "scopeKey");
  if (!scope.empty()) request.scope = collection.FindField(scope);
  const json::value* source = Find(params, "sourceId");
  if (!IsGiven(source)) return Fail(BadMove("sourceId is required", "sourceId"));
  request.source = *source;
  if (const json::value* target = Find(params, "targetId"); IsGiven(target))
    request.target = *target;
  request.method = ParseMoveMethod(FindString(params, "method"));
  const json::value* sticky = Find(params, "sticky");
  request.sticky = sticky != nullptr && ((sticky->is_bool() && sticky->get_bool()) ||
                                         (sticky->is_string() && sticky->get_string() == "true"));
  const json::value* target_scope = Find(params, "targetScope");
  if (target_scope != nullptr && target_scope->is_object() && request.scope != nullptr) {
    if (const json::value* value = Find(target_scope->get_object(), request.scope->name))
      request.target_scope = *value;
  }
  return request;
}

db::Value ScopeOf(const Request& request, const StoredRow& row) {
  return request.scope == nullptr ? db::Value::Null() : row.ValueOf(request.scope->name);
}
bool SameValue(const db::Value& a, const db::Value& b) {
  return a.is_null() == b.is_null() && BorrowCell(a).ToText() == BorrowCell(b).ToText();
}

void AppendScope(WriteSql& sql, const Request& request, const db::Value& scope) {
  if (request.scope == nullptr) {
    sql.Text("1 = 1");
  } else if (scope.is_null()) {
    sql.Name(request.scope->column).Text(" IS NULL");
  } else {
    sql.Name(request.scope->column).Text(" = ").Param(scope);
  }
}

// Rows without a number, or with the same one, cannot be told apart by arithmetic: the scope is
// numbered anew in its present order, once.
Task<Result<void>> NumberScope(WriteSession& session, const Request& request,
                               const db::Value& scope) {
  const schema::Collection& collection = request.collection;
  const std::string sort = WriteSql(session.dialect()).Quoted(request.sort->column);
  WriteSql check(session.dialect());
  check.Text("SELECT count(*), count(DISTINCT ").Text(sort).Text(") FROM ");
  AppendTable(check, collection);
  check.Text(" WHERE ");
  AppendScope(check, request, scope);
  db::Statement count = check.Take("move_check");
  RK_CO_TRY(counted, co_await session.Run(std::move(count), collection));
  if (counted.empty() || counted.at(0, 0).ToInt() == counted.at(0, 1).ToInt())
    co_return Result<void>();
  const std::string key = WriteSql(session.dialect())
                              .Quoted(collection.FindField(IdentityOf(collection).front())->column);
  WriteSql sql(session.dialect());
  sql.Text("UPDATE ");
  AppendTable(sql, collection);
  sql.Text(" SET ")
      .Text(sort)
      .Text(" = rk_order.rk_number FROM (SELECT ")
      .Text(key)
      .Text(" AS rk_key, row_number() OVER (ORDER BY ");
  sql.Text(session.dialect().OrderBy(sort, false))
      .Text(", ")
      .Text(key)
      .Text(") AS rk_number FROM ");
  AppendTable(sql, collection);
  sql.Text(" WHERE ");
  AppendScope(sql, request, scope);
  sql.Text(") AS rk_order WHERE ");
  AppendTable(sql, collection);
  sql.Text(".").Text(key).Text(" = rk_order.rk_key");
  db::Statement statement = sql.Take("move_number");
  RK_CO_CHECK_OK(co_await session.Run(std::move(statement), collection));
  co_return Result<void>();
}

Task<Result<void>> Shift(WriteSession& session, const Request& request, const db::Value& scope,
                         const MovePlan& plan) {
  if (plan.shift == 0) co_return Result<void>();
  WriteSql sql(session.dialect());
  sql.Text("UPDATE ");
  AppendTable(sql, request.collection);
  sql.Text(" SET ")
      .Name(request.sort->column)
      .Text(" = ")
      .Name(request.sort->column)
      .Text(plan.shift > 0 ? " + 1" : " - 1");
  sql.Text(" WHERE ").Name(request.sort->column).Text(" >= ").Param(db::Value::Int(plan.low));
  if (plan.high)
    sql.Text(" AND ").Name(request.sort->column).Text(" <= ").Param(db::Value::Int(*plan.high));
  sql.Text(" AND ");
  AppendScope(sql, request, scope);
  db::Statement statement = sql.Take("move_shift");
  RK_CO_CHECK_OK(co_await session.Run(std::move(statement), request.collection));
  co_return Result<void>();
}

Task<Result<StoredRow>> RowOf(WriteSession& session, const Request& request, const json::value& key,
                              const access::Permission& permission, std::string_view parameter) {
  Params params;
  params.filter_by_tk = key;
  RK_CO_TRY(rows, co_await SelectRows(session, request.collection, params, permission));
  if (rows.size() == 1) co_return std::move(rows.front());
  if (permission.filter)
    co_return Fail(PermissionDenied("The record is outside of what your role may change"));
  co_return Fail(BadMove(std::string(parameter) + " names no record", std::string(parameter)));
}

Task<Result<std::int64_t>> FirstNumber(WriteSession& session, const Request& request,
                                       const db::Value& scope) {
  WriteSql sql(session.dialect());
  sql.Text("SELECT min(").Name(request.sort->column).Text(") FROM ");
  AppendTable(sql, request.collection);
  sql.Text(" WHERE ");
  AppendScope(sql, request, scope);
  db::Statement statement = sql.Take("move_first");
  RK_CO_TRY(rows, co_await session.Run(std::move(statement), request.collection));
  co_return rows.empty() || rows.at(0, 0).is_null() ? 1 : rows.at(0, 0).ToInt();
}

Assignment NumberOf(const Request& request, std::int64_t number) {
  return Assignment{request.sort, db::Value::Int(number), number};
}

Task<Result<void>> MoveToTarget(WriteSession& session, const Request& request, StoredRow source,
                                const access::Permission& permission) {
  RK_CO_TRY(found, co_await RowOf(session, request, request.target, permission, "targetId"));
  const db::Value scope = ScopeOf(request, found);
  const bool same_scope = SameValue(scope, ScopeOf(request, source));
  RK_CO_CHECK_OK(co_await session.Lock(request.collection.name, request.sort->name, "move"));
  RK_CO_CHECK_OK(co_await NumberScope(session, request, scope));
  RK_CO_TRY(target, co_await RowOf(session, request, request.target, permission, "targetId"));
  if (same_scope) {
    RK_CO_TRY(again, co_await RowOf(session, request, request.source, permission, "sourceId"));
    source = std::move(again);
  }
  const std::int64_t to = target.Find(request.sort->name)->ToInt();
  std::vector<Assignment> assignments;
  MovePlan plan;
  if (same_scope) {
    plan = PlanMove(source.Find(request.sort->name)->ToInt(), to, request.method);
  } else {
    plan = PlanInsert(to, request.method);
    assignments.push_back(Assignment{request.scope, scope, found.JsonOf(request.scope->name)});
  }
  RK_CO_CHECK_OK(co_await Shift(session, request, scope, plan));
  assignments.push_back(NumberOf(request, plan.number));
  std::vector<StoredRow> rows{std::move(source)};
  RK_CO_CHECK_OK(
      co_await AssignRows(session, request.collection, std::move(rows), std::move(assignments)));
  co_return Result<void>();
}

// To another scope (a kanban column): its end, or its top with method=prepend; within the scope:
// the top.
Task<Result<void>> MoveToEdge(WriteSession& session, const Request& request, StoredRow source) {
  std::vector<Assignment> assignments;
  db::Value scope = ScopeOf(request, source);
  bool top = request.sticky;
  if (request.target_scope) {
    RK_CO_TRY(assignment, ToAssignment(session.context(), *request.scope, *request.target_scope));
    if (SameValue(assignment.value, scope) && !top) co_return Result<void>();
    scope = assignment.value;
    assignments.push_back(std::move(assignment));
    top = top || request.method == MoveMethod::kPrepend;
  } else if (!top) {
    co_return Fail(BadMove("targetId, targetScope or sticky is required", "targetId"));
  }
  std::int64_t number = 0;
  if (top) {
    RK_CO_CHECK_OK(co_await session.Lock(request.collection.name, request.sort->name, "move"));
    RK_CO_TRY(first, co_await FirstNumber(session, request, scope));
    const db::Cell* own = source.Find(request.sort->name);
    const bool first_already = assignments.empty() && !own->is_null() && own->ToInt() == first;
    number = first_already ? first : first - 1;
  } else {
    RK_CO_TRY(next, co_await NextSortNumber(session, request.collection, *request.sort, scope));
    number = next;
  }
  assignments.push_back(NumberOf(request, number));
  std::vector<StoredRow> rows{std::move(source)};
  RK_CO_CHECK_OK(
      co_await AssignRows(session, request.collection, std::move(rows), std::move(assignments)));
  co_return Result<void>();
}

}  // namespace

Task<Result<Output>> MoveWithin(const Context& context, const schema::Collection& collection,
                                const json::object& params,
                                const std::optional<AssociationRef>& association) {
  const access::Permission permission = context.Check(collection, "update");
  if (!permission.allowed) co_return Fail(PermissionDenied());
  std::string default_sort = "sort";
  if (association) {
    RK_CO_TRY(source, FindSource(context, *association));
    if (source.association->relation->kind == schema::RelationKind::kBelongsToMany) {
      co_return Fail(InvalidArgument("UNSUPPORTED_ACTION",
                                     "move is not available on many-to-many associations",
                                     "Sort the target collection itself"));
    }
    default_sort = source.association->relation->foreign_key + "Sort";
  }
  RK_CO_TRY(request, ParseMove(collection, params, default_sort));
  if (IdentityOf(collection).size() != 1) {
    co_return Fail(
        InvalidArgument("UNSUPPORTED_ACTION", "move needs a collection with a single primary key"));
  }
  WriteBody write = [&](WriteSession& session) -> Task<Result<void>> {
    RK_CO_TRY(source, co_await RowOf(session, request, request.source, permission, "sourceId"));
    if (!request.target.is_null())
      co_return co_await MoveToTarget(session, request, std::move(source), permission);
    co_return co_await MoveToEdge(session, request, std::move(source));
  };
  RK_CO_CHECK_OK(co_await RunWrite(context, std::move(write)));
  Output output;
  output.data = "\"ok\"";
  co_return std::move(output);
}

Task<Result<Output>> Move(const Context& context, const schema::Collection& collection,
                          const json::object& params) {
  static const std::optional<AssociationRef> kNone;
  return MoveWithin(context, collection, params, kNone);
}

}  // namespace renkei::records
