// Home is the database's own thread: it serves calls that come from no event-loop thread, listens
// for notifications, compacts the count deltas, and sends cancel requests from a thread beside it
// (they block).
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "db/postgres/exclusive.h"
#include "db/postgres/lane.h"

namespace renkei::db::postgres {

using Subscriber = std::function<void(std::string_view topic, std::string_view payload)>;

inline constexpr const char* kChannel = "renkei";

// The connections of one thread.
struct Slot {
  Slot(boost::asio::any_io_executor executor, const LinkMaker& maker, const PoolOptions& options)
      : reads(std::make_shared<Lane>(LaneKind::kReads, executor, maker, options.queue_limit)),
        writes(std::make_shared<Lane>(LaneKind::kWrites, executor, maker, options.queue_limit)),
        exclusive(std::make_shared<ExclusivePool>(executor, maker, options)) {}
  void Close() {
    reads->Close();
    writes->Close();
    exclusive->Close();
  }
  std::shared_ptr<Lane> reads, writes;
  std::shared_ptr<ExclusivePool> exclusive;
};

struct HomeOptions {
  std::string url;
  PoolOptions pool;
  std::chrono::milliseconds compact_every;
};

class Home {
 public:
  Home(HomeOptions options, std::function<void()> on_lost);
  ~Home();
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;

  const LinkMaker& maker() const { return maker_; }
  Slot& slot() { return *slot_; }
  boost::asio::any_io_executor executor() { return context_.get_executor(); }

  void Subscribe(Subscriber subscriber);  // the first one starts the listening connection
  void CountsMoved();                     // this process has written: compact soon
  void Close();

 private:
  Task<void> Listen();
  Task<void> ListenOnce(bool& connected);
  Task<void> Compact();
  Task<void> Wait(std::chrono::milliseconds time);
  void Tell(std::string_view topic, std::string_view payload);

  const HomeOptions options_;
  LinkMaker maker_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  boost::asio::thread_pool cancel_thread_{1};
  std::unique_ptr<Slot> slot_;

  // The home thread only.
  LinkRef listener_;
  std::vector<boost::asio::steady_timer*> timers_;  // of coroutines that wait
  bool listening_ = false, compacting_ = false;

  std::atomic<bool> closing_ = false, counts_moved_ = false, compactor_started_ = false;
  std::mutex subscribers_mutex_;
  std::vector<Subscriber> subscribers_;  // guarded by subscribers_mutex_
  std::thread thread_;
};

}  // namespace renkei::db::postgres
