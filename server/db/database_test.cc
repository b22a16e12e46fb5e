// What every Database must do, run on each kind.
#include "db/database.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>

#include "db/database_harness.h"
#include "db/errors.h"
#include "db/migrate.h"

namespace renkei::db {
namespace {

class DatabaseTest : public testing::TestWithParam<const char*> {
 protected:
  DatabaseTest() : storage_(GetParam()), database_(storage_.Open()) {}
  ~DatabaseTest() override {
    workers_->Stop();
    database_->Close();
  }

  bool sqlite() const { return std::string_view(GetParam()) == "sqlite"; }
  Statement S(std::string_view sql, std::vector<Value> params = {}) {
    return Sql(*database_, sql, std::move(params));
  }

  Result<Rows> Write(std::string_view sql, std::vector<Value> params = {}) {
    return Await(database_->Write(S(sql, std::move(params)), Soon()));
  }
  Result<Rows> Read(std::string_view sql, std::vector<Value> params = {},
                    ReadCost cost = ReadCost::kUnbounded) {
    return Await(database_->ReadOne(S(sql, std::move(params)), cost, Soon()));
  }
  std::int64_t Number(std::string_view sql, std::vector<Value> params = {}) {
    auto rows = Read(sql, std::move(params));
    EXPECT_TRUE(rows) << rows.error().detail;
    return rows && !rows->empty() ? rows->at(0, 0).ToInt() : -1;
  }
  Result<void> Transact(TransactionBody body) {
    return Await(database_->Transact(std::move(body), Soon()));
  }

  void Must(std::string_view sql, std::vector<Value> params = {}) {
    auto done = Write(sql, std::move(params));
    ASSERT_TRUE(done) << sql << ": " << done.error().message << " " << done.error().detail;
  }
  // A table whose count is kept.
  void CreateCounted(const std::string& table) {
    TransactionBody body = [&](Connection& connection) -> Task<Result<void>> {
      Statement create{
          fmt::format("CREATE TABLE {} (id INTEGER NOT NULL PRIMARY KEY, v INTEGER)", table),
          {},
          "test"};
      RK_CO_CHECK_OK(co_await connection.Run(std::move(create)));
      auto track = database_->TrackCountStatements(table);
      RK_CO_CHECK_OK(co_await connection.RunAll(std::move(track)));
      co_return Result<void>();
    };
    auto done = Transact(body);
    ASSERT_TRUE(done) << done.error().detail;
  }
  std::int64_t Counted(CountRequest request) {
    std::vector<Statement> statements;
    statements.push_back(S("SELECT 1"));
    auto counted = Await(database_->ReadCounted(std::move(statements), std::move(request),
                                                ReadCost::kBounded, Soon()));
    EXPECT_TRUE(counted) << counted.error().detail;
    if (!counted) return -1;
    EXPECT_EQ(counted->rows.size(), 1u);
    return counted->count;
  }
  CountRequest Whole(const std::string& table) {
    return {{table}, true, S(fmt::format("SELECT count(*) FROM {}", table))};
  }
  CountRequest Positive(const std::string& table) {
    return {{table},
            false,
            S(fmt::format("SELECT count(*) FROM {} WHERE v > ?1", table), {Value::Int(0)})};
  }

