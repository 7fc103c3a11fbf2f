// SPDX-License-Identifier: MIT
// The caller's side of RFC 3261 s.13.2, and CANCEL (s.9.1).
#include <parley/sip/core/rollback.hpp>
#include <parley/sip/usage/capabilities.hpp>
#include <parley/sip/usage/session.hpp>

#include <algorithm>

namespace parley::sip {
namespace {

constexpr std::size_t most_early_dialogs = 16;  // of one INVITE: somebody multiplies 1xx

/// P-Preferred-Identity (RFC 3325 s.9.2).
Result<void> add_preferred_identity(MessageBuilder& builder, std::string_view uri) {
  if (uri.empty()) return {};
  if (auto fine = LocalParty::target(uri); !fine) return std::move(fine).error();
  builder.header(HeaderId::PPreferredIdentity, '<' + std::string(uri) + '>');
  return {};
}

}  // namespace

Result<void> Session::call(const InviteRequest& request) {
  auto draft = agent_.draft("INVITE", request.target, {request.display_name, request.anonymous});
  if (!draft) return std::move(draft).error();
  const auto target = LocalParty::target(request.target);
  const auto secure = target && target->scheme == Scheme::Sips ? Secure::Yes : Secure::No;
  MessageBuilder& builder = draft->builder;
  builder.header(HeaderId::Contact, request.anonymous ? agent_.anonymous_contact(draft->flow, secure) : agent_.contact(draft->flow, secure))
      .header(HeaderId::Allow, capabilities::allow)
      .header(HeaderId::Supported, capabilities::supported);
  if (request.anonymous) builder.header(HeaderId::Privacy, "id");  // RFC 3323 s.4.2, RFC 3325 s.9.3
  if (auto added = add_preferred_identity(builder, request.preferred_identity); !added) return added;
  if (auto added = add_extra_headers(builder, request.extra_headers); !added) return added;
  const std::string_view offer = request.offer ? std::string_view(request.offer->bytes) : std::string_view{};
  if (request.offer) builder.body(request.offer->content_type, offer);
  agent_.sender.add_known_credentials(builder, draft->flow, "INVITE", draft->request_uri, offer, known_out_of_dialog);
  auto bytes = std::move(builder).finish();
  if (!bytes) return std::move(bytes).error();

  auto dialog = Dialog::begun(draft->call_id, draft->from, draft->to, as_request_uri(*target));
  dialog.set_local_cseq(1);  // as drafted; a challenge takes the next one
  auto out = std::make_unique<OurInvite>();
  auto sent = agent_.sender.submit(draft->flow, std::move(*bytes), {.purpose = Purpose::Invite, .session = id_}, agent_.now,
                                   request.offer ? request.offer->alternatives : std::vector<Body>{});
  if (!sent) return std::move(sent).error();
  out->transaction = *sent;
  out->cseq = dialog.local_cseq();
  out->has_offer = request.offer.has_value();
  out_ = std::move(out);
  dialog_ = std::move(dialog);
  flow_ = draft->flow;
  is_caller_ = true;
  anonymous_ = request.anonymous;
  state_ = State::Calling;
  deadlines_.set(Due::RingTimeout, after(agent_.now, request.ring_timeout));
  return {};
}

void Session::on_invite_response(TransactionId transaction, FlowId flow, const MessageView& response) {
  if (!out_ || out_->transaction != transaction) return;
  if (response.status() < 200) return on_provisional(response);
  if (response.status() < 300) return is_of_ours(response) ? on_accepted(transaction, flow, response) : on_mangled();
  on_refused(response);
}

/// Its branch is ours, but another Call-ID or From tag would make a dialog of somebody else's (s.12.1.2), and another CSeq number is not
/// acknowledged by an ACK of ours: it was changed on the way.
bool Session::is_of_ours(const MessageView& response) const noexcept {
  return response.call_id() == call_id() && response.from_tag() == local_tag() && response.cseq().number == out_->cseq;
}

/// A 2xx that was changed on the way: a copy of it may come unharmed, but the transaction has no timer for us any more.
void Session::on_mangled() {
  out_->provisional = true;
  deadlines_.set(Due::GiveUpInvite, agent_.now + agent_.timers().transaction_timeout());
}

void Session::on_provisional(const MessageView& response) {
  out_->provisional = true;
  if (out_->cancel_wanted) return cancel_ours();  // the wish came before the 1xx (s.9.1)
  if (ended_ || response.status() == 100 || !is_of_ours(response)) return;
  const auto tag = response.to_tag();
  const auto same = [tag](const Dialog& early) { return early.remote_tag() == tag; };
  auto& early = out_->early;
  SessionProgress progress{id_, response.status(), std::string(response.reason()), has_session_body(response), Message(response)};
  if (!tag.empty() && early.size() < most_early_dialogs && std::none_of(early.begin(), early.end(), same)) {
    early.push_back(Dialog::as_uac(response, dialog_.remote_target(), out_->cseq));
  }
  agent_.outbox.emit(std::move(progress));
}

void Session::on_accepted(TransactionId transaction, FlowId flow, const MessageView& response) {
  auto dialog = Dialog::as_uac(response, dialog_.remote_target(), out_->cseq);  // the route set anew (s.13.2.2.4)
  for (const auto& early : out_->early) {
    if (early.remote_tag() == response.to_tag()) dialog.continue_from(early);
  }
  auto bye = ended_ ? new_bye({}) : nullptr;
  const auto askers = answered_.begin(transaction, flow, response);
  Rollback undo([&]() noexcept { answered_.end(transaction); });
  flow_ = flow;
  auto description = describe(response, out_->has_offer ? Answered::Yes : Answered::No);
  if (ended_ || description.is_acknowledged) send_ack(transaction, dialog, {});
  answered_.keep_early(transaction, out_->early, response.to_tag());
  undo.done();

  agent_.sender.forget(transaction);
  askers_ = askers;
  out_.reset();
  deadlines_.clear(Due::RingTimeout);
  deadlines_.clear(Due::GiveUpInvite);
  dialog_ = std::move(dialog);
  state_ = ended_ ? State::Confirmed : State::Answering;
  if (ended_) return start_bye(std::move(bye));  // our CANCEL and the 200 have crossed (D13)
  tell(std::move(description), transaction);
}

/// What a 2xx to an INVITE of ours says, before anything is changed by it.
Session::Description Session::describe(const MessageView& response, Answered offer) const {
  Description description;
  if (!has_session_body(response)) {  // H15
    description.failure = EndCause{EndCause::Kind::Failed, response.status(), "the 200 holds no session description"};
    return description;
  }
  const auto type = response.content_type();
  description.content_type = type ? type->text : capabilities::session_type;
  description.body = response.body();
  description.remote_tag = response.to_tag();
  description.is_acknowledged = offer == Answered::Yes;  // else acknowledge() brings what the ACK must hold
  return description;
}

/// Nothing in it fails but hang_up().
void Session::tell(Description description, TransactionId transaction) {
  if (description.failure) return hang_up(*std::move(description.failure), {});
  if (!description.is_acknowledged) {
    unacknowledged_ = transaction;
    deadlines_.set(Due::Acknowledge, agent_.now + agent_.timers().transaction_timeout() - agent_.timers().t1);
    return agent_.outbox.emit(
        OfferReceived{id_, OfferPlace::Response2xx, std::move(description.content_type), std::move(description.body)});
  }
  const bool first = state_ == State::Answering;
  state_ = State::Confirmed;
  agent_.outbox.emit(
      AnswerReceived{id_, std::move(description.content_type), std::move(description.body), std::move(description.remote_tag)});
  if (first) agent_.outbox.emit(SessionEstablished{id_});
}

Result<void> Session::acknowledge(const Body& answer) {
  if (ended_ || !unacknowledged_) return Errc::WrongState;
  if (answer.content_type.empty()) return Error{.code = Errc::BadValue, .reason = "an offer needs an answer"};
  const bool first = state_ == State::Answering;
  send_ack(*unacknowledged_, dialog_, answer);
  unacknowledged_.reset();
  deadlines_.clear(Due::Acknowledge);
  state_ = State::Confirmed;
  if (first) agent_.outbox.emit(SessionEstablished{id_});
  return {};
}

void Session::send_ack(TransactionId transaction, const Dialog& dialog, const Body& answer) {
  const auto flow = usable_flow();
  if (flow) answered_.acknowledge(transaction, *flow, dialog, answer);
}

void Session::on_refused(const MessageView& response) {
  const auto kind = response.status() == 408 ? EndCause::Kind::NoAnswer : EndCause::Kind::Rejected;
  EndCause cause{kind, response.status(), std::string(response.reason()), failure_details(response)};
  out_.reset();
  deadlines_.clear(Due::RingTimeout);
  deadlines_.clear(Due::GiveUpInvite);
  end(std::move(cause));
}

void Session::on_invite_failed(const Error& error) {
  if (!out_) return;
  const bool lost = error.code == Errc::ConnectionLost;
  EndCause cause = lost ? EndCause{EndCause::Kind::ConnectionLost, 0, error.text()}
                        : EndCause{EndCause::Kind::NoAnswer, 408, "the server does not answer"};  // s.8.1.3.1: a time-out counts as 408
  give_up_invite();
  end(std::move(cause));
}

void Session::cancel_ours(std::string_view reason) {
  if (!out_) return;
  out_->cancel_wanted = true;
  if (!reason.empty()) out_->cancel_reason = reason;
  if (!out_->provisional || out_->cancelled) return;
  out_->cancelled = agent_.stack.cancel(out_->transaction, agent_.now, out_->cancel_reason).has_value();
  // s.9.1: without a final answer 64*T1 later the INVITE counts as cancelled.
  deadlines_.set(Due::GiveUpInvite, agent_.now + agent_.timers().transaction_timeout());
}

void Session::give_up_invite() {
  if (!out_) return;
  agent_.sender.forget(out_->transaction);
  agent_.stack.abandon(out_->transaction);  // s.9.1: where no CANCEL could be sent it would wait for ever
  out_.reset();
  deadlines_.clear(Due::GiveUpInvite);
}

void Session::on_invite_overdue() {
  if (!out_) return;
  if (!out_->cancel_wanted) return cancel_ours();  // a re-INVITE that only ever got 1xx
  if (is_up()) return on_reinvite_failed(Error{.code = Errc::Timeout, .status = 408});
  give_up_invite();
}

}  // namespace parley::sip
