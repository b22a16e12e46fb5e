// Counts under fire: several writers, some outside this Database object, some of whose transactions
// are rolled back, while readers of both objects count. A count is wrong when it is below what was
// acknowledged before the request, or above what had been begun after it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>

#include "db/database_harness.h"

namespace renkei::db {
namespace {

constexpr std::chrono::milliseconds kDuration(1500);

struct Race {
  std::atomic<bool> stop = false;
  std::atomic<std::int64_t> next_id = 1, acknowledged = 0, begun = 0;
  std::atomic<int> counted = 0, wrong = 0, failed = 0;
};

// `acknowledges`: the other side promises to see these rows at once.
Task<int> WriteOnes(Database& database, Race& race, bool acknowledges) {
  int written = 0;
  while (!race.stop) {
    Statement insert =
        Sql(database, "INSERT INTO t (id, v) VALUES (?1, 1)", {Value::Int(race.next_id++)});
    ++race.begun;
    auto done = co_await database.Write(std::move(insert), Soon());
    if (!done)
      ++race.failed;
    else if (acknowledges)
      ++race.acknowledged;
    ++written;
  }
  co_return written;
}

Task<int> WriteThrees(Database& database, Race& race, bool acknowledges) {
  int written = 0;
  for (int round = 0; !race.stop; ++round) {
    bool abort = round % 7 == 6;
    race.begun += 3;
    TransactionBody body = [&](Connection& connection) -> Task<Result<void>> {
      for (int i = 0; i < 3; ++i) {
        Statement insert =
            Sql(database, "INSERT INTO t (id, v) VALUES (?1, 1)", {Value::Int(race.next_id++)});
        RK_CO_CHECK_OK(co_await connection.Run(std::move(insert)));
      }
      if (abort) co_return Fail(NotFound("ABORTED", "on purpose"));
      co_return Result<void>();
    };
    auto done = co_await database.Transact(body, Soon());
    if (abort) {
      if (done || done.error().code != "ABORTED") ++race.failed;
      continue;
    }
    if (!done)
      ++race.failed;
    else if (acknowledges)
      race.acknowledged += 3;
    written += 3;
  }
  co_return written;
}

CountRequest Request(Database& database, bool whole) {
  if (whole) return {{"t"}, true, Sql(database, "SELECT count(*) FROM t")};
  return {{"t"}, false, Sql(database, "SELECT count(*) FROM t WHERE v > ?1", {Value::Int(0)})};
}

Task<int> CountOften(Database& database, Race& race, bool whole) {
  int answers = 0;
  while (!race.stop) {
    std::int64_t low = race.acknowledged;
    std::vector<Statement> statements;
    statements.push_back(
        Sql(database, "SELECT id FROM t WHERE id > ?1 ORDER BY id LIMIT 5", {Value::Int(3)}));
    CountRequest request = Request(database, whole);
    auto counted = co_await database.ReadCounted(std::move(statements), std::move(request),
                                                 ReadCost::kBounded, Soon());
    std::int64_t high = race.begun;
    if (!counted)
      ++race.failed;
    else if (counted->count < low || counted->count > high)
      ++race.wrong;
    ++race.counted;
    ++answers;
  }
  co_return answers;
}

class CountRaceTest : public testing::TestWithParam<const char*> {};

TEST_P(CountRaceTest, EveryAnswerLiesBetweenWhatWasAcknowledgedAndWhatWasBegun) {
  bool postgres = std::string_view(GetParam()) == "postgres";
  TestStorage storage(GetParam());
  std::unique_ptr<Database> ours = storage.Open(), theirs = storage.Open();
  TransactionBody create = [&](Connection& connection) -> Task<Result<void>> {
    Statement table{"CREATE TABLE t (id BIGINT PRIMARY KEY, v INTEGER)", {}, "test"};
    RK_CO_CHECK_OK(co_await connection.Run(std::move(table)));
    auto track = ours->TrackCountStatements("t");
    RK_CO_CHECK_OK(co_await connection.RunAll(std::move(track)));
    co_return Result<void>();
  };
  ASSERT_TRUE(Await(ours->Transact(create, Soon())));

  Race race;
  auto workers = std::make_unique<TestWorkers>();
  std::vector<std::future<int>> running;
  for (int i = 0; i < 4; ++i) {
    running.push_back(Start(*workers, i % 2, WriteOnes(*ours, race, true)));
    running.push_back(Start(*workers, i % 2, CountOften(*ours, race, i < 2)));
  }
  running.push_back(Start(*workers, 0, WriteThrees(*ours, race, true)));
  // Another program: on SQLite its commits are noticed within a second, on PostgreSQL at once.
  running.push_back(Start(*workers, 1, WriteThrees(*theirs, race, postgres)));
  running.push_back(Start(*workers, 0, WriteOnes(*theirs, race, postgres)));
  if (postgres) {
    running.push_back(Start(*workers, 1, CountOften(*theirs, race, true)));
    running.push_back(Start(*workers, 0, CountOften(*theirs, race, false)));
  }
  std::this_thread::sleep_for(kDuration);
  race.stop = true;
  for (auto& one : running) one.get();

  EXPECT_EQ(race.failed, 0);
  EXPECT_EQ(race.wrong, 0) << "of " << race.counted;
  EXPECT_GT(race.counted, 10);
  // When all is quiet both ways of counting agree with the table.
  std::this_thread::sleep_for(std::chrono::milliseconds(postgres ? 0 : 1300));
  auto truth =
      Await(ours->ReadOne(Sql(*ours, "SELECT count(*) FROM t"), ReadCost::kUnbounded, Soon()));
  for (Database* database : {ours.get(), theirs.get()}) {
    for (bool whole : {true, false}) {
      auto counted =
          Await(database->ReadCounted({}, Request(*database, whole), ReadCost::kBounded, Soon()));
      ASSERT_TRUE(counted) << counted.error().detail;
      EXPECT_EQ(counted->count, truth->at(0, 0).ToInt()) << whole;
    }
  }
  workers->Stop();
  ours->Close();
  theirs->Close();
}

std::string KindName(const testing::TestParamInfo<const char*>& kind) { return kind.param; }
INSTANTIATE_TEST_SUITE_P(Sqlite, CountRaceTest, testing::Values("sqlite"), KindName);
INSTANTIATE_TEST_SUITE_P(Postgres, CountRaceTest, testing::Values("postgres"), KindName);

}  // namespace
}  // namespace renkei::db
