// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/command_line.hpp>

#include <clocale>
#include <csignal>

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "");   // the terminal's UTF-8
  std::signal(SIGPIPE, SIG_IGN);  // a reader that went away ends no call
  return parley::program::run(argc, argv);
}
