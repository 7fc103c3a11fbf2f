// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace parley::program {

struct ParseOptions {
  std::vector<std::string> files;  ///< empty: stdin
  bool stream = false;             ///< many messages a file, framed by Content-Length
  bool json = false;
};

/// `parley parse`: what was understood of raw SIP messages.
/// @return the exit status: 1 if any is bad or a file cannot be read.
int run_parse(const ParseOptions& options);

}  // namespace parley::program
