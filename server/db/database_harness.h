// What the database tests share: opening either kind on fresh storage, and running coroutines on
// it.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "db/database.h"
#include "db/run_blocking.h"

namespace renkei::db {

inline constexpr int kTestWorkers = 2;

// Storage of one test: a new file, or a new database of the test cluster. Removed at the end.
class TestStorage {
 public:
  explicit TestStorage(std::string kind);  // "sqlite" or "postgres"
  ~TestStorage();
  std::unique_ptr<Database> Open(int workers = kTestWorkers) const;
  const std::string& place() const { return place_; }  // path or URL

 private:
  std::string kind_, place_;
};

// Event-loop threads as the HTTP server has them.
class TestWorkers {
 public:
  TestWorkers();
  ~TestWorkers();
  void Stop();  // the contexts stay: a database may hold descriptors in them until it is closed
  boost::asio::io_context& context(int worker) {
    return *contexts_[static_cast<std::size_t>(worker)];
  }

 private:
  std::vector<std::unique_ptr<boost::asio::io_context>> contexts_;
  std::vector<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> guards_;
  std::vector<std::thread> threads_;
};

// Runs to the end on this thread, which is no worker.
template <class T>
T Await(Task<T> task) {
  return RunBlocking(std::move(task));
}

template <class T>
std::future<T> Start(TestWorkers& workers, int worker, Task<T> task) {
  return boost::asio::co_spawn(workers.context(worker), std::move(task), boost::asio::use_future);
}

inline Deadline Soon(int milliseconds = 20000) {
  return Clock::now() + std::chrono::milliseconds(milliseconds);
}

// With placeholders ?1 … written for the database at hand.
Statement Sql(const Database& database, std::string_view sql, std::vector<Value> params = {});

}  // namespace renkei::db
