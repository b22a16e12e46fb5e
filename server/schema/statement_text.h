// Puts a statement together: trusted text, quoted identifiers, values as parameters.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/connection.h"
#include "db/dialect.h"

namespace renkei::schema {

class StatementText {
 public:
  StatementText(const db::Dialect& dialect, std::string_view name) : dialect_(dialect) {
    statement_.name = name;
  }

  StatementText& Sql(std::string_view trusted) {
    statement_.sql.append(trusted);
    return *this;
  }
  StatementText& Name(std::string_view identifier) {
    dialect_.AppendIdentifier(statement_.sql, identifier);
    return *this;
  }
  StatementText& Names(const std::vector<std::string>& identifiers) {
    for (std::size_t i = 0; i < identifiers.size(); ++i) {
      if (i > 0) statement_.sql.append(", ");
      dialect_.AppendIdentifier(statement_.sql, identifiers[i]);
    }
    return *this;
  }
  StatementText& Param(db::Value value) {
    statement_.params.push_back(std::move(value));
    dialect_.AppendPlaceholder(statement_.sql, statement_.params.size());
    return *this;
  }
  // name = parameter, or name IS NULL
  StatementText& Equals(std::string_view identifier, db::Value value) {
    Name(identifier);
    if (value.is_null()) return Sql(" IS NULL");
    Sql(" = ");
    return Param(std::move(value));
  }
  db::Statement Build() { return std::move(statement_); }

 private:
  const db::Dialect& dialect_;
  db::Statement statement_;
};

}  // namespace renkei::schema
