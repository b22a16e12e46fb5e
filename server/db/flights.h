// Flights lets one caller count while others that want the same number wait for it (single flight,
// hot-path.md 4). A waiter joins only a flight of the very state it has seen itself; anything else
// would be a stale read.
//
// Thread-safe. Leave() must follow every successful Lead().
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "db/suspend.h"

namespace renkei::db {

class Flights {
 public:
  // What the leader found: a number that is good for the state, or nothing (then each counts for
  // itself).
  struct Flight {
    std::optional<std::int64_t> count;
    std::vector<std::unique_ptr<Waker>> waiters;
  };
  using FlightRef = std::shared_ptr<Flight>;

  // `key` names the statement, its parameters and the state. True: the caller leads and must call
  // Leave().
  bool Lead(const std::string& key) {
    std::lock_guard lock(mutex_);
    return flights_.try_emplace(key, std::make_shared<Flight>()).second;
  }

  void Leave(const std::string& key, std::optional<std::int64_t> count) {
    FlightRef flight;
    {
      std::lock_guard lock(mutex_);
      auto found = flights_.find(key);
      flight = std::move(found->second);
      flights_.erase(found);
      flight->count = count;
    }
    for (auto& waiter : flight->waiters) waiter->Wake();
  }

  // Waits for the flight of `key`; nothing when there is none any more, or when it brought nothing.
  Task<std::optional<std::int64_t>> Join(std::string key) {
    FlightRef flight;
    auto start = [&](std::unique_ptr<Waker> waker) {
      {
        std::lock_guard lock(mutex_);
        auto found = flights_.find(key);
        if (found != flights_.end()) {
          flight = found->second;
          flight->waiters.push_back(std::move(waker));
          return;
        }
      }
      waker->Wake();
    };
    co_await Suspend(start);
    if (!flight) co_return std::nullopt;
    co_return flight->count;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, FlightRef> flights_;
};

}  // namespace renkei::db
