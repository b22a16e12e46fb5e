// Code never logs. It emits an Observation; the log writer, the metrics and the test recorder subscribe
// (style.md 2.10). Emit() may be called from any thread; subscribers are set before the threads start.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <variant>

namespace renkei {

struct RequestServed { std::string_view method, path; int status; std::chrono::nanoseconds took; std::string_view trace_id; };
struct QueryRan { std::string_view name; std::chrono::nanoseconds took; bool failed; };
struct CatalogReloaded { std::size_t collections; std::chrono::nanoseconds took; };
struct Fault { std::string_view where; std::string_view detail; std::string_view trace_id; };  // a kInternal error
struct Note { std::string_view event; std::string text; };  // life of the process: started, stopping, migrated …
struct SignInTried { std::string_view account, address, outcome; };

using Observation = std::variant<RequestServed, QueryRan, CatalogReloaded, Fault, Note, SignInTried>;
using Observer = std::function<void(const Observation&)>;

void AddObserver(Observer observer);  // before the first thread is started
void Emit(const Observation& observation);

}  // namespace renkei
