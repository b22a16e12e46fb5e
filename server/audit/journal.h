// The append-only journal: who did what to which record, from where. One row per change, written in
// the transaction of the change (design.md, "Writing a row"); refused sign-ins and permission
// refusals are entries too (auth.md 5.2).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/identity.h"
#include "base/json.h"
#include "db/connection.h"
#include "db/dialect.h"

namespace renkei::audit {

struct Entry {
  std::string_view action;    // "create", "update", "destroy", "signIn", "collections:create" …
  std::string_view resource;  // collection or endpoint
  std::string record_key;     // target key as text
  std::string
      changes;  // JSON object text {"field":{"before":…,"after":…}}, secrets left out; may be empty
  const access::Identity* identity = nullptr;
  std::string_view trace_id, remote_address, user_agent;
  std::string_view outcome = "ok";  // or an error code
};

// The INSERT for one entry, for several. Databases limit the parameters of one statement,
// so callers cut long lists at kMaxEntriesPerStatement.
inline constexpr std::size_t kMaxEntriesPerStatement = 500;
db::Statement AppendStatement(const db::Dialect& dialect, const Entry& entry);
db::Statement AppendStatement(const db::Dialect& dialect, std::span<const Entry> entries);

// For statements that write an entry beside something else (WITH … INSERT): when, who and where.
// The other columns are action, resource, recordKey, changes, outcome.
struct BoundColumn {
  std::string_view name;  // quoted
  db::Value value;
  db::ColumnKind kind = db::ColumnKind::kText;
};
std::vector<BoundColumn> SharedColumns(const Entry& entry);

// "user", "apiKey", "system", "anonymous": the column `actor`.
std::string_view ActorKind(const access::Identity* identity);

}  // namespace renkei::audit
