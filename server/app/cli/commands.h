// One function per subcommand, one file each. Every function returns the exit code: 0 done, 1 failed (the reason is on
// standard error, with the remedy), 2 wrong use.
#pragma once

#include <string>

#include "app/config.h"
#include "base/error.h"

namespace renkei::app {

int RunServe(const Config& config);
int RunMigrate(const Config& config, bool dry_run);
int RunDoctor(const Config& config);
int RunConfigExplain(const Config& config, const std::string& key);
int RunUserCreate(const Config& config, const std::string& email, const std::string& password, const std::string& role);
int RunUserResetPassword(const Config& config, const std::string& account, const std::string& password);
int RunBackup(const Config& config, const std::string& file);
int RunRestore(const Config& config, const std::string& file, bool force);

// "renkei: <message>\n  <hint>" on standard error; returns 1.
int ReportFailure(const Error& error);
// Reads a password from the terminal without echo, or one line from standard input.
std::string AskPassword(const std::string& prompt);

}  // namespace renkei::app
