// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace parley::program {

/// Colours, where there is a terminal; else the plain text. Value type.
struct Colours {
  bool on = false;
  std::string good(std::string_view text) const { return painted("32", text); }
  std::string bad(std::string_view text) const { return painted("31", text); }
  std::string accent(std::string_view text) const { return painted("36", text); }
  std::string dim(std::string_view text) const { return painted("2", text); }

 private:
  std::string painted(std::string_view code, std::string_view text) const;
};

/// On when stdout is a terminal and NO_COLOR is not set.
Colours stdout_colours();

/// `text` of a peer for a terminal: control characters are shown as '?', so that no escape sequence gets through.
std::string printable(std::string_view text);

}  // namespace parley::program
