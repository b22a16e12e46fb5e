// What the writing actions have in common: finding the rows a request means, the source of an
// association resource, the answer's text, hashing passwords before the transaction. Free
// functions.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/task.h"
#include "records/records.h"
#include "records/write_rows.h"

namespace renkei::records {

// Runs `body` with a session in a transaction and flushes its journal. `body` may run again.
using WriteBody = std::function<Task<Result<void>>(WriteSession& session)>;
Task<Result<void>> RunWrite(const Context& context, WriteBody body);

// The rows that params select, the permission's scope included, in their default order. They are
// locked.
Task<Result<std::vector<StoredRow>>> SelectRows(WriteSession& session,
                                                const schema::Collection& collection,
                                                const Params& params,
                                                const access::Permission& permission);

// /books/2/genres: the source row and the association. Errors: 404 for an association or a row that
// does not exist.
struct Source {
  const schema::Collection* collection = nullptr;
  const schema::Field* association = nullptr;
  const schema::Collection* target = nullptr;
  StoredRow row;
};
Result<Source> FindSource(const Context& context, const AssociationRef& ref);  // without the row
Task<Result<Source>> LoadSource(WriteSession& session, const AssociationRef& ref);

// "[{…},{…}]" of changed rows: what the caller may view, and what the caller wrote with
// `permission`.
Task<Result<std::string>> EchoRows(WriteSession& session, const schema::Collection& collection,
                                   const std::vector<StoredRow>& rows, const json::value& written,
                                   const access::Permission& permission);

// Plain passwords of the body, nested ones too, become hashes, off the event loop. nullopt: there
// was none. Outside a transaction: hashing takes tens of milliseconds.
Task<Result<std::optional<json::value>>> HashPasswords(const Context& context,
                                                       const schema::Collection& collection,
                                                       const json::value& values);
// The same on this thread, for values that are not hashed yet.
Result<std::optional<json::value>> HashPasswordsNow(const Context& context,
                                                    const schema::Collection& collection,
                                                    const json::value& values);

// Inside the transaction, with the permission settled by the caller.
Task<Result<std::string>> CreateOne(WriteSession& session, const schema::Collection& collection,
                                    const Params& params, const json::value& values,
                                    const access::Permission& permission);
Task<Result<std::vector<StoredRow>>> UpdateSelected(WriteSession& session,
                                                    const schema::Collection& collection,
                                                    const Params& params, const json::value& values,
                                                    const access::Permission& permission);

}  // namespace renkei::records
