// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/core/ids.hpp>
#include <parley/sip/core/result.hpp>
#include <parley/sip/transaction/effects.hpp>
#include <parley/sip/transaction/timers.hpp>
#include <parley/sip/transport.hpp>

#include <cstdint>
#include <optional>

namespace parley::sip {

/// INVITE server transaction (RFC 3261 s.17.2.1, with Accepted and timer L of RFC 6026 s.7.1).
/// Keeps the INVITE until the first response, then the last response that a copy of the INVITE or timer G sends again.
/// Value type; loop thread only.
class PARLEY_EXPORT InviteServerTransaction {
 public:
  enum class State : std::uint8_t { Proceeding, Completed, Accepted, Confirmed, Terminated };

  /// @param request  the INVITE in wire form, for the 100.
  /// @param timers   outlives the machine.
  InviteServerTransaction(SharedBytes request, Reliable reliable, const TimerValues& timers) noexcept;

  void begin(TimePoint now) noexcept;
  /// A copy of the INVITE.
  Effects receive_copy() const noexcept;
  /// An ACK that matches the transaction.
  Effects receive_ack(TimePoint now) noexcept;
  /// A response of the transaction user. A 2xx may come again in Accepted (RFC 3261 s.13.3.1.4). Errc::WrongState after a final one.
  Result<Effects> respond(StatusCode status, SharedBytes response, TimePoint now);
  /// At or after deadline(). Allocates only for the 100.
  Effects expire(TimePoint now);
  std::optional<TimePoint> deadline() const noexcept { return earlier_of(send_at_, end_at_); }

  State state() const noexcept { return state_; }
  bool is_terminated() const noexcept { return state_ == State::Terminated; }
  /// The peer still waits for us, or we for its ACK.
  bool is_pending() const noexcept { return state_ == State::Proceeding || state_ == State::Completed; }
  /// Completed: the final response, whose To tag the ACK of an RFC 2543 peer must bear (s.17.2.3).
  const SharedBytes& final_response() const noexcept { return bytes_; }

 private:
  Effects terminate(Effects::Telling telling) noexcept;

  SharedBytes bytes_;  ///< the INVITE until there is a response, then the last response; nothing from Accepted and Confirmed on
  const TimerValues* timers_;
  Duration interval_{0};       ///< timer G's
  TimePoint send_at_ = never;  ///< Proceeding: the 100; Completed: timer G
  TimePoint end_at_ = never;   ///< timers H, I, L
  Reliable reliable_;
  State state_ = State::Proceeding;
  bool has_response_ = false;
};

}  // namespace parley::sip
