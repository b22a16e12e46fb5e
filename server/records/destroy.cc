#include "records/list_plan.h"
#include "records/write_guard.h"
#include "records/write_request.h"

namespace renkei::records {
namespace {

// By key and out of scope is 403, by filter it is nothing found (rest-api.md 12.2).
Task<Result<std::int64_t>> DestroySelected(WriteSession& session,
                                           const schema::Collection& collection,
                                           const Params& params,
                                           const access::Permission& permission) {
  if (params.association) RK_CO_CHECK_OK(co_await LoadSource(session, *params.association));
  RK_CO_TRY(rows, co_await SelectRows(session, collection, params, permission));
  if (permission.filter && params.filter_by_tk) {
    Params by_key;
    by_key.filter_by_tk = params.filter_by_tk;
    by_key.association = params.association;
    access::Permission in_scope = permission;
    RK_CO_TRY(mine, co_await SelectKeysIn(session.connection(), session.context(), collection,
                                          by_key, in_scope));
    in_scope.filter.reset();
    RK_CO_TRY(all, co_await SelectKeysIn(session.connection(), session.context(), collection,
                                         by_key, in_scope));
    if (mine.size() < all.size())
      co_return Fail(PermissionDenied("The record is outside of what your role may delete"));
  }
  co_return co_await DestroyRows(session, collection, std::move(rows));
}

}  // namespace

Task<Result<Output>> Destroy(const Context& context, const schema::Collection& asked,
                             const Params& params) {
  RK_CO_TRY(target, ReadCollection(context, asked, params));
  const schema::Collection& collection = *target;
  const access::Permission permission = context.Check(collection, "destroy");
  if (!permission.allowed) co_return Fail(PermissionDenied());
  RK_CO_CHECK_OK(CheckWriteGuard("destroy", params, context.catalog.get()));
  std::int64_t count = 0;
  WriteBody write = [&](WriteSession& session) -> Task<Result<void>> {
    RK_CO_TRY(destroyed, co_await DestroySelected(session, collection, params, permission));
    count = destroyed;
    co_return Result<void>();
  };
  RK_CO_CHECK_OK(co_await RunWrite(context, std::move(write)));
  Output output;
  output.data = params.association ? "true" : std::to_string(count);
  co_return std::move(output);
}

Task<Result<std::int64_t>> DestroyIn(db::Connection& connection, const Context& context,
                                     const schema::Collection& collection, const Params& params) {
  const access::Permission permission = context.Check(collection, "destroy");
  if (!permission.allowed) co_return Fail(PermissionDenied());
  RK_CO_CHECK_OK(CheckWriteGuard("destroy", params, context.catalog.get()));
  WriteSession session(connection, context);
  RK_CO_TRY(count, co_await DestroySelected(session, collection, params, permission));
  RK_CO_CHECK_OK(co_await session.Flush());
  co_return count;
}

}  // namespace renkei::records
