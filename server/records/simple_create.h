// The fast path of create: one record of plain own columns. Everything is prepared on the event
// loop; the database gets one statement (row, audit entry and outbox entry together) where it has
// writable CTEs, and three without thinking in between otherwise.
#pragma once

#include <optional>

#include "records/write_request.h"

namespace renkei::records {

// nullopt: not that simple, take the general way. Errors as Create().
Task<Result<std::optional<Output>>> TrySimpleCreate(const Context& context,
                                                    const schema::Collection& collection,
                                                    const Params& params, const json::value& values,
                                                    const access::Permission& permission);

}  // namespace renkei::records