  TestStorage storage_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<TestWorkers> workers_ = std::make_unique<TestWorkers>();
};

TEST_P(DatabaseTest, ReturnsWhatWasStored) {
  Must("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, ratio DOUBLE PRECISION, big BIGINT)");
  auto rows = Write(
      "INSERT INTO t (id, name, ratio, big) VALUES (?1, ?2, ?3, ?4), (2, NULL, NULL, NULL) "
      "RETURNING id, name",
      {Value::Int(1), Value::Text("日本'\"\\"), Value::Double(0.1), Value::Int(INT64_MIN)});
  ASSERT_TRUE(rows) << rows.error().detail;
  EXPECT_EQ(rows->affected(), 2);
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ(rows->names(), (std::vector<std::string>{"id", "name"}));
  EXPECT_EQ(rows->at(0, 1).view(), "日本'\"\\");
  auto read = Read("SELECT ratio, big, name FROM t ORDER BY id");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->at(0, 0).ToDouble(), 0.1);
  EXPECT_EQ(read->at(0, 1).ToInt(), INT64_MIN);
  EXPECT_TRUE(read->at(1, 2).is_null());
  EXPECT_EQ(Write("UPDATE t SET name = 'x'")->affected(), 2);
  EXPECT_EQ(Write("DELETE FROM t WHERE id = ?1", {Value::Int(9)})->affected(), 0);
}

TEST_P(DatabaseTest, TranslatesErrors) {
  Must("CREATE TABLE parent (id INTEGER PRIMARY KEY)");
  Must(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER CHECK (b > 0), "
      "p INTEGER REFERENCES parent (id), UNIQUE (a, b))");
  Must("INSERT INTO t (id, a, b) VALUES (1, 1, 1)");
  struct Row {
    std::string sql;
    std::string_view code;
    std::string field;
    ErrorKind kind = ErrorKind::kInvalidArgument;
  };
  for (const Row& row : std::vector<Row>{
           {"INSERT INTO t (id, a, b) VALUES (2, 1, 1)", codes::kUnique, "a,b"},
           {"INSERT INTO t (id, a, b) VALUES (1, 2, 2)", codes::kUnique, "id"},
           {"INSERT INTO t (id, b) VALUES (3, 1)", codes::kNotNull, "a"},
           {"INSERT INTO t (id, a, b) VALUES (3, 3, 0)", codes::kCheck, ""},
           {"INSERT INTO t (id, a, p) VALUES (3, 3, 77)", codes::kForeignKey, ""},
           {"SELECT missing FROM t", codes::kUnknownColumn, ""},
           {"SELECT 1 FROM missing", codes::kUnknownColumn, ""},
           {"SELEC 1", codes::kSyntax, ""},
           {"SELECT 1; SELECT 2", codes::kSyntax, ""},
       }) {
    auto result = Write(row.sql);
    ASSERT_FALSE(result) << row.sql;
    EXPECT_EQ(result.error().code, row.code) << row.sql << ": " << result.error().detail;
    EXPECT_EQ(result.error().field, row.field) << row.sql;
    EXPECT_EQ(result.error().kind, row.kind) << row.sql;
    if (row.code == codes::kUnique) {
      EXPECT_EQ(result.error().hint, "table:t");
    }
    EXPECT_FALSE(result.error().detail.empty());
  }
  EXPECT_EQ(Number("SELECT count(*) FROM t"), 1);
}

TEST_P(DatabaseTest, RollsBackWhenTheBodyFails) {
  Must("CREATE TABLE t (id INTEGER PRIMARY KEY)");
  TransactionBody refuses = [&](Connection& connection) -> Task<Result<void>> {
    RK_CO_CHECK_OK(co_await connection.Run(S("INSERT INTO t VALUES (1)")));
    co_return Fail(NotFound("X", "x"));
  };
  EXPECT_EQ(Transact(refuses).error().code, "X");
  TransactionBody throws = [&](Connection& connection) -> Task<Result<void>> {
    RK_CO_CHECK_OK(co_await connection.Run(S("INSERT INTO t VALUES (1)")));
    throw std::runtime_error("broken");
  };
  EXPECT_EQ(Transact(throws).error().kind, ErrorKind::kInternal);
  TransactionBody hides = [&](Connection& connection) -> Task<Result<void>> {
    RK_CO_CHECK_OK(co_await connection.Run(S("INSERT INTO t VALUES (1)")));
    (void)co_await connection.Run(S("INSERT INTO t VALUES (1)"));
    auto after = co_await connection.Run(S("INSERT INTO t VALUES (2)"));
    EXPECT_EQ(after.error().code, codes::kUnique);
    co_return Result<void>();
  };
  EXPECT_EQ(Transact(hides).error().code, codes::kUnique);
  EXPECT_EQ(Number("SELECT count(*) FROM t"), 0);
  TransactionBody works = [&](Connection& connection) -> Task<Result<void>> {
    std::vector<Statement> statements = {
        S("INSERT INTO t VALUES (1)"), S("INSERT INTO t VALUES (2)"), S("SELECT count(*) FROM t")};
    RK_CO_TRY(all, co_await connection.RunAll(std::move(statements)));
    EXPECT_EQ(all.at(2).at(0, 0).ToInt(), 2);
    co_return Result<void>();
  };
  auto done = Transact(works);
  EXPECT_TRUE(done) << done.error().detail;
  EXPECT_EQ(Number("SELECT count(*) FROM t"), 2);
}

Task<int> WriteMany(Database& database, int from, int count, std::atomic<int>& failed) {
  int written = 0;
  for (int i = from; i < from + count; ++i) {
    // Every tenth is a duplicate: only it fails, whatever shares its commit.
    Statement insert =
        Sql(database, "INSERT INTO t (id) VALUES (?1)", {Value::Int(i % 10 == 9 ? 0 : i)});
    auto done = co_await database.Write(std::move(insert), Soon());
    if (done)
      ++written;
    else if (done.error().code == codes::kUnique)
      ++failed;
  }
  co_return written;
}

TEST_P(DatabaseTest, WritesThatShareACommitFailAlone) {
  Must("CREATE TABLE t (id INTEGER PRIMARY KEY)");
  Must("INSERT INTO t VALUES (0)");
  std::atomic<int> failed = 0;
  std::vector<std::future<int>> results;
  for (int i = 0; i < 32; ++i) {
    results.push_back(
        Start(*workers_, i % kTestWorkers, WriteMany(*database_, 10 + i * 100, 30, failed)));
  }
  int written = 0;
  for (auto& result : results) written += result.get();
  EXPECT_EQ(written, 32 * 27);
  EXPECT_EQ(failed, 32 * 3);
  EXPECT_EQ(Number("SELECT count(*) FROM t"), 1 + 32 * 27);
}

Task<int> ReadMany(Database& database, int times) {
  int good = 0;
  for (int i = 0; i < times; ++i) {
    std::vector<Statement> statements;
    statements.push_back(
        Sql(database, "SELECT id FROM t WHERE id > ?1 ORDER BY id LIMIT 20", {Value::Int(i)}));
    bool bad = i % 7 == 3;
    statements.push_back(Sql(database, bad ? "SELECT missing FROM t" : "SELECT count(*) FROM t"));
    auto rows = co_await database.Read(std::move(statements), ReadCost::kBounded, Soon());
    if (bad)
      good += !rows && rows.error().code == codes::kUnknownColumn;
    else
      good += rows && rows->at(0).at(0, 0).ToInt() == i + 1 && rows->at(1).at(0, 0).ToInt() == 200;
  }
  co_return good;
}

TEST_P(DatabaseTest, ReadsOnWorkersSideBySide) {
  Must("CREATE TABLE t (id INTEGER PRIMARY KEY)");
  Must(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) INSERT INTO t "
      "SELECT i FROM n");
  std::vector<std::future<int>> results;
  for (int i = 0; i < 16; ++i)
    results.push_back(Start(*workers_, i % kTestWorkers, ReadMany(*database_, 50)));
  for (auto& result : results) EXPECT_EQ(result.get(), 50);
}

