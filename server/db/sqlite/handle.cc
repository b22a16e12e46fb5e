#include "db/sqlite/handle.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <mutex>

#include "base/observe.h"
#include "db/errors.h"
#include "db/row_builder.h"
#include "db/sqlite/errors.h"
#include "db/sqlite/functions.h"

namespace renkei::db::sqlite {
namespace {

constexpr std::size_t kMaxPrepared = 256;     // per connection; the least recently used goes
constexpr int kDeadlineCheckInterval = 4000;  // virtual machine steps, some tens of microseconds

// The global allocation statistics take a lock for every allocation (hot-path.md 3).
void ConfigureOnce() {
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

constexpr const char* kPragmas =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA cache_size = -2048;"
    "PRAGMA mmap_size = 67108864;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA journal_size_limit = 67108864;";

int Bind(sqlite3_stmt* statement, int index, const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kNull:
      return sqlite3_bind_null(statement, index);
    case Value::Kind::kBool:
      return sqlite3_bind_int(statement, index, value.as_bool());
    case Value::Kind::kInt:
      return sqlite3_bind_int64(statement, index, value.as_int());
    case Value::Kind::kDouble:
      return sqlite3_bind_double(statement, index, value.as_double());
    case Value::Kind::kText:
      return sqlite3_bind_text64(statement, index, value.as_text().data(), value.as_text().size(),
                                 SQLITE_STATIC, SQLITE_UTF8);
    case Value::Kind::kBlob:
      return sqlite3_bind_blob64(statement, index, value.as_text().data(), value.as_text().size(),
                                 SQLITE_STATIC);
  }
  return SQLITE_MISUSE;
}

void AddRow(RowBuilder& builder, sqlite3_stmt* statement, int columns) {
  for (int i = 0; i < columns; ++i) {
    switch (sqlite3_column_type(statement, i)) {
      case SQLITE_INTEGER:
        builder.AddInt(sqlite3_column_int64(statement, i));
        break;
      case SQLITE_FLOAT:
        builder.AddDouble(sqlite3_column_double(statement, i));
        break;
      case SQLITE_TEXT: {
        const void* text = sqlite3_column_text(statement, i);
        builder.AddBytes(Cell::Kind::kText, text,
                         static_cast<std::size_t>(sqlite3_column_bytes(statement, i)));
        break;
      }
      case SQLITE_BLOB: {
        const void* blob = sqlite3_column_blob(statement, i);
        builder.AddBytes(Cell::Kind::kBlob, blob,
                         static_cast<std::size_t>(sqlite3_column_bytes(statement, i)));
        break;
      }
      default:
        builder.AddNull();
    }
  }
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n;") == std::string_view::npos;
}

}  // namespace

struct Handle::Lease {
  Lease(sqlite3_stmt* held, bool keep) : statement(held), kept(keep) {}
  Lease(Lease&& other) noexcept
      : statement(std::exchange(other.statement, nullptr)), kept(other.kept) {}
  Lease& operator=(Lease&&) = delete;
  ~Lease() {
    if (statement == nullptr) return;
    if (!kept) {
      sqlite3_finalize(statement);
      return;
    }
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }
  sqlite3_stmt* statement;
  bool kept;
};

Result<std::unique_ptr<Handle>> Handle::Open(const HandleOptions& options) {
  ConfigureOnce();
  std::unique_ptr<Handle> handle(new Handle);
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (!options.read_only) flags |= SQLITE_OPEN_CREATE;
  int code = sqlite3_open_v2(options.path.c_str(), &handle->connection_, flags, nullptr);
  if (code == SQLITE_OK)
    code = sqlite3_busy_timeout(handle->connection_, options.busy_milliseconds);
  if (code == SQLITE_OK) code = RegisterFunctions(handle->connection_);
  if (code == SQLITE_OK)
    code = sqlite3_exec(handle->connection_, kPragmas, nullptr, nullptr, nullptr);
  if (code == SQLITE_OK && options.read_only) {
    code = sqlite3_exec(handle->connection_, "PRAGMA query_only = ON", nullptr, nullptr, nullptr);
  }
  if (code != SQLITE_OK) {
    const char* reason =
        handle->connection_ ? sqlite3_errmsg(handle->connection_) : sqlite3_errstr(code);
    Error error =
        Unavailable(codes::kUnavailable,
                    fmt::format("The database file {} cannot be opened: {}", options.path, reason));
    error.hint =
        "Check that the folder exists, that it may be written, and that the file is an SQLite "
        "database";
    return Fail(std::move(error));
  }
  sqlite3_progress_handler(handle->connection_, kDeadlineCheckInterval, CheckDeadline,
                           handle.get());
  return handle;
}

Handle::~Handle() {
  for (Prepared& prepared : by_age_) sqlite3_finalize(prepared.statement);
  sqlite3_close_v2(connection_);
}

int Handle::CheckDeadline(void* self) {
  Deadline deadline = static_cast<Handle*>(self)->deadline_;
  return deadline != Deadline::max() && Clock::now() >= deadline;
}

bool Handle::in_transaction() const { return sqlite3_get_autocommit(connection_) == 0; }

Error Handle::LastError(int code) const {
  return TranslateError(code, sqlite3_errmsg(connection_));
}

Result<Handle::Lease> Handle::Prepare(std::string_view sql) {
  if (auto found = by_sql_.find(sql); found != by_sql_.end()) {
    by_age_.splice(by_age_.begin(), by_age_, found->second);
    return Lease(found->second->statement, true);
  }
  keep_statement_ = true;
  sqlite3_stmt* statement = nullptr;
  const char* tail = nullptr;
  int code = sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()),
                                SQLITE_PREPARE_PERSISTENT, &statement, &tail);
  if (code != SQLITE_OK) return Fail(LastError(code));
  Lease lease(statement, false);
  std::string_view rest = sql.substr(static_cast<std::size_t>(tail - sql.data()));
  if (statement == nullptr || !IsBlank(rest)) {
    Error error = InvalidArgument(codes::kSyntax, "Exactly one SQL statement is expected");
    error.detail = sql;
    return Fail(std::move(error));
  }
  if (!keep_statement_) return lease;
  if (by_age_.size() >= kMaxPrepared) {
    by_sql_.erase(by_age_.back().sql);
    sqlite3_finalize(by_age_.back().statement);
    by_age_.pop_back();
  }
  by_age_.push_front({std::string(sql), statement});
  by_sql_.emplace(by_age_.front().sql, by_age_.begin());
  lease.kept = true;
  return lease;
}

