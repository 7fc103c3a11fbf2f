// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/shared_bytes.hpp>
#include <parley/sip/core/time.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace parley::sip {

/// What a transaction wants done after an event: at most one message sent, at most one word to the transaction user. Value type.
///
/// Machines are values: an event is tried on a copy, which then replaces the original, so that an event which runs out of
/// memory has not happened.
struct Effects {
  enum class Sending : std::uint8_t {
    Nothing,
    First,           ///< a message of the transaction user
    Retransmission,  ///< the same bytes again
    Ack,             ///< of a non-2xx, written by the machine; copies as well
    Trying,          ///< a 100 written by the machine
  };
  enum class Telling : std::uint8_t {
    Nothing,
    Deliver,  ///< the message that came
    Timeout,  ///< timers B, F, H: it ended without what it waited for
  };

  Sending sending = Sending::Nothing;
  Telling telling = Telling::Nothing;
  SharedBytes bytes{};  ///< what to send

  static Effects send(Sending what, SharedBytes bytes) noexcept { return {what, Telling::Nothing, std::move(bytes)}; }
  static Effects tell(Telling what) noexcept { return {Sending::Nothing, what, {}}; }
};

/// A timer of a machine that does not run.
inline constexpr TimePoint never = TimePoint::max();

/// The deadline of a machine with two timers.
inline std::optional<TimePoint> earlier_of(TimePoint a, TimePoint b) noexcept {
  const TimePoint earlier = std::min(a, b);
  return earlier == never ? std::nullopt : std::optional(earlier);
}

}  // namespace parley::sip