TEST_P(DatabaseTest, StopsAtTheDeadline) {
  const char* forever =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
  auto read = Await(database_->ReadOne(S(forever), ReadCost::kUnbounded, Soon(200)));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, codes::kTimeout) << read.error().detail;
  EXPECT_EQ(read.error().kind, ErrorKind::kDeadlineExceeded);

  Must("CREATE TABLE t (id BIGINT)");
  TransactionBody slow = [&](Connection& connection) -> Task<Result<void>> {
    RK_CO_CHECK_OK(
        co_await connection.Run(S("INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT "
                                  "i + 1 FROM n) SELECT i FROM n")));
    co_return Result<void>();
  };
  auto written = Await(database_->Transact(slow, Soon(200)));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, codes::kTimeout) << written.error().detail;
  EXPECT_EQ(Number("SELECT count(*) FROM t"), 0);
  auto shared = Await(database_->ReadOne(S(forever), ReadCost::kBounded, Soon(200)));
  EXPECT_EQ(shared.error().code, codes::kTimeout) << shared.error().detail;
  EXPECT_EQ(Number("SELECT 1"), 1);
}

TEST_P(DatabaseTest, ReadSessionsSeeOneState) {
  Must("CREATE TABLE t (id INTEGER PRIMARY KEY)");
  TransactionBody body = [&](Connection& connection) -> Task<Result<void>> {
    for (int i = 0; i < 3; ++i) {
      RK_CO_TRY(rows, co_await connection.Run(S("SELECT count(*) FROM t")));
      EXPECT_EQ(rows.at(0, 0).ToInt(), 0);
    }
    auto refused = co_await connection.Run(S("INSERT INTO t VALUES (1)"));
    EXPECT_FALSE(refused);
    co_return Result<void>();
  };
  EXPECT_FALSE(Await(database_->ReadSession(body, Soon())));
  EXPECT_EQ(Number("SELECT count(*) FROM t"), 0);
}

