#include "db/postgres/link.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/observe.h"
#include "db/errors.h"
#include "db/postgres/parameters.h"

namespace renkei::db::postgres {
namespace {

namespace asio = boost::asio;
using asio::posix::stream_descriptor;

constexpr std::size_t kMaxPrepared = 256;                // per link; then all are forgotten
constexpr std::chrono::milliseconds kWatchInterval(50);  // how late a deadline may be noticed
constexpr std::chrono::seconds kCancelPatience(5);       // a cancel request that does not help

// Everything above relies on these: text forms of dates, binary as hex, doubles that read back.
constexpr const char* kSession =
    "SET client_encoding = 'UTF8'; SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'; SET "
    "intervalstyle = 'postgres'; "
    "SET extra_float_digits = 3; SET bytea_output = 'hex'; SET standard_conforming_strings = on; "
    "SET default_transaction_isolation = 'read committed'; SET client_min_messages = warning; "
    "SET idle_in_transaction_session_timeout = 300000";

// Only statements that come again are worth a name; DDL is parsed each time.
bool IsPreparable(std::string_view sql) {
  std::size_t begin = sql.find_first_not_of(" \t\r\n(");
  if (begin == std::string_view::npos) return false;
  sql.remove_prefix(begin);
  for (std::string_view word : {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES"}) {
    if (sql.size() > word.size() &&
        std::equal(word.begin(), word.end(), sql.begin(),
                   [](char a, char b) { return a == (b >= 'a' && b <= 'z' ? b - 32 : b); })) {
      return true;
    }
  }
  return false;
}

Rows ToRows(std::shared_ptr<PGresult> result) {
  int columns = PQnfields(result.get()), count = PQntuples(result.get());
  std::vector<Cell> cells(static_cast<std::size_t>(columns) * static_cast<std::size_t>(count));
  Cell* cell = cells.data();
  for (int row = 0; row < count; ++row) {
    for (int column = 0; column < columns; ++column, ++cell) {
      if (PQgetisnull(result.get(), row, column)) continue;
      cell->kind = Cell::Kind::kText;
      cell->text.data = PQgetvalue(result.get(), row, column);
      cell->text.size = static_cast<std::size_t>(PQgetlength(result.get(), row, column));
    }
  }
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(columns));
  for (int column = 0; column < columns; ++column)
    names.emplace_back(PQfname(result.get(), column));
  bool wrote = !std::string_view(PQcmdStatus(result.get())).starts_with("SELECT");
  std::int64_t affected = wrote ? std::atoll(PQcmdTuples(result.get())) : 0;
  return Rows(static_cast<std::size_t>(columns), std::move(cells), std::move(result),
              std::move(names), affected);
}

}  // namespace

Link::Link(asio::any_io_executor executor, std::string url, CancelFn cancel)
    : executor_(std::move(executor)),
      url_(std::move(url)),
      cancel_(std::move(cancel)),
      socket_(executor_),
      watch_timer_(executor_) {}

Link::~Link() { Close(); }

void Link::Close() {
  // The descriptor belongs to libpq; Asio only watches it.
  if (socket_.is_open()) socket_.release();
  if (connection_ != nullptr) PQfinish(connection_);
  connection_ = nullptr;
  prepared_.clear();
  expected_.clear();
  result_taken_ = false;
}

void Link::Abandon() {
  broken_ = true;
  boost::system::error_code ignored;
  if (socket_.is_open()) socket_.cancel(ignored);
}

bool Link::reusable() const {
  return open() && !busy_ && !cancelled_ && PQtransactionStatus(connection_) == PQTRANS_IDLE;
}

bool Link::StillThere() {
  if (!open()) return false;
  // Nothing is expected on an idle connection: something to read is the server's farewell or the
  // end. A mere notice costs a needless reconnection, which is rare and cheap.
  pollfd socket{PQsocket(connection_), POLLIN, 0};
  if (PQstatus(connection_) == CONNECTION_OK && poll(&socket, 1, 0) == 0) return true;
  Close();
  return false;
}

Result<void> Link::Lost(std::string_view where) {
  std::string reason = connection_ == nullptr ? "closed" : PQerrorMessage(connection_);
  Close();
  return Fail(ConnectionLost(fmt::format("{}: {}", where, reason)));
}

// ---- connecting

Task<Result<void>> Link::Connect(Deadline deadline) {
  Close();
  broken_ = cancelled_ = false;
  busy_ = true;
  StartWatch(deadline);
  Result<void> result = co_await PollConnect();
  if (result) result = co_await SetUpSession();
  busy_ = false;
  co_return result;
}

Task<Result<void>> Link::PollConnect() {
  // Looking up a host name blocks in libpq; a database is given by address or a name that is
  // cached. What stands before `dbname` is a default that the address may override: a peer that
  // vanished without a word is noticed within a minute.
  const char* keywords[] = {"keepalives_idle",  "keepalives_interval",
                            "keepalives_count", "fallback_application_name",
                            "dbname",           nullptr};
  const char* values[] = {"30", "10", "3", "renkei", url_.c_str(), nullptr};
  connection_ = PQconnectStartParams(keywords, values, 1);
  if (connection_ == nullptr) co_return Fail(ConnectionLost("out of memory"));
  if (PQstatus(connection_) == CONNECTION_BAD) co_return Lost("connect");
  PQsetNoticeProcessor(
      connection_, [](void*, const char*) {}, nullptr);  // libpq would print them
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;
  while (status != PGRES_POLLING_OK) {
    if (status == PGRES_POLLING_FAILED || broken_) co_return Lost("connect");
    // The socket may be another one after each step.
    socket_.assign(PQsocket(connection_));
    auto direction = status == PGRES_POLLING_READING ? stream_descriptor::wait_read
                                                     : stream_descriptor::wait_write;
    auto [error] = co_await socket_.async_wait(direction, asio::as_tuple(asio::use_awaitable));
    if (socket_.is_open()) socket_.release();
    if (error) co_return Lost("connect: time is up");
    status = PQconnectPoll(connection_);
  }
  PQsetnonblocking(connection_, 1);
  socket_.assign(PQsocket(connection_));
  co_return Result<void>();
}

Task<Result<void>> Link::SetUpSession() {
  if (PQsendQuery(connection_, kSession) != 1) co_return Lost("session");
  RK_CO_CHECK_OK(co_await Flush());
  bool good = true;
  while (true) {
    while (PQisBusy(connection_)) {
      bool readable = co_await WaitReadable();
      if (!readable) co_return Lost("session");
    }
    PGresult* result = PQgetResult(connection_);
    if (result == nullptr) break;
    good = good && PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
  }
  if (!good || PQenterPipelineMode(connection_) != 1) co_return Lost("session");
  co_return Result<void>();
}

// ---- sending

bool Link::Send(const std::vector<Group>& groups) {
  if (prepared_.size() >= kMaxPrepared && PQtransactionStatus(connection_) == PQTRANS_IDLE) {
    if (PQsendQueryParams(connection_, "DEALLOCATE ALL", 0, nullptr, nullptr, nullptr, nullptr,
                          0) != 1)
      return false;
    expected_.push_back({Expected::Kind::kIgnored});
    if (!SendSync(nullptr)) return false;
    prepared_.clear();
  }
  for (const Group& group : groups) {
    ++group_;
    for (Unit* unit : group) {
      unit->Reset();
      unit->rows.reserve(unit->statements->size());
      for (const Statement& statement : *unit->statements) {
        if (!SendStatement(statement, unit)) return false;
      }
    }
    if (!SendSync(&group)) return false;
  }
  return true;
}

bool Link::SendSync(const Group* group) {
  if (PQpipelineSync(connection_) != 1) return false;
  expected_.push_back({Expected::Kind::kSync, nullptr, group});
  return true;
}

bool Link::SendStatement(const Statement& statement, Unit* unit) {
  Parameters parameters(statement.params);
  bool by_name = IsPreparable(statement.sql);
  Prepared* prepared = nullptr;
  if (by_name) {
    auto [found, is_new] = prepared_.try_emplace(statement.sql);
    prepared = &found->second;
    if (is_new) {
      *prepared = {fmt::format("rk{}", ++next_name_), false, group_};
      if (PQsendPrepare(connection_, prepared->name.c_str(), statement.sql.c_str(), 0, nullptr) !=
          1)
        return false;
      expected_.push_back({Expected::Kind::kPrepare, unit, nullptr, &statement});
    }
    // Parsed in an earlier group of this exchange, it may turn out not to exist.
    by_name = prepared->confirmed || prepared->sent_group == group_;
  }
  expected_.push_back({Expected::Kind::kQuery, unit, nullptr, &statement});
  if (by_name) {
    return PQsendQueryPrepared(connection_, prepared->name.c_str(), parameters.size(),
                               parameters.values(), nullptr, nullptr, 0) == 1;
  }
  return PQsendQueryParams(connection_, statement.sql.c_str(), parameters.size(), nullptr,
                           parameters.values(), nullptr, nullptr, 0) == 1;
}

Task<Result<void>> Link::Flush() {
  using namespace asio::experimental::awaitable_operators;
  while (true) {
    int left = PQflush(connection_);
    if (left == 0) co_return Result<void>();
    if (left < 0 || broken_) co_return Lost("send");
    // The server may be waiting for us to read before it reads on.
    auto token = asio::as_tuple(asio::use_awaitable);
    auto ready = co_await (socket_.async_wait(stream_descriptor::wait_write, token) ||
                           socket_.async_wait(stream_descriptor::wait_read, token));
    if (broken_ || connection_ == nullptr) co_return Lost("send");
    if (ready.index() == 1 && PQconsumeInput(connection_) != 1) co_return Lost("send");
  }
}

// ---- reading

Task<bool> Link::WaitReadable() {
  auto [error] = co_await socket_.async_wait(stream_descriptor::wait_read,
                                             asio::as_tuple(asio::use_awaitable));
  co_return !error && !broken_ && connection_ != nullptr && PQconsumeInput(connection_) == 1;
}

Task<Result<void>> Link::ReadResults() {
  while (!expected_.empty()) {
    // PQgetResult would block without this question.
    while (PQisBusy(connection_)) {
      bool readable = co_await WaitReadable();
      if (!readable) co_return Lost("receive");
    }
    PGresult* result = PQgetResult(connection_);
    if (result != nullptr) {
      Take(result);
      continue;
    }
    if (PQstatus(connection_) != CONNECTION_OK) co_return Lost("receive");
    // The end of one command's results.
    if (result_taken_)
      expected_.pop_front();
    else if (expected_.front().kind != Expected::Kind::kSync)
      co_return Lost("receive: out of step");
    result_taken_ = false;
  }
  co_return Result<void>();
}

void Link::Take(PGresult* raw) {
  std::shared_ptr<PGresult> result(raw, PQclear);
  Expected& expected = expected_.front();
  ExecStatusType status = PQresultStatus(raw);
  if (status == PGRES_PIPELINE_SYNC) {
    if (expected.group != nullptr) {
      for (Unit* unit : *expected.group) unit->synced = true;
    }
    expected_.pop_front();
    result_taken_ = false;
    return;
  }
  if (expected.kind == Expected::Kind::kSync) {
    // A deferred constraint: the commit at the sync failed, and that is everybody's.
    if (status == PGRES_FATAL_ERROR && expected.group != nullptr) {
      for (Unit* unit : *expected.group) {
        unit->state = Unit::State::kFailed;
        unit->failure = TranslateError(raw);
      }
    }
    return;
  }
  result_taken_ = true;
  if (expected.kind == Expected::Kind::kIgnored) return;
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY) {
    if (expected.kind == Expected::Kind::kQuery) {
      TakeQueryResult(expected, std::move(result));
    } else if (auto found = prepared_.find(expected.statement->sql); found != prepared_.end()) {
      found->second.confirmed = true;
    }
    return;
  }
  FailUnit(expected, raw);
}

