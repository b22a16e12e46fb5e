// array, set: lists. Stored as JSON, or (option dataType "array" with elementType) as a native
// PostgreSQL array.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "schema/field/all.h"
#include "schema/field/common.h"

namespace renkei::schema {
namespace {

bool IsNative(db::ColumnKind kind) {
  return kind == db::ColumnKind::kInt64Array || kind == db::ColumnKind::kTextArray ||
         kind == db::ColumnKind::kUuidArray;
}

db::ColumnKind ElementKind(std::string_view element_type) {
  const std::string name = ToLowerAscii(element_type);
  if (name == "integer" || name == "bigint" || name == "snowflakeid" || name == "sort") {
    return db::ColumnKind::kInt64Array;
  }
  if (name == "uuid") return db::ColumnKind::kUuidArray;
  return db::ColumnKind::kTextArray;
}

// An element in the form its column keeps: whole numbers for key arrays, texts for the others.
std::optional<json::value> Element(const json::value& input, db::ColumnKind kind) {
  if (kind == db::ColumnKind::kInt64Array) {
    const auto number = ReadInteger(input);
    if (!number) return std::nullopt;
    return json::value(*number);
  }
  auto text = ReadText(input);
  if (!text) return std::nullopt;
  return json::value(kind == db::ColumnKind::kUuidArray ? ToLowerAscii(*text) : *text);
}

// {1,2} or {"a","b \"c\""}: PostgreSQL's array literal.
std::string ArrayLiteral(const json::array& items) {
  std::string out = "{";
  for (const json::value& item : items) {
    if (out.size() > 1) out.push_back(',');
    if (item.is_int64()) {
      AppendJsonInt(out, item.get_int64());
      continue;
    }
    out.push_back('"');
    for (const char c : item.get_string()) {
      if (c == '"' || c == '\\') out.push_back('\\');
      out.push_back(c);
    }
    out.push_back('"');
  }
  out.push_back('}');
  return out;
}

// The other way: appends a PostgreSQL array literal as a JSON array.
void AppendLiteralAsJson(std::string& out, std::string_view literal, bool numbers) {
  out.push_back('[');
  std::string item;
  for (std::size_t i = 1; i < literal.size() && literal[i] != '}';) {
    if (literal[i] == ',') {
      out.push_back(',');
      ++i;
      continue;
    }
    const bool quoted = literal[i] == '"';
    item.clear();
    if (quoted) {
      for (++i; i < literal.size() && literal[i] != '"'; ++i) {
        if (literal[i] == '\\') ++i;
        if (i < literal.size()) item.push_back(literal[i]);
      }
      ++i;
    } else {
      while (i < literal.size() && literal[i] != ',' && literal[i] != '}')
        item.push_back(literal[i++]);
    }
    if (!quoted && item == "NULL") {
      out.append("null");
    } else if (numbers) {
      db::Cell cell;
      cell.kind = db::Cell::Kind::kText;
      cell.text = {item.data(), item.size()};
      AppendWireInteger(out, cell);
    } else {
      AppendJsonString(out, item);
    }
  }
  out.push_back(']');
}

class ArrayType final : public FieldType {
 public:
  ArrayType(std::string_view name, bool distinct) : name_(name), distinct_(distinct) {}
  std::string_view name() const override { return name_; }
  Comparison comparison() const override { return Comparison::kArray; }

  Result<db::ColumnSpec> Spec(const json::object& options) const override {
    db::ColumnSpec spec;
    const std::string_view data_type = FindString(options, "dataType", "json");
    if (data_type == "array") {
      spec.kind = ElementKind(FindString(options, "elementType"));
    } else if (data_type == "json" || data_type == "jsonb") {
      spec.kind = db::ColumnKind::kJsonb;
    } else {
      return RefuseOption("dataType",
                          fmt::format("dataType must be json or array, not {}", data_type));
    }
    return spec;
  }

  Result<db::Value> ToStored(const json::value& input, const Field& field, const InputContext&,
                             const db::Dialect& dialect) const override {
    if (!input.is_array() || !IsStorableJson(input)) return RefuseValue(field, "a list");
    json::array items;
    for (const json::value& given : input.get_array()) {
      json::value item = given;
      if (IsNative(field.spec.kind)) {
        auto element = Element(given, field.spec.kind);
        if (!element) return RefuseValue(field, "a list of values of the element type");
        item = std::move(*element);
      }
      if (distinct_ && std::find(items.begin(), items.end(), item) != items.end()) continue;
      items.push_back(std::move(item));
    }
    if (IsNative(field.spec.kind) && StoresNatively(dialect))
      return db::Value::Text(ArrayLiteral(items));
    return db::Value::Text(ToJson(json::value(std::move(items))));
  }

  void AppendJson(std::string& out, const db::Cell& cell, const Field& field) const override {
    const std::string_view text = cell.view();
    if (text.empty()) {
      out.append("null");
    } else if (text.front() == '{' && IsNative(field.spec.kind)) {
      AppendLiteralAsJson(out, text, field.spec.kind == db::ColumnKind::kInt64Array);
    } else {
      out.append(text);
    }
  }

 private:
  std::string_view name_;
  bool distinct_;
};

}  // namespace

void AddArrayTypes(FieldTypeList& list) {
  static const ArrayType array("array", false), set("set", true);
  list.insert(list.end(), {&array, &set});
}

}  // namespace renkei::schema
