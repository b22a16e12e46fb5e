// Appended rows: one statement for each association and level, whatever the number of rows; the
// statements of one level go together.
#include <algorithm>
#include <utility>

#include "records/read_request.h"

namespace renkei::records {
namespace {

bool IsInteger(db::ColumnKind kind) {
  return kind == db::ColumnKind::kInt32 || kind == db::ColumnKind::kInt64;
}

bool IsDigits(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.size() < 20 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The distinct keys of the parents' rows, fit for a column of `kind`.
std::vector<db::Value> KeysOf(const NodeRows& parent, const ReadNode& child) {
  std::vector<std::string> texts;
  texts.reserve(parent.rows.size());
  for (std::size_t row = 0; row < parent.rows.size(); ++row) {
    const db::Cell& cell = parent.rows.at(row, child.parent_column);
    if (cell.is_null()) continue;
    if (!child.array_link) {
      texts.push_back(LinkText(cell));
      continue;
    }
    for (std::string& text : ArrayTexts(cell)) texts.push_back(std::move(text));
  }
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  std::vector<db::Value> keys;
  keys.reserve(texts.size());
  bool integers = IsInteger(child.link_field->spec.kind);
  for (std::string& text : texts) {
    if (!integers) {
      keys.push_back(db::Value::Text(std::move(text)));
    } else if (IsDigits(text)) {
      keys.push_back(db::Value::Int(std::strtoll(text.c_str(), nullptr, 10)));
    }
  }
  return keys;
}

struct Pending {
  NodeRows* rows;
  std::size_t statement;
};

}  // namespace

Task<Result<void>> LoadChildren(ReadRunner runner, NodeRows& root) {
  std::vector<NodeRows*> level{&root};
  while (!level.empty()) {
    std::vector<db::Statement> statements;
    std::vector<Pending> pending;
    std::vector<NodeRows*> next;
    db::ReadCost cost = db::ReadCost::kBounded;
    for (NodeRows* parent : level) {
      parent->children.resize(parent->node->children.size());
      for (std::size_t i = 0; i < parent->children.size(); ++i) {
        const ReadNode& node = *parent->node->children[i];
        NodeRows& child = parent->children[i];
        child.node = &node;
        if (node.select.sql.empty() || !node.select.key_list) continue;
        std::vector<db::Value> keys = KeysOf(*parent, node);
        if (keys.empty()) continue;
        if (!node.bounded || node.recursive ||
            keys.size() > static_cast<std::size_t>(kBoundedPage)) {
          cost = db::ReadCost::kUnbounded;
        }
        db::Statement statement = node.select.ToStatement("records.append", 0, 0);
        statement.params[*node.select.key_list] =
            runner.dialect().EncodeList(keys, node.select.key_list_kind);
        pending.push_back({&child, statements.size()});
        statements.push_back(std::move(statement));
      }
    }
    if (statements.empty()) co_return Result<void>();
    auto results = co_await runner.Read(std::move(statements), cost);
    if (!results) co_return Fail(std::move(results).error());
    for (const Pending& one : pending) {
      one.rows->rows = std::move((*results)[one.statement]);
      one.rows->Index();
      if (!one.rows->rows.empty() && !one.rows->node->children.empty()) next.push_back(one.rows);
    }
    level = std::move(next);
  }
  co_return Result<void>();
}

}  // namespace renkei::records
