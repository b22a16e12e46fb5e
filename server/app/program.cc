#include "app/program.h"

#include <algorithm>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <thread>

#include "access/permission_changes.h"
#include "api/resource/identity_actions.h"
#include "api/resource/meta_actions.h"
#include "app/pages.h"
#include "app/secret_check.h"
#include "auth/bootstrap.h"
#include "auth/system_auth.h"
#include "base/id.h"
#include "base/observe.h"
#include "base/text.h"
#include "base/worker.h"
#include "db/postgres/postgres_database.h"
#include "db/sqlite/sqlite_database.h"
#include "records/system_records.h"
#include "schema/field_type.h"
#include "schema/system_schema.h"

namespace renkei::app {
namespace {

constexpr std::string_view kCatalogTopic = "catalog";
constexpr std::string_view kEverythingTopic = "*";  // a listening connection was lost: anything may have changed
constexpr std::size_t kSetupTokenBytes = 24;

// On every answer (SEC-10, SEC-11). Pages add nothing of their own; the API has no use for CSP, and no harm from it.
constexpr std::string_view kSecurityHeaders =
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: strict-origin-when-cross-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), microphone=(), geolocation=()\r\n"
    "Content-Security-Policy: default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'\r\n";

std::vector<json::object> AllSystemCollections() {
  std::vector<json::object> all = schema::SchemaSystemCollections();
  for (auto part : {auth::AuthSystemCollections(), records::RecordsSystemCollections()}) {
    std::move(part.begin(), part.end(), std::back_inserter(all));
  }
  return all;
}

// At start nobody waits for a second try: one sentence with what the driver said, and what to look at.
Error Unreachable(Error error) {
  std::string said = error.detail.substr(0, error.detail.find('\n'));
  error.message = said.empty() ? "The database does not answer" : "The database does not answer: " + said;
  error.hint = "Is it running, and are host, port, name and password in database-url right? 'renkei doctor' checks them one by one";
  error.detail.clear();
  return error;
}

int WorkerCount(const Config& config) {
  if (config.threads() > 0) return config.threads();
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace

std::vector<db::Migration> AllMigrations() {
  std::vector<db::Migration> all = schema::SchemaMigrations();
  for (auto part : {auth::AuthMigrations(), records::RecordsMigrations(), InstanceMigrations()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  std::sort(all.begin(), all.end(), [](const db::Migration& a, const db::Migration& b) { return a.number < b.number; });
  return all;
}

Result<std::unique_ptr<db::Database>> OpenMainDatabase(const Config& config, const DataFolder& folder, int workers) {
  if (config.uses_postgres()) {
    db::PostgresOptions options;
    options.url = config.Get("database-url");
    options.workers = workers;
    return db::OpenPostgres(std::move(options));
  }
  db::SqliteOptions options;
  options.path = folder.database_file();
  options.workers = workers;
  return db::OpenSqlite(std::move(options));
}

Result<db::MigrationReport> PrepareDatabase(db::Database& database, const DataFolder& folder) {
  const Deadline deadline = Clock::now() + kStartDeadline;
  auto version = Block(database.ServerVersion());
  if (!version) return Fail(Unreachable(std::move(version).error()));
  RK_TRY(report, Block(db::Migrate(database, AllMigrations(), false, deadline)));
  RK_CHECK_OK(Block(CheckSecretKey(database, folder.key_fingerprint(), folder.path() + "/secret.key", deadline)));
  return std::move(report);
}

Result<std::unique_ptr<Program>> Program::Start(const Config& config, const Metrics& metrics) {
  std::unique_ptr<Program> program(new Program());
  const Deadline deadline = Clock::now() + kStartDeadline;
  RK_TRY(folder, DataFolder::Open(config.data_folder(), !config.uses_postgres()));
  program->folder_ = std::move(folder);

  // The port first: a busy one ends the process before the database is touched. The router is reached through a
  // handler that exists from the start and answers "not ready" until everything below is built.
  const int workers = WorkerCount(config);
  RK_TRY(database, OpenMainDatabase(config, *program->folder_, workers));
  program->database_ = std::move(database);
  db::Database& db = *program->database_;
  RK_CHECK_OK(PrepareDatabase(db, *program->folder_));

  schema::SetFieldEncryptionKey(program->folder_->secret_key());
  program->catalog_ = std::make_unique<schema::CatalogStore>(db, AllSystemCollections());
  program->access_ = std::make_unique<access::AccessStore>(db);
  program->settings_ = std::make_unique<auth::Settings>(db);
  RK_CHECK_OK(Block(program->catalog_->Load(deadline)));
  RK_CHECK_OK(Block(program->access_->Load(deadline)));
  RK_CHECK_OK(Block(program->settings_->Load(deadline)));
  program->sessions_ = std::make_unique<auth::SessionStore>(db, *program->catalog_, *program->settings_, program->folder_->secret_key());
  program->guard_ = std::make_unique<auth::LoginGuard>(config.rate_limits());
  program->services_.reset(new api::Services{db, *program->catalog_, *program->access_, *program->sessions_, *program->settings_, *program->guard_});
  program->services_->metrics = &metrics;
  program->services_->open_metrics = config.Get("metrics") == "open";
  program->services_->secret_key = program->folder_->secret_key();
  program->services_->version = RENKEI_VERSION;
  program->services_->cors_origins = config.cors_origins();
  program->services_->rate_limits = config.rate_limits();
  RK_CHECK_OK(program->CreateAdministrator(config));

  program->pages_ = MakePages();
  program->router_ = std::make_unique<api::Router>(
      *program->services_, std::vector<std::span<const api::Action>>{api::IdentityActions(), api::MetaActions()}, *program->pages_);
  net::ServerOptions options;
  options.host = config.host();
  options.port = config.port();
  options.threads = workers;
  options.common_headers = kSecurityHeaders;
  program->server_ = std::make_unique<net::HttpServer>(options, *program->router_);
  RK_CHECK_OK(program->server_->Bind());
  program->FollowNotifications();
  program->outbox_ = std::make_unique<records::OutboxDispatcher>(db);
  program->server_->Run();
  boost::asio::co_spawn(program->server_->context(0), program->outbox_->Run(), boost::asio::detached);
  program->router_->SetReady(true);
  Emit(Note{"serving", fmt::format("{}:{}", config.host(), program->port())});
  return program;
}

Result<void> Program::CreateAdministrator(const Config& config) {
  const Deadline deadline = Clock::now() + kStartDeadline;
  RK_TRY(has_users, Block(auth::HasUsers(*database_, deadline)));
  if (has_users) return {};
  const std::string& email = config.Get("admin-email");
  const std::string& password = config.Get("admin-password");
  if (email.empty() || password.empty()) {
    services_->setup_token = RandomToken(kSetupTokenBytes);
    return {};
  }
  RK_CHECK_OK(Block(auth::EnsureAdministrator(*database_, email, password, deadline)));
  return Block(access_->Load(deadline));
}

// Notifications arrive on a thread of the database; what they ask for is done on the first event loop.
void Program::FollowNotifications() {
  database_->Subscribe([this](std::string_view topic, std::string_view payload) {
    if (stopping_.load()) return;
    std::string topic_text(topic);
    std::string payload_text(payload);
    auto work = [this, topic_text = std::move(topic_text), payload_text = std::move(payload_text)]() mutable {
      boost::asio::co_spawn(server_->context(0), ApplyNotification(std::move(topic_text), std::move(payload_text)), boost::asio::detached);
    };
    boost::asio::post(server_->context(0), std::move(work));
  });
}

Task<void> Program::ApplyNotification(std::string topic, std::string payload) {
  const Deadline deadline = Clock::now() + kStartDeadline;
  const bool everything = topic == kEverythingTopic;
  Result<void> outcome;
  if (everything) {
    outcome = co_await catalog_->Load(deadline);
  } else if (topic == kCatalogTopic) {
    std::vector<std::string> names = SplitComma(payload);
    outcome = co_await catalog_->Reload(std::move(names), deadline);
  }
  if (!outcome) Emit(Fault{"notification", outcome.error().detail, {}});
  if (everything || topic == access::kAccessTopic) {
    outcome = co_await access_->Load(deadline);
    sessions_->ForgetAll();
  }
  if (everything || topic == auth::kSettingsTopic) outcome = co_await settings_->Load(deadline);
  if (!outcome) Emit(Fault{"notification", outcome.error().detail, {}});
}

void Program::Stop() {
  if (stopping_.exchange(true)) return;
  const bool served = outbox_ != nullptr;  // else the start failed, and its error says all there is to say
  if (served) Emit(Note{"stopping", ""});
  if (outbox_) outbox_->Stop();
  if (server_) server_->Stop(kStopGrace);
  if (database_) database_->Close();
  if (served) Emit(Note{"stopped", ""});
}

Program::~Program() { Stop(); }

}  // namespace renkei::app