Result<Rows> Handle::Step(sqlite3_stmt* statement) {
  std::int64_t changes_before = sqlite3_total_changes64(connection_);
  RowBuilder builder;
  int code = sqlite3_step(statement);
  // Only after the first step: SQLite may have prepared the statement anew after a change of the
  // schema.
  int columns = sqlite3_column_count(statement);
  for (; code == SQLITE_ROW; code = sqlite3_step(statement)) AddRow(builder, statement, columns);
  if (code != SQLITE_DONE) return Fail(LastError(code));
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(columns));
  for (int i = 0; i < columns; ++i) names.emplace_back(sqlite3_column_name(statement, i));
  bool changed = sqlite3_total_changes64(connection_) != changes_before;
  return builder.Finish(std::move(names), changed ? sqlite3_changes64(connection_) : 0);
}

Result<Rows> Handle::Run(const Statement& statement, Deadline deadline) {
  Clock::time_point begin = Clock::now();
  if (begin >= deadline) return Fail(QueryTimeout());
  deadline_ = deadline;
  auto run = [&]() -> Result<Rows> {
    RK_TRY(lease, Prepare(statement.sql));
    for (std::size_t i = 0; i < statement.params.size(); ++i) {
      int code = Bind(lease.statement, static_cast<int>(i + 1), statement.params[i]);
      if (code != SQLITE_OK) return Fail(LastError(code));
    }
    return Step(lease.statement);
  };
  Result<Rows> rows = run();
  deadline_ = Deadline::max();
  Emit(QueryRan{statement.name, Clock::now() - begin, !rows.has_value()});
  return rows;
}

Result<void> Handle::Execute(std::string_view sql) {
  RK_TRY(lease, Prepare(sql));
  int code = sqlite3_step(lease.statement);
  if (code != SQLITE_DONE && code != SQLITE_ROW) return Fail(LastError(code));
  return {};
}

Result<std::int64_t> Handle::QueryInt(std::string_view sql) {
  RK_TRY(lease, Prepare(sql));
  int code = sqlite3_step(lease.statement);
  if (code != SQLITE_ROW) return Fail(LastError(code));
  return sqlite3_column_int64(lease.statement, 0);
}

}  // namespace renkei::db::sqlite
