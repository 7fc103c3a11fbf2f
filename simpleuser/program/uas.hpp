// SPDX-License-Identifier: MIT
#pragma once

#include <parley/simpleuser/options.hpp>
#include <parley/sip/core/ids.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::program {

struct UasOptions {
  std::vector<std::string> listen;  ///< ws://host:port, wss://host:port
  std::string certificate;
  std::string key;
  std::string server;      ///< to register at; empty: none
  SimpleUserOptions user;  ///< without delegate
  Duration ring{0};        ///< before a call is answered
};

/// What becomes of a call to a user part.
struct Verdict {
  enum class Kind : std::uint8_t { Answer, Ring, Refuse };
  Kind kind = Kind::Answer;
  sip::StatusCode status = 0;  ///< Refuse only
  friend bool operator==(const Verdict&, const Verdict&) = default;
};
/// "ring" rings only, "busy" 486, "decline" 603, "300" to "699" that status, any other user is answered. Value function.
Verdict verdict_on(std::string_view user);

/// `parley uas`: answers every call, any number at once, until SIGINT or SIGTERM; prints "listening URI" a listener, and counters at
/// SIGUSR1 and at the end.
/// @return the exit status: 1 when a listener cannot be made, or it never registered; 2 for options that make no sense.
int run_uas(UasOptions options);

}  // namespace parley::program
