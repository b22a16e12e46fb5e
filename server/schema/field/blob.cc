// blob: bytes. Base64 on the wire up to 4 KiB; above that only size and digest, so that a list
// stays small.
#include "base/crypto.h"
#include "base/text.h"
#include "schema/field/all.h"
#include "schema/field/common.h"

namespace renkei::schema {
namespace {

constexpr std::size_t kMaxInline = 4096;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// PostgreSQL's text form "\x0aff…", or SQLite's bytes as they are.
std::string Bytes(const db::Cell& cell) {
  const std::string_view text = cell.view();
  if (cell.kind != db::Cell::Kind::kText || text.substr(0, 2) != "\\x") return std::string(text);
  std::string out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 2; i + 1 < text.size(); i += 2) {
    out.push_back(static_cast<char>(HexDigit(text[i]) * 16 + HexDigit(text[i + 1])));
  }
  return out;
}

class BlobType final : public FieldType {
 public:
  std::string_view name() const override { return "blob"; }
  Comparison comparison() const override { return Comparison::kBinary; }
  Result<db::ColumnSpec> Spec(const json::object&) const override {
    db::ColumnSpec spec;
    spec.kind = db::ColumnKind::kBlob;
    return spec;
  }

  // Base64 text, or {"type":"Buffer","data":[…]} as NocoBase prints bytes.
  Result<db::Value> ToStored(const json::value& input, const Field& field, const InputContext&,
                             const db::Dialect&) const override {
    std::optional<std::string> bytes;
    if (input.is_string()) {
      bytes = Base64Decode(View(input.get_string()));
    } else if (const json::value* data = Find(input, "data"); data != nullptr && data->is_array()) {
      bytes.emplace();
      for (const json::value& item : data->get_array()) {
        const auto byte = ReadInteger(item);
        if (!byte || *byte < 0 || *byte > 255) return RefuseValue(field, "Base64 text");
        bytes->push_back(static_cast<char>(*byte));
      }
    }
    if (!bytes) return RefuseValue(field, "Base64 text");
    return db::Value::Blob(std::move(*bytes));
  }

  void AppendJson(std::string& out, const db::Cell& cell, const Field&) const override {
    if (cell.is_null()) {
      out.append("null");
      return;
    }
    const std::string bytes = Bytes(cell);
    if (bytes.size() <= kMaxInline) {
      AppendJsonString(out, Base64Encode(bytes));
      return;
    }
    out.append("{\"size\":");
    AppendJsonInt(out, static_cast<std::int64_t>(bytes.size()));
    out.append(",\"sha256\":\"").append(Sha256Hex(bytes)).append("\"}");
  }
};

}  // namespace

void AddBlobType(FieldTypeList& list) {
  static const BlobType blob;
  list.push_back(&blob);
}

}  // namespace renkei::schema
