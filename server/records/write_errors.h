// What the database said about a write, in the words of the wire (rest-api.md 11): titles of fields
// instead of columns. Pure.
#pragma once

#include <string_view>

#include "base/error.h"
#include "schema/catalog.h"

namespace renkei::records {

// `collection`: of the statement that failed. Other errors pass unchanged.
Error RewriteWriteError(Error error, const schema::Catalog& catalog,
                        const schema::Collection& collection, std::string_view locale);

}  // namespace renkei::records
