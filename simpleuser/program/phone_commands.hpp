// SPDX-License-Identifier: MIT
#pragma once

#include <parley/simpleuser/program/event_log.hpp>
#include <parley/simpleuser/program/json_line.hpp>
#include <parley/simpleuser/simple_user.hpp>

#include <string>
#include <string_view>

namespace parley::program {

/// A line of input: its first word, and the rest without the blanks between.
struct CommandLine {
  std::string name;
  std::string rest;
};
CommandLine split_command(std::string_view line);

/// What a command came to.
struct Reply {
  std::string name;
  Result<void> outcome;
  JsonLine fields{};  ///< of `stats` and `state`

  bool has_fields() const { return fields.text() != "{}"; }
  /// {"reply":NAME,"ok":…}
  std::string json() const;
};

/// What a command works on.
struct CommandTarget {
  SimpleUser& user;
  EventLog& events;
};

/// Carries out one command and waits until it is done. Main thread only. Unknown or unbuilt ones: an Error with a sentence.
Reply run_command(const CommandTarget& target, const CommandLine& command);

}  // namespace parley::program
