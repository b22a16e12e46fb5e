// sequence (numbered by records), formula (computed on every write), context (taken from the
// request). formula and context take storage, comparison and wire form from the type in their
// `dataType`.
#include <deque>

#include "schema/field/all.h"
#include "schema/field/common.h"

namespace renkei::schema {
namespace {

class SequenceType final : public FieldType {
 public:
  std::string_view name() const override { return "sequence"; }
  Comparison comparison() const override { return Comparison::kText; }
  Result<db::ColumnSpec> Spec(const json::object&) const override {
    db::ColumnSpec spec;
    spec.kind = db::ColumnKind::kVarchar;
    spec.length = kLength;
    return spec;
  }
  Result<db::Value> ToStored(const json::value& input, const Field& field, const InputContext&,
                             const db::Dialect&) const override {
    auto text = ReadText(input);
    if (!text || text->size() > kLength)
      return RefuseValue(field, "text of at most 255 characters");
    return db::Value::Text(std::move(*text));
  }
  void AppendJson(std::string& out, const db::Cell& cell, const Field&) const override {
    AppendWireText(out, cell);
  }

 private:
  static constexpr int kLength = 255;
};

class ComputedType final : public FieldType {
 public:
  ComputedType(std::string_view name, const FieldType& base) : name_(name), base_(base) {}
  std::string_view name() const override { return name_; }
  Comparison comparison() const override { return base_.comparison(); }
  bool empty_text_is_empty() const override { return base_.empty_text_is_empty(); }
  Result<db::ColumnSpec> Spec(const json::object& options) const override {
    return base_.Spec(options);
  }
  Result<db::Value> ToStored(const json::value& input, const Field& field,
                             const InputContext& context,
                             const db::Dialect& dialect) const override {
    return base_.ToStored(input, field, context, dialect);
  }
  void AppendJson(std::string& out, const db::Cell& cell, const Field& field) const override {
    base_.AppendJson(out, cell, field);
  }

 private:
  std::string_view name_;
  const FieldType& base_;
};

}  // namespace

void AddSequenceType(FieldTypeList& list) {
  static const SequenceType sequence;
  list.push_back(&sequence);
}

void AddComputedTypes(const FieldTypeList& plain, NamedFieldTypes& named) {
  static std::deque<ComputedType> types;  // filled once, from the one static registry
  for (const std::string_view name : {std::string_view("formula"), std::string_view("context")}) {
    for (const FieldType* base : plain) {
      if (!base->has_column() || base->is_password()) continue;
      named.emplace_back(std::string(name) + ":" + std::string(base->name()),
                         &types.emplace_back(name, *base));
    }
  }
}

}  // namespace renkei::schema
