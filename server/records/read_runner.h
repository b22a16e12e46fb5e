// Where a read runs: on the database's own connections, or on the connection of a transaction under
// way. The reading half asks through this, so that lists, appends and trees work the same inside
// and outside a transaction.
#pragma once

#include <vector>

#include "base/task.h"
#include "db/database.h"
#include "records/context.h"

namespace renkei::records {

class ReadRunner {
 public:
  explicit ReadRunner(const Context& context) : context_(context) {}
  ReadRunner(const Context& context, db::Connection& connection)
      : context_(context), connection_(&connection) {}

  // The same place for another caller, who must outlive it.
  ReadRunner For(const Context& context) const {
    ReadRunner other(context);
    other.connection_ = connection_;
    return other;
  }
  const Context& context() const { return context_; }
  const db::Dialect& dialect() const { return context_.database.dialect(); }

  // Independent statements, together in one round trip where possible.
  Task<Result<std::vector<db::Rows>>> Read(std::vector<db::Statement> statements,
                                           db::ReadCost cost);
  Task<Result<db::CountedRows>> ReadCounted(std::vector<db::Statement> statements,
                                            db::CountRequest count, db::ReadCost cost);

 private:
  const Context& context_;
  db::Connection* connection_ = nullptr;
};

}  // namespace renkei::records
