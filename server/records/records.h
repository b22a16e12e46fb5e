// records is the one door to data: permission, audit entry, outbox entry and row in one transaction; answers are
// appended to `out` as JSON text (the `data` part and, where there is one, `meta`), never built as documents.
//
// Every function may be called from any event-loop thread. Errors are those of the wire (rest-api.md 11).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/task.h"
#include "db/connection.h"
#include "records/context.h"
#include "records/params.h"

namespace renkei::records {

// What goes into the envelope {"data":…,"meta":…}. Empty `meta`: no member. Empty `data`: body {}.
struct Output {
  std::string data;
  std::string meta;
  std::string explain;  // filled by the router for ?explain=1
};

// ---- reading (list.cc, get.cc, tree.cc, aggregate.cc)
Task<Result<Output>> List(const Context& context, const schema::Collection& collection, const Params& params);
Task<Result<Output>> Get(const Context& context, const schema::Collection& collection, const Params& params);
Task<Result<Output>> Query(const Context& context, const schema::Collection& collection, const json::object& body);
// Rows as documents, for the server's own code (meta API, jobs). Same rules; no access check unless context says so.
Task<Result<json::array>> Fetch(const Context& context, const schema::Collection& collection, const Params& params);

// Inside a transaction: rows by condition as documents / as an answer, on that connection.
Task<Result<json::array>> FetchIn(db::Connection& connection, const Context& context, const schema::Collection& collection,
                                  const Params& params);
Task<Result<Output>> ReadRowsIn(db::Connection& connection, const Context& context, const schema::Collection& collection,
                                const Params& params);
// The target-key values (as stored cells turned JSON scalars) of the rows a request selects, scope included.
Task<Result<json::array>> SelectKeysIn(db::Connection& connection, const Context& context, const schema::Collection& collection,
                                       const Params& params, const access::Permission& permission);

// ---- writing (create.cc, update.cc, destroy.cc, first_or_create.cc, move.cc, associate.cc)
Task<Result<Output>> Create(const Context& context, const schema::Collection& collection, const Params& params,
                            const json::value& values);
Task<Result<Output>> Update(const Context& context, const schema::Collection& collection, const Params& params,
                            const json::value& values);
Task<Result<Output>> Destroy(const Context& context, const schema::Collection& collection, const Params& params);
Task<Result<Output>> FirstOrCreate(const Context& context, const schema::Collection& collection, const Params& params,
                                   const json::value& values);
Task<Result<Output>> UpdateOrCreate(const Context& context, const schema::Collection& collection, const Params& params,
                                    const json::value& values);
Task<Result<Output>> Move(const Context& context, const schema::Collection& collection, const json::object& params);
// On an association resource: the default sort field of a hasMany is <foreignKey>Sort.
Task<Result<Output>> MoveWithin(const Context& context, const schema::Collection& collection, const json::object& params,
                                const std::optional<AssociationRef>& association);
enum class LinkChange { kAdd, kSet, kRemove, kToggle };
Task<Result<Output>> ChangeLinks(const Context& context, const Params& params, LinkChange change, const json::value& body);

// The same inside a transaction of the caller's (users with roles, set-up …). Return the row(s) as documents. Plain
// passwords are hashed on this thread, which takes tens of milliseconds: hash them before the transaction.
Task<Result<json::value>> CreateIn(db::Connection& connection, const Context& context, const schema::Collection& collection,
                                   const Params& params, const json::value& values);
Task<Result<json::value>> UpdateIn(db::Connection& connection, const Context& context, const schema::Collection& collection,
                                   const Params& params, const json::value& values);
Task<Result<void>> ChangeLinksIn(db::Connection& connection, const Context& context, const Params& params, LinkChange change,
                                 const json::value& body);
Task<Result<std::int64_t>> DestroyIn(db::Connection& connection, const Context& context, const schema::Collection& collection,
                                     const Params& params);

}  // namespace renkei::records
