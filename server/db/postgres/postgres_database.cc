#include "db/postgres/postgres_database.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/worker.h"
#include "db/count_key.h"
#include "db/errors.h"
#include "db/flights.h"
#include "db/postgres/counts.h"
#include "db/postgres/counts_sql.h"
#include "db/postgres/home.h"
#include "db/postgres/transaction.h"

namespace renkei::db {
namespace {

using namespace postgres;
namespace asio = boost::asio;

constexpr std::size_t kMaxNotification = 7900;  // bytes; the server refuses 8000

class PostgresDatabase final : public Database {
 public:
  explicit PostgresDatabase(const PostgresOptions& options)
      : pool_options_{options.exclusive_connections, options.queue, options.idle_close},
        slots_(static_cast<std::size_t>(std::max(options.workers, 0))),
        home_({options.url, pool_options_, options.compact_every}, [this] { cache_.Clear(); }) {}

  ~PostgresDatabase() override { Close(); }

  const Dialect& dialect() const override { return PostgresDialect(); }

  Task<Result<std::vector<Rows>>> Read(std::vector<Statement> statements, ReadCost cost,
                                       Deadline deadline) override {
    auto work = [&](Slot& slot) { return ReadOn(slot, std::move(statements), cost, deadline); };
    co_return co_await Route<Result<std::vector<Rows>>>(work);
  }

  Task<Result<CountedRows>> ReadCounted(std::vector<Statement> statements, CountRequest count,
                                        ReadCost cost, Deadline deadline) override {
    auto work = [&](Slot& slot) {
      return CountOn(slot, std::move(statements), std::move(count), cost, deadline);
    };
    co_return co_await Route<Result<CountedRows>>(work);
  }

  Task<Result<void>> Transact(TransactionBody body, Deadline deadline) override {
    auto work = [&](Slot& slot) { return TransactOn(slot, body, deadline); };
    co_return co_await Route<Result<void>>(work);
  }

  Task<Result<Rows>> Write(Statement statement, Deadline deadline) override {
    auto work = [&](Slot& slot) { return WriteOn(slot, std::move(statement), deadline); };
    co_return co_await Route<Result<Rows>>(work);
  }

  Task<Result<void>> ReadSession(TransactionBody body, Deadline deadline) override {
    auto work = [&](Slot& slot) {
      return RunTransaction(*slot.exclusive, kBeginRead, body, deadline);
    };
    co_return co_await Route<Result<void>>(work);
  }

  std::vector<Statement> TrackCountStatements(std::string_view table) const override {
    return TrackStatements(table);
  }
  std::vector<Statement> UntrackCountStatements(std::string_view table) const override {
    return UntrackStatements(table);
  }

  Statement NotifyStatement(std::string_view topic, std::string_view payload) const override {
    std::string message = fmt::format("{} {}", topic, payload);
    if (message.size() > kMaxNotification) message = "* ";
    return {"SELECT pg_notify($1, $2)",
            {Value::Text(kChannel), Value::Text(std::move(message))},
            "notify"};
  }

  void Subscribe(std::function<void(std::string_view, std::string_view)> subscriber) override {
    home_.Subscribe(std::move(subscriber));
  }

  Task<Result<std::string>> ServerVersion() override {
    Statement statement{"SELECT 'PostgreSQL ' || current_setting('server_version')", {}, "version"};
    Deadline deadline = Clock::now() + std::chrono::seconds(10);
    RK_CO_TRY(rows, co_await ReadOne(std::move(statement), ReadCost::kBounded, deadline));
    co_return rows.at(0, 0).ToText();
  }

  void Close() override {
    if (closed_.exchange(true)) return;
    home_.Close();
    for (auto& slot : slots_) {
      if (slot) slot->Close();
      slot.reset();
    }
  }

