#include <cstdio>
#include <iostream>
#include <termios.h>
#include <unistd.h>

#include "app/cli/commands.h"

namespace renkei::app {

int ReportFailure(const Error& error) {
  std::fprintf(stderr, "renkei: %s\n", error.message.c_str());
  if (!error.hint.empty()) std::fprintf(stderr, "  %s\n", error.hint.c_str());
  if (!error.detail.empty()) std::fprintf(stderr, "  (%s)\n", error.detail.c_str());
  return 1;
}

std::string AskPassword(const std::string& prompt) {
  std::string line;
  if (!isatty(STDIN_FILENO)) {
    std::getline(std::cin, line);
    return line;
  }
  std::fprintf(stderr, "%s: ", prompt.c_str());
  termios before{};
  tcgetattr(STDIN_FILENO, &before);
  termios quiet = before;
  quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
  std::getline(std::cin, line);
  tcsetattr(STDIN_FILENO, TCSANOW, &before);
  std::fputc('\n', stderr);
  return line;
}

}  // namespace renkei::app
