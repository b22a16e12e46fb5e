// point, lineString, polygon, circle: plane shapes as lists of numbers. Native on PostgreSQL, JSON
// on SQLite.
#include <fmt/format.h>

#include <charconv>
#include <vector>

#include "schema/field/all.h"
#include "schema/field/common.h"

namespace renkei::schema {
namespace {

enum class Shape { kPoint, kLine, kPolygon, kCircle };
constexpr std::size_t kMaxPoints = 100'000;

// Every number in the text, whatever brackets stand around: "((1,2),(3,4))", "<(1,2),3>",
// "[[1,2],[3,4]]".
template <class Visit>
void ForEachNumber(std::string_view text, Visit visit) {
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t start = text.find_first_of("-0123456789", i);
    if (start == std::string_view::npos) return;
    const std::size_t end = std::min(text.find_first_not_of("+-.0123456789eE", start), text.size());
    visit(text.substr(start, end - start));
    i = end;
  }
}

class GeometryType final : public FieldType {
 public:
  GeometryType(std::string_view name, Shape shape, db::ColumnKind kind)
      : name_(name), shape_(shape), kind_(kind) {}
  std::string_view name() const override { return name_; }
  Comparison comparison() const override { return Comparison::kGeometry; }
  Result<db::ColumnSpec> Spec(const json::object&) const override {
    db::ColumnSpec spec;
    spec.kind = kind_;
    return spec;
  }

  Result<db::Value> ToStored(const json::value& input, const Field& field, const InputContext&,
                             const db::Dialect& dialect) const override {
    std::vector<double> numbers;
    if (!Read(input, numbers)) return RefuseValue(field, Accepted());
    return db::Value::Text(StoresNatively(dialect) ? Literal(numbers) : Json(numbers));
  }

  void AppendJson(std::string& out, const db::Cell& cell, const Field&) const override {
    const std::string_view text = cell.view();
    if (text.empty()) {
      out.append("null");
      return;
    }
    if (text.front() == '[' && shape_ != Shape::kLine) {
      out.append(text);
      return;
    }
    const bool flat = shape_ == Shape::kPoint || shape_ == Shape::kCircle;
    std::size_t count = 0;
    out.push_back('[');
    ForEachNumber(text, [&](std::string_view number) {
      if (count > 0) out.push_back(',');
      if (!flat && count % 2 == 0) out.push_back('[');
      out.append(number);
      if (!flat && count % 2 == 1) out.push_back(']');
      ++count;
    });
    out.push_back(']');
  }

 private:
  bool Read(const json::value& input, std::vector<double>& numbers) const {
    if (!input.is_array()) return false;
    const json::array& items = input.get_array();
    if (shape_ == Shape::kPoint || shape_ == Shape::kCircle) {
      if (items.size() != (shape_ == Shape::kPoint ? 2u : 3u)) return false;
      for (const json::value& item : items) {
        const auto number = ReadNumber(item);
        if (!number) return false;
        numbers.push_back(*number);
      }
      return shape_ == Shape::kPoint || numbers[2] >= 0;
    }
    if (items.size() < (shape_ == Shape::kLine ? 2u : 3u) || items.size() > kMaxPoints)
      return false;
    for (const json::value& item : items) {
      if (!item.is_array() || item.get_array().size() != 2) return false;
      for (const json::value& part : item.get_array()) {
        const auto number = ReadNumber(part);
        if (!number) return false;
        numbers.push_back(*number);
      }
    }
    return true;
  }

  std::string_view Accepted() const {
    switch (shape_) {
      case Shape::kPoint:
        return "[x,y]";
      case Shape::kCircle:
        return "[x,y,radius]";
      case Shape::kLine:
        return "[[x,y],[x,y],…], at least two points";
      case Shape::kPolygon:
        break;
    }
    return "[[x,y],[x,y],[x,y],…], at least three points";
  }

  static void AppendNumber(std::string& out, double number) { AppendJsonDouble(out, number); }

  std::string Literal(const std::vector<double>& n) const {
    std::string out;
    if (shape_ == Shape::kPoint) {
      out = "(";
      AppendNumber(out, n[0]);
      out.push_back(',');
      AppendNumber(out, n[1]);
      return out + ")";
    }
    if (shape_ == Shape::kCircle) {
      out = "<(";
      AppendNumber(out, n[0]);
      out.push_back(',');
      AppendNumber(out, n[1]);
      out.append("),");
      AppendNumber(out, n[2]);
      return out + ">";
    }
    out.push_back(shape_ == Shape::kLine ? '[' : '(');
    for (std::size_t i = 0; i < n.size(); i += 2) {
      out.append(i > 0 ? ",(" : "(");
      AppendNumber(out, n[i]);
      out.push_back(',');
      AppendNumber(out, n[i + 1]);
      out.push_back(')');
    }
    out.push_back(shape_ == Shape::kLine ? ']' : ')');
    return out;
  }

  std::string Json(const std::vector<double>& n) const {
    const bool flat = shape_ == Shape::kPoint || shape_ == Shape::kCircle;
    std::string out = "[";
    for (std::size_t i = 0; i < n.size(); ++i) {
      if (i > 0) out.push_back(',');
      if (!flat && i % 2 == 0) out.push_back('[');
      AppendNumber(out, n[i]);
      if (!flat && i % 2 == 1) out.push_back(']');
    }
    out.push_back(']');
    return out;
  }

  std::string_view name_;
  Shape shape_;
  db::ColumnKind kind_;
};

}  // namespace

void AddGeometryTypes(FieldTypeList& list) {
  static const GeometryType point("point", Shape::kPoint, db::ColumnKind::kPoint),
      line("lineString", Shape::kLine, db::ColumnKind::kLine),
      polygon("polygon", Shape::kPolygon, db::ColumnKind::kPolygon),
      circle("circle", Shape::kCircle, db::ColumnKind::kCircle);
  list.insert(list.end(), {&point, &line, &polygon, &circle});
}

}  // namespace renkei::schema
