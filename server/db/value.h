// Value is what goes into a statement; Cell is what comes out. Neither knows a field type (schema
// does that).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace renkei::db {

class Value {
 public:
  enum class Kind : std::uint8_t { kNull, kBool, kInt, kDouble, kText, kBlob };

  Value() = default;  // NULL
  static Value Null() { return {}; }
  static Value Bool(bool value) {
    Value v;
    v.kind_ = Kind::kBool;
    v.int_ = value;
    return v;
  }
  static Value Int(std::int64_t value) {
    Value v;
    v.kind_ = Kind::kInt;
    v.int_ = value;
    return v;
  }
  static Value Double(double value) {
    Value v;
    v.kind_ = Kind::kDouble;
    v.double_ = value;
    return v;
  }
  static Value Text(std::string value) {
    Value v;
    v.kind_ = Kind::kText;
    v.text_ = std::move(value);
    return v;
  }
  static Value Text(std::string_view value) { return Text(std::string(value)); }
  static Value Text(const char* value) { return Text(std::string(value)); }
  static Value Blob(std::string value) {
    Value v;
    v.kind_ = Kind::kBlob;
    v.text_ = std::move(value);
    return v;
  }

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool as_bool() const { return int_ != 0; }
  std::int64_t as_int() const { return int_; }
  double as_double() const { return double_; }
  const std::string& as_text() const { return text_; }  // kText and kBlob
  bool operator==(const Value&) const = default;

 private:
  Kind kind_ = Kind::kNull;
  std::int64_t int_ = 0;
  double double_ = 0;
  std::string text_;
};

// One value of a result, borrowed from its Rows. PostgreSQL gives every non-null cell as kText in
// the database's text form (integers as digits, booleans "t"/"f", bytea as "\x…"); SQLite gives its
// storage class.
struct Cell {
  enum class Kind : std::uint8_t { kNull, kInt, kDouble, kText, kBlob };
  Kind kind = Kind::kNull;
  union {
    std::int64_t integer;
    double real;
    struct {
      const char* data;
      std::size_t size;
    } text;
  };
  Cell() : integer(0) {}
  bool is_null() const { return kind == Kind::kNull; }
  std::string_view view() const {
    return kind >= Kind::kText ? std::string_view(text.data, text.size) : std::string_view();
  }

  // Conversions for code that reads system tables; they accept both databases' forms.
  std::int64_t ToInt(std::int64_t fallback = 0) const;
  double ToDouble(double fallback = 0) const;
  bool ToBool(bool fallback = false) const;  // 1/0, "t"/"f", "true"/"false"
  std::string ToText() const;                // digits for numbers, "" for null
};

}  // namespace renkei::db
