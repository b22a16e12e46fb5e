// The ceiling on PostgreSQL: bench_bare_postgres URL PORT. Per thread one pipelined connection for
// reads and one for creates; what arrives while a batch is under way goes with the next sync
// (hot-path.md 2). The count is kept in the process, so nobody else may write.
#include <libpq-fe.h>

#include <atomic>
#include <boost/json.hpp>
#include <deque>
#include <map>

#include "bare/server.h"

namespace {

using namespace bare;

std::atomic<long> row_count{0};
std::atomic<long> version{0};

[[noreturn]] void Die(const char* what, PGconn* connection) {
  std::fprintf(stderr, "%s: %s\n", what, PQerrorMessage(connection));
  std::exit(1);
}

struct Query {
  const char* statement;
  std::vector<std::string> params;
  PGresult* result = nullptr;
  Waiter* waiter = nullptr;
};

// One connection in pipeline mode, used from one thread.
class Pipeline {
 public:
  Pipeline(const char* url, asio::io_context& context,
           const std::vector<std::pair<const char*, const char*>>& statements)
      : connection_(PQconnectdb(url)), socket_(context) {
    if (PQstatus(connection_) != CONNECTION_OK) Die("connect", connection_);
    PQclear(PQexec(connection_, "set timezone='UTC'"));
    for (const auto& [name, sql] : statements) {
      PGresult* result = PQprepare(connection_, name, sql, 0, nullptr);
      if (PQresultStatus(result) != PGRES_COMMAND_OK) Die(name, connection_);
      PQclear(result);
    }
    PQsetnonblocking(connection_, 1);
    PQenterPipelineMode(connection_);
    socket_.assign(PQsocket(connection_));
  }

  // The result belongs to the caller.
  asio::awaitable<PGresult*> Run(const char* statement, std::vector<std::string> params) {
    Query query{statement, std::move(params)};
    auto start = [this, &query](Waiter* waiter) {
      query.waiter = waiter;
      waiting_.push_back(&query);
      if (under_way_.empty()) Send();
    };
    auto wait = Wait(start);
    co_await std::move(wait);
    co_return query.result;
  }

 private:
  void Send() {
    while (!waiting_.empty() && under_way_.size() < 64) {
      Query* query = waiting_.front();
      waiting_.pop_front();
      const char* values[8];
      for (std::size_t i = 0; i < query->params.size(); ++i) values[i] = query->params[i].c_str();
      PQsendQueryPrepared(connection_, query->statement, static_cast<int>(query->params.size()),
                          values, nullptr, nullptr, 0);
      under_way_.push_back(query);
    }
    PQpipelineSync(connection_);
    Flush();
    Receive();
  }

  void Flush() {
    if (PQflush(connection_) == 1) {
      socket_.async_wait(asio::posix::stream_descriptor::wait_write, [this](auto fault) {
        if (!fault) Flush();
      });
    }
  }

  void Receive() {
    socket_.async_wait(asio::posix::stream_descriptor::wait_read, [this](auto fault) {
      if (fault || PQconsumeInput(connection_) == 0) Die("receive", connection_);
      if (!Collect()) return Receive();
      // All of the batch is here: wake everybody, then send what has come in meanwhile.
      std::vector<Query*> done = std::move(under_way_);
      under_way_.clear();
      arrived_ = 0;
      for (Query* query : done) query->waiter->Wake();
      if (under_way_.empty() && !waiting_.empty()) Send();
    });
  }

  // True when the sync of the batch has been read.
  bool Collect() {
    while (PQisBusy(connection_) == 0) {
      PGresult* result = PQgetResult(connection_);
      if (result == nullptr) continue;  // the end of one query's results
      const ExecStatusType status = PQresultStatus(result);
      if (status == PGRES_PIPELINE_SYNC) {
        PQclear(result);
        return true;
      }
      if (status != PGRES_TUPLES_OK) Die("query", connection_);
      under_way_[arrived_++]->result = result;
    }
    return false;
  }

