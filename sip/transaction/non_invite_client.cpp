// SPDX-License-Identifier: MIT
#include <parley/sip/transaction/non_invite_client.hpp>

namespace parley::sip {

using Sending = Effects::Sending;
using Telling = Effects::Telling;

NonInviteClientTransaction::NonInviteClientTransaction(SharedBytes request, Reliable reliable, const TimerValues& timers) noexcept
    : bytes_(std::move(request)), timers_(&timers), reliable_(reliable) {}

Effects NonInviteClientTransaction::begin(TimePoint now) noexcept {
  end_at_ = now + timers_->transaction_timeout();                                           // timer F
  if (reliable_ == Reliable::Yes) return Effects::send(Sending::First, std::move(bytes_));  // never sent again
  interval_ = timers_->t1;                                                                  // timer E (s.17.1.2.2)
  retransmit_at_ = now + interval_;
  return Effects::send(Sending::First, bytes_);
}

Effects NonInviteClientTransaction::receive(const MessageView& response, TimePoint now) noexcept {
  if (!is_pending()) return {};  // Completed: copies of the final response are absorbed (s.17.1.2.2)
  if (response.status() < 200) {
    state_ = State::Proceeding;  // E and F go on (s.17.1.2.2)
    return Effects::tell(Telling::Deliver);
  }
  bytes_ = {};
  retransmit_at_ = never;
  end_at_ = now + timers_->t4;  // timer K: absorbs copies; 0 on a reliable transport (s.17.1.2.2)
  state_ = State::Completed;
  if (reliable_ == Reliable::Yes) terminate();
  return Effects::tell(Telling::Deliver);
}

Effects NonInviteClientTransaction::expire(TimePoint now) noexcept {
  if (now >= end_at_) {  // F or K
    const bool gave_up = is_pending();
    terminate();
    return Effects::tell(gave_up ? Telling::Timeout : Telling::Nothing);
  }
  if (now < retransmit_at_) return {};
  // Timer E: doubling to T2 in Trying, T2 once a provisional response came (s.17.1.2.2).
  interval_ = state_ == State::Trying ? std::min(2 * interval_, timers_->t2) : timers_->t2;
  retransmit_at_ = now + interval_;
  return Effects::send(Sending::Retransmission, bytes_);
}

void NonInviteClientTransaction::terminate() noexcept {
  state_ = State::Terminated;
  bytes_ = {};
  retransmit_at_ = end_at_ = never;
}

}  // namespace parley::sip
