#include "base/observe.h"

#include <vector>

namespace renkei {
namespace {

// Written before the first thread starts, read only afterwards: no lock. Never destroyed, because
// threads of libraries may still report while the process ends.
std::vector<Observer>& Observers() {
  static auto* observers = new std::vector<Observer>();
  return *observers;
}

}  // namespace

void AddObserver(Observer observer) { Observers().push_back(std::move(observer)); }

void Emit(const Observation& observation) {
  for (const Observer& observer : Observers()) observer(observation);
}

}  // namespace renkei
