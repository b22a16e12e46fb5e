// Rows of `collections` and `fields` ↔ definitions as the wire shows them: a few columns,
// everything else flattened out of `options` (rest-api.md 9.2, 9.3). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "db/connection.h"
#include "db/dialect.h"

namespace renkei::schema {

// SELECT of all rows, of those of `names`, in `sort` order. Both give rows for ReadCollectionRow /
// ReadFieldRow.
db::Statement SelectCollectionRows(const db::Dialect& dialect,
                                   const std::optional<std::vector<std::string>>& names);
db::Statement SelectFieldRows(const db::Dialect& dialect,
                              const std::optional<std::vector<std::string>>& collections);
json::object ReadCollectionRow(const db::Rows& rows, std::size_t row);
json::object ReadFieldRow(const db::Rows& rows, std::size_t row);

// Writes the row of a definition, new or not (by its `key`). Members that are not columns go into
// `options`.
db::Statement SaveCollectionRow(const db::Dialect& dialect, const json::object& definition);
db::Statement SaveFieldRow(const db::Dialect& dialect, const json::object& definition);

db::Statement DeleteCollectionRow(const db::Dialect& dialect, std::string_view name);
db::Statement DeleteFieldRow(const db::Dialect& dialect, std::string_view collection,
                             std::string_view name);
db::Statement DeleteFieldRowsOf(const db::Dialect& dialect, std::string_view collection);

// The key of a definition made by a migration: 11 characters that never change.
std::string SystemKey(std::string_view collection, std::string_view field = {});

}  // namespace renkei::schema
