// StoredRow is one row as the database holds it, with all stored columns of its collection: the
// before- and after-image of a write, the source of keys, the text of an answer. Cheap to copy (it
// shares the result it came from). Any thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/permission.h"
#include "base/json.h"
#include "db/rows.h"
#include "records/write_sql.h"
#include "schema/collection.h"

namespace renkei::records {

// The stored columns of a collection, in design order: what SELECT and RETURNING lists of the
// writing half name.
struct RowShape {
  const schema::Collection* collection = nullptr;
  std::vector<const schema::Field*> columns;
};
using RowShapeRef = std::shared_ptr<const RowShape>;
RowShapeRef ShapeOf(const schema::Collection& collection);

class StoredRow {
 public:
  StoredRow() = default;
  StoredRow(RowShapeRef shape, std::shared_ptr<const db::Rows> rows, std::size_t index)
      : shape_(std::move(shape)), rows_(std::move(rows)), index_(index) {}

  const schema::Collection& collection() const { return *shape_->collection; }
  const std::vector<const schema::Field*>& columns() const { return shape_->columns; }
  const db::Cell& cell(std::size_t column) const { return rows_->at(index_, column); }
  const db::Cell* Find(std::string_view field_name) const;  // nullptr: no such stored field
  db::Value ValueOf(std::string_view field_name) const;     // NULL when there is none
  json::value JsonOf(std::string_view field_name) const;
  // The target key as text: digits or text of one column, a JSON object for a composite key.
  std::string KeyText() const;

 private:
  RowShapeRef shape_;
  std::shared_ptr<const db::Rows> rows_;
  std::size_t index_ = 0;
};

std::vector<StoredRow> ToStoredRows(const RowShapeRef& shape, db::Rows rows);

db::Value CellToValue(const db::Cell& cell);
db::Cell BorrowCell(const db::Value& value);  // points into `value`
bool SameCell(const db::Cell& a, const db::Cell& b);
json::value CellToJson(const db::Cell& cell, const schema::Field& field);

// Which columns of a written row the answer shows (rest-api.md 12.2): never hidden ones and
// passwords; the caller's view fields, what the caller has just written, keys and stamps. `view`
// null: everything.
struct Echo {
  const access::Permission* view = nullptr;
  const json::value* written = nullptr;        // the body …
  const access::Permission* action = nullptr;  // … of which these keys were written; null: all
  bool Shows(const schema::Collection& collection, const schema::Field& field) const;
};
// `"id":1,"title":"x"`: members without braces; nothing for no column.
void AppendRowMembers(std::string& out, const StoredRow& row, const Echo& echo);

// Fields that find one row again: the primary key, else the target key. Empty: rows cannot be told
// apart.
const std::vector<std::string>& IdentityOf(const schema::Collection& collection);

using KeySpan = std::span<const std::vector<db::Value>>;

// SELECT/RETURNING list, the quoted table (with its schema), "WHERE"-conditions on keys.
void AppendColumnList(WriteSql& sql, const RowShape& shape, std::string_view qualifier = {});
void AppendTable(WriteSql& sql, const schema::Collection& collection);
// `key_fields` equal to one of `keys`, each key one value per field. No keys: a condition that is
// never true.
void AppendKeyCondition(WriteSql& sql, const schema::Collection& collection,
                        const std::vector<std::string>& key_fields, KeySpan keys);
// Composite keys cannot travel as one list parameter: they are cut into what one statement bears.
inline constexpr std::size_t kMaxCompositeKeys = 400;
std::vector<KeySpan> KeyChunks(KeySpan keys, std::size_t width);
std::vector<db::Value> KeyOf(const StoredRow& row, const std::vector<std::string>& key_fields);

}  // namespace renkei::records