 private:
  // Runs `work` on this event-loop thread's connections, or on the home thread's for any other
  // thread. `work` is borrowed: the caller awaits.
  template <class T, class Work>
  Task<T> Route(Work& work) {
    int worker = WorkerIndex();
    if (worker >= 0 && worker < static_cast<int>(slots_.size())) {
      std::unique_ptr<Slot>& slot = slots_[static_cast<std::size_t>(worker)];
      if (!slot) {
        auto executor = co_await asio::this_coro::executor;
        slot = std::make_unique<Slot>(executor, home_.maker(), pool_options_);
      }
      co_return co_await work(*slot);
    }
    auto task = work(home_.slot());
    co_return co_await asio::co_spawn(home_.executor(), std::move(task), asio::use_awaitable);
  }

  Task<Result<std::vector<Rows>>> ReadOn(Slot& slot, std::vector<Statement> statements,
                                         ReadCost cost, Deadline deadline) {
    if (cost == ReadCost::kBounded)
      co_return co_await slot.reads->Run(std::move(statements), deadline);
    std::vector<std::vector<Statement>> groups;
    groups.push_back(std::move(statements));
    RK_CO_TRY(results, co_await RunPlain(*slot.exclusive, groups, deadline));
    co_return std::move(results.front());
  }

  Task<Result<Rows>> WriteOn(Slot& slot, Statement statement, Deadline deadline) {
    std::vector<Statement> statements;
    statements.push_back(std::move(statement));
    RK_CO_TRY(rows, co_await slot.writes->Run(std::move(statements), deadline));
    home_.CountsMoved();
    co_return std::move(rows.front());
  }

  Task<Result<void>> TransactOn(Slot& slot, const TransactionBody& body, Deadline deadline) {
    RK_CO_CHECK_OK(co_await EnsureHelpers(slot, deadline));
    auto result = co_await RunTransaction(*slot.exclusive, kBeginWrite, body, deadline);
    home_.CountsMoved();
    co_return result;
  }

  // The tables and functions of counts_sql.h, once per process. Several at once do no harm.
  Task<Result<void>> EnsureHelpers(Slot& slot, Deadline deadline) {
    if (helpers_ready_.load(std::memory_order_acquire)) co_return Result<void>();
    TransactionBody create = [](Connection& connection) -> Task<Result<void>> {
      Statement ask{"SELECT to_regprocedure('rk_settle_v1(bigint[],text[])')", {}, "counts.setup"};
      RK_CO_TRY(found, co_await connection.Run(std::move(ask)));
      if (!found.at(0, 0).is_null()) co_return Result<void>();
      RK_CO_CHECK_OK(co_await connection.RunAll(HelperStatements()));
      co_return Result<void>();
    };
    RK_CO_CHECK_OK(co_await RunTransaction(*slot.exclusive, kBeginWrite, create, deadline));
    helpers_ready_.store(true, std::memory_order_release);
    co_return Result<void>();
  }

  // ---- counts

  Task<Result<CountedRows>> CountOn(Slot& slot, std::vector<Statement> statements,
                                    CountRequest count, ReadCost cost, Deadline deadline) {
    RK_CO_CHECK_OK(co_await EnsureHelpers(slot, deadline));
    if (count.whole_table && count.tables.size() == 1) {
      co_return co_await CountWhole(slot, std::move(statements), std::move(count), cost, deadline);
    }
    if (count.tables.empty()) {
      statements.push_back(std::move(count.statement));
      RK_CO_TRY(rows, co_await ReadOn(slot, std::move(statements), ReadCost::kUnbounded, deadline));
      co_return WithoutLast(std::move(rows));
    }
    co_return co_await CountFiltered(slot, std::move(statements), std::move(count), cost, deadline);
  }

  static CountedRows WithoutLast(std::vector<Rows> rows) {
    std::int64_t number = rows.back().empty() ? 0 : rows.back().at(0, 0).ToInt();
    rows.pop_back();
    return {std::move(rows), number};
  }

