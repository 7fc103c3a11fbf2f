// SPDX-License-Identifier: MIT
// CANCEL or BYE, both ways: RFC 3261 s.9, s.15, RFC 3326, RFC 5407 s.3.
#include <parley/sip/core/rollback.hpp>
#include <parley/sip/usage/reason.hpp>
#include <parley/sip/usage/session.hpp>

#include <algorithm>

namespace parley::sip {
namespace {

constexpr Duration bye_kept{32'000};     // how long a BYE waits for a connection
constexpr Duration bye_retried{30'000};  // how long a broken way is tried again (network.md s.1)
constexpr Duration longest_pause{8'000};

/// What a proxy answers whose way to the peer is broken for the moment.
bool may_be_a_dead_flow(StatusCode status) {
  switch (status) {
    case 404:
    case 408:
    case 477:
    case 478:
    case 480:
    case 500:
    case 503: return true;
    default: return false;
  }
}

}  // namespace

Result<void> Session::terminate(std::string_view reason) {
  if (ended_) return Errc::NoSession;
  if (reason.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
    return Error{.code = Errc::BadValue, .reason = "line break in a Reason"};
  }
  switch (state_) {
    case State::Calling:  // s.9.1: CANCEL, after the first 1xx
      cancel_ours(reason);
      end({EndCause::Kind::Cancelled, 0, "cancelled"});
      break;
    case State::Incoming: {
      EndCause cause{EndCause::Kind::Rejected, 480, std::string(reason_phrase(480))};
      refuse_theirs(480);
      end(std::move(cause));
      break;
    }
    case State::Answering:
    case State::Accepted:
    case State::Confirmed: hang_up({EndCause::Kind::LocalHangup, 0, "hung up"}, std::string(reason)); break;
  }
  return {};
}

/// What an INVITE of either side still waits for from us.
void Session::leave_invites(StatusCode refusal) {
  if (unacknowledged_) {  // s.13.2.2.4: the 2xx is ACKed whatever follows
    send_ack(*unacknowledged_, dialog_, {});
    unacknowledged_.reset();
  }
  refuse_theirs(refusal);
}

void Session::hang_up(EndCause cause, std::string reason) {
  if (ended_) return;
  auto bye = new_bye(std::move(reason));
  leave_invites(487);
  if (state_ == State::Answering) state_ = State::Confirmed;
  Rollback undo([&]() noexcept { end(std::move(cause)); });  // it is over all the same, and the BYE is sent later
  start_bye(std::move(bye));
  undo.done();
  end(std::move(cause));
}

std::unique_ptr<Session::Bye> Session::new_bye(std::string reason) const {
  auto bye = std::make_unique<Bye>();
  bye->reason = std::move(reason);
  bye->retry_until = agent_.now + bye_retried;
  bye->patient = repairing_;
  return bye;
}

void Session::start_bye(std::unique_ptr<Bye> bye) {
  bye_ = std::move(bye);
  deadlines_.set(Due::ByeGiveUp, agent_.now + bye_kept);
  if (out_) deadlines_.set(Due::GiveUpInvite, agent_.now + agent_.timers().transaction_timeout());
  // s.15: a callee must not send BYE before the ACK or its time-out; then both start counting anew.
  if (ack_is_awaited()) return deadlines_.clear(Due::ByeGiveUp);
  send_bye();
}

void Session::send_bye() {
  if (!bye_) return;
  if (!deadlines_.is_set(Due::ByeGiveUp)) {
    bye_->retry_until = agent_.now + bye_retried;
    deadlines_.set(Due::ByeGiveUp, agent_.now + bye_kept);
  }
  const auto flow = usable_flow();
  if (!flow) {
    bye_->patient = true;  // on_flow_set() goes on
    return;
  }
  Rollback later([this]() noexcept { retry_bye_later(); });
  auto draft = agent_.draft_in(dialog_, *flow, "BYE", dialog_.next_cseq());
  if (!bye_->reason.empty()) draft.builder.header(HeaderId::Reason, bye_->reason);
  agent_.sender.add_known_credentials(draft.builder, *flow, "BYE", draft.request_uri, {}, askers());
  auto bytes = std::move(draft.builder).finish();
  if (!bytes) {
    later.done();
    return finish_bye();
  }
  const auto sent = agent_.sender.submit(*flow, std::move(*bytes), {Purpose::Bye, id_, {}, askers()}, agent_.now);
  later.done();
  bye_->in_flight = sent.has_value();
  if (!sent) retry_bye_later();
}

void Session::on_bye_answered(StatusCode status) {
  if (!bye_) return;
  bye_->in_flight = false;
  const bool again = may_be_a_dead_flow(status) && (bye_->patient || repairing_) && agent_.now + bye_->pause <= bye_->retry_until;
  if (again) return retry_bye_later();
  finish_bye();
}

void Session::on_bye_lost() {
  if (!bye_) return;
  bye_->in_flight = false;
  bye_->patient = true;
  if (usable_flow()) retry_bye_later();
}

void Session::retry_bye_later() noexcept {
  deadlines_.set(Due::ByeRetry, agent_.now + bye_->pause);
  bye_->pause = std::min(2 * bye_->pause, longest_pause);
}

void Session::finish_bye() noexcept {
  bye_.reset();
  deadlines_.clear(Due::ByeRetry);
  deadlines_.clear(Due::ByeGiveUp);
}

void Session::on_bye(const RequestReceived& request) {
  const auto view = request.message.view();
  auto reason = reason_of(view);
  EndCause cause{EndCause::Kind::RemoteHangup, reason.status, reason.text.empty() ? "the peer hung up" : std::move(reason.text)};
  agent_.respond(request.transaction, view, 200);  // also when it crosses ours (H06)
  if (ack_is_awaited()) {                          // H07: it came before the ACK
    in_.reset();
    deadlines_.clear(Due::RepeatOk);
    deadlines_.clear(Due::AckTimeout);
    if (bye_ && !bye_->in_flight) finish_bye();  // ours was not sent yet: nobody needs it
    if (state_ == State::Accepted) state_ = State::Confirmed;
  }
  leave_invites(487);  // s.15.1.2
  if (ended_) return;
  if (out_) deadlines_.set(Due::GiveUpInvite, agent_.now + agent_.timers().transaction_timeout());
  end(std::move(cause));
}

}  // namespace parley::sip
