// encryption: plain text in and out, sealed (AES-256-GCM) in the database.
#include "base/crypto.h"
#include "schema/field/all.h"
#include "schema/field/common.h"

namespace renkei::schema {
namespace {

constexpr std::string_view kSealContext = "field";

// Written once at start (SetFieldEncryptionKey), read-only afterwards.
std::string& Key() {
  static std::string key;
  return key;
}

class EncryptionType final : public FieldType {
 public:
  std::string_view name() const override { return "encryption"; }
  Comparison comparison() const override { return Comparison::kNone; }
  Result<db::ColumnSpec> Spec(const json::object&) const override { return db::ColumnSpec{}; }

  Result<db::Value> ToStored(const json::value& input, const Field& field, const InputContext&,
                             const db::Dialect&) const override {
    auto text = ReadText(input);
    if (!text) return RefuseValue(field, "text");
    if (Key().empty())
      return Fail(Unavailable("ENCRYPTION_KEY_MISSING", "Encrypted fields are not available"));
    RK_TRY(sealed, Seal(Key(), *text, kSealContext));
    return db::Value::Text(std::move(sealed));
  }

  void AppendJson(std::string& out, const db::Cell& cell, const Field&) const override {
    if (cell.is_null() || Key().empty()) {
      out.append("null");
      return;
    }
    const Result<std::string> plain = Unseal(Key(), cell.view(), kSealContext);
    if (plain) {
      AppendJsonString(out, *plain);
    } else {
      out.append("null");
    }
  }
};

}  // namespace

void SetFieldEncryptionKey(std::string key32) { Key() = std::move(key32); }

void AddEncryptionType(FieldTypeList& list) {
  static const EncryptionType encryption;
  list.push_back(&encryption);
}

}  // namespace renkei::schema
