#include "db/sqlite/reader_pool.h"

#include "db/errors.h"

namespace renkei::db::sqlite {

ReaderPool::ReaderPool(HandleOptions options, int threads, std::size_t queue_limit)
    : options_(std::move(options)), queue_limit_(queue_limit) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Loop(); });
}

ReaderPool::~ReaderPool() { Stop(); }

void ReaderPool::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

bool ReaderPool::Push(Item& item) {
  {
    std::lock_guard lock(mutex_);
    if (stopping_ || queue_.size() >= queue_limit_) return false;
    queue_.push_back(std::move(item));
  }
  wake_.notify_one();
  return true;
}

Task<Result<void>> ReaderPool::Run(Work work) {
  bool accepted = true;
  auto start = [&](std::unique_ptr<Waker> waker) {
    // Once pushed, the caller may already be running again: nothing of its frame is touched
    // afterwards.
    Item item{std::move(work), std::move(waker)};
    if (Push(item)) return;
    accepted = false;
    item.waker->Wake();
  };
  co_await Suspend(start);
  if (accepted) co_return Result<void>();
  co_return Fail(Unavailable(codes::kUnavailable, "The database has too many long reads to do"));
}

void ReaderPool::Loop() {
  std::unique_ptr<Handle> handle;
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    Item item = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    Result<void> opened;
    if (!handle) {
      auto result = Handle::Open(options_);
      if (result)
        handle = std::move(*result);
      else
        opened = Fail(result.error());
    }
    item.work(opened ? Result<Handle*>(handle.get()) : Fail(opened.error()));
    item.work = nullptr;
    item.waker->Wake();
    item.waker.reset();
    lock.lock();
  }
}

}  // namespace renkei::db::sqlite
