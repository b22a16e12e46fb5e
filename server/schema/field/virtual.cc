// virtual, and `tableoid` (the collection a row of an inherited table belongs to): no column,
// nothing stored.
#include "schema/field/all.h"
#include "schema/field/common.h"

namespace renkei::schema {
namespace {

class VirtualType final : public FieldType {
 public:
  explicit VirtualType(std::string_view name) : name_(name) {}
  std::string_view name() const override { return name_; }
  Comparison comparison() const override { return Comparison::kNone; }
  bool has_column() const override { return false; }
  Result<db::ColumnSpec> Spec(const json::object&) const override { return db::ColumnSpec{}; }
  Result<db::Value> ToStored(const json::value&, const Field&, const InputContext&,
                             const db::Dialect&) const override {
    return db::Value::Null();
  }
  void AppendJson(std::string& out, const db::Cell&, const Field&) const override {
    out.append("null");
  }

 private:
  std::string_view name_;
};

}  // namespace

void AddVirtualTypes(FieldTypeList& list) {
  static const VirtualType plain("virtual"), tableoid("tableoid");
  list.insert(list.end(), {&plain, &tableoid});
}

}  // namespace renkei::schema
