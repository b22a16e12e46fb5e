// What happens when the database goes away or refuses, and that it comes back by itself.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>

#include "db/database_harness.h"
#include "db/errors.h"

namespace renkei::db {
namespace {

Task<int> UseOften(Database& database, std::atomic<bool>& stop, std::atomic<int>& wrong) {
  int good = 0;
  while (!stop) {
    Statement read = Sql(database, "SELECT count(*) FROM t");
    auto rows = co_await database.ReadOne(std::move(read), ReadCost::kBounded, Soon());
    Statement insert = Sql(database, "INSERT INTO t VALUES (1)");
    auto written = co_await database.Write(std::move(insert), Soon());
    TransactionBody body = [&](Connection& connection) -> Task<Result<void>> {
      Statement twice = Sql(database, "INSERT INTO t VALUES (2)");
      RK_CO_CHECK_OK(co_await connection.Run(std::move(twice)));
      co_return Result<void>();
    };
    auto transacted = co_await database.Transact(body, Soon());
    for (const Error* error : {rows ? nullptr : &rows.error(), written ? nullptr : &written.error(),
                               transacted ? nullptr : &transacted.error()}) {
      if (error != nullptr && error->code != codes::kUnavailable) ++wrong;
      good += error == nullptr;
    }
  }
  co_return good;
}

TEST(PostgresOutageTest, LostConnectionsAreReplaced) {
  TestStorage storage("postgres");
  auto database = storage.Open(), killer = storage.Open();
  ASSERT_TRUE(Await(database->Write(Sql(*database, "CREATE TABLE t (id INTEGER)"), Soon())));
  std::atomic<int> everything = 0;
  database->Subscribe(
      [&](std::string_view topic, std::string_view) { everything += topic == "*"; });
  TestWorkers workers;
  std::atomic<bool> stop = false;
  std::atomic<int> wrong = 0;
  std::vector<std::future<int>> running;
  for (int i = 0; i < 4; ++i)
    running.push_back(Start(workers, i % 2, UseOften(*database, stop, wrong)));
  for (int i = 0; i < 8; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    auto killed =
        Await(killer->ReadOne(Sql(*killer,
                                  "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                                  "WHERE pid <> pg_backend_pid() AND "
                                  "usename = current_user AND datname = current_database()"),
                              ReadCost::kUnbounded, Soon()));
    ASSERT_TRUE(killed) << killed.error().detail;
  }
  stop = true;
  for (auto& one : running) EXPECT_GT(one.get(), 0);
  EXPECT_EQ(wrong, 0);
  EXPECT_TRUE(Await(database->Write(Sql(*database, "INSERT INTO t VALUES (3)"), Soon())));
  EXPECT_TRUE(Await(database->ReadOne(Sql(*database, "SELECT 1"), ReadCost::kBounded, Soon())));
  // The listening connection comes back too, and tells that notifications may have been missed.
  for (int i = 0; i < 100 && everything < 2; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_GE(everything, 2);
  workers.Stop();
  database->Close();
  killer->Close();
}

TEST(PostgresConflictTest, SerializationFailuresRunTheBodyAgain) {
  TestStorage storage("postgres");
  auto database = storage.Open();
  ASSERT_TRUE(Await(database->Write(
      Sql(*database, "CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER)"), Soon())));
  ASSERT_TRUE(Await(database->Write(Sql(*database, "INSERT INTO t VALUES (1, 0)"), Soon())));
  int runs = 0;
  TransactionBody body = [&](Connection& connection) -> Task<Result<void>> {
    bool first = ++runs == 1;
    Statement level{"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", {}, "test"};
    RK_CO_CHECK_OK(co_await connection.Run(std::move(level)));
    RK_CO_CHECK_OK(co_await connection.Run(Sql(*database, "SELECT v FROM t")));
    if (first) {
      auto between = co_await database->Write(Sql(*database, "UPDATE t SET v = v + 1"), Soon());
      EXPECT_TRUE(between);
    }
    RK_CO_CHECK_OK(co_await connection.Run(Sql(*database, "UPDATE t SET v = v + 10")));
    co_return Result<void>();
  };
  auto done = Await(database->Transact(body, Soon()));
  EXPECT_TRUE(done) << done.error().detail;
  EXPECT_EQ(runs, 2);
  auto rows =
      Await(database->ReadOne(Sql(*database, "SELECT v FROM t"), ReadCost::kBounded, Soon()));
  EXPECT_EQ(rows->at(0, 0).ToInt(), 11);
}

TEST(PostgresConflictTest, ChangedTablesArePreparedAgain) {
  TestStorage storage("postgres");
  auto database = storage.Open();
  ASSERT_TRUE(Await(database->Write(Sql(*database, "CREATE TABLE t (id INTEGER)"), Soon())));
  ASSERT_TRUE(Await(database->Write(Sql(*database, "INSERT INTO t VALUES (1)"), Soon())));
  auto select = [&](ReadCost cost) {
    return Await(database->ReadOne(Sql(*database, "SELECT * FROM t"), cost, Soon()));
  };
  for (ReadCost cost : {ReadCost::kBounded, ReadCost::kUnbounded}) ASSERT_TRUE(select(cost));
  ASSERT_TRUE(Await(database->Write(Sql(*database, "ALTER TABLE t ADD COLUMN v INTEGER"), Soon())));
  for (ReadCost cost : {ReadCost::kBounded, ReadCost::kUnbounded}) {
    auto rows = select(cost);
    ASSERT_TRUE(rows) << rows.error().detail;
    EXPECT_EQ(rows->columns(), 2u);
  }
}

TEST(PostgresInheritanceTest, CountsOfParentsAndChildrenStayExact) {
  TestStorage storage("postgres");
  auto database = storage.Open();
  auto create = [&](const char* sql, const char* table) {
    TransactionBody body = [&](Connection& connection) -> Task<Result<void>> {
      RK_CO_CHECK_OK(co_await connection.Run(Sql(*database, sql)));
      RK_CO_CHECK_OK(co_await connection.RunAll(database->TrackCountStatements(table)));
      co_return Result<void>();
    };
    auto done = Await(database->Transact(body, Soon()));
    ASSERT_TRUE(done) << done.error().detail;
  };
  auto counts = [&]() {
    std::string all;
    for (const char* table : {"parent", "child"}) {
      for (bool whole : {true, false}) {
        CountRequest request{
            {table},
            whole,
            Sql(*database, fmt::format("SELECT count(*) FROM {} WHERE v > 0", table))};
        auto counted =
            Await(database->ReadCounted({}, std::move(request), ReadCost::kBounded, Soon()));
        all += counted ? std::to_string(counted->count) : counted.error().detail;
      }
    }
    return all;
  };
  auto run = [&](const char* sql) {
    ASSERT_TRUE(Await(database->Write(Sql(*database, sql), Soon()))) << sql;
  };
  create("CREATE TABLE parent (v INTEGER)", "parent");
  run("INSERT INTO parent VALUES (1)");
  create("CREATE TABLE child (w INTEGER) INHERITS (parent)", "child");
  EXPECT_EQ(counts(), "1100");
  run("INSERT INTO child VALUES (1, 1), (2, 2)");
  EXPECT_EQ(counts(), "3322");
  EXPECT_EQ(counts(), "3322");
  run("DELETE FROM parent WHERE v = 2");
  EXPECT_EQ(counts(), "2211");
  run("UPDATE parent SET v = -1");
  EXPECT_EQ(counts(), "0000");
}

TEST(SqliteOutageTest, AFullDiskFailsWritesAndRecovers) {
  TestStorage storage("sqlite");
  auto database = storage.Open();
  auto write = [&](const char* sql) { return Await(database->Write(Sql(*database, sql), Soon())); };
  ASSERT_TRUE(write("CREATE TABLE t (id INTEGER PRIMARY KEY, v BLOB)"));
  ASSERT_TRUE(write("PRAGMA max_page_count = 20"));
  auto full = write("INSERT INTO t (v) VALUES (randomblob(200000))");
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, codes::kUnavailable);
  EXPECT_EQ(full.error().kind, ErrorKind::kUnavailable);
  EXPECT_TRUE(
      Await(database->ReadOne(Sql(*database, "SELECT 1 FROM t"), ReadCost::kUnbounded, Soon())));
  ASSERT_TRUE(write("PRAGMA max_page_count = 100000"));
  EXPECT_TRUE(write("INSERT INTO t (v) VALUES (randomblob(200000))"));
}

Task<int> WriteSome(Database& database, int from, std::atomic<int>& refused) {
  int good = 0;
  for (int i = from; i < from + 20; ++i) {
    // One in five asks for more than there is room for; its neighbours in the commit must not
    // suffer.
    bool huge = i % 5 == 0;
    Statement insert = Sql(database, "INSERT INTO t (id, v) VALUES (?1, zeroblob(?2))",
                           {Value::Int(i), Value::Int(huge ? 4000000 : 10)});
    auto done = co_await database.Write(std::move(insert), Soon());
    if (done)
      ++good;
    else
      refused += done.error().code == codes::kUnavailable;
  }
  co_return good;
}

TEST(SqliteOutageTest, OneMemberThatBreaksTheTransactionDoesNotTakeTheOthersAlong) {
  TestStorage storage("sqlite");
  auto database = storage.Open();
  auto write = [&](const char* sql) { return Await(database->Write(Sql(*database, sql), Soon())); };
  ASSERT_TRUE(write("CREATE TABLE t (id INTEGER PRIMARY KEY, v BLOB)"));
  ASSERT_TRUE(write("PRAGMA max_page_count = 500"));
  TestWorkers workers;
  std::atomic<int> refused = 0;
  std::vector<std::future<int>> running;
  for (int i = 0; i < 16; ++i)
    running.push_back(Start(workers, i % 2, WriteSome(*database, 1000 * (i + 1), refused)));
  int good = 0;
  for (auto& one : running) good += one.get();
  EXPECT_EQ(good, 16 * 16);
  EXPECT_EQ(refused, 16 * 4);
  auto rows = Await(
      database->ReadOne(Sql(*database, "SELECT count(*) FROM t"), ReadCost::kUnbounded, Soon()));
  EXPECT_EQ(rows->at(0, 0).ToInt(), good);
  workers.Stop();
}

}  // namespace
}  // namespace renkei::db
