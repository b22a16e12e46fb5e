// The tables of writing: audit_log (append-only journal), outbox, rk_sequences (counters of
// sequence fields and the rows that writers of one counter lock). None of them is a collection: no
// API changes them, `audit` reads have their own.
#pragma once

#include <vector>

#include "base/json.h"
#include "db/migrate.h"

namespace renkei::records {

std::vector<db::Migration> RecordsMigrations();        // 0003
std::vector<json::object> RecordsSystemCollections();  // none so far

}  // namespace renkei::records
