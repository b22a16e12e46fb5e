// datetimeNoTz, dateOnly, time: what a clock or calendar on the wall shows. No zone, no shifting.
#include <fmt/format.h>

#include "schema/field/all.h"
#include "schema/field/common.h"
#include "schema/field/date_text.h"

namespace renkei::schema {
namespace {

// Appends the first `size` characters of the cell as a JSON string.
void AppendHead(std::string& out, const db::Cell& cell, std::size_t size) {
  const std::string_view text = cell.view();
  if (text.empty()) {
    out.append("null");
  } else {
    AppendJsonString(out, text.substr(0, size));
  }
}

class WallClockType final : public FieldType {
 public:
  std::string_view name() const override { return "datetimeNoTz"; }
  Comparison comparison() const override { return Comparison::kWallClock; }
  Result<db::ColumnSpec> Spec(const json::object&) const override {
    db::ColumnSpec spec;
    spec.kind = db::ColumnKind::kTimestamp;
    return spec;
  }

  Result<db::Value> ToStored(const json::value& input, const Field& field,
                             const InputContext& context, const db::Dialect&) const override {
    const auto parsed = input.is_string() ? ParseDateTime(View(input.get_string())) : std::nullopt;
    if (!parsed) return RefuseValue(field, "2026-01-02 03:04:05");
    CivilTime civil = parsed->civil;
    if (parsed->offset_minutes) {  // a moment: what the server's clock shows then
      const auto instant = ParseInstant(View(input.get_string()), context.server_zone);
      if (!instant) return RefuseValue(field, "2026-01-02 03:04:05");
      civil = context.server_zone.ToLocal(*instant);
      if (civil.year < 1 || civil.year > 9999) return RefuseValue(field, "2026-01-02 03:04:05");
    }
    return db::Value::Text(fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}", civil.year,
                                       civil.month, civil.day, civil.hour, civil.minute,
                                       civil.second, civil.millisecond));
  }

  void AppendJson(std::string& out, const db::Cell& cell, const Field&) const override {
    constexpr std::size_t kToSeconds = 19;
    AppendHead(out, cell, kToSeconds);
  }
};

class DayType final : public FieldType {
 public:
  std::string_view name() const override { return "dateOnly"; }
  Comparison comparison() const override { return Comparison::kDay; }
  Result<db::ColumnSpec> Spec(const json::object&) const override {
    db::ColumnSpec spec;
    spec.kind = db::ColumnKind::kDate;
    return spec;
  }

  Result<db::Value> ToStored(const json::value& input, const Field& field, const InputContext&,
                             const db::Dialect&) const override {
    const auto parsed = input.is_string() ? ParseDateTime(View(input.get_string())) : std::nullopt;
    if (!parsed) return RefuseValue(field, "2026-01-02");
    return db::Value::Text(fmt::format("{:04}-{:02}-{:02}", parsed->civil.year, parsed->civil.month,
                                       parsed->civil.day));
  }

  void AppendJson(std::string& out, const db::Cell& cell, const Field&) const override {
    constexpr std::size_t kDay = 10;
    AppendHead(out, cell, kDay);
  }
};

class TimeType final : public FieldType {
 public:
  std::string_view name() const override { return "time"; }
  Comparison comparison() const override { return Comparison::kTimeOfDay; }
  Result<db::ColumnSpec> Spec(const json::object&) const override {
    db::ColumnSpec spec;
    spec.kind = db::ColumnKind::kTime;
    return spec;
  }

  Result<db::Value> ToStored(const json::value& input, const Field& field, const InputContext&,
                             const db::Dialect&) const override {
    const auto civil = input.is_string() ? ParseTimeOfDay(View(input.get_string())) : std::nullopt;
    if (!civil) return RefuseValue(field, "03:04:05");
    return db::Value::Text(
        fmt::format("{:02}:{:02}:{:02}", civil->hour, civil->minute, civil->second));
  }

  void AppendJson(std::string& out, const db::Cell& cell, const Field&) const override {
    constexpr std::size_t kToSeconds = 8;
    AppendHead(out, cell, kToSeconds);
  }
};

}  // namespace

void AddWallClockTypes(FieldTypeList& list) {
  static const WallClockType wall_clock;
  static const DayType day;
  static const TimeType time;
  list.insert(list.end(), {&wall_clock, &day, &time});
}

}  // namespace renkei::schema
