// ExclusivePool hands out whole connections for transactions and slow reads: opened on demand up to
// a limit, closed when idle. Used on its executor's thread only.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <vector>

#include "db/postgres/lane.h"
#include "db/postgres/link.h"

namespace renkei::db::postgres {

struct PoolOptions {
  int connections = 8;
  std::size_t queue_limit = 4096;
  std::chrono::seconds idle_close{60};
};

class ExclusivePool : public std::enable_shared_from_this<ExclusivePool> {
 public:
  // A connection on loan. Its destructor gives it back, or closes it when it is not in order.
  class Lease {
   public:
    Lease(std::shared_ptr<ExclusivePool> pool, LinkRef link)
        : pool_(std::move(pool)), link_(std::move(link)) {}
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    Link& link() { return *link_; }
    // Instead of a connection that was lost.
    Task<Result<void>> Reconnect(Deadline deadline);

   private:
    std::shared_ptr<ExclusivePool> pool_;
    LinkRef link_;
  };

  ExclusivePool(boost::asio::any_io_executor executor, const LinkMaker& maker, PoolOptions options);
  Task<Result<Lease>> Acquire(Deadline deadline);
  void Close();

 private:
  struct Idle {
    LinkRef link;
    Clock::time_point since;
  };
  struct Waiter {
    std::unique_ptr<Waker> waker;
    LinkRef link;  // handed over, when there was one to hand over
  };
  void GiveBack(LinkRef link);
  void CloseIdle();

  const boost::asio::any_io_executor executor_;
  const LinkMaker& maker_;
  const PoolOptions options_;
  boost::asio::steady_timer idle_timer_;
  std::vector<Idle> idle_;       // most recently used last
  std::deque<Waiter*> waiters_;  // in their callers' frames
  std::vector<std::weak_ptr<Link>> lent_;
  int in_use_ = 0;
  bool closed_ = false, timing_ = false;
};

}  // namespace renkei::db::postgres
