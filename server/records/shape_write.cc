// Rows to JSON text: no documents, no copies but into `out` (hot-path.md 5).
#include <algorithm>

#include "records/read_shape.h"
#include "schema/field_type.h"

namespace renkei::records {
namespace {

constexpr int kMaxRecursion =
    100;  // levels of a chain of ancestors; deeper ones are left out (cycles end here)

void AppendColumns(std::string& out, const std::vector<OutputColumn>& columns, const db::Rows& rows,
                   std::size_t row) {
  for (const OutputColumn& column : columns) {
    out += column.key;
    if (column.form == OutputColumn::Form::kSchemaName) {
      out += "\"public\"";
      continue;
    }
    const db::Cell& cell = rows.at(row, column.index);
    if (cell.is_null()) {
      out += "null";
    } else if (column.form == OutputColumn::Form::kText) {
      AppendJsonString(out, cell.view());
    } else {
      column.field->type->AppendJson(out, cell, *column.field);
    }
  }
}

void AppendNode(std::string& out, const NodeRows& data, std::size_t row, std::string_view extra,
                int depth);

// Members are written with a leading comma; the first of an object must not have one.
void OpenObject(std::string& out) { out += '{'; }
void CloseObject(std::string& out, std::size_t start) {
  if (start < out.size() && out[start] == ',') out.erase(start, 1);
  out += '}';
}

void AppendMatches(std::string& out, const NodeRows& child, std::string_view link, int depth) {
  auto [begin, end] = child.Find(link);
  if (!child.node->to_many) {
    if (begin == end) {
      out += "null";
    } else {
      AppendNode(out, child, child.by_link[begin].second, {}, depth);
    }
    return;
  }
  out += '[';
  for (std::size_t i = begin; i < end; ++i) {
    if (i > begin) out += ',';
    AppendNode(out, child, child.by_link[i].second, {}, depth);
  }
  out += ']';
}

void AppendChild(std::string& out, const NodeRows& parent, const NodeRows& child, std::size_t row,
                 int depth) {
  const ReadNode& node = *child.node;
  out += node.key;
  const db::Cell& cell = parent.rows.at(row, node.parent_column);
  if (cell.is_null()) {
    out += node.to_many ? "[]" : "null";
    return;
  }
  if (!node.array_link) {
    AppendMatches(out, child, LinkText(cell), depth);
    return;
  }
  out += '[';
  bool first = true;
  for (const std::string& link : ArrayTexts(cell)) {
    auto [begin, end] = child.Find(link);
    if (begin == end) continue;
    if (!first) out += ',';
    first = false;
    AppendNode(out, child, child.by_link[begin].second, {}, depth);
  }
  out += ']';
}

void AppendNode(std::string& out, const NodeRows& data, std::size_t row, std::string_view extra,
                int depth) {
  const ReadNode& node = *data.node;
  OpenObject(out);
  std::size_t start = out.size();
  AppendColumns(out, node.output, data.rows, row);
  if (!node.through_key.empty()) {
    out += node.through_key;
    OpenObject(out);
    std::size_t inner = out.size();
    AppendColumns(out, node.through, data.rows, row);
    CloseObject(out, inner);
  }
  if (node.pivot) out += ",\"_pivot_\":null";
  for (const NodeRows& child : data.children) AppendChild(out, data, child, row, depth);
  if (node.recursive && depth < kMaxRecursion) {
    const db::Cell& cell = data.rows.at(row, node.self_column);
    if (!cell.is_null()) {
      std::string link = LinkText(cell);
      auto [begin, end] = data.Find(link);
      if (begin != end) {
        out += node.key;
        AppendMatches(out, data, link, depth + 1);
      }
    }
  }
  out += extra;
  CloseObject(out, start);
}

}  // namespace

std::string LinkText(const db::Cell& cell) {
  if (cell.kind >= db::Cell::Kind::kText) return std::string(cell.view());
  return cell.ToText();
}

std::vector<std::string> ArrayTexts(const db::Cell& cell) {
  std::vector<std::string> texts;
  std::string_view text = cell.view();
  if (text.starts_with('{') && text.ends_with('}')) {
    // A native array in PostgreSQL's text form; keys hold no quotes or commas but in quoted
    // members.
    std::string member;
    bool quoted = false;
    for (std::size_t i = 1; i < text.size(); ++i) {
      char c = text[i];
      if (c == '\\' && i + 1 < text.size()) {
        member += text[++i];
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ',' || c == '}')) {
        if (!member.empty()) texts.push_back(std::move(member));
        member.clear();
      } else {
        member += c;
      }
    }
    return texts;
  }
  auto document = ParseJson(text);
  if (!document || !document->is_array()) return texts;
  for (const json::value& member : document->get_array()) {
    if (member.is_string()) {
      texts.emplace_back(View(member.get_string()));
    } else if (!member.is_null()) {
      texts.push_back(ToJson(member));
    }
  }
  return texts;
}

std::pair<std::size_t, std::size_t> NodeRows::Find(std::string_view link) const {
  auto begin = std::lower_bound(
      by_link.begin(), by_link.end(), link,
      [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
  auto end = begin;
  while (end != by_link.end() && end->first == link) ++end;
  return {static_cast<std::size_t>(begin - by_link.begin()),
          static_cast<std::size_t>(end - by_link.begin())};
}

void NodeRows::Index() {
  by_link.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const db::Cell& cell = rows.at(row, node->link_column);
    if (!cell.is_null()) by_link.emplace_back(LinkText(cell), static_cast<std::uint32_t>(row));
  }
  // Rows of one parent stay in the order of the statement: the row number is the second key.
  std::sort(by_link.begin(), by_link.end());
}

void AppendRow(std::string& out, const NodeRows& data, std::size_t row, std::string_view extra) {
  AppendNode(out, data, row, extra, 0);
}

void AppendRows(std::string& out, const NodeRows& data) {
  std::size_t width = 0;
  for (const OutputColumn& column : data.node->output) width += column.key.size() + 16;
  out.reserve(out.size() + data.count() * width + 2);
  out += '[';
  for (std::size_t row = 0, count = data.count(); row < count; ++row) {
    if (row > 0) out += ',';
    AppendNode(out, data, row, {}, 0);
  }
  out += ']';
}

}  // namespace renkei::records
