// unixTimestamp: a moment stored as a whole number of seconds or milliseconds (`accuracy`),
// answered as ISO.
#include "schema/field/all.h"
#include "schema/field/common.h"
#include "schema/field/date_text.h"

namespace renkei::schema {
namespace {

constexpr std::int64_t kFirstMs = -62'135'596'800'000;  // 0001-01-01T00:00:00.000Z
constexpr std::int64_t kLastMs = 253'402'300'799'999;   // 9999-12-31T23:59:59.999Z

class UnixTimestampType final : public FieldType {
 public:
  std::string_view name() const override { return "unixTimestamp"; }
  Comparison comparison() const override { return Comparison::kUnixTime; }
  Result<db::ColumnSpec> Spec(const json::object&) const override {
    db::ColumnSpec spec;
    spec.kind = db::ColumnKind::kInt64;
    return spec;
  }

  Result<db::Value> ToStored(const json::value& input, const Field& field,
                             const InputContext& context, const db::Dialect&) const override {
    if (const auto number = ReadInteger(input)) {  // stored as given
      if (*number < kFirstMs / field.unit_ms || *number > kLastMs / field.unit_ms) {
        return RefuseValue(field, "a time of the years 1 to 9999");
      }
      return db::Value::Int(*number);
    }
    const auto instant = input.is_string()
                             ? ParseInstant(View(input.get_string()), context.server_zone)
                             : std::nullopt;
    if (!instant) return RefuseValue(field, "2026-01-02T03:04:05Z or a whole number");
    // Floor, so that the second before 1970 does not become 1970.
    const std::int64_t units = *instant / field.unit_ms - (*instant % field.unit_ms < 0 ? 1 : 0);
    return db::Value::Int(units);
  }

  void AppendJson(std::string& out, const db::Cell& cell, const Field& field) const override {
    const std::int64_t units = cell.is_null() ? 0 : cell.ToInt();
    if (cell.is_null() || units < kFirstMs / field.unit_ms || units > kLastMs / field.unit_ms) {
      out.append("null");
      return;
    }
    out.push_back('"');
    AppendIsoUtc(out, units * field.unit_ms);
    out.push_back('"');
  }
};

}  // namespace

void AddUnixTimestampType(FieldTypeList& list) {
  static const UnixTimestampType type;
  list.push_back(&type);
}

}  // namespace renkei::schema
