// A Database that forwards to another and writes down what was run: the statements behind
// ?explain=1. Lives for one request, on that request's thread (on SQLite the writer's thread takes
// it over inside Transact and gives it back). Parameters are counted, never shown.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "db/database.h"

namespace renkei::db {

struct ExplainedStatement {
  std::string name, sql;
  std::size_t params = 0;
  std::size_t rows = 0;
  std::chrono::nanoseconds took{};  // of the round trip it went with
  std::string where;                // "read", "counted read", "transaction", "write"
};

class ExplainingDatabase : public Database {
 public:
  explicit ExplainingDatabase(Database& inner) : inner_(inner) {}
  const std::vector<ExplainedStatement>& statements() const { return statements_; }

  const Dialect& dialect() const override { return inner_.dialect(); }
  Task<Result<std::vector<Rows>>> Read(std::vector<Statement> statements, ReadCost cost,
                                       Deadline deadline) override;
  Task<Result<CountedRows>> ReadCounted(std::vector<Statement> statements, CountRequest count,
                                        ReadCost cost, Deadline deadline) override;
  Task<Result<void>> Transact(TransactionBody body, Deadline deadline) override;
  Task<Result<Rows>> Write(Statement statement, Deadline deadline) override;
  Task<Result<void>> ReadSession(TransactionBody body, Deadline deadline) override;
  std::vector<Statement> TrackCountStatements(std::string_view table) const override {
    return inner_.TrackCountStatements(table);
  }
  std::vector<Statement> UntrackCountStatements(std::string_view table) const override {
    return inner_.UntrackCountStatements(table);
  }
  Statement NotifyStatement(std::string_view topic, std::string_view payload) const override {
    return inner_.NotifyStatement(topic, payload);
  }
  void Subscribe(std::function<void(std::string_view, std::string_view)> subscriber) override {
    inner_.Subscribe(std::move(subscriber));
  }
  Task<Result<std::string>> ServerVersion() override { return inner_.ServerVersion(); }
  void Close() override {}

 private:
  friend class ExplainingConnection;
  std::size_t Note(const Statement& statement, std::string_view where);  // index in statements_
  void Finish(std::size_t first, Clock::time_point started, const std::vector<Rows>* rows);
  Task<Result<void>> Watched(TransactionBody& body, Connection& connection);

  Database& inner_;
  std::vector<ExplainedStatement> statements_;
};

}  // namespace renkei::db
