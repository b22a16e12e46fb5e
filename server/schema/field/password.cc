// password: plain text in, never out. records replaces the converted text by its hash before it is
// stored.
#include <algorithm>

#include "schema/field/all.h"
#include "schema/field/common.h"

namespace renkei::schema {
namespace {

constexpr int kHashLength = 255;           // an Argon2id hash with its parameters needs about 100
constexpr std::size_t kMaxPassword = 512;  // longer ones only cost hashing time

class PasswordType final : public FieldType {
 public:
  std::string_view name() const override { return "password"; }
  Comparison comparison() const override { return Comparison::kNone; }
  bool is_password() const override { return true; }
  Result<db::ColumnSpec> Spec(const json::object& options) const override {
    db::ColumnSpec spec;
    spec.kind = db::ColumnKind::kVarchar;
    constexpr std::int64_t kLongest = 4096;
    spec.length = static_cast<int>(
        std::clamp<std::int64_t>(FindInt(options, "length", kHashLength), kHashLength, kLongest));
    return spec;
  }

  Result<db::Value> ToStored(const json::value& input, const Field& field, const InputContext&,
                             const db::Dialect&) const override {
    auto text = ReadText(input);
    if (!text || text->size() > kMaxPassword)
      return RefuseValue(field, "text of at most 512 bytes");
    return db::Value::Text(std::move(*text));
  }

  void AppendJson(std::string& out, const db::Cell&, const Field&) const override {
    out.append("null");
  }
};

}  // namespace

void AddPasswordType(FieldTypeList& list) {
  static const PasswordType password;
  list.push_back(&password);
}

}  // namespace renkei::schema
