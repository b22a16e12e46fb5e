// Result<T> is how a fallible function answers. One alias, so that moving to std::expected is one file.
#pragma once

#include <tl/expected.hpp>

#include "base/error.h"

namespace renkei {

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> Fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace renkei

#define RK_CONCAT_(a, b) a##b
#define RK_CONCAT(a, b) RK_CONCAT_(a, b)

// In a plain function: RK_TRY(name, Fallible()); returns the error to the caller, else binds the value.
#define RK_TRY(name, expression)                                                   \
  auto RK_CONCAT(name, _result) = (expression);                                    \
  if (!RK_CONCAT(name, _result)) return ::renkei::Fail(std::move(RK_CONCAT(name, _result)).error()); \
  auto& name = *RK_CONCAT(name, _result)

#define RK_CHECK_OK(expression)                                                    \
  do {                                                                             \
    auto rk_result_ = (expression);                                                \
    if (!rk_result_) return ::renkei::Fail(std::move(rk_result_).error());         \
  } while (false)

// The same inside a coroutine: `expression` may hold co_await.
#define RK_CO_TRY(name, expression)                                                \
  auto RK_CONCAT(name, _result) = (expression);                                    \
  if (!RK_CONCAT(name, _result)) co_return ::renkei::Fail(std::move(RK_CONCAT(name, _result)).error()); \
  auto& name = *RK_CONCAT(name, _result)

#define RK_CO_CHECK_OK(expression)                                                 \
  do {                                                                             \
    auto rk_result_ = (expression);                                                \
    if (!rk_result_) co_return ::renkei::Fail(std::move(rk_result_).error());      \
  } while (false)
