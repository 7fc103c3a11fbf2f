// SPDX-License-Identifier: MIT
#include <parley/sip/transaction/detail/derived.hpp>
#include <parley/sip/transaction/invite_server.hpp>

namespace parley::sip {

using Sending = Effects::Sending;
using Telling = Effects::Telling;

namespace {

/// The 100 goes out by itself unless the core answers within this time (s.17.2.1).
constexpr Duration trying_delay{200};

}  // namespace

InviteServerTransaction::InviteServerTransaction(SharedBytes request, Reliable reliable, const TimerValues& timers) noexcept
    : bytes_(std::move(request)), timers_(&timers), reliable_(reliable) {}

void InviteServerTransaction::begin(TimePoint now) noexcept { send_at_ = now + trying_delay; }

Effects InviteServerTransaction::receive_copy() const noexcept {
  switch (state_) {
    case State::Proceeding:  // the most recent provisional response, if there is one (s.17.2.1)
      return has_response_ ? Effects::send(Sending::Retransmission, bytes_) : Effects{};
    case State::Completed: return Effects::send(Sending::Retransmission, bytes_);
    case State::Accepted:   // absorbed: the core repeats its 2xx (RFC 6026 s.7.1)
    case State::Confirmed:  // absorbed (s.17.2.1)
    case State::Terminated: break;
  }
  return {};
}

Effects InviteServerTransaction::receive_ack(TimePoint now) noexcept {
  if (state_ == State::Accepted) return Effects::tell(Telling::Deliver);  // RFC 6026 s.7.1
  if (state_ != State::Completed) return {};  // before a final response it means nothing; in Confirmed it is a copy
  if (reliable_ == Reliable::Yes) return terminate(Telling::Nothing);  // timer I is 0 (s.17.2.1)
  state_ = State::Confirmed;
  bytes_ = {};
  send_at_ = never;
  end_at_ = now + timers_->t4;  // timer I
  return {};
}

Result<Effects> InviteServerTransaction::respond(StatusCode status, SharedBytes response, TimePoint now) {
  const bool success = status / 100 == 2;
  if (state_ == State::Accepted && success) return Effects::send(Sending::First, std::move(response));
  if (state_ != State::Proceeding) return Error{Errc::WrongState, 0, Error::no_offset, "the INVITE has been answered"};
  send_at_ = never;  // no 100 any more
  if (success) {     // RFC 6026 s.7.1: absorb copies for timer L; the core repeats the 2xx
    state_ = State::Accepted;
    bytes_ = {};
    end_at_ = now + timers_->transaction_timeout();
    return Effects::send(Sending::First, std::move(response));
  }
  has_response_ = true;
  bytes_ = std::move(response);
  if (status >= 300) {
    state_ = State::Completed;
    end_at_ = now + timers_->transaction_timeout();  // timer H
    if (reliable_ == Reliable::No) {                 // timer G (s.17.2.1)
      interval_ = timers_->t1;
      send_at_ = now + interval_;
    }
  }
  return Effects::send(Sending::First, bytes_);
}

Effects InviteServerTransaction::expire(TimePoint now) {
  if (now >= end_at_) {  // H: no ACK came, and the core is told (s.17.2.1); I and L end quietly
    return terminate(state_ == State::Completed ? Telling::Timeout : Telling::Nothing);
  }
  if (now < send_at_) return {};
  if (state_ == State::Proceeding) {
    bytes_ = derived::trying(bytes_);
    has_response_ = true;
    send_at_ = never;
    return Effects::send(Sending::Trying, bytes_);
  }
  interval_ = std::min(2 * interval_, timers_->t2);  // timer G
  send_at_ = now + interval_;
  return Effects::send(Sending::Retransmission, bytes_);
}

Effects InviteServerTransaction::terminate(Telling telling) noexcept {
  state_ = State::Terminated;
  bytes_ = {};
  send_at_ = end_at_ = never;
  return Effects::tell(telling);
}

}  // namespace parley::sip
