// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/message/message.hpp>
#include <parley/sip/transaction/effects.hpp>
#include <parley/sip/transaction/timers.hpp>
#include <parley/sip/transport.hpp>

#include <cstdint>
#include <optional>

namespace parley::sip {

/// INVITE client transaction (RFC 3261 s.17.1.1, with Accepted and timer M of RFC 6026 s.7.2).
/// Keeps the request until the final response, then the ACK of a non-2xx. Value type; loop thread only.
class PARLEY_EXPORT InviteClientTransaction {
 public:
  enum class State : std::uint8_t { Calling, Proceeding, Completed, Accepted, Terminated };

  /// @param request  the INVITE in wire form.
  /// @param timers   outlives the machine.
  InviteClientTransaction(SharedBytes request, Reliable reliable, const TimerValues& timers) noexcept;

  Effects begin(TimePoint now) noexcept;
  /// A response with our branch and the CSeq method INVITE. Allocates only for the ACK of the first non-2xx.
  Effects receive(const MessageView& response, TimePoint now);
  /// At or after deadline().
  Effects expire(TimePoint now) noexcept;
  std::optional<TimePoint> deadline() const noexcept { return earlier_of(retransmit_at_, end_at_); }

  /// A CANCEL makes sense: there was a 1xx, no final response, and no CANCEL yet (RFC 3261 s.9.1).
  bool can_cancel() const noexcept { return state_ == State::Proceeding && end_at_ == never; }
  /// A CANCEL went out: without a final response the INVITE is given up 64·T1 later (RFC 3261 s.9.1).
  void cancelled(TimePoint now) noexcept;

  State state() const noexcept { return state_; }
  bool is_terminated() const noexcept { return state_ == State::Terminated; }
  /// The transaction user still waits for a final response.
  bool is_pending() const noexcept { return state_ == State::Calling || state_ == State::Proceeding; }
  const SharedBytes& request() const noexcept { return bytes_; }  ///< while is_pending()

 private:
  Effects receive_final(const MessageView& response, TimePoint now);
  Effects terminate(Effects::Telling telling) noexcept;

  SharedBytes bytes_;  ///< request; Completed: the ACK
  const TimerValues* timers_;
  Duration interval_{0};             ///< timer A's
  TimePoint retransmit_at_ = never;  ///< timer A
  TimePoint end_at_ = never;         ///< timers B, D, M; Proceeding: the limit after a CANCEL
  Reliable reliable_;
  State state_ = State::Calling;
};

}  // namespace parley::sip
