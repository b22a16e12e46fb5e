// date, datetime, datetimeTz: a moment. Stored and answered in UTC with milliseconds.
#include "schema/field/all.h"
#include "schema/field/common.h"
#include "schema/field/date_text.h"

namespace renkei::schema {
namespace {

constexpr std::int64_t kFirstMs = -62'135'596'800'000;  // 0001-01-01T00:00:00.000Z
constexpr std::int64_t kLastMs = 253'402'300'799'999;   // 9999-12-31T23:59:59.999Z

class InstantType final : public FieldType {
 public:
  explicit InstantType(std::string_view name) : name_(name) {}
  std::string_view name() const override { return name_; }
  Comparison comparison() const override { return Comparison::kInstant; }

  Result<db::ColumnSpec> Spec(const json::object&) const override {
    db::ColumnSpec spec;
    spec.kind = db::ColumnKind::kTimestampTz;
    return spec;
  }

  Result<db::Value> ToStored(const json::value& input, const Field& field,
                             const InputContext& context, const db::Dialect&) const override {
    std::optional<std::int64_t> instant;
    if (input.is_string()) {
      instant = ParseInstant(View(input.get_string()), context.server_zone);
    } else if (input.is_number()) {
      instant = ReadInteger(input);  // JavaScript's milliseconds
    }
    if (!instant || *instant < kFirstMs || *instant > kLastMs) {
      return RefuseValue(field, "2026-01-02T03:04:05.678Z, 2026-01-02 03:04:05 or 2026-01-02");
    }
    return db::Value::Text(IsoUtc(*instant));
  }

  void AppendJson(std::string& out, const db::Cell& cell, const Field&) const override {
    const std::string_view text = cell.view();
    constexpr std::size_t kToSeconds = 19;
    if (text.size() < kToSeconds || text[4] != '-') {  // null, or "infinity" of another program
      out.append(text.empty() ? "null" : "");
      if (!text.empty()) AppendJsonString(out, text);
      return;
    }
    // PostgreSQL: "2026-01-02 03:04:05.67+00"; SQLite: the answer's own form.
    char form[26] = "\"0000-00-00T00:00:00.000Z";
    text.copy(form + 1, 10);
    text.copy(form + 12, 8, 11);
    for (std::size_t i = 0; i < 3; ++i) {
      const std::size_t at = kToSeconds + 1 + i;
      if (text.size() <= at || text[kToSeconds] != '.' || text[at] < '0' || text[at] > '9') break;
      form[21 + i] = text[at];
    }
    out.append(form, 25);
    out.push_back('"');
  }

 private:
  std::string_view name_;
};

}  // namespace

void AddInstantTypes(FieldTypeList& list) {
  static const InstantType date("date"), datetime("datetime"), zoned("datetimeTz");
  list.insert(list.end(), {&date, &datetime, &zoned});
}

}  // namespace renkei::schema
