// SPDX-License-Identifier: MIT
#pragma once

#include "scripted_agent.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace parley::test {

/// One golden call flow: a text file that is read as documentation and played as a test.
///
///     # RFC and section, what happens and why: comment lines
///     agent alice                 the user agent that is judged      (optional settings, a line each)
///     peer bob                    the far end, scripted
///     transport UDP               or TCP, WS
///     realm atlanta.example.com   that gets credentials, any number; without it the first that asks
///     == script ==
///     ...                         language: sip/testing/script.hpp; `user` lines: scripted_agent.hpp
///     == ladder ==
///     ...                         what must come out of it
struct FlowFile {
  std::filesystem::path path{};
  std::string head{};  ///< all before the script
  Cast cast{};
  std::string script{};
  std::string ladder{};
  unsigned script_line = 0;  ///< of the file

  /// Errc::BadSyntax with a sentence.
  static Result<FlowFile> read(const std::filesystem::path& path);
  /// Writes the file anew with this ladder.
  void rewrite(std::string_view new_ladder) const;
};

/// All .flow files of a folder, sorted.
std::vector<std::filesystem::path> flow_files(const std::filesystem::path& folder);

/// Lines that differ, "-" what should be and "+" what is, with the common ones between them.
std::string difference(std::string_view expected, std::string_view actual);

}  // namespace parley::test
