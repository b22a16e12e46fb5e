// string, text, code, and `collection` (the name of a collection).
#include <fmt/format.h>

#include "base/text.h"
#include "schema/field/all.h"
#include "schema/field/common.h"

namespace renkei::schema {
namespace {

constexpr int kDefaultLength = 255;
constexpr int kMaxLength = 10'485'760;  // PostgreSQL's own limit for varchar(n)

class TextType : public FieldType {
 public:
  TextType(std::string_view name, bool bounded) : name_(name), bounded_(bounded) {}
  std::string_view name() const override { return name_; }
  Comparison comparison() const override { return Comparison::kText; }

  Result<db::ColumnSpec> Spec(const json::object& options) const override {
    db::ColumnSpec spec;
    spec.kind = bounded_ ? db::ColumnKind::kVarchar : db::ColumnKind::kText;
    if (!bounded_) return spec;
    const json::value* length = Find(options, "length");
    spec.length = kDefaultLength;
    if (length != nullptr && !length->is_null()) {
      const auto given = ReadInteger(*length);
      if (!given || *given < 1 || *given > kMaxLength) {
        return RefuseOption("length", fmt::format("length must be from 1 to {}", kMaxLength));
      }
      spec.length = static_cast<int>(*given);
    }
    return spec;
  }

  Result<db::Value> ToStored(const json::value& input, const Field& field, const InputContext&,
                             const db::Dialect&) const override {
    std::optional<std::string> text = ReadText(input);
    if (!text) return RefuseValue(field, "text or a number");
    if (FindBool(field.options, "trim")) *text = std::string(Trim(*text));
    // Two rows without a value must not collide in a unique column.
    if (text->empty() && field.unique) return db::Value::Null();
    if (bounded_ && field.spec.length > 0 &&
        text->size() > static_cast<std::size_t>(field.spec.length) &&
        CountCodePoints(*text) > static_cast<std::size_t>(field.spec.length)) {
      return RefuseValue(field, fmt::format("text of at most {} characters", field.spec.length));
    }
    return db::Value::Text(std::move(*text));
  }

  void AppendJson(std::string& out, const db::Cell& cell, const Field&) const override {
    AppendWireText(out, cell);
  }

 private:
  std::string_view name_;
  bool bounded_;
};

}  // namespace

void AddTextTypes(FieldTypeList& list) {
  static const TextType string("string", true), text("text", false), code("code", false),
      collection("collection", true);
  list.insert(list.end(), {&string, &text, &code, &collection});
}

}  // namespace renkei::schema
