#include "db/database_harness.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/worker.h"
#include "db/postgres/postgres_database.h"
#include "db/sqlite/sqlite_database.h"

namespace renkei::db {
namespace {

std::atomic<int> storages = 0;

std::string Output(const std::string& command) {
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  for (int c = fgetc(pipe); c != EOF; c = fgetc(pipe)) text += static_cast<char>(c);
  EXPECT_EQ(pclose(pipe), 0) << command;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

// RENKEI_TEST_POSTGRES, or a throw-away cluster started at the first test that wants one.
class Cluster final : public testing::Environment {
 public:
  const std::string& Url() {
    if (!url_.empty()) return url_;
    if (const char* given = std::getenv("RENKEI_TEST_POSTGRES")) return url_ = given;
    std::filesystem::path root =
        std::filesystem::path(__FILE__).parent_path().parent_path().parent_path();
    script_ = (root / "tests/lib/postgres.sh").string();
    notes_ = (std::filesystem::temp_directory_path() / fmt::format("renkei-db-test-{}", getpid()))
                 .string();
    return url_ = Output(fmt::format("{} start {} 2>/dev/null", script_, notes_));
  }
  void TearDown() override {
    if (notes_.empty()) return;
    Output(fmt::format("{} stop {} >/dev/null 2>&1", script_, notes_));
    std::filesystem::remove_all(notes_);
  }

 private:
  std::string url_, script_, notes_;
};

Cluster& TheCluster() {
  static auto* cluster = static_cast<Cluster*>(testing::AddGlobalTestEnvironment(new Cluster));
  return *cluster;
}
const bool registered = (TheCluster(), true);

Task<Result<Rows>> RunOne(Database& database, Statement statement) {
  // CREATE DATABASE cannot run in a transaction block; a single Write() statement has none of ours
  // around it.
  co_return co_await database.Write(std::move(statement), Soon());
}

std::string NewPostgresDatabase() {
  std::string name = fmt::format("db_test_{}_{}", getpid(), ++storages);
  PostgresOptions options;
  options.url = TheCluster().Url();
  auto database = OpenPostgres(options);
  EXPECT_TRUE(database) << options.url;
  Statement create{fmt::format("CREATE DATABASE {}", name), {}, "test"};
  auto done = Await(RunOne(**database, std::move(create)));
  EXPECT_TRUE(done) << done.error().detail;
  return options.url.substr(0, options.url.rfind('/') + 1) + name;
}

}  // namespace

TestStorage::TestStorage(std::string kind) : kind_(std::move(kind)) {
  if (kind_ == "postgres") {
    place_ = NewPostgresDatabase();
    return;
  }
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / fmt::format("renkei-db-{}-{}", getpid(), ++storages);
  std::filesystem::create_directory(folder);
  place_ = (folder / "test.db").string();
}

TestStorage::~TestStorage() {
  if (kind_ == "sqlite") {
    std::filesystem::remove_all(std::filesystem::path(place_).parent_path());
    return;
  }
  PostgresOptions options;
  options.url = TheCluster().Url();
  auto database = OpenPostgres(options);
  std::string name = place_.substr(place_.rfind('/') + 1);
  Statement drop{fmt::format("DROP DATABASE IF EXISTS {}", name), {}, "test"};
  if (database) (void)Await(RunOne(**database, std::move(drop)));
}

std::unique_ptr<Database> TestStorage::Open(int workers) const {
  if (kind_ == "postgres") {
    PostgresOptions options;
    options.url = place_;
    options.workers = workers;
    return std::move(*OpenPostgres(options));
  }
  SqliteOptions options;
  options.path = place_;
  options.workers = workers;
  return std::move(*OpenSqlite(options));
}

TestWorkers::TestWorkers() {
  for (int i = 0; i < kTestWorkers; ++i) {
    contexts_.push_back(std::make_unique<boost::asio::io_context>(1));
    guards_.push_back(boost::asio::make_work_guard(*contexts_.back()));
    threads_.emplace_back([this, i] {
      SetWorkerIndex(i);
      contexts_[static_cast<std::size_t>(i)]->run();
    });
  }
}

TestWorkers::~TestWorkers() { Stop(); }

void TestWorkers::Stop() {
  guards_.clear();
  for (auto& context : contexts_) context->stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

Statement Sql(const Database& database, std::string_view sql, std::vector<Value> params) {
  std::string text(sql);
  char mark = database.dialect().name() == "postgres" ? '$' : '?';
  std::replace(text.begin(), text.end(), '?', mark);
  return {std::move(text), std::move(params), "test"};
}

}  // namespace renkei::db
