#include "db/postgres/exclusive.h"

#include <algorithm>

#include "db/errors.h"

namespace renkei::db::postgres {
namespace {

constexpr std::chrono::seconds kConnectTime(10);

}  // namespace

ExclusivePool::ExclusivePool(boost::asio::any_io_executor executor, const LinkMaker& maker,
                             PoolOptions options)
    : executor_(std::move(executor)), maker_(maker), options_(options), idle_timer_(executor_) {}

Task<Result<ExclusivePool::Lease>> ExclusivePool::Acquire(Deadline deadline) {
  auto self = shared_from_this();
  if (closed_ || waiters_.size() >= options_.queue_limit) {
    co_return Fail(Unavailable(codes::kUnavailable, "The database has too many requests to do"));
  }
  LinkRef link;
  if (in_use_ >= options_.connections) {
    Waiter waiter;
    auto start = [&](std::unique_ptr<Waker> waker) {
      waiter.waker = std::move(waker);
      waiters_.push_back(&waiter);
    };
    co_await Suspend(start);  // whoever gave back keeps in_use_ as it is: the place is ours
    link = std::move(waiter.link);
  } else {
    ++in_use_;
    while (!link && !idle_.empty()) {
      Idle idle = std::move(idle_.back());
      idle_.pop_back();
      if (idle.link->StillThere())
        link = std::move(idle.link);
      else
        maker_.on_lost();
    }
  }
  if (!link) link = std::make_shared<Link>(executor_, maker_.url, maker_.cancel);
  std::erase_if(lent_, [](const std::weak_ptr<Link>& lent) { return lent.expired(); });
  lent_.push_back(link);
  Lease lease(self, link);
  if (closed_) co_return Fail(ConnectionLost("closing"));
  if (Clock::now() >= deadline) co_return Fail(QueryTimeout());
  if (!link->open()) {
    Deadline until = std::min(deadline, Clock::now() + kConnectTime);
    RK_CO_CHECK_OK(co_await link->Connect(until));
  }
  co_return lease;
}

ExclusivePool::Lease::~Lease() {
  if (pool_ && link_) pool_->GiveBack(std::move(link_));
}

Task<Result<void>> ExclusivePool::Lease::Reconnect(Deadline deadline) {
  pool_->maker_.on_lost();
  Deadline until = std::min(deadline, Clock::now() + kConnectTime);
  co_return co_await link_->Connect(until);
}

void ExclusivePool::GiveBack(LinkRef link) {
  if (!link->reusable() || closed_) link.reset();
  if (!waiters_.empty()) {
    Waiter* waiter = waiters_.front();
    waiters_.pop_front();
    waiter->link = std::move(link);
    waiter->waker->Wake();
    return;
  }
  --in_use_;
  if (!link) return;
  idle_.push_back({std::move(link), Clock::now()});
  if (!timing_) CloseIdle();
}

// Runs while there is something idle.
void ExclusivePool::CloseIdle() {
  Clock::time_point now = Clock::now();
  std::erase_if(idle_, [&](const Idle& idle) { return now - idle.since >= options_.idle_close; });
  timing_ = !idle_.empty() && !closed_;
  if (!timing_) return;
  idle_timer_.expires_at(idle_.front().since + options_.idle_close);
  idle_timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    if (auto self = weak.lock(); self && !error) self->CloseIdle();
  });
}

void ExclusivePool::Close() {
  closed_ = true;
  idle_timer_.cancel();
  idle_.clear();
  for (const std::weak_ptr<Link>& lent : lent_) {
    if (LinkRef link = lent.lock()) link->Abandon();
  }
}

}  // namespace renkei::db::postgres
