// A ReadShape is a planned read: the statements (all but the values of keys and pages) and how
// their rows become JSON text. Immutable once built; borrows from the catalog snapshot it was built
// with, which it keeps alive.
//
// shape_build.cc builds one from a Selection and the caller's permissions, shape_write.cc appends
// rows.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/permission.h"
#include "base/result.h"
#include "db/rows.h"
#include "query/compile.h"
#include "query/filter_parse.h"
#include "records/context.h"
#include "records/selection.h"

namespace renkei::records {

struct OutputColumn {
  std::string key;                       // `{"id":` or `,"title":`
  const schema::Field* field = nullptr;  // null: the name of the row's collection or table
  std::size_t index = 0;                 // in the statement's columns
  enum class Form : std::uint8_t { kField, kText, kSchemaName } form = Form::kField;
};

struct ReadNode {
  const schema::Collection* collection = nullptr;
  const schema::Field* association = nullptr;  // null: the root
  bool to_many = false;
  bool recursive = false;
  bool array_link = false;  // belongsToArray: the parent's column is a list of keys
  bool bounded = false;     // by an indexed key
  std::string key;          // `,"author":`, as member of the parent
  std::vector<OutputColumn> output;
  std::vector<OutputColumn> through;  // members of the through object
  std::string through_key;            // `,"bookGenres":`; empty: not shown
  bool pivot = false;                 // `"_pivot_":null` (association resources)
  std::size_t parent_column = 0;      // of the parent's rows: the value that links
  std::size_t link_column = 0;        // of these rows: the value it must equal
  std::size_t self_column = 0;        // recursive: the link column as seen from these rows
  const schema::Field *parent_field = nullptr, *link_field = nullptr;
  query::ReadPlan plan;          // the root's; children are compiled
  query::CompiledSelect select;  // children only
  std::vector<std::unique_ptr<ReadNode>> children;

  // Index of a column in the statement; added when it is not there yet.
  std::size_t Need(int row, const schema::Field* field);
};

// The scopes of appended collections may hold variables: they are resolved before a shape is built.
struct ResolvedScope {
  const schema::Collection* collection = nullptr;
  access::Permission permission;
  std::optional<json::value> filter;
};

struct ShapeRequest {
  const Context& context;
  const query::FilterContext& filter_context;  // without guard, for scopes
  const std::vector<ResolvedScope>& scopes;
  bool is_template = false;
  bool internal = false;  // hidden columns may be asked for by name
};

// The root node of `collection` with all appended nodes; plan.select and link columns are filled
// in, plan.where is the caller's business.
Result<std::unique_ptr<ReadNode>> BuildNode(const ShapeRequest& request,
                                            const schema::Collection& collection,
                                            const Selection& selection,
                                            const access::Permission& permission);
// The columns of a through row, as an object under the through collection's name.
void AddThrough(ReadNode& node, const schema::Collection& through);

bool IsIndexed(const schema::Field& field);
// Key columns and stamps are always readable (rest-api.md 12.2).
bool IsReadable(const access::Permission& permission, const schema::Collection& collection,
                const schema::Field& field);
const std::vector<std::string>& KeyFields(const schema::Collection& collection);

// ---- rows

// Rows of one node by the value that links them to their parents. Owned with the rows.
struct NodeRows {
  const ReadNode* node = nullptr;
  db::Rows rows;
  std::optional<std::size_t> shown;                            // the first of them; empty: all
  std::vector<std::pair<std::string, std::uint32_t>> by_link;  // sorted; only for appended nodes
  std::vector<NodeRows> children;                              // as node->children
  std::pair<std::size_t, std::size_t> Find(std::string_view link) const;  // range of by_link
  void Index();
  std::size_t count() const { return shown.value_or(rows.size()); }
};

// One row as a JSON object. `extra` goes before the closing brace (`,"__index":"0"`).
void AppendRow(std::string& out, const NodeRows& data, std::size_t row,
               std::string_view extra = {});
void AppendRows(std::string& out, const NodeRows& data);  // "[…]"
// A cell as text for comparing keys.
std::string LinkText(const db::Cell& cell);
// The members of a JSON or native array cell, as texts.
std::vector<std::string> ArrayTexts(const db::Cell& cell);

}  // namespace renkei::records
