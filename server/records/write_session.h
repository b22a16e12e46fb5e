// WriteSession is one request's writing inside one transaction: the connection, who asks, what has
// been changed so far. Made in the transaction's body (which may run again), never shared. The
// journal and outbox entries it collects are written by Flush(), in as few statements as possible,
// before the body returns.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/journal.h"
#include "base/task.h"
#include "db/connection.h"
#include "records/context.h"
#include "records/outbox.h"
#include "records/stored_row.h"

namespace renkei::records {

inline constexpr std::size_t kMaxRowsPerWrite =
    100'000;  // rows one request may change; TOO_MANY_ROWS
inline constexpr std::size_t kMaxAuditValueBytes =
    16 * 1024;  // longer values are noted by their size

// {"field":{"before":…,"after":…}} for the journal and ["field"] for the outbox. Secrets are named,
// never shown.
class ChangeList {
 public:
  void Add(const schema::Field& field, const db::Cell* before, const db::Cell* after);
  void AddText(const schema::Field& field, std::string_view before_json,
               std::string_view after_json);
  bool empty() const { return names_.empty(); }
  std::string Changes() const { return "{" + changes_ + "}"; }
  std::string Payload() const { return "{\"changed\":[" + names_ + "]}"; }

 private:
  void Name(const schema::Field& field);
  std::string changes_, names_;
};
bool IsSecret(const schema::Field& field);

class WriteSession {
 public:
  WriteSession(db::Connection& connection, const Context& context);

  const Context& context() const { return context_; }
  db::Connection& connection() { return connection_; }
  const db::Dialect& dialect() const { return context_.database.dialect(); }
  const schema::Catalog& catalog() const { return *context_.catalog; }
  std::int64_t now_ms() const { return now_ms_; }
  RowShapeRef Shape(const schema::Collection& collection);

  // Errors of the database come back in the words of the wire; `collection` is the one the
  // statement writes.
  Task<Result<db::Rows>> Run(db::Statement statement, const schema::Collection& collection);
  // A statement that selects or returns all columns of the collection.
  Task<Result<std::vector<StoredRow>>> RunRows(db::Statement statement,
                                               const schema::Collection& collection);
  // The rows with these keys. Where the database locks rows, until the end of the transaction:
  // against changes, or only against their deletion (rows that are merely linked to).
  enum class LockMode { kChange, kKeep };
  Task<Result<std::vector<StoredRow>>> Load(const schema::Collection& collection,
                                            const std::vector<std::string>& key_fields,
                                            const std::vector<std::vector<db::Value>>& keys,
                                            LockMode lock = LockMode::kChange);
  // Serialises writers of one counter, scope or tree until the transaction ends. Nothing to do with
  // a single writer.
  Task<Result<void>> Lock(std::string_view collection, std::string_view field,
                          std::string_view key);

  void JournalCreate(const StoredRow& row);
  void JournalUpdate(const StoredRow& before, const StoredRow& after);
  void JournalDestroy(const StoredRow& row);
  void JournalLinks(const StoredRow& source, const schema::Field& association,
                    std::string_view before_json, std::string_view after_json);
  void JournalChange(std::string_view action, const StoredRow& row, const ChangeList& changes);
  Task<Result<void>> Flush();

  std::set<std::string>& destroyed() {
    return destroyed_;
  }  // "collection\0key": cascades end at cycles

 private:
  db::Connection& connection_;
  const Context& context_;
  std::int64_t now_ms_;
  std::map<const schema::Collection*, RowShapeRef> shapes_;
  std::vector<audit::Entry> journal_;
  std::vector<OutboxEntry> outbox_;
  std::set<std::string> destroyed_;
};

}  // namespace renkei::records
