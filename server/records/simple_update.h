// The fast path of update where the database has writable CTEs: one record by its key, plain own
// columns, in one statement that locks the row, compares, changes it and writes the audit and
// outbox entries.
#pragma once

#include <optional>

#include "records/write_request.h"

namespace renkei::records {

// nullopt: not that simple, or the row is missing or locked by another: take the general way.
// Errors as Update().
Task<Result<std::optional<Output>>> TrySimpleUpdate(const Context& context,
                                                    const schema::Collection& collection,
                                                    const Params& params, const json::value& values,
                                                    const access::Permission& permission);

}  // namespace renkei::records
