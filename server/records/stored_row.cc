#include "records/stored_row.h"

#include <algorithm>

#include "schema/field_type.h"

namespace renkei::records {

RowShapeRef ShapeOf(const schema::Collection& collection) {
  auto shape = std::make_shared<RowShape>();
  shape->collection = &collection;
  shape->columns.reserve(collection.fields.size());
  for (const schema::Field& field : collection.fields) {
    if (field.has_column()) shape->columns.push_back(&field);
  }
  return shape;
}

const db::Cell* StoredRow::Find(std::string_view field_name) const {
  for (std::size_t i = 0; i < shape_->columns.size(); ++i) {
    if (shape_->columns[i]->name == field_name) return &cell(i);
  }
  return nullptr;
}

db::Value StoredRow::ValueOf(std::string_view field_name) const {
  const db::Cell* found = Find(field_name);
  return found == nullptr ? db::Value::Null() : CellToValue(*found);
}

json::value StoredRow::JsonOf(std::string_view field_name) const {
  const db::Cell* found = Find(field_name);
  if (found == nullptr) return nullptr;
  return CellToJson(*found, *collection().FindField(field_name));
}

std::string StoredRow::KeyText() const {
  const std::vector<std::string>& key = collection().filter_target_key.empty()
                                            ? IdentityOf(collection())
                                            : collection().filter_target_key;
  if (key.size() == 1) {
    const db::Cell* found = Find(key.front());
    return found == nullptr ? std::string() : found->ToText();
  }
  std::string out = "{";
  for (const std::string& name : key) {
    const db::Cell* found = Find(name);
    if (found == nullptr) continue;
    if (out.size() > 1) out += ',';
    AppendJsonString(out, name);
    out += ':';
    collection().FindField(name)->type->AppendJson(out, *found, *collection().FindField(name));
  }
  return out + "}";
}

std::vector<StoredRow> ToStoredRows(const RowShapeRef& shape, db::Rows rows) {
  auto shared = std::make_shared<const db::Rows>(std::move(rows));
  std::vector<StoredRow> out;
  out.reserve(shared->size());
  for (std::size_t i = 0; i < shared->size(); ++i) out.emplace_back(shape, shared, i);
  return out;
}

db::Value CellToValue(const db::Cell& cell) {
  switch (cell.kind) {
    case db::Cell::Kind::kNull:
      return db::Value::Null();
    case db::Cell::Kind::kInt:
      return db::Value::Int(cell.integer);
    case db::Cell::Kind::kDouble:
      return db::Value::Double(cell.real);
    case db::Cell::Kind::kText:
      return db::Value::Text(cell.view());
    case db::Cell::Kind::kBlob:
      return db::Value::Blob(std::string(cell.view()));
  }
  return db::Value::Null();
}

db::Cell BorrowCell(const db::Value& value) {
  db::Cell cell;
  switch (value.kind()) {
    case db::Value::Kind::kNull:
      break;
    case db::Value::Kind::kBool:
    case db::Value::Kind::kInt:
      cell.kind = db::Cell::Kind::kInt;
      cell.integer = value.as_int();
      break;
    case db::Value::Kind::kDouble:
      cell.kind = db::Cell::Kind::kDouble;
      cell.real = value.as_double();
      break;
    case db::Value::Kind::kText:
    case db::Value::Kind::kBlob:
      cell.kind =
          value.kind() == db::Value::Kind::kText ? db::Cell::Kind::kText : db::Cell::Kind::kBlob;
      cell.text = {value.as_text().data(), value.as_text().size()};
      break;
  }
  return cell;
}

bool SameCell(const db::Cell& a, const db::Cell& b) {
  using Kind = db::Cell::Kind;
  if (a.kind != b.kind) {
    // SQLite may give 1 and 1.0 of the same column; anything else of two kinds differs.
    if (a.kind == Kind::kInt && b.kind == Kind::kDouble)
      return static_cast<double>(a.integer) == b.real;
    if (a.kind == Kind::kDouble && b.kind == Kind::kInt)
      return a.real == static_cast<double>(b.integer);
    return false;
  }
  switch (a.kind) {
    case Kind::kNull:
      return true;
    case Kind::kInt:
      return a.integer == b.integer;
    case Kind::kDouble:
      return a.real == b.real;
    case Kind::kText:
    case Kind::kBlob:
      return a.view() == b.view();
  }
  return false;
}

json::value CellToJson(const db::Cell& cell, const schema::Field& field) {
  if (cell.is_null()) return nullptr;
  std::string text;
  field.type->AppendJson(text, cell, field);
  auto parsed = ParseJson(text);
  return parsed ? std::move(*parsed) : json::value(nullptr);
}

bool Echo::Shows(const schema::Collection& collection, const schema::Field& field) const {
  if (field.hidden || field.type->is_password()) return false;
  if (view == nullptr || (view->allowed && !view->fields)) return true;
  if (field.primary_key || field.name == "createdAt" || field.name == "updatedAt" ||
      field.name == "createdById")
    return true;
  for (const std::string& key : collection.filter_target_key) {
    if (key == field.name) return true;
  }
  if (view->allowed && view->MayField(field.name)) return true;
  if (action != nullptr && !action->MayField(field.name)) return false;  // dropped, not written
  return written != nullptr && Find(*written, field.name) != nullptr;
}

void AppendRowMembers(std::string& out, const StoredRow& row, const Echo& echo) {
  bool first = true;
  for (std::size_t i = 0; i < row.columns().size(); ++i) {
    const schema::Field& field = *row.columns()[i];
    if (!echo.Shows(row.collection(), field)) continue;
    if (!first) out += ',';
    first = false;
    AppendJsonString(out, field.name);
    out += ':';
    const db::Cell& cell = row.cell(i);
    if (cell.is_null()) {
      out += "null";
    } else {
      field.type->AppendJson(out, cell, field);
    }
  }
}

const std::vector<std::string>& IdentityOf(const schema::Collection& collection) {
  return collection.primary_key.empty() ? collection.filter_target_key : collection.primary_key;
}

void AppendColumnList(WriteSql& sql, const RowShape& shape, std::string_view qualifier) {
  bool first = true;
  for (const schema::Field* field : shape.columns) {
    if (!first) sql.Text(", ");
    first = false;
    if (!qualifier.empty()) sql.Text(qualifier).Text(".");
    sql.Name(field->column);
  }
}

void AppendTable(WriteSql& sql, const schema::Collection& collection) {
  if (!collection.schema_name.empty()) sql.Name(collection.schema_name).Text(".");
  sql.Name(collection.table);
}

void AppendKeyCondition(WriteSql& sql, const schema::Collection& collection,
                        const std::vector<std::string>& key_fields, KeySpan keys) {
  if (keys.empty() || key_fields.empty()) {
    sql.Text("1 = 0");
    return;
  }
  if (key_fields.size() == 1 && keys.size() > 1) {
    const schema::Field& field = *collection.FindField(key_fields.front());
    std::vector<db::Value> list;
    list.reserve(keys.size());
    for (const auto& key : keys) list.push_back(key.front());
    const std::size_t index = sql.Add(sql.dialect().EncodeList(list, field.spec.kind));
    sql.Text(sql.dialect().InList(sql.Quoted(field.column), index, field.spec.kind, false));
    return;
  }
  sql.Text("(");
  for (std::size_t k = 0; k < keys.size(); ++k) {
    if (k > 0) sql.Text(" OR ");
    for (std::size_t i = 0; i < key_fields.size(); ++i) {
      if (i > 0) sql.Text(" AND ");
      sql.Name(collection.FindField(key_fields[i])->column).Text(" = ").Param(keys[k][i]);
    }
  }
  sql.Text(")");
}

std::vector<KeySpan> KeyChunks(KeySpan keys, std::size_t width) {
  const std::size_t size = width > 1 ? kMaxCompositeKeys : keys.size();
  std::vector<KeySpan> chunks;
  for (std::size_t from = 0; from < keys.size(); from += size) {
    chunks.push_back(keys.subspan(from, std::min(size, keys.size() - from)));
  }
  return chunks;
}

std::vector<db::Value> KeyOf(const StoredRow& row, const std::vector<std::string>& key_fields) {
  std::vector<db::Value> key;
  key.reserve(key_fields.size());
  for (const std::string& name : key_fields) key.push_back(row.ValueOf(name));
  return key;
}

}  // namespace renkei::records
