#include "base/worker.h"

namespace renkei {
namespace {
thread_local int worker_index = -1;
}  // namespace

int WorkerIndex() { return worker_index; }
void SetWorkerIndex(int index) { worker_index = index; }

}  // namespace renkei
