// The command line. Each subcommand is one function in app/cli/; this file only knows their flags.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>

#include "app/cli/commands.h"
#include "app/cli/demo.h"
#include "app/config.h"

namespace {

using renkei::app::Config;

// Every command takes every setting; the first two also have short forms.
void AddSettings(CLI::App& command, std::map<std::string, std::string>& flags) {
  for (const renkei::app::Setting& setting : renkei::app::AllSettings()) {
    std::string names = "--" + std::string(setting.name);
    std::string help(setting.help);
    if (!setting.fallback.empty()) help += " [" + std::string(setting.fallback) + "]";
    help += " (" + renkei::app::EnvironmentName(setting.name) + ")";
    command.add_option_function<std::string>(
        names, [&flags, name = std::string(setting.name)](const std::string& value) { flags[name] = value; }, help)
        ->group("Settings");
  }
}

int Fail(const renkei::Error& error, int code) {
  renkei::app::ReportFailure(error);
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program{"Renkei connects a company's systems: one server, one database, an API and a web UI."};
  program.set_version_flag("--version", "renkei " RENKEI_VERSION);
  program.require_subcommand(1);
  program.footer("Examples:\n"
                 "  renkei serve\n"
                 "  renkei serve --listen 127.0.0.1:8080 --data /var/lib/renkei\n"
                 "  RENKEI_DATABASE_URL=postgres://renkei@db/renkei renkei serve\n"
                 "  renkei user reset-password ada@example.com\n"
                 "  renkei doctor\n"
                 "Each command has its own --help with examples.");

  std::map<std::string, std::string> flags;
  std::function<int(const Config&)> run;
  const auto add = [&](CLI::App& parent, const std::string& name, const std::string& help, const std::string& example) {
    CLI::App* command = parent.add_subcommand(name, help);
    command->footer("Example:\n  " + example);
    AddSettings(*command, flags);
    return command;
  };

  add(program, "serve", "Serve the API and the web UI", "renkei serve --listen 127.0.0.1:13000 --data ./data")
      ->callback([&] { run = renkei::app::RunServe; });

  bool dry_run = false;
  CLI::App* migrate = add(program, "migrate", "Bring the database to this version (serve does it too)", "renkei migrate --dry-run");
  migrate->add_flag("--dry-run", dry_run, "Only print what would run");
  migrate->callback([&] { run = [&](const Config& config) { return renkei::app::RunMigrate(config, dry_run); }; });

  add(program, "doctor", "Check configuration, data folder, database, clock and disk", "renkei doctor --data ./data")
      ->callback([&] { run = renkei::app::RunDoctor; });

  CLI::App* config_command = program.add_subcommand("config", "Settings: where each value comes from");
  config_command->require_subcommand(1);
  std::string key;
  CLI::App* explain = add(*config_command, "explain", "Value, origin and default of one setting, or of all", "renkei config explain listen");
  explain->add_option("key", key, "Name of the setting");
  explain->callback([&] { run = [&](const Config& config) { return renkei::app::RunConfigExplain(config, key); }; });

  CLI::App* user = program.add_subcommand("user", "Accounts, when nobody can sign in");
  user->require_subcommand(1);
  std::string account, password, role = "root";
  CLI::App* create = add(*user, "create", "Create a user", "renkei user create ada@example.com --role root");
  create->add_option("email", account, "E-mail address")->required();
  create->add_option("--password", password, "Password; asked for when absent");
  create->add_option("--role", role, "Role of the user [root]");
  create->callback([&] { run = [&](const Config& config) { return renkei::app::RunUserCreate(config, account, password, role); }; });
  CLI::App* reset = add(*user, "reset-password", "Set a new password and end the user's sessions", "renkei user reset-password ada@example.com");
  reset->add_option("account", account, "E-mail address or user name")->required();
  reset->add_option("--password", password, "Password; asked for when absent");
  reset->callback([&] { run = [&](const Config& config) { return renkei::app::RunUserResetPassword(config, account, password); }; });

  std::string file;
  bool force = false;
  CLI::App* backup = add(program, "backup", "Write database, key and files into one archive, while serving", "renkei backup renkei-backup.tar");
  backup->add_option("file", file, "Archive to write [<data>/backups/<time>.tar]");
  backup->callback([&] { run = [&](const Config& config) { return renkei::app::RunBackup(config, file); }; });
  CLI::App* restore = add(program, "restore", "Put a backup into an empty data folder", "renkei restore renkei-backup.tar --data ./data");
  restore->add_option("file", file, "Archive to read")->required();
  restore->add_flag("--force", force, "Replace what is in the data folder; the old database is kept beside it");
  restore->callback([&] { run = [&](const Config& config) { return renkei::app::RunRestore(config, file, force); }; });

  renkei::app::DemoOptions demo_options;
  CLI::App* demo = add(program, "demo", "Load languages, countries, currencies and a shop into a running server",
                       "renkei demo --url http://127.0.0.1:13000 --account admin@example.com --password …");
  demo->add_option("--url", demo_options.base_url, "Address of the server [http://127.0.0.1:13000]");
  demo->add_option("--account", demo_options.account, "E-mail or user name of an administrator");
  demo->add_option("--password", demo_options.password, "Its password (or RENKEI_ADMIN_PASSWORD)");
  demo->add_option("--token", demo_options.token, "A token instead of account and password");
  demo->add_option("--orders", demo_options.orders, "Number of orders in the shop [100000]");
  demo->callback([&] {
    run = [&](const Config& config) {
      if (demo_options.account.empty()) demo_options.account = config.Get("admin-email");
      if (demo_options.password.empty()) demo_options.password = config.Get("admin-password");
      return renkei::app::RunDemo(demo_options);
    };
  });

  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& fault) {
    if (fault.get_exit_code() == 0) return program.exit(fault);
    std::fprintf(stderr, "renkei: %s\n  Run 'renkei --help' or 'renkei COMMAND --help'.\n", fault.what());
    return 2;
  }
  auto config = Config::Load(flags);
  if (!config) return Fail(config.error(), 2);
  return run(*config);
}
