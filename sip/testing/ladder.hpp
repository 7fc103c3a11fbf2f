// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/core/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::sip::testing {

/// What went between two, and what happened at the left one, drawn with times since the first line:
///
///                alice                                      peer
///        0.000     |--- INVITE #1 sdp ----------------------->|
///        0.020     |<-- 180 Ringing INVITE #1 ----------------|
///        0.020     * progress 180
///
/// #1 is the CSeq number, "sdp" (or another subtype) a body. Value type.
class PARLEY_EXPORT Ladder {
 public:
  enum class Direction : std::uint8_t { ToRight, ToLeft };

  Ladder(std::string left, std::string right) : left_(std::move(left)), right_(std::move(right)) {}

  void arrow(TimePoint now, Direction direction, std::string label);
  void note(TimePoint now, std::string words);  ///< something happened at the left one
  std::size_t size() const noexcept { return lines_.size(); }
  /// The drawing, a line end behind each line.
  std::string text() const;

 private:
  struct Line {
    Duration time;
    std::optional<Direction> direction;
    std::string words;
  };
  void add(TimePoint now, std::optional<Direction> direction, std::string words);

  std::string left_;
  std::string right_;
  std::optional<TimePoint> start_;
  std::vector<Line> lines_;
};

/// "INVITE #1 sdp", "200 OK BYE #2"; what is no message: its first line, in quotes. Value function.
PARLEY_EXPORT std::string label_of(std::string_view message);

}  // namespace parley::sip::testing
