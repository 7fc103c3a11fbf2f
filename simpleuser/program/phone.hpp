// SPDX-License-Identifier: MIT
#pragma once

#include <parley/simpleuser/simple_user.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace parley::program {

struct PhoneOptions {
  std::string server;
  SimpleUserOptions user;  ///< without delegate and trace: the phone adds its own
  bool register_at_start = true;
  std::optional<Duration> auto_answer;  ///< delay; nullopt: by command
  bool json = false;
  bool trace = false;
  bool ladder = false;
};

/// `parley phone`: commands on stdin, events on stdout, until `quit` or the end of input.
/// @return the exit status: 1 when it was never connected, or never registered though it should; 2 for options that make no sense.
int run_phone(PhoneOptions options);

}  // namespace parley::program
