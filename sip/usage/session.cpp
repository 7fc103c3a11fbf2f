// SPDX-License-Identifier: MIT
#include <parley/sip/usage/session.hpp>

#include <parley/sip/usage/capabilities.hpp>
#include <parley/sip/usage/uas_checks.hpp>

#include <algorithm>

namespace parley::sip {

bool has_session_body(const MessageView& message) {
  if (message.body().empty()) return false;
  const auto type = message.content_type();
  return (type && type->is(capabilities::session_type)) || !uas::is_optional_body(message);
}

Session::Session(Agent& agent, AnsweredInvites& answered, SessionId id)
    : agent_(agent), answered_(answered), id_(id), deadlines_(agent.wheel, *this) {}

void Session::end(EndCause cause) {
  if (ended_) return;
  agent_.outbox.emit(SessionEnded{id_, std::move(cause)});  // which may fail, before anything is changed
  ended_ = true;
  --agent_.live_sessions;
  wants_sweep();
  for (const Due due : {Due::RingTimeout, Due::NoAnswer, Due::InviteExpires, Due::RepeatRinging, Due::Acknowledge, Due::Glare}) {
    deadlines_.clear(due);
  }
}

std::optional<FlowId> Session::usable_flow() {
  if (agent_.stack.flow(flow_) != nullptr) return flow_;
  const auto flow = agent_.open_flow();
  if (flow) flow_ = *flow;  // the dialog goes on over the new connection (RFC 5626 s.5, network.md s.1)
  return flow;
}

std::string Session::contact(FlowId over) const {
  const auto secure = dialog_.is_secure() ? Secure::Yes : Secure::No;
  // The GRUU of an account names its AOR and its device (RFC 5627 s.4.4.1, RFC 3323 s.4.1.1.3).
  return anonymous_ ? agent_.anonymous_contact(over, secure) : agent_.contact(over, secure);
}

Askers Session::askers() const noexcept { return agent_.options.danger_answer_peers_challenges ? Askers{} : askers_; }

Dialog* Session::find_dialog(DialogIdView id) noexcept {
  if (state_ != State::Calling) return dialog_.id() == id ? &dialog_ : nullptr;
  if (!out_) return nullptr;
  const auto found = std::find_if(out_->early.begin(), out_->early.end(), [&](const Dialog& early) { return early.id() == id; });
  return found == out_->early.end() ? nullptr : &*found;
}

Result<void> Session::send_request(RequestId request, std::string_view method, const Body& body, const ExtraHeaders& extra_headers) {
  if (ended_ || !is_up()) return Errc::WrongState;
  const auto flow = usable_flow();
  if (!flow) return Errc::NotConnected;
  auto draft = agent_.draft_in(dialog_, *flow, method, dialog_.local_cseq() + 1);
  if (capabilities::has_contact(method_from_text(method))) {
    draft.builder.header(HeaderId::Contact, contact(*flow));
  }
  if (auto added = add_extra_headers(draft.builder, extra_headers); !added) return added;
  if (!body.content_type.empty()) draft.builder.body(body.content_type, body.bytes);
  agent_.sender.add_known_credentials(draft.builder, *flow, method, draft.request_uri, body.bytes, askers());
  auto bytes = std::move(draft.builder).finish();
  if (!bytes) return std::move(bytes).error();
  if (auto fits = check_size(method_from_text(method), agent_.stack.flow(*flow), *bytes); !fits) return fits;
  auto sent = agent_.sender.submit(*flow, std::move(*bytes), {Purpose::InSession, id_, request, askers()}, agent_.now, body.alternatives);
  if (!sent) return std::move(sent).error();
  dialog_.next_cseq();
  return {};
}

void Session::on_request_answered(StatusCode status, FailureDetails details) {
  if (ended_ || !ends_call(status)) return;
  if (status == 481) {
    leave_invites(481);
    return end({EndCause::Kind::Gone, 481, "the peer does not know the call any more", std::move(details)});
  }
  hang_up({EndCause::Kind::Gone, status, "the peer does not answer any more", std::move(details)}, {});
}

void Session::on_retried(Purpose purpose, TransactionId transaction, std::optional<Dialog> aimed) noexcept {
  if ((purpose != Purpose::Invite && purpose != Purpose::Reinvite) || !out_) return;
  out_->transaction = transaction;
  out_->cseq = dialog_.local_cseq();
  out_->provisional = false;  // CANCEL waits for a 1xx of the new transaction
  out_->early.clear();        // a final response ended them all (s.12.3)
  if (!aimed) return;
  aimed->set_local_cseq(dialog_.local_cseq());
  dialog_ = *std::move(aimed);
}

void Session::on_flow_closed(FlowId flow, const Error& why) {
  const bool carries_invite = in_ && in_->flow == flow;
  EndCause cause{EndCause::Kind::ConnectionLost, 0, why.text()};
  if (carries_invite && state_ == State::Accepted) deadlines_.clear(Due::RepeatOk);  // the ACK may come on another flow yet
  if (carries_invite && state_ != State::Accepted) {
    in_.reset();
    deadlines_.clear(Due::RepeatOk);
    deadlines_.clear(Due::AckTimeout);
    if (bye_ && !bye_->in_flight) send_bye();  // it waited for the ACK, and now waits for a way, but not for ever
  }
  if (ended_ || flow_ != flow || is_up()) return;
  if (state_ == State::Calling) give_up_invite();
  // An INVITE that was answered with an offer: the peer believes in a call, so it gets a BYE when there is a way again.
  if (state_ == State::Answering) return hang_up(std::move(cause), {});
  end(std::move(cause));
}

void Session::on_flow_set() {
  if (bye_ && !bye_->in_flight && !ack_is_awaited()) send_bye();
}

void Session::on_stray_response(FlowId flow, const MessageView& response) {
  // Whoever saw a message of this call knows its names: only an INVITE of ours is answered, where we sent it, and not without end.
  if (flow != flow_ && flow != agent_.open_flow()) return;
  if (response.cseq().number > dialog_.local_cseq()) return;
  const bool wanted = state_ != State::Calling && response.to_tag() == dialog_.remote_tag();
  if (!wanted && (!is_caller_ || strays_ == AnsweredInvites::most_forks)) return;  // a callee's INVITEs do not fork
  if (!wanted) ++strays_;
  answered_.take_stray(flow, response, wanted);
}

void Session::on_deadline(Due due) {
  wants_sweep();
  agent_.outbox.reserve();
  switch (due) {
    case Due::RingTimeout: cancel_ours(); return end({EndCause::Kind::NoAnswer, 0, "nobody answered"});
    case Due::NoAnswer:  // RFC 3261 s.13.3.1.1 leaves the patience to us
      refuse_theirs(480);
      return end({EndCause::Kind::NoAnswer, 480, "not answered in time"});
    case Due::InviteExpires:  // RFC 3261 s.13.3.1
      refuse_theirs(487);
      return end({EndCause::Kind::NoAnswer, 487, "the caller's Expires is over"});
    case Due::RepeatRinging:
      if (their_invite_waits()) send_ringing(in_->ringing, in_->preview);
      return;
    case Due::RepeatOk: return repeat_ok();
    case Due::AckTimeout: return on_ack_missing();
    case Due::Acknowledge: return hang_up({EndCause::Kind::Failed, 0, "the offer in the 200 was not answered in time"}, {});
    case Due::GiveUpInvite: return on_invite_overdue();
    case Due::Glare: return agent_.outbox.emit(ReinviteDue{id_});
    case Due::ByeRetry: return send_bye();
    case Due::ByeGiveUp: return finish_bye();
  }
}

}  // namespace parley::sip
