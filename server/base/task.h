// Task<T> is a coroutine that runs on one thread's io_context (the thread is its strand, ADR 0002).
#pragma once

#include <boost/asio/awaitable.hpp>

namespace renkei {

template <class T>
using Task = boost::asio::awaitable<T>;

}  // namespace renkei
