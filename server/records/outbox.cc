#include "records/outbox.h"

#include "base/clock.h"

namespace renkei::records {

db::Statement OutboxStatement(const db::Dialect& dialect, const OutboxEntry& entry) {
  return OutboxStatement(dialect, std::span<const OutboxEntry>(&entry, 1));
}

db::Statement OutboxStatement(const db::Dialect& dialect, std::span<const OutboxEntry> entries) {
  db::Statement statement;
  statement.name = "outbox_append";
  statement.sql =
      "INSERT INTO outbox (\"at\", \"event\", \"collection\", \"recordKey\", \"payload\", "
      "\"traceId\") VALUES ";
  const auto param = [&](db::Value value) {
    statement.params.push_back(std::move(value));
    dialect.AppendPlaceholder(statement.sql, statement.params.size());
  };
  statement.params.push_back(db::Value::Text(IsoUtc(NowMs())));
  bool first = true;
  for (const OutboxEntry& entry : entries) {
    if (!first) statement.sql += ", ";
    first = false;
    statement.sql += '(';
    dialect.AppendPlaceholder(statement.sql, 1);
    for (const std::string_view text :
         {entry.event, entry.collection, std::string_view(entry.record_key),
          std::string_view(entry.payload), entry.trace_id}) {
      statement.sql += ", ";
      param(db::Value::Text(text));
    }
    statement.sql += ')';
  }
  return statement;
}

}  // namespace renkei::records
