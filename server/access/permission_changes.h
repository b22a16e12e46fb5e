// What happens to permissions when the shape of the data changes (rest-api.md 12.2): a new field
// joins the field lists of every action configured for its collection, a removed one leaves them, a
// dropped collection takes its entries along. Call inside the transaction of the change; after its
// commit load the AccessStore. Errors are the database's.
#pragma once

#include <string>

#include "base/result.h"
#include "base/task.h"
#include "db/connection.h"
#include "db/dialect.h"

namespace renkei::access {

inline constexpr std::string_view kAccessTopic = "access";

Task<Result<void>> FieldAdded(db::Connection& connection, const db::Dialect& dialect,
                              std::string collection, std::string field);
Task<Result<void>> FieldRemoved(db::Connection& connection, const db::Dialect& dialect,
                                std::string collection, std::string field);
Task<Result<void>> CollectionRemoved(db::Connection& connection, const db::Dialect& dialect,
                                     std::string collection);

}  // namespace renkei::access
