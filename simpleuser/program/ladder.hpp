// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace parley::program {

/// Collects who sent what to whom, and draws it:
///
///        alice                   switch                    bob
///          |--- INVITE ------------>|                        |
///
/// Thread-safe.
class Ladder {
 public:
  explicit Ladder(std::vector<std::string> participants) : participants_(std::move(participants)) {}

  /// `from` and `to` are indexes of participants; `message` a whole SIP message, of which the first line is shown.
  void add(std::size_t from, std::size_t to, std::string_view message);
  void clear();
  /// The drawing, a line end at the end of each line.
  std::string text() const;

 private:
  struct Arrow {
    std::size_t from;
    std::size_t to;
    std::string label;
  };
  std::vector<std::string> participants_;
  mutable std::mutex mutex_;
  std::vector<Arrow> arrows_;
};

/// "INVITE", "200 OK (INVITE)" of a SIP message.
std::string message_label(std::string_view message);

}  // namespace parley::program
