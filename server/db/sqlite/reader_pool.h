// ReaderPool is a few threads that read, each with a connection of its own, fed by one bounded
// queue.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"
#include "db/sqlite/handle.h"
#include "db/suspend.h"

namespace renkei::db::sqlite {

class ReaderPool {
 public:
  // Runs on a reader's thread; the handle is null with an error when the file cannot be opened.
  using Work = std::function<void(Result<Handle*> handle)>;

  ReaderPool(HandleOptions options, int threads, std::size_t queue_limit);
  ~ReaderPool();
  ReaderPool(const ReaderPool&) = delete;
  ReaderPool& operator=(const ReaderPool&) = delete;

  // Runs `work` on a reader thread and resumes the caller on its executor. Error: the queue is full
  // or closed (DATABASE_UNAVAILABLE); then `work` has not run.
  Task<Result<void>> Run(Work work);
  void Stop();  // after the work that waits

 private:
  struct Item {
    Work work;
    std::unique_ptr<Waker> waker;
  };
  bool Push(Item& item);
  void Loop();

  const HandleOptions options_;
  const std::size_t queue_limit_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  std::deque<Item> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace renkei::db::sqlite
