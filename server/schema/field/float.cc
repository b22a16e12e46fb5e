// float, double, real.
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "schema/field/all.h"
#include "schema/field/common.h"

namespace renkei::schema {
namespace {

class FloatType final : public FieldType {
 public:
  FloatType(std::string_view name, bool single) : name_(name), single_(single) {}
  std::string_view name() const override { return name_; }
  Comparison comparison() const override { return Comparison::kNumber; }

  Result<db::ColumnSpec> Spec(const json::object&) const override {
    db::ColumnSpec spec;
    spec.kind = single_ ? db::ColumnKind::kReal : db::ColumnKind::kDouble;
    return spec;
  }

  Result<db::Value> ToStored(const json::value& input, const Field& field, const InputContext&,
                             const db::Dialect&) const override {
    const auto value = ReadNumber(input);
    if (!value) return RefuseValue(field, "a number");
    if (!single_) return db::Value::Double(*value);
    // SQLite has only doubles: keep what a float4 would keep, so that both databases answer the
    // same digits.
    const float narrow = static_cast<float>(*value);
    if (!std::isfinite(narrow)) return RefuseValue(field, "a number of single precision");
    return db::Value::Double(std::strtod(fmt::format("{}", narrow).c_str(), nullptr));
  }

  void AppendJson(std::string& out, const db::Cell& cell, const Field&) const override {
    AppendWireDouble(out, cell);
  }

 private:
  std::string_view name_;
  bool single_;
};

}  // namespace

void AddFloatTypes(FieldTypeList& list) {
  static const FloatType single("float", false), twice("double", false), real("real", true);
  list.insert(list.end(), {&single, &twice, &real});
}

}  // namespace renkei::schema
