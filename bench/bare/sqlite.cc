// The ceiling on SQLite: bench_bare_sqlite FILE PORT. Reads run on the event-loop thread with a
// connection each; creates go to one writer thread, which commits up to 64 at once (hot-path.md 3).
// The count is the writer's counter.
#include <sqlite3.h>
#include <algorithm>
#include <cstring>

#include <atomic>
#include <boost/json.hpp>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>

#include "bare/server.h"

namespace {

using namespace bare;

std::atomic<long> row_count{0};
std::atomic<long> version{0};

sqlite3* Open(const char* file) {
  sqlite3* database = nullptr;
  if (sqlite3_open_v2(file, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) !=
      SQLITE_OK) {
    std::fprintf(stderr, "cannot open %s\n", file);
    std::exit(1);
  }
  sqlite3_exec(database,
               "pragma journal_mode=wal; pragma synchronous=full; pragma mmap_size=67108864; "
               "pragma busy_timeout=5000",
               nullptr, nullptr, nullptr);
  // Renkei's columns of decimals name this collation. No statement here compares by it, so bytes
  // do.
  sqlite3_create_collation(
      database, "RK_DECIMAL", SQLITE_UTF8, nullptr,
      [](void*, int left_size, const void* left, int right_size, const void* right) {
        const int order =
            std::memcmp(left, right, static_cast<std::size_t>(std::min(left_size, right_size)));
        return order != 0 ? order : left_size - right_size;
      });
  // Renkei's collation of decimals must have a name here; nothing below compares by it.
  sqlite3_create_collation(
      database, "RK_DECIMAL", SQLITE_UTF8, nullptr,
      [](void*, int a_size, const void* a, int b_size, const void* b) {
        return std::string_view(static_cast<const char*>(a), static_cast<std::size_t>(a_size))
            .compare(
                std::string_view(static_cast<const char*>(b), static_cast<std::size_t>(b_size)));
      });
  return database;
}

sqlite3_stmt* Prepare(sqlite3* database, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
      SQLITE_OK) {
    std::fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(database));
    std::exit(1);
  }
  return statement;
}

std::string_view Text(sqlite3_stmt* s, int column) {
  return {reinterpret_cast<const char*>(sqlite3_column_text(s, column)),
          static_cast<std::size_t>(sqlite3_column_bytes(s, column))};
}

void AppendCell(std::string& out, sqlite3_stmt* s, int column) {
  switch (sqlite3_column_type(s, column)) {
    case SQLITE_NULL:
      out += "null";
      break;
    case SQLITE_INTEGER:
      out += std::to_string(sqlite3_column_int64(s, column));
      break;
    default:
      AppendText(out, Text(s, column));
  }
}

constexpr const char* kNames[] = {
    "{\"id\":",       ",\"number\":", ",\"status\":",    ",\"total\":",
    ",\"placedAt\":", ",\"note\":",   ",\"customerId\":"};
constexpr const char* kCustomer[] = {
    ",\"customer\":{\"id\":", ",\"name\":", ",\"email\":", ",\"city\":", ",\"since\":",
    ",\"countryId\":"};

void AppendOrder(std::string& out, sqlite3_stmt* s) {
  for (int i = 0; i < 7; ++i) {
    out += kNames[i];
    AppendCell(out, s, i);
  }
}

// One create on its way to the writer and back.
struct Create {
  std::string number, status, total, placed_at;
  std::int64_t customer_id = 0, id = 0;
  asio::io_context* context = nullptr;
  Waiter* waiter = nullptr;
};

class Writer {
 public:
  explicit Writer(const char* file) : database_(Open(file)), thread_([this] { Loop(); }) {
    thread_.detach();
  }

  void Add(Create* create) {
    {
      const std::lock_guard lock(mutex_);
      queue_.push_back(create);
    }
    ready_.notify_one();
  }

 private:
  void Loop() {
    sqlite3_stmt* insert = Prepare(
        database_,
        "insert into orders(number,status,total,placedAt,customerId) values(?1,?2,?3,?4,?5)");
    std::vector<Create*> batch;
    for (;;) {
      {
        std::unique_lock lock(mutex_);
        ready_.wait(lock, [this] { return !queue_.empty(); });
        while (!queue_.empty() && batch.size() < 64) {
          batch.push_back(queue_.front());
          queue_.pop_front();
        }
      }
      sqlite3_exec(database_, "begin immediate", nullptr, nullptr, nullptr);
      for (Create* c : batch) {
        const auto bind = [&](int at, const std::string& text) {
          sqlite3_bind_text(insert, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
        };
        bind(1, c->number);
        bind(2, c->status);
        bind(3, c->total);
        bind(4, c->placed_at);
        sqlite3_bind_int64(insert, 5, c->customer_id);
        sqlite3_step(insert);
        sqlite3_reset(insert);
        c->id = sqlite3_last_insert_rowid(database_);
      }
      if (sqlite3_exec(database_, "commit", nullptr, nullptr, nullptr) != SQLITE_OK) std::abort();
      row_count += static_cast<long>(batch.size());
      ++version;
      for (Create* c : batch) asio::post(*c->context, [waiter = c->waiter] { waiter->Wake(); });
      batch.clear();
    }
  }

  sqlite3* database_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Create*> queue_;
  std::thread thread_;
};

class SqliteApp final : public App {
 public:
  SqliteApp(const char* file, asio::io_context& context, Writer& writer)
      : context_(context), writer_(writer), database_(Open(file)) {
#define COLUMNS "o.id,o.number,o.status,o.total,o.placedAt,o.note,o.customerId"
    list_ = Prepare(database_, "select " COLUMNS " from orders o order by o.id limit 20 offset ?1");
    // The page first, then its customers: a join in one level would look up those of skipped rows
    // as well.
    append_ = Prepare(database_, "select " COLUMNS
                                 ",c.id,c.name,c.email,c.city,c.since,c.countryId "
                                 "from (select id,number,status,total,placedAt,note,customerId "
                                 "from orders order by id limit 20 offset ?1) o "
                                 "left join customers c on c.id=o.customerId order by o.id");
    filter_ =
        Prepare(database_, "select " COLUMNS
                           " from orders o where o.placedAt>=?1 order by o.placedAt,o.id limit 20");
    count_ = Prepare(database_, "select count(*) from orders where placedAt>=?1");
    get_ = Prepare(database_, "select " COLUMNS " from orders o where o.id=?1");
#undef COLUMNS
  }

