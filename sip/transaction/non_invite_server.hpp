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

/// Server transaction of every request but INVITE and ACK (RFC 3261 s.17.2.2, with the limits of RFC 4320).
/// Keeps the request until the first response, then the last response. Value type; loop thread only.
class PARLEY_EXPORT NonInviteServerTransaction {
 public:
  enum class State : std::uint8_t { Trying, Proceeding, Completed, Terminated };

  /// @param request  the request in wire form, for the 100.
  /// @param timers   outlives the machine.
  NonInviteServerTransaction(SharedBytes request, Reliable reliable, const TimerValues& timers) noexcept;

  void begin(TimePoint now) noexcept;
  /// A copy of the request.
  Effects receive_copy() const noexcept;
  /// A response of the transaction user. Errc::WrongState after a final one, and for a 100 before RFC 4320 allows it;
  /// Errc::BadValue for what RFC 4320 forbids: 101..199 and 408.
  Result<Effects> respond(StatusCode status, SharedBytes response, TimePoint now);
  /// At or after deadline(). Allocates only for the 100.
  Effects expire(TimePoint now);
  std::optional<TimePoint> deadline() const noexcept { return earlier_of(trying_at_, end_at_); }

  State state() const noexcept { return state_; }
  bool is_terminated() const noexcept { return state_ == State::Terminated; }
  bool is_pending() const noexcept { return state_ == State::Trying || state_ == State::Proceeding; }

 private:
  void terminate() noexcept;

  SharedBytes bytes_;  ///< the request until there is a response, then the last response
  const TimerValues* timers_;
  TimePoint trying_at_ = never;  ///< when the 100 goes out by itself
  TimePoint end_at_ = never;     ///< timer J; before a final response: when the client has given up
  Reliable reliable_;
  State state_ = State::Trying;
};

}  // namespace parley::sip
