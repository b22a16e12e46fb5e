// Runs a coroutine to its end on a thread that is no event loop: start-up, commands, tests.
//
// The io_context is the thread's own and is never destroyed. A context on the stack would be wrong:
// another thread that has just posted the last completion may still be inside the context when
// run() returns.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "base/task.h"

namespace renkei::db {

namespace internal {

inline boost::asio::io_context& ThreadContext() {
  thread_local auto* context = new boost::asio::io_context(1);
  // With work outstanding for ever no other thread ever stops the context.
  using Guard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;
  thread_local auto* guard = new Guard(context->get_executor());
  (void)guard;
  return *context;
}

}  // namespace internal

// Not to be called from inside a coroutine. T must be default-constructible (Result<…> is when its
// value is).
template <class T>
T RunBlocking(Task<T> task) {
  boost::asio::io_context& context = internal::ThreadContext();
  std::optional<T> result;
  std::exception_ptr thrown;
  bool done = false;
  boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr exception, T value) {
    thrown = exception;
    if (!thrown) result.emplace(std::move(value));
    done = true;
  });
  while (!done) context.run_one();
  if (thrown) std::rethrow_exception(thrown);
  return std::move(*result);
}

}  // namespace renkei::db
