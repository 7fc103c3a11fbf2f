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

/// Client transaction of every request but INVITE and ACK (RFC 3261 s.17.1.2).
/// Keeps the request while it may have to be sent again. Value type; loop thread only.
class PARLEY_EXPORT NonInviteClientTransaction {
 public:
  enum class State : std::uint8_t { Trying, Proceeding, Completed, Terminated };

  /// @param request  the request in wire form.
  /// @param timers   outlives the machine.
  NonInviteClientTransaction(SharedBytes request, Reliable reliable, const TimerValues& timers) noexcept;

  Effects begin(TimePoint now) noexcept;
  /// A response with our branch and method.
  Effects receive(const MessageView& response, TimePoint now) noexcept;
  /// At or after deadline().
  Effects expire(TimePoint now) noexcept;
  std::optional<TimePoint> deadline() const noexcept { return earlier_of(retransmit_at_, end_at_); }

  State state() const noexcept { return state_; }
  bool is_terminated() const noexcept { return state_ == State::Terminated; }
  bool is_pending() const noexcept { return state_ == State::Trying || state_ == State::Proceeding; }

 private:
  void terminate() noexcept;

  SharedBytes bytes_;  ///< request, until the final response; on a reliable transport until it is sent
  const TimerValues* timers_;
  Duration interval_{0};             ///< timer E's
  TimePoint retransmit_at_ = never;  ///< timer E
  TimePoint end_at_ = never;         ///< timers F, K
  Reliable reliable_;
  State state_ = State::Trying;
};

}  // namespace parley::sip