  PGconn* connection_;
  asio::posix::stream_descriptor socket_;
  std::deque<Query*> waiting_;
  std::vector<Query*> under_way_;
  std::size_t arrived_ = 0;
};

std::string_view Cell(const PGresult* r, int row, int column) {
  return {PQgetvalue(r, row, column), static_cast<std::size_t>(PQgetlength(r, row, column))};
}

void AppendNumber(std::string& out, const PGresult* r, int row, int column) {
  if (PQgetisnull(r, row, column))
    out += "null";
  else
    out += Cell(r, row, column);
}
void AppendString(std::string& out, const PGresult* r, int row, int column) {
  if (PQgetisnull(r, row, column))
    out += "null";
  else
    AppendText(out, Cell(r, row, column));
}
// "2025-03-01 10:00:00.5+00" to "2025-03-01T10:00:00.500Z"
void AppendTime(std::string& out, const PGresult* r, int row, int column) {
  if (PQgetisnull(r, row, column)) {
    out += "null";
    return;
  }
  const std::string_view text = Cell(r, row, column);
  out += '"';
  out += text.substr(0, 10);
  out += 'T';
  out += text.substr(11, 8);
  std::string_view fraction = text.substr(19, text.find('+', 19) - 19);
  out += fraction.empty() ? "." : fraction;
  for (std::size_t i = fraction.empty() ? 1 : fraction.size(); i < 4; ++i) out += '0';
  out += "Z\"";
}

void AppendOrder(std::string& out, const PGresult* r, int row) {
  out += "{\"id\":";
  AppendNumber(out, r, row, 0);
  out += ",\"number\":";
  AppendString(out, r, row, 1);
  out += ",\"status\":";
  AppendString(out, r, row, 2);
  out += ",\"total\":";
  AppendString(out, r, row, 3);
  out += ",\"placedAt\":";
  AppendTime(out, r, row, 4);
  out += ",\"note\":";
  AppendString(out, r, row, 5);
  out += ",\"customerId\":";
  AppendNumber(out, r, row, 6);
}

void AppendCustomer(std::string& out, const PGresult* r, int row) {
  out += ",\"customer\":{\"id\":";
  AppendNumber(out, r, row, 7);
  out += ",\"name\":";
  AppendString(out, r, row, 8);
  out += ",\"email\":";
  AppendString(out, r, row, 9);
  out += ",\"city\":";
  AppendString(out, r, row, 10);
  out += ",\"since\":";
  AppendString(out, r, row, 11);
  out += ",\"countryId\":";
  AppendNumber(out, r, row, 12);
  out += '}';
}

#define COLUMNS "o.id,o.number,o.status,o.total,o.\"placedAt\",o.note,o.\"customerId\""
const std::vector<std::pair<const char*, const char*>> kReads = {
    {"list", "select " COLUMNS " from orders o order by o.id limit 20 offset $1"},
    {"append", "select " COLUMNS ",c.id,c.name,c.email,c.city,c.since,c.\"countryId\" "
               "from (select * from orders order by id limit 20 offset $1) o "
               "left join customers c on c.id=o.\"customerId\" order by o.id"},
    {"filter",
     "select " COLUMNS
     " from orders o where o.\"placedAt\">=$1::timestamptz order by o.\"placedAt\",o.id limit 20"},
    {"count", "select count(*) from orders where \"placedAt\">=$1::timestamptz"},
    {"get", "select " COLUMNS " from orders o where o.id=$1"},
};
const std::vector<std::pair<const char*, const char*>> kWrites = {
    {"create",
     "insert into orders as o (number,status,total,\"placedAt\",\"customerId\") "
     "values($1,$2,$3,$4,$5) returning " COLUMNS},
};
#undef COLUMNS

class PostgresApp final : public App {
 public:
  PostgresApp(const char* url, asio::io_context& context)
      : reads_(url, context, kReads), writes_(url, context, kWrites) {}

  asio::awaitable<void> Answer(const Request& request, std::string& body) override {
    if (request.ask == Ask::kCreate) {
      const boost::json::value document = boost::json::parse(request.body);
      const auto& object = document.as_object();
      const auto text = [&](const char* name) { return std::string(object.at(name).as_string()); };
      std::vector<std::string> params = {
          text("number"), text("status"), text("total"), text("placedAt"),
          std::to_string(object.at("customerId").to_number<std::int64_t>())};
      auto run = writes_.Run("create", std::move(params));
      PGresult* result = co_await std::move(run);
      ++row_count;
      ++version;
      body += "{\"data\":";
      AppendOrder(body, result, 0);
      body += "}}";
      PQclear(result);
      co_return;
    }
    if (request.ask == Ask::kGet) {
      std::vector<std::string> params = {std::to_string(request.number)};
      auto run = reads_.Run("get", std::move(params));
      PGresult* result = co_await std::move(run);
      body += "{\"data\":";
      if (PQntuples(result) == 1) AppendOrder(body, result, 0);
      body += PQntuples(result) == 1 ? "}}" : "null}";
      PQclear(result);
      co_return;
    }
    long count = row_count;
    const char* statement = request.ask == Ask::kListAppend ? "append" : "list";
    std::vector<std::string> params = {std::to_string((request.number - 1) * 20)};
    if (request.ask == Ask::kListFilterSort) {
      statement = "filter";
      params[0] = std::string(request.since) + "T00:00:00.000Z";
      const std::string since = params[0];
      if (counts_[since].version != version) {
        const long seen = version;
        std::vector<std::string> bound = {since};
        auto run = reads_.Run("count", std::move(bound));
        PGresult* result = co_await std::move(run);
        counts_[since] = {seen, std::atol(PQgetvalue(result, 0, 0))};
        PQclear(result);
      }
      count = counts_[since].count;
    }
    auto run = reads_.Run(statement, std::move(params));
    PGresult* result = co_await std::move(run);
    body += "{\"data\":[";
    for (int row = 0; row < PQntuples(result); ++row) {
      if (row > 0) body += ',';
      AppendOrder(body, result, row);
      if (request.ask == Ask::kListAppend) AppendCustomer(body, result, row);
      body += '}';
    }
    AppendMeta(body, count, request.number);
    PQclear(result);
  }

 private:
  struct Known {
    long version = -1, count = 0;
  };
  Pipeline reads_, writes_;
  std::map<std::string, Known, std::less<>> counts_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "bench_bare_postgres URL PORT\n");
    return 2;
  }
  PGconn* connection = PQconnectdb(argv[1]);
  PGresult* result = PQexec(connection, "select count(*) from orders");
  if (PQresultStatus(result) != PGRES_TUPLES_OK) Die("count", connection);
  row_count = std::atol(PQgetvalue(result, 0, 0));
  PQclear(result);
  PQfinish(connection);
  return bare::Serve(
      static_cast<unsigned short>(std::atoi(argv[2])), 2,
      [&](asio::io_context& context) { return std::make_unique<PostgresApp>(argv[1], context); });
}
