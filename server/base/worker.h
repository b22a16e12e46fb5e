// Which event-loop thread is this? Per-thread things (a database connection, a cache) are found by this number.
#pragma once

namespace renkei {

// 0 … n-1 on an event-loop thread, -1 on any other (the SQLite writer, a blocking pool).
int WorkerIndex();
void SetWorkerIndex(int index);

}  // namespace renkei
