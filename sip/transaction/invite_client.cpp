// SPDX-License-Identifier: MIT
#include <parley/sip/transaction/detail/derived.hpp>
#include <parley/sip/transaction/invite_client.hpp>

namespace parley::sip {

using Sending = Effects::Sending;
using Telling = Effects::Telling;

namespace {

/// Timer D: a copy of the response may come as long as the server repeats it, and that is 64 of its T1, not of ours (s.17.1.1.2).
Duration timer_d(const TimerValues& timers) { return std::max(Duration{32'000}, timers.transaction_timeout()); }

}  // namespace

InviteClientTransaction::InviteClientTransaction(SharedBytes request, Reliable reliable, const TimerValues& timers) noexcept
    : bytes_(std::move(request)), timers_(&timers), reliable_(reliable) {}

Effects InviteClientTransaction::begin(TimePoint now) noexcept {
  if (reliable_ == Reliable::No) {  // timer A: unreliable transports only (s.17.1.1.2)
    interval_ = timers_->t1;
    retransmit_at_ = now + interval_;
  }
  end_at_ = now + timers_->transaction_timeout();  // timer B
  return Effects::send(Sending::First, bytes_);
}

Effects InviteClientTransaction::receive(const MessageView& response, TimePoint now) {
  const bool provisional = response.status() < 200;
  switch (state_) {
    case State::Calling:
      if (!provisional) return receive_final(response, now);
      state_ = State::Proceeding;  // stops A and B (s.17.1.1.2)
      retransmit_at_ = end_at_ = never;
      return Effects::tell(Telling::Deliver);
    case State::Proceeding: return provisional ? Effects::tell(Telling::Deliver) : receive_final(response, now);
    case State::Completed:  // each copy of the final response is ACKed again, none delivered (s.17.1.1.2)
      return response.status() >= 300 ? Effects::send(Sending::Ack, bytes_) : Effects{};
    case State::Accepted:  // 2xx of other forks and copies are the core's, others are dropped (RFC 6026 s.7.2)
      return response.status() / 100 == 2 ? Effects::tell(Telling::Deliver) : Effects{};
    case State::Terminated: break;
  }
  return {};
}

Effects InviteClientTransaction::receive_final(const MessageView& response, TimePoint now) {
  if (response.status() < 300) {  // RFC 6026 s.7.2; M runs on every transport, as other forks may be late
    bytes_ = {};
    retransmit_at_ = never;
    end_at_ = now + timers_->transaction_timeout();
    state_ = State::Accepted;
    return Effects::tell(Telling::Deliver);
  }
  SharedBytes ack = derived::ack_of_refusal(bytes_, response);  // s.17.1.1.3
  if (reliable_ == Reliable::Yes) {                             // timer D is 0: no copy can come (s.17.1.1.2)
    terminate(Telling::Nothing);
  } else {
    bytes_ = ack;
    retransmit_at_ = never;
    end_at_ = now + timer_d(*timers_);
    state_ = State::Completed;
  }
  return Effects{Sending::Ack, Telling::Deliver, std::move(ack)};
}

Effects InviteClientTransaction::expire(TimePoint now) noexcept {
  if (now >= end_at_) return terminate(is_pending() ? Telling::Timeout : Telling::Nothing);  // B, the limit after CANCEL; D, M
  if (now < retransmit_at_) return {};
  interval_ *= 2;  // timer A
  retransmit_at_ = now + interval_;
  return Effects::send(Sending::Retransmission, bytes_);
}

void InviteClientTransaction::cancelled(TimePoint now) noexcept {
  if (can_cancel()) end_at_ = now + timers_->transaction_timeout();
}

Effects InviteClientTransaction::terminate(Telling telling) noexcept {
  state_ = State::Terminated;
  bytes_ = {};
  retransmit_at_ = end_at_ = never;
  return Effects::tell(telling);
}

}  // namespace parley::sip
