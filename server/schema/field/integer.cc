// integer, bigInt, sort, snowflakeId.
#include <limits>

#include "base/id.h"
#include "schema/field/all.h"
#include "schema/field/common.h"

namespace renkei::schema {
namespace {

class IntegerType : public FieldType {
 public:
  IntegerType(std::string_view name, bool wide) : name_(name), wide_(wide) {}
  std::string_view name() const override { return name_; }
  Comparison comparison() const override { return Comparison::kInteger; }

  Result<db::ColumnSpec> Spec(const json::object& options) const override {
    db::ColumnSpec spec;
    spec.kind = wide_ ? db::ColumnKind::kInt64 : db::ColumnKind::kInt32;
    spec.auto_increment = FindBool(options, "autoIncrement");
    return spec;
  }

  Result<db::Value> ToStored(const json::value& input, const Field& field, const InputContext&,
                             const db::Dialect&) const override {
    const auto value = ReadInteger(input);
    if (!value) return RefuseValue(field, "a whole number");
    if (!wide_ && (*value > std::numeric_limits<std::int32_t>::max() ||
                   *value < std::numeric_limits<std::int32_t>::min())) {
      return RefuseValue(field, "a whole number from -2147483648 to 2147483647");
    }
    return db::Value::Int(*value);
  }

  void AppendJson(std::string& out, const db::Cell& cell, const Field&) const override {
    if (cell.is_null()) {
      out.append("null");
    } else {
      AppendWireInteger(out, cell);
    }
  }

 private:
  std::string_view name_;
  bool wide_;
};

class SnowflakeType final : public IntegerType {
 public:
  SnowflakeType() : IntegerType("snowflakeId", true) {}
  std::optional<json::value> Generate(const Field& field) const override {
    if (!FindBool(field.options, "autoFill", true)) return std::nullopt;
    return json::value(NextSnowflake());
  }
};

}  // namespace

void AddIntegerTypes(FieldTypeList& list) {
  static const IntegerType integer("integer", false), big("bigInt", true), sort("sort", true);
  static const SnowflakeType snowflake;
  list.insert(list.end(), {&integer, &big, &sort, &snowflake});
}

}  // namespace renkei::schema
