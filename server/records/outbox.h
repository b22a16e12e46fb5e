// The outbox: one row per changed record, written in the transaction of the change. A dispatcher
// hands each row to workflow, sync and outgoing webhooks, then deletes it; with no subscriber it
// only deletes.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "db/connection.h"
#include "db/dialect.h"

namespace renkei::records {

struct OutboxEntry {
  std::string_view event;  // "create", "update", "destroy"
  std::string_view collection;
  std::string record_key;  // target key as text
  std::string payload;     // JSON text: {"changed":["title"]}
  std::string_view trace_id;
};
inline constexpr std::size_t kMaxOutboxEntriesPerStatement = 500;
db::Statement OutboxStatement(const db::Dialect& dialect, const OutboxEntry& entry);
db::Statement OutboxStatement(const db::Dialect& dialect, std::span<const OutboxEntry> entries);

}  // namespace renkei::records