  Task<Result<CountedRows>> CountWhole(Slot& slot, std::vector<Statement> statements,
                                       CountRequest count, ReadCost cost, Deadline deadline) {
    statements.push_back(WholeCountStatement(count.tables.front()));
    RK_CO_TRY(rows, co_await ReadOn(slot, std::move(statements), cost, deadline));
    bool kept = !rows.back().at(0, 0).is_null();
    CountedRows counted = WithoutLast(std::move(rows));
    if (kept) co_return counted;
    std::vector<Statement> plain;
    plain.push_back(std::move(count.statement));
    RK_CO_TRY(number, co_await ReadOn(slot, std::move(plain), ReadCost::kUnbounded, deadline));
    counted.count = number.front().at(0, 0).ToInt();
    co_return counted;
  }

  Task<Result<CountedRows>> CountFiltered(Slot& slot, std::vector<Statement> statements,
                                          CountRequest count, ReadCost cost, Deadline deadline) {
    statements.push_back(VersionsStatement(count.tables));
    RK_CO_TRY(rows, co_await ReadOn(slot, std::move(statements), cost, deadline));
    std::string versions = rows.back().at(0, 0).ToText();
    rows.pop_back();
    bool tracked = versions.find('-') == std::string::npos;
    std::string key = CountKey(count.statement);
    if (tracked) {
      if (auto known = cache_.Find(key, versions)) co_return CountedRows{std::move(rows), *known};
      // The same count of the same state may be under way.
      std::string flight = key + '\0' + versions;
      if (flights_.Lead(flight)) {
        bool settled = false;
        auto number = co_await CountNow(slot, count, key, versions, settled, deadline);
        flights_.Leave(flight, number && settled ? std::optional(*number) : std::nullopt);
        if (!number) co_return Fail(std::move(number).error());
        co_return CountedRows{std::move(rows), *number};
      }
      if (auto number = co_await flights_.Join(flight))
        co_return CountedRows{std::move(rows), *number};
    }
    std::vector<Statement> plain;
    plain.push_back(std::move(count.statement));
    RK_CO_TRY(number, co_await ReadOn(slot, std::move(plain), ReadCost::kUnbounded, deadline));
    co_return CountedRows{std::move(rows), number.front().at(0, 0).ToInt()};
  }

  // Settles in a transaction of its own, then counts: one round trip. `settled` when the number is
  // good for `versions`.
  Task<Result<std::int64_t>> CountNow(Slot& slot, const CountRequest& count, const std::string& key,
                                      const std::string& versions, bool& settled,
                                      Deadline deadline) {
    std::uint64_t epoch = cache_.epoch();
    std::vector<std::vector<Statement>> groups(2);
    groups[0].push_back(SettleStatement(count.tables));
    groups[1].push_back(count.statement);
    RK_CO_TRY(results, co_await RunPlain(*slot.exclusive, groups, deadline));
    const Cell& found = results[0].front().at(0, 0);
    std::int64_t number = results[1].front().at(0, 0).ToInt();
    if (!found.is_null()) {
      settled = found.view() == versions;
      cache_.Store(key, found.ToText(), number, epoch);
    }
    co_return number;
  }

  const PoolOptions pool_options_;
  CountCache cache_;
  Flights flights_;
  std::atomic<bool> helpers_ready_ = false, closed_ = false;
  std::vector<std::unique_ptr<Slot>> slots_;  // by WorkerIndex(), each used by its thread only
  Home home_;
};

}  // namespace

Result<std::unique_ptr<Database>> OpenPostgres(PostgresOptions options) {
  char* reason = nullptr;
  PQconninfoOption* parsed = PQconninfoParse(options.url.c_str(), &reason);
  if (parsed == nullptr) {
    Error error =
        InvalidArgument("INVALID_DATABASE_URL", "The address of the database is not valid",
                        "Write it as postgres://user:password@host:port/name");
    error.detail = reason == nullptr ? "out of memory" : reason;
    PQfreemem(reason);
    return Fail(std::move(error));
  }
  PQconninfoFree(parsed);
  return std::unique_ptr<Database>(std::make_unique<PostgresDatabase>(options));
}

}  // namespace renkei::db
