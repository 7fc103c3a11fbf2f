// SPDX-License-Identifier: MIT
#include <parley/sip/transaction/detail/derived.hpp>
#include <parley/sip/transaction/non_invite_server.hpp>

namespace parley::sip {

using Sending = Effects::Sending;
using Telling = Effects::Telling;

namespace {

Error refusal(Errc code, const char* why) { return Error{code, 0, Error::no_offset, why}; }

/// How long the client's timer E needs to grow to T2: before it a 100 would only add load, after it it must be sent (RFC 4320 s.4.1).
Duration trying_delay(const TimerValues& timers) {
  Duration delay{0};
  for (Duration interval = timers.t1; interval < timers.t2 && interval > Duration{0}; interval *= 2) delay += interval;
  return delay;
}

}  // namespace

NonInviteServerTransaction::NonInviteServerTransaction(SharedBytes request, Reliable reliable, const TimerValues& timers) noexcept
    : bytes_(std::move(request)), timers_(&timers), reliable_(reliable) {}

void NonInviteServerTransaction::begin(TimePoint now) noexcept {
  trying_at_ = now + trying_delay(*timers_);
  end_at_ = now + timers_->transaction_timeout();
}

Effects NonInviteServerTransaction::receive_copy() const noexcept {
  switch (state_) {
    case State::Proceeding:
    case State::Completed:  // the last response again (s.17.2.2)
      return Effects::send(Sending::Retransmission, bytes_);
    case State::Trying:  // discarded (s.17.2.2)
    case State::Terminated: break;
  }
  return {};
}

Result<Effects> NonInviteServerTransaction::respond(StatusCode status, SharedBytes response, TimePoint now) {
  if (!is_pending()) return refusal(Errc::WrongState, "the request has been answered");
  if (status == 408) return refusal(Errc::BadValue, "408 must not answer a non-INVITE request");  // RFC 4320 s.4.2
  if (status < 200) {
    if (status != 100) return refusal(Errc::BadValue, "of the provisional responses only 100 may answer a non-INVITE request");  // s.4.1
    if (reliable_ == Reliable::No && now < trying_at_) return refusal(Errc::WrongState, "too early for a 100");  // RFC 4320 s.4.1
    state_ = State::Proceeding;
    trying_at_ = never;
    bytes_ = std::move(response);
    return Effects::send(Sending::First, bytes_);
  }
  Effects effects = Effects::send(Sending::First, std::move(response));
  if (reliable_ == Reliable::Yes) {  // timer J is 0 (s.17.2.2)
    terminate();
    return effects;
  }
  state_ = State::Completed;
  bytes_ = effects.bytes;
  trying_at_ = never;
  end_at_ = now + timers_->transaction_timeout();  // timer J
  return effects;
}

Effects NonInviteServerTransaction::expire(TimePoint now) {
  if (now >= end_at_) {
    // Timer J, or the client's timer F: by now it has given up and a final response must not be sent any more (RFC 4320 s.4.2).
    const bool unanswered = is_pending();
    terminate();
    return Effects::tell(unanswered ? Telling::Timeout : Telling::Nothing);
  }
  if (now < trying_at_) return {};
  bytes_ = derived::trying(bytes_);  // RFC 4320 s.4.1: on every transport
  trying_at_ = never;
  state_ = State::Proceeding;
  return Effects::send(Sending::Trying, bytes_);
}

void NonInviteServerTransaction::terminate() noexcept {
  state_ = State::Terminated;
  bytes_ = {};
  trying_at_ = end_at_ = never;
}

}  // namespace parley::sip
