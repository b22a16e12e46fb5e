#include "db/explaining_database.h"

namespace renkei::db {

class ExplainingConnection : public Connection {
 public:
  ExplainingConnection(ExplainingDatabase& owner, Connection& inner)
      : owner_(owner), inner_(inner) {}

  Task<Result<Rows>> Run(Statement statement) override {
    const std::size_t first = owner_.Note(statement, "transaction");
    const Clock::time_point started = Clock::now();
    auto rows = co_await inner_.Run(std::move(statement));
    owner_.Finish(first, started, nullptr);
    if (rows) owner_.statements_[first].rows = rows->size();
    co_return rows;
  }

  Task<Result<std::vector<Rows>>> RunAll(std::vector<Statement> statements) override {
    const std::size_t first = owner_.statements_.size();
    for (const Statement& statement : statements) owner_.Note(statement, "transaction");
    const Clock::time_point started = Clock::now();
    auto rows = co_await inner_.RunAll(std::move(statements));
    owner_.Finish(first, started, rows ? &*rows : nullptr);
    co_return rows;
  }

 private:
  ExplainingDatabase& owner_;
  Connection& inner_;
};

std::size_t ExplainingDatabase::Note(const Statement& statement, std::string_view where) {
  statements_.push_back({std::string(statement.name),
                         statement.sql,
                         statement.params.size(),
                         0,
                         {},
                         std::string(where)});
  return statements_.size() - 1;
}

void ExplainingDatabase::Finish(std::size_t first, Clock::time_point started,
                                const std::vector<Rows>* rows) {
  const auto took = Clock::now() - started;
  for (std::size_t i = first; i < statements_.size(); ++i) {
    statements_[i].took = took;
    if (rows != nullptr && i - first < rows->size())
      statements_[i].rows = (*rows)[i - first].size();
  }
}

Task<Result<std::vector<Rows>>> ExplainingDatabase::Read(std::vector<Statement> statements,
                                                         ReadCost cost, Deadline deadline) {
  const std::size_t first = statements_.size();
  for (const Statement& statement : statements) Note(statement, "read");
  const Clock::time_point started = Clock::now();
  auto rows = co_await inner_.Read(std::move(statements), cost, deadline);
  Finish(first, started, rows ? &*rows : nullptr);
  co_return rows;
}

Task<Result<CountedRows>> ExplainingDatabase::ReadCounted(std::vector<Statement> statements,
                                                          CountRequest count, ReadCost cost,
                                                          Deadline deadline) {
  const std::size_t first = statements_.size();
  for (const Statement& statement : statements) Note(statement, "counted read");
  if (!count.whole_table) Note(count.statement, "count, unless a kept one is still exact");
  const Clock::time_point started = Clock::now();
  auto counted =
      co_await inner_.ReadCounted(std::move(statements), std::move(count), cost, deadline);
  Finish(first, started, counted ? &counted->rows : nullptr);
  co_return counted;
}

Task<Result<void>> ExplainingDatabase::Watched(TransactionBody& body, Connection& connection) {
  ExplainingConnection watched(*this, connection);
  co_return co_await body(watched);
}

Task<Result<void>> ExplainingDatabase::Transact(TransactionBody body, Deadline deadline) {
  TransactionBody watched = [this, &body](Connection& connection) {
    return Watched(body, connection);
  };
  co_return co_await inner_.Transact(std::move(watched), deadline);
}

Task<Result<void>> ExplainingDatabase::ReadSession(TransactionBody body, Deadline deadline) {
  TransactionBody watched = [this, &body](Connection& connection) {
    return Watched(body, connection);
  };
  co_return co_await inner_.ReadSession(std::move(watched), deadline);
}

Task<Result<Rows>> ExplainingDatabase::Write(Statement statement, Deadline deadline) {
  const std::size_t first = Note(statement, "write");
  const Clock::time_point started = Clock::now();
  auto rows = co_await inner_.Write(std::move(statement), deadline);
  Finish(first, started, nullptr);
  co_return rows;
}

}  // namespace renkei::db
