// uid, uuid, nanoid: keys the server makes when the client gives none.
#include <fmt/format.h>

#include <regex>

#include "base/id.h"
#include "base/text.h"
#include "schema/field/all.h"
#include "schema/field/common.h"

namespace renkei::schema {
namespace {

constexpr int kKeyLength = 255;
constexpr std::size_t kMaxPatternInput = 255;  // std::regex recurses per character

bool IsWordCharacter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

class UidType final : public FieldType {
 public:
  std::string_view name() const override { return "uid"; }
  Comparison comparison() const override { return Comparison::kText; }
  Result<db::ColumnSpec> Spec(const json::object&) const override {
    db::ColumnSpec spec;
    spec.kind = db::ColumnKind::kVarchar;
    spec.length = kKeyLength;
    return spec;
  }

  Result<db::Value> ToStored(const json::value& input, const Field& field, const InputContext&,
                             const db::Dialect&) const override {
    auto text = ReadText(input);
    if (!text || text->size() > kKeyLength ||
        !Matches(*text, FindString(field.options, "pattern"))) {
      return RefuseValue(field, "letters, digits, _ and -");
    }
    return db::Value::Text(std::move(*text));
  }

  void AppendJson(std::string& out, const db::Cell& cell, const Field&) const override {
    AppendWireText(out, cell);
  }

  std::optional<json::value> Generate(const Field& field) const override {
    return json::value(std::string(FindString(field.options, "prefix")) + RandomUid());
  }

 private:
  static bool Matches(std::string_view text, std::string_view pattern) {
    if (text.empty()) return false;
    if (!pattern.empty() && text.size() <= kMaxPatternInput) {
      try {
        return std::regex_search(text.begin(), text.end(), std::regex(std::string(pattern)));
      } catch (const std::regex_error&) {
        return false;  // a pattern nobody can match; ParseField refuses it where it can be seen
      }
    }
    for (const char c : text) {
      if (!IsWordCharacter(c) && c != '-') return false;
    }
    return text.front() != '-';
  }
};

class UuidType final : public FieldType {
 public:
  std::string_view name() const override { return "uuid"; }
  Comparison comparison() const override { return Comparison::kUuid; }
  Result<db::ColumnSpec> Spec(const json::object&) const override {
    db::ColumnSpec spec;
    spec.kind = db::ColumnKind::kUuid;
    return spec;
  }

  Result<db::Value> ToStored(const json::value& input, const Field& field, const InputContext&,
                             const db::Dialect&) const override {
    if (input.is_string()) {
      std::string text = ToLowerAscii(Trim(View(input.get_string())));
      if (IsUuid(text)) return db::Value::Text(std::move(text));
    }
    return RefuseValue(field, "a UUID such as 7b0c3a5e-52c5-4b7e-9d6b-0d8d1f6a2c11");
  }

  void AppendJson(std::string& out, const db::Cell& cell, const Field&) const override {
    AppendWireText(out, cell);
  }

  std::optional<json::value> Generate(const Field& field) const override {
    if (!FindBool(field.options, "autoFill", true)) return std::nullopt;
    return json::value(RandomUuidV4());
  }

 private:
  static bool IsUuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
      const bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
      if (dash ? text[i] != '-' : !hex) return false;
    }
    return true;
  }
};

class NanoidType final : public FieldType {
 public:
  std::string_view name() const override { return "nanoid"; }
  Comparison comparison() const override { return Comparison::kText; }
  Result<db::ColumnSpec> Spec(const json::object& options) const override {
    const std::int64_t size = FindInt(options, "size", kDefaultSize);
    if (size < 1 || size > kKeyLength) {
      return RefuseOption("size", fmt::format("size must be from 1 to {}", kKeyLength));
    }
    db::ColumnSpec spec;
    spec.kind = db::ColumnKind::kVarchar;
    spec.length = kKeyLength;
    return spec;
  }

  Result<db::Value> ToStored(const json::value& input, const Field& field, const InputContext&,
                             const db::Dialect&) const override {
    auto text = ReadText(input);
    if (!text || CountCodePoints(*text) > kKeyLength) {
      return RefuseValue(field, fmt::format("text of at most {} characters", kKeyLength));
    }
    if (text->empty() && field.unique) return db::Value::Null();
    return db::Value::Text(std::move(*text));
  }

  void AppendJson(std::string& out, const db::Cell& cell, const Field&) const override {
    AppendWireText(out, cell);
  }

  std::optional<json::value> Generate(const Field& field) const override {
    if (!FindBool(field.options, "autoFill", true)) return std::nullopt;
    const auto size = static_cast<std::size_t>(FindInt(field.options, "size", kDefaultSize));
    return json::value(RandomNanoid(size, FindString(field.options, "customAlphabet")));
  }

 private:
  static constexpr std::int64_t kDefaultSize = 12;
};

}  // namespace

void AddIdentifierTypes(FieldTypeList& list) {
  static const UidType uid;
  static const UuidType uuid;
  static const NanoidType nanoid;
  list.insert(list.end(), {&uid, &uuid, &nanoid});
}

}  // namespace renkei::schema