std::vector<Statement> CreateA(const Database&) {
  return {{"CREATE TABLE a (id INTEGER)", {}, "test"}};
}
std::vector<Statement> CreateB(const Database&) {
  return {{"CREATE TABLE b (id INTEGER)", {}, "test"}, {"INSERT INTO b VALUES (1)", {}, "test"}};
}
std::vector<Statement> Broken(const Database&) {
  return {{"CREATE TABLE c (id INTEGER)", {}, "test"}, {"CREATE TABLE c (id INTEGER)", {}, "test"}};
}

TEST_P(DatabaseTest, MigratesOnceAndInOrder) {
  std::vector<Migration> migrations = {{2, "b", CreateB}, {1, "a", CreateA}};
  auto plan = Await(Migrate(*database_, migrations, true, Soon()));
  ASSERT_TRUE(plan) << plan.error().detail;
  EXPECT_EQ(plan->applied.size(), 5u);
  EXPECT_EQ(plan->to, 2);
  auto report = Await(Migrate(*database_, migrations, false, Soon()));
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->applied, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(report->to, 2);
  EXPECT_TRUE(Await(Migrate(*database_, migrations, false, Soon()))->applied.empty());
  EXPECT_EQ(Number("SELECT count(*) FROM b"), 1);
  migrations.push_back({3, "c", Broken});
  EXPECT_FALSE(Await(Migrate(*database_, migrations, false, Soon())));
  EXPECT_EQ(Read("SELECT 1 FROM c").error().code, codes::kUnknownColumn);
  EXPECT_EQ(Await(Migrate(*database_, {{1, "a", CreateA}}, false, Soon())).error().code,
            "SCHEMA_TOO_NEW");
}