  asio::awaitable<void> Answer(const Request& request, std::string& body) override {
    switch (request.ask) {
      case Ask::kList:
        List(list_, request.number, false, body);
        break;
      case Ask::kListAppend:
        List(append_, request.number, true, body);
        break;
      case Ask::kListFilterSort:
        Filtered(request, body);
        break;
      case Ask::kGet:
        Get(request.number, body);
        break;
      default: {
        // Named first: arguments of co_await must outlive it.
        Create create = Parse(request.body);
        create.context = &context_;
        auto start = [this, &create](Waiter* waiter) {
          create.waiter = waiter;
          writer_.Add(&create);
        };
        auto wait = Wait(start);
        co_await std::move(wait);
        Echo(create, body);
      }
    }
  }

 private:
  static Create Parse(std::string_view text) {
    const boost::json::value document = boost::json::parse(text);
    const auto& object = document.as_object();
    const auto get = [&](const char* name) { return std::string(object.at(name).as_string()); };
    Create create;
    create.number = get("number");
    create.status = get("status");
    create.total = get("total");
    create.placed_at = get("placedAt");
    create.customer_id = object.at("customerId").to_number<std::int64_t>();
    return create;
  }

  static void Echo(const Create& c, std::string& out) {
    out += "{\"data\":{\"id\":" + std::to_string(c.id) + ",\"number\":";
    AppendText(out, c.number);
    out += ",\"status\":";
    AppendText(out, c.status);
    out += ",\"total\":";
    AppendText(out, c.total);
    out += ",\"placedAt\":";
    AppendText(out, c.placed_at);
    out += ",\"note\":null,\"customerId\":" + std::to_string(c.customer_id) + "}}";
  }

  static void List(sqlite3_stmt* s, long page, bool customer, std::string& out) {
    sqlite3_bind_int64(s, 1, (page - 1) * 20);
    out += "{\"data\":[";
    while (sqlite3_step(s) == SQLITE_ROW) {
      if (out.back() == '}') out += ',';
      AppendOrder(out, s);
      for (int i = 0; customer && i < 6; ++i) {
        out += kCustomer[i];
        AppendCell(out, s, 7 + i);
      }
      out += customer ? "}}" : "}";
    }
    sqlite3_reset(s);
    AppendMeta(out, row_count, page);
  }

  void Filtered(const Request& request, std::string& out) {
    const std::string since = std::string(request.since) + "T00:00:00.000Z";
    auto& known = counts_[since];
    if (known.version != version) {
      known.version = version;
      sqlite3_bind_text(count_, 1, since.data(), static_cast<int>(since.size()), SQLITE_STATIC);
      sqlite3_step(count_);
      known.count = sqlite3_column_int64(count_, 0);
      sqlite3_reset(count_);
    }
    sqlite3_bind_text(filter_, 1, since.data(), static_cast<int>(since.size()), SQLITE_STATIC);
    out += "{\"data\":[";
    while (sqlite3_step(filter_) == SQLITE_ROW) {
      if (out.back() == '}') out += ',';
      AppendOrder(out, filter_);
      out += '}';
    }
    sqlite3_reset(filter_);
    AppendMeta(out, known.count, 1);
  }

  void Get(long id, std::string& out) {
    sqlite3_bind_int64(get_, 1, id);
    out += "{\"data\":";
    if (sqlite3_step(get_) == SQLITE_ROW) {
      AppendOrder(out, get_);
      out += "}}";
    } else {
      out += "null}";
    }
    sqlite3_reset(get_);
  }

  struct Known {
    long version = -1, count = 0;
  };
  asio::io_context& context_;
  Writer& writer_;
  sqlite3* database_;
  sqlite3_stmt *list_, *append_, *filter_, *count_, *get_;
  std::map<std::string, Known, std::less<>> counts_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "bench_bare_sqlite FILE PORT\n");
    return 2;
  }
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  Writer writer(argv[1]);
  sqlite3* database = Open(argv[1]);
  sqlite3_stmt* count = Prepare(database, "select count(*) from orders");
  sqlite3_step(count);
  row_count = sqlite3_column_int64(count, 0);
  sqlite3_finalize(count);
  return bare::Serve(static_cast<unsigned short>(std::atoi(argv[2])), 2,
                     [&](asio::io_context& context) {
                       return std::make_unique<SqliteApp>(argv[1], context, writer);
                     });
}
