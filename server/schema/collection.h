// Collection is one table, view or query of a data source with its fields. Immutable inside a
// Catalog.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "schema/field.h"

namespace renkei::schema {

struct TransparentHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};
template <class T>
using NameMap = std::unordered_map<std::string, T, TransparentHash, std::equal_to<>>;

enum class CollectionKind { kTable, kView, kSql };

struct Collection {
  std::string key;  // uid
  std::string name;
  std::string title;
  std::string template_name = "general";
  CollectionKind kind = CollectionKind::kTable;
  std::string table;                     // physical name of table or view
  std::string schema_name;               // database schema of a view; empty: the default
  std::string sql;                       // kSql: the trusted SELECT that stands for the table
  json::object options;                  // everything the wire said, flattened, for echo
  std::vector<Field> fields;             // in design order, implicit ones first
  NameMap<std::size_t> field_index;      // name → index in fields
  std::vector<std::string> primary_key;  // field names
  std::vector<std::string>
      filter_target_key;  // field names; what `filterByTk` means. Empty: none (keyless view)
  std::vector<std::string> inherits;  // parents
  bool system =
      false;  // made by a migration: cannot be dropped, described in system_collections.cc
  bool hidden = false;
  bool writable = true;  // false: view without writableView, sql
  bool tree = false;     // adjacency list: fields parentId, parent, children
  bool simple_paginate = false;

  const Field* FindField(std::string_view field_name) const {
    auto found = field_index.find(field_name);
    return found == field_index.end() ? nullptr : &fields[found->second];
  }
  bool sortable_by(std::string_view sort_field) const;  // has a field of type "sort" with that name
};

}  // namespace renkei::schema
