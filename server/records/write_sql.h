// WriteSql puts a writing statement together: text from the catalog, values as parameters. Pure;
// lives for one statement on one coroutine.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/connection.h"
#include "db/dialect.h"
#include "db/value.h"

namespace renkei::records {

class WriteSql {
 public:
  explicit WriteSql(const db::Dialect& dialect) : dialect_(dialect) {}

  WriteSql& Text(std::string_view text) {
    sql_ += text;
    return *this;
  }
  WriteSql& Name(std::string_view identifier) {
    dialect_.AppendIdentifier(sql_, identifier);
    return *this;
  }
  WriteSql& Param(db::Value value) {
    dialect_.AppendPlaceholder(sql_, Add(std::move(value)));
    return *this;
  }
  // Where the statement gives the parameter no type of its own (a SELECT list).
  WriteSql& TypedParam(db::Value value, db::ColumnKind kind) {
    sql_ += dialect_.TypedPlaceholder(Add(std::move(value)), kind);
    return *this;
  }
  // A parameter that was added before, written once more.
  WriteSql& Again(std::size_t index) {
    dialect_.AppendPlaceholder(sql_, index);
    return *this;
  }
  std::size_t Add(db::Value value) {
    params_.push_back(std::move(value));
    return params_.size();
  }
  std::size_t params() const { return params_.size(); }
  const db::Dialect& dialect() const { return dialect_; }
  std::string Quoted(std::string_view identifier) const {
    std::string out;
    dialect_.AppendIdentifier(out, identifier);
    return out;
  }

  // `name`: a literal.
  db::Statement Take(std::string_view name) {
    return db::Statement{std::move(sql_), std::move(params_), name};
  }

 private:
  const db::Dialect& dialect_;
  std::string sql_;
  std::vector<db::Value> params_;
};

}  // namespace renkei::records
