// renkei serve: start, say where, wait for SIGTERM or SIGINT, stop without cutting a request.
#include <csignal>
#include <cstdio>
#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/program.h"
#include "base/log.h"
#include "base/metrics.h"

namespace renkei::app {
namespace {

void PrintWelcome(const Config& config, const Program& program) {
  const std::string address = fmt::format("http://{}:{}", config.host(), program.port());
  std::string text = fmt::format("Renkei {} serves {}\n", RENKEI_VERSION, address);
  if (!program.setup_token().empty()) {
    text += fmt::format("First start: open {}/setup?token={} to create the administrator.\n", address, program.setup_token());
  } else {
    text += "Sign in with the administrator's e-mail and password.\n";
  }
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

}  // namespace

int RunServe(const Config& config) {
  // Blocked before any thread starts, so that only sigwait() below sees them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  LogOptions log;
  log.level = *ParseLogLevel(config.Get("log-level"));
  AddObserver(LogWriter(log));
  Metrics metrics;
  AddObserver([&metrics](const Observation& observation) { metrics.Count(observation); });
  auto program = Program::Start(config, metrics);
  if (!program) return ReportFailure(program.error());
  PrintWelcome(config, **program);
  int signal = 0;
  sigwait(&signals, &signal);
  (*program)->Stop();
  return 0;
}

}  // namespace renkei::app
