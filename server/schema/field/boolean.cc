// boolean, and radio: a boolean that at most one row holds (records unsets the others).
#include "schema/field/all.h"
#include "schema/field/common.h"

namespace renkei::schema {
namespace {

class BooleanType final : public FieldType {
 public:
  explicit BooleanType(std::string_view name) : name_(name) {}
  std::string_view name() const override { return name_; }
  Comparison comparison() const override { return Comparison::kBoolean; }

  Result<db::ColumnSpec> Spec(const json::object&) const override {
    db::ColumnSpec spec;
    spec.kind = db::ColumnKind::kBoolean;
    return spec;
  }

  Result<db::Value> ToStored(const json::value& input, const Field& field, const InputContext&,
                             const db::Dialect&) const override {
    if (input.is_bool()) return db::Value::Bool(input.get_bool());
    if (input.is_string() && input.get_string() == "true") return db::Value::Bool(true);
    if (input.is_string() && input.get_string() == "false") return db::Value::Bool(false);
    const auto number = input.is_number() ? ReadInteger(input) : std::nullopt;
    if (number && (*number == 0 || *number == 1)) return db::Value::Bool(*number == 1);
    return RefuseValue(field, "true or false");
  }

  void AppendJson(std::string& out, const db::Cell& cell, const Field&) const override {
    AppendWireBoolean(out, cell);
  }

 private:
  std::string_view name_;
};

}  // namespace

void AddBooleanTypes(FieldTypeList& list) {
  static const BooleanType boolean("boolean"), radio("radio");
  list.insert(list.end(), {&boolean, &radio});
}

}  // namespace renkei::schema
