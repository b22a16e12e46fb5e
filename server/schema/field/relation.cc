// belongsTo, hasOne, hasMany, belongsToMany, belongsToArray. Their values are rows of other
// collections, which records writes; here they only have names.
#include "schema/field/all.h"
#include "schema/field/common.h"

namespace renkei::schema {
namespace {

class RelationType final : public FieldType {
 public:
  explicit RelationType(std::string_view name) : name_(name) {}
  std::string_view name() const override { return name_; }
  Comparison comparison() const override { return Comparison::kNone; }
  bool is_relation() const override { return true; }
  bool has_column() const override { return false; }
  Result<db::ColumnSpec> Spec(const json::object&) const override { return db::ColumnSpec{}; }
  Result<db::Value> ToStored(const json::value&, const Field& field, const InputContext&,
                             const db::Dialect&) const override {
    return RefuseValue(field, "related records");
  }
  void AppendJson(std::string& out, const db::Cell&, const Field&) const override {
    out.append("null");
  }

 private:
  std::string_view name_;
};

}  // namespace

void AddRelationTypes(FieldTypeList& list) {
  static const RelationType belongs_to("belongsTo"), has_one("hasOne"), has_many("hasMany"),
      belongs_to_many("belongsToMany"), belongs_to_array("belongsToArray");
  list.insert(list.end(), {&belongs_to, &has_one, &has_many, &belongs_to_many, &belongs_to_array});
}

}  // namespace renkei::schema
