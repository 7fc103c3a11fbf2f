// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/terminal.hpp>

#include <unistd.h>

#include <cstdlib>

namespace parley::program {

std::string Colours::painted(std::string_view code, std::string_view text) const {
  if (!on) return std::string(text);
  return "\033[" + std::string(code) + "m" + std::string(text) + "\033[0m";
}

Colours stdout_colours() { return {.on = isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr}; }

std::string printable(std::string_view text) {
  std::string shown(text);
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return shown;
}

}  // namespace parley::program