void Link::TakeQueryResult(const Expected& expected, std::shared_ptr<PGresult> result) {
  Unit& unit = *expected.unit;
  unit.rows.push_back(ToRows(std::move(result)));
  if (unit.rows.size() == unit.statements->size()) unit.state = Unit::State::kDone;
}

void Link::FailUnit(const Expected& expected, const PGresult* result) {
  Unit& unit = *expected.unit;
  // What was not parsed, or has to be parsed again, is not prepared.
  if (expected.kind == Expected::Kind::kPrepare) prepared_.erase(expected.statement->sql);
  if (PQresultStatus(result) == PGRES_PIPELINE_ABORTED) {
    if (unit.state == Unit::State::kWaiting) unit.state = Unit::State::kSkipped;
    return;
  }
  unit.state = Unit::State::kFailed;
  unit.failure = TranslateError(result);
  if (unit.failure.remedy == Remedy::kPrepareAgain) prepared_.clear();
}

Task<Result<void>> Link::Exchange(std::vector<Group> groups) {
  if (!open()) co_return Fail(ConnectionLost("not connected"));
  Clock::time_point begin = Clock::now();
  Deadline earliest = Deadline::max();
  for (const Group& group : groups) {
    for (const Unit* unit : group) earliest = std::min(earliest, unit->deadline);
  }
  busy_ = true;
  StartWatch(earliest);
  Result<void> result;
  if (!Send(groups)) result = Lost("send");
  if (result) result = co_await Flush();
  if (result) result = co_await ReadResults();
  busy_ = false;
  Clock::duration took = Clock::now() - begin;
  for (const Group& group : groups) {
    for (const Unit* unit : group) {
      bool failed = unit->state != Unit::State::kDone;
      for (const Statement& statement : *unit->statements)
        Emit(QueryRan{statement.name, took, failed});
    }
  }
  co_return result;
}