TEST_P(DatabaseTest, NotifiesWhenTheTransactionCommits) {
  std::promise<std::string> heard;
  std::promise<void> ready;
  std::atomic<bool> listening = false;
  database_->Subscribe([&](std::string_view topic, std::string_view payload) {
    if (topic == "*" && !listening.exchange(true)) ready.set_value();
    if (topic == "catalog") heard.set_value(std::string(payload));
  });
  if (!sqlite()) ready.get_future().wait_for(std::chrono::seconds(10));
  TransactionBody aborted = [&](Connection& connection) -> Task<Result<void>> {
    RK_CO_CHECK_OK(co_await connection.Run(database_->NotifyStatement("catalog", "lost")));
    co_return Fail(NotFound("X", "x"));
  };
  EXPECT_FALSE(Transact(aborted));
  TransactionBody body = [&](Connection& connection) -> Task<Result<void>> {
    RK_CO_CHECK_OK(
        co_await connection.Run(database_->NotifyStatement("catalog", "books, authors")));
    co_return Result<void>();
  };
  auto done = Transact(body);
  ASSERT_TRUE(done) << done.error().detail;
  auto message = heard.get_future();
  ASSERT_EQ(message.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_EQ(message.get(), "books, authors");
}

TEST_P(DatabaseTest, CountsFollowEveryWrite) {
  CreateCounted("t");
  EXPECT_EQ(Counted(Whole("t")), 0);
  Must("INSERT INTO t VALUES (1, 1), (2, -2), (3, 3)");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Counted(Whole("t")), 3);
    EXPECT_EQ(Counted(Positive("t")), 2);
  }
  Must("UPDATE t SET v = 5 WHERE id = 2");
  EXPECT_EQ(Counted(Positive("t")), 3);
  EXPECT_EQ(Counted(Whole("t")), 3);
  EXPECT_FALSE(Write("INSERT INTO t VALUES (4, 4), (1, 1)"));
  EXPECT_EQ(Counted(Whole("t")), 3);
  Must("INSERT INTO t VALUES (1, -1) ON CONFLICT (id) DO UPDATE SET v = -1");
  EXPECT_EQ(Counted(Whole("t")), 3);
  EXPECT_EQ(Counted(Positive("t")), 2);
  Must("DELETE FROM t");
  EXPECT_EQ(Counted(Whole("t")), 0);
  EXPECT_EQ(Counted(Positive("t")), 0);
  Must("INSERT INTO t VALUES (1, 1)");
  EXPECT_EQ(Counted(Whole("t")), 1);
  if (sqlite()) {
    Must("REPLACE INTO t VALUES (1, 7)");
    EXPECT_EQ(Counted(Whole("t")), 1);
  } else {
    Must("TRUNCATE t");
    EXPECT_EQ(Counted(Whole("t")), 0);
    EXPECT_EQ(Counted(Positive("t")), 0);
  }
  TransactionBody drop = [&](Connection& connection) -> Task<Result<void>> {
    auto untrack = database_->UntrackCountStatements("t");
    RK_CO_CHECK_OK(co_await connection.RunAll(std::move(untrack)));
    RK_CO_CHECK_OK(co_await connection.Run(S("DROP TABLE t")));
    co_return Result<void>();
  };
  auto dropped = Transact(drop);
  ASSERT_TRUE(dropped) << dropped.error().detail;
  CreateCounted("t");
  Must("INSERT INTO t VALUES (1, 1), (2, 2)");
  EXPECT_EQ(Counted(Whole("t")), 2);
  EXPECT_EQ(Counted(Positive("t")), 2);
}

TEST_P(DatabaseTest, CountsOfViewsAndUntrackedTablesAreCountedEachTime) {
  Must("CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER)");
  Must("CREATE VIEW w AS SELECT * FROM t");
  for (int i = 1; i <= 3; ++i) {
    Must(fmt::format("INSERT INTO t VALUES ({0}, {0})", i));
    EXPECT_EQ(Counted(Whole("w")), i);
    EXPECT_EQ(Counted(Positive("w")), i);
    EXPECT_EQ(Counted(Whole("t")), i);
    EXPECT_EQ(Counted(Positive("t")), i);
    EXPECT_EQ(Counted({{}, false, S("SELECT count(*) FROM (SELECT * FROM t) AS q")}), i);
  }
}

TEST_P(DatabaseTest, TellsItsVersion) {
  auto version = Await(database_->ServerVersion());
  ASSERT_TRUE(version);
  EXPECT_TRUE(version->starts_with(sqlite() ? "SQLite 3." : "PostgreSQL 1")) << *version;
}

std::string KindName(const testing::TestParamInfo<const char*>& kind) { return kind.param; }

INSTANTIATE_TEST_SUITE_P(Sqlite, DatabaseTest, testing::Values("sqlite"), KindName);
INSTANTIATE_TEST_SUITE_P(Postgres, DatabaseTest, testing::Values("postgres"), KindName);

}  // namespace
}  // namespace renkei::db
