// Suspend() parks a coroutine until somebody, on any thread, wakes it; it goes on on its own
// executor.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

#include "base/task.h"

namespace renkei::db {

// Wake() at most once. A Waker destroyed without it destroys the waiting coroutine (shutdown).
class Waker {
 public:
  virtual ~Waker() = default;
  virtual void Wake() = 0;
};

namespace internal {

template <class Handler>
class HandlerWaker final : public Waker {
 public:
  explicit HandlerWaker(Handler handler) : handler_(std::move(handler)) {}
  void Wake() override {
    auto executor = boost::asio::get_associated_executor(handler_);
    boost::asio::post(executor, std::move(handler_));
  }

 private:
  Handler handler_;
};

}  // namespace internal

// Calls start(std::unique_ptr<Waker>) once the coroutine is suspended. `start` is borrowed until
// then.
template <class Start>
Task<void> Suspend(Start& start) {
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void()>(
      [&start](auto handler) {
        using Handler = decltype(handler);
        start(std::make_unique<internal::HandlerWaker<Handler>>(std::move(handler)));
      },
      boost::asio::use_awaitable);
}

}  // namespace renkei::db
