// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace parley::program {

struct SwitchCommandOptions {
  std::vector<std::string> listen;  ///< ws://host:port, wss://host:port
  std::vector<std::string> users;   ///< NAME:PASSWORD
  std::string domain = "parley.invalid";
  std::string certificate;
  std::string key;
};

/// `parley switch`: prints a line "listening URI" a listener, then serves until SIGINT or SIGTERM.
/// @return the exit status: 1 when a listener cannot be made, 2 for a URI or user that makes no sense.
int run_switch(const SwitchCommandOptions& options);

}  // namespace parley::program
