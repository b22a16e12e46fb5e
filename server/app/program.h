// Program is the composition root: it builds the object graph top to bottom in one readable function and takes it down
// in reverse. `serve` uses all of it; the other commands use the parts that need no HTTP server.
#pragma once

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/access_rules.h"
#include "api/router.h"
#include "api/services.h"
#include "app/config.h"
#include "app/data_folder.h"
#include "auth/login_guard.h"
#include "auth/session_store.h"
#include "auth/settings.h"
#include "base/metrics.h"
#include "db/database.h"
#include "db/migrate.h"
#include "db/run_blocking.h"
#include "net/http_server.h"
#include "records/outbox_dispatcher.h"
#include "schema/catalog.h"

namespace renkei::app {

inline constexpr std::chrono::seconds kStartDeadline{60};
inline constexpr std::chrono::milliseconds kStopGrace{4000};  // SIGTERM ends the process within 5 s

// Runs a coroutine to its end on this thread: start-up and command-line work.
template <class T>
Result<T> Block(Task<Result<T>> work) {
  try {
    return db::RunBlocking(std::move(work));
  } catch (const std::exception& exception) {
    return Fail(Internal(exception.what()));
  }
}

std::vector<db::Migration> AllMigrations();

// The main database as configured, opened but not migrated.
Result<std::unique_ptr<db::Database>> OpenMainDatabase(const Config& config, const DataFolder& folder, int workers);
// Checks that it answers, migrates, checks the secret key.
Result<db::MigrationReport> PrepareDatabase(db::Database& database, const DataFolder& folder);

class Program {
 public:
  // Errors end the process with one clear sentence.
  static Result<std::unique_ptr<Program>> Start(const Config& config, const Metrics& metrics);
  ~Program();

  std::uint16_t port() const { return server_->port(); }
  // Set while nobody can sign in yet: the one-time address of the set-up page.
  const std::string& setup_token() const { return services_->setup_token; }
  void Stop();

 private:
  Program() = default;
  Result<void> CreateAdministrator(const Config& config);
  void FollowNotifications();
  Task<void> ApplyNotification(std::string topic, std::string payload);

  std::unique_ptr<DataFolder> folder_;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<schema::CatalogStore> catalog_;
  std::unique_ptr<access::AccessStore> access_;
  std::unique_ptr<auth::Settings> settings_;
  std::unique_ptr<auth::SessionStore> sessions_;
  std::unique_ptr<auth::LoginGuard> guard_;
  std::unique_ptr<api::Services> services_;
  std::unique_ptr<net::Handler> pages_;
  std::unique_ptr<api::Router> router_;
  std::unique_ptr<net::HttpServer> server_;
  std::unique_ptr<records::OutboxDispatcher> outbox_;
  std::atomic<bool> stopping_{false};
};

}  // namespace renkei::app
