#include "db/postgres/home.h"

#include <libpq-fe.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include "base/observe.h"
#include "db/postgres/counts_sql.h"
#include "db/postgres/transaction.h"

namespace renkei::db::postgres {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kStatementTime(10);  // for the home thread's own statements
constexpr std::chrono::milliseconds kFirstRetry(100),
    kMaxRetry(5000);  // of the listening connection
constexpr int kIdleRounds =
    100;  // compaction rounds without a write of ours until the next look at others' deltas

}  // namespace

Home::Home(HomeOptions options, std::function<void()> on_lost)
    : options_(std::move(options)), guard_(context_.get_executor()) {
  maker_.url = options_.url;
  maker_.on_lost = std::move(on_lost);
  maker_.cancel = [this](void* cancel) {
    asio::post(cancel_thread_, [cancel] {
      char reason[256];
      PQcancel(static_cast<PGcancel*>(cancel), reason, sizeof(reason));
      PQfreeCancel(static_cast<PGcancel*>(cancel));
    });
  };
  slot_ = std::make_unique<Slot>(context_.get_executor(), maker_, options_.pool);
  thread_ = std::thread([this] { context_.run(); });
}

Home::~Home() { Close(); }

void Home::Close() {
  if (closing_.exchange(true)) return;
  asio::post(context_, [this] {
    slot_->Close();
    if (listener_) listener_->Abandon();
    for (asio::steady_timer* timer : timers_) timer->cancel();
  });
  guard_.reset();
  thread_.join();  // every coroutine of ours ends once its connection or timer is cancelled
  cancel_thread_.join();
}

Task<void> Home::Wait(std::chrono::milliseconds time) {
  if (closing_) co_return;
  asio::steady_timer timer(context_, time);
  timers_.push_back(&timer);
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  std::erase(timers_, &timer);
}

// ---- notifications

void Home::Subscribe(Subscriber subscriber) {
  {
    std::lock_guard lock(subscribers_mutex_);
    subscribers_.push_back(std::move(subscriber));
  }
  asio::post(context_, [this] {
    if (std::exchange(listening_, true)) return;
    auto listen = Listen();
    asio::co_spawn(context_, std::move(listen), asio::detached);
  });
}

void Home::Tell(std::string_view topic, std::string_view payload) {
  std::vector<Subscriber> subscribers;
  {
    std::lock_guard lock(subscribers_mutex_);
    subscribers = subscribers_;
  }
  for (Subscriber& subscriber : subscribers) subscriber(topic, payload);
}

Task<void> Home::Listen() {
  std::chrono::milliseconds pause = kFirstRetry;
  while (!closing_) {
    bool connected = false;
    co_await ListenOnce(connected);
    if (closing_) co_return;
    pause = connected ? kFirstRetry : std::min(pause * 2, kMaxRetry);
    co_await Wait(pause);
  }
}

Task<void> Home::ListenOnce(bool& connected) {
  listener_ = std::make_shared<Link>(context_.get_executor(), maker_.url, maker_.cancel);
  auto opened = co_await listener_->Connect(Clock::now() + kStatementTime);
  if (opened) {
    std::vector<Statement> statements = {{std::string("LISTEN ") + kChannel, {}, "listen"}};
    Unit unit;
    unit.statements = &statements;
    unit.deadline = Clock::now() + kStatementTime;
    std::vector<Group> groups(1);
    groups.front().push_back(&unit);
    auto exchanged = co_await listener_->Exchange(std::move(groups));
    connected = exchanged && unit.state == Unit::State::kDone;
  }
  // What was sent while nobody listened is lost: everything may have changed.
  if (connected) Tell("*", "");
  while (connected && !closing_) {
    auto message = co_await listener_->NextNotification();
    if (!message) break;
    std::string_view text = message->second;
    std::size_t blank = text.find(' ');
    Tell(text.substr(0, blank),
         blank == std::string_view::npos ? std::string_view() : text.substr(blank + 1));
  }
  listener_->Close();
}

// ---- compaction

void Home::CountsMoved() {
  counts_moved_.store(true, std::memory_order_relaxed);
  if (compactor_started_.load(std::memory_order_relaxed) || compactor_started_.exchange(true))
    return;
  asio::post(context_, [this] {
    auto compact = Compact();
    asio::co_spawn(context_, std::move(compact), asio::detached);
  });
}

Task<void> Home::Compact() {
  int idle = 0;
  while (!closing_) {
    co_await Wait(options_.compact_every);
    if (closing_) co_return;
    if (!counts_moved_.exchange(false) && ++idle < kIdleRounds) continue;
    idle = 0;
    std::vector<std::vector<Statement>> groups(1);
    groups.front().push_back(CompactStatement());
    auto done = co_await RunPlain(*slot_->exclusive, groups, Clock::now() + kStatementTime);
    if (!done && !closing_) co_await Wait(std::chrono::seconds(1));
  }
}

}  // namespace renkei::db::postgres