Task<Result<std::pair<std::string, std::string>>> Link::NextNotification() {
  while (open()) {
    if (PGnotify* notify = PQnotifies(connection_)) {
      std::pair<std::string, std::string> message(notify->relname, notify->extra);
      PQfreemem(notify);
      co_return message;
    }
    bool readable = co_await WaitReadable();
    if (!readable) break;
  }
  Close();
  co_return Fail(ConnectionLost("listen"));
}

// ---- deadlines

void Link::StartWatch(Deadline deadline) {
  exchange_deadline_ = deadline;
  give_up_ = Clock::time_point::max();
  // One timer for many exchanges: it runs while there is something to watch.
  if (!watching_ && deadline != Deadline::max()) Watch();
}

void Link::Watch() {
  watching_ = true;
  Clock::time_point next =
      std::min(Clock::now() + kWatchInterval, std::max(exchange_deadline_, Clock::now()));
  if (cancelled_) next = Clock::now() + kWatchInterval;
  watch_timer_.expires_at(next);
  watch_timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    auto self = weak.lock();
    if (!self) return;
    self->watching_ = false;
    if (error || !self->busy_ || !self->open()) return;
    Clock::time_point now = Clock::now();
    if (now >= self->exchange_deadline_ && PQstatus(self->connection_) != CONNECTION_OK)
      return self->Abandon();
    if (now >= self->exchange_deadline_ && !self->cancelled_) {
      self->cancelled_ = true;
      self->give_up_ = now + kCancelPatience;
      self->cancel_(PQgetCancel(self->connection_));
    }
    if (now >= self->give_up_) return self->Abandon();
    self->Watch();
  });
}

}  // namespace renkei::db::postgres
