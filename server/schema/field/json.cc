// json, jsonb: any document, given back as it was stored.
#include "schema/field/all.h"
#include "schema/field/common.h"

namespace renkei::schema {
namespace {

class JsonType final : public FieldType {
 public:
  JsonType(std::string_view name, db::ColumnKind kind) : name_(name), kind_(kind) {}
  std::string_view name() const override { return name_; }
  Comparison comparison() const override { return Comparison::kJson; }

  Result<db::ColumnSpec> Spec(const json::object&) const override {
    db::ColumnSpec spec;
    spec.kind = kind_;
    return spec;
  }

  Result<db::Value> ToStored(const json::value& input, const Field& field, const InputContext&,
                             const db::Dialect&) const override {
    if (!IsStorableJson(input))
      return RefuseValue(field, "a JSON document without U+0000 in its texts");
    return db::Value::Text(ToJson(input));
  }

  void AppendJson(std::string& out, const db::Cell& cell, const Field&) const override {
    if (cell.kind == db::Cell::Kind::kText && cell.text.size > 0) {
      out.append(cell.view());
    } else if (cell.kind == db::Cell::Kind::kInt || cell.kind == db::Cell::Kind::kDouble) {
      AppendWireDouble(out, cell);
    } else {
      out.append("null");
    }
  }

 private:
  std::string_view name_;
  db::ColumnKind kind_;
};

}  // namespace

void AddJsonTypes(FieldTypeList& list) {
  static const JsonType plain("json", db::ColumnKind::kJson),
      binary("jsonb", db::ColumnKind::kJsonb);
  list.insert(list.end(), {&plain, &binary});
}

}  // namespace renkei::schema
