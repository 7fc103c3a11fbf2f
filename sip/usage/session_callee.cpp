// SPDX-License-Identifier: MIT
// The callee's side of RFC 3261 s.13.3, and 2xx of re-INVITEs (s.14.2).
#include <parley/sip/core/rollback.hpp>
#include <parley/sip/message/header_values.hpp>
#include <parley/sip/usage/capabilities.hpp>
#include <parley/sip/usage/reason.hpp>
#include <parley/sip/usage/session.hpp>

#include <algorithm>

namespace parley::sip {
namespace {

constexpr Duration ringing_period{60'000};       // s.13.3.1.1: proxies forget a call after 3 minutes of silence
constexpr Duration longest_expires{86'400'000};  // of an INVITE: a day is as good as for ever
constexpr const char* never_acknowledged = "the 200 was never acknowledged";
constexpr std::size_t most_amplified = 10;  // octets repeated for one of an INVITE whose sender may be forged (N05)

std::optional<Duration> expires_of(const MessageView& invite) {
  const auto seconds = delta_seconds(invite, HeaderId::Expires);
  return seconds ? std::optional(std::min<Duration>(std::chrono::seconds{*seconds}, longest_expires)) : std::nullopt;
}

/// The caller has heard another answer already (s.13.2.1: the one of the 2xx must be the same; H16).
bool is_other(const Body& preview, const Body& answer) {
  return !preview.content_type.empty() && (preview.content_type != answer.content_type || preview.bytes != answer.bytes);
}

}  // namespace

OfferReceived offer_of(SessionId session, OfferPlace place, const MessageView& invite) {
  OfferReceived offer{session, place, {}, {}};
  if (!has_session_body(invite)) return offer;
  const auto type = invite.content_type();
  offer.content_type = type ? type->text : capabilities::session_type;
  offer.body = invite.body();
  return offer;
}

void Session::arrive(const RequestReceived& request) {
  const auto view = request.message.view();
  auto dialog = Dialog::as_uas(view, agent_.self.tag_for(view));
  auto in = take_invite(request);
  if (agent_.may_be_forged(request.flow)) in->repeatable = most_amplified * view.bytes().size();
  IncomingSession incoming{id_, request.flow, Message(view)};
  auto offer = offer_of(id_, OfferPlace::Invite, view);

  dialog_ = std::move(dialog);
  flow_ = request.flow;
  state_ = State::Incoming;
  in_ = std::move(in);
  deadlines_.set(Due::NoAnswer, after(agent_.now, agent_.options.no_answer_timeout));
  if (const auto expires = expires_of(view)) deadlines_.set(Due::InviteExpires, agent_.now + *expires);
  agent_.outbox.emit(std::move(incoming));
  agent_.outbox.emit(std::move(offer));
}

std::unique_ptr<Session::TheirInvite> Session::take_invite(const RequestReceived& request) {
  const auto view = request.message.view();
  auto in = std::make_unique<TheirInvite>();
  in->transaction = request.transaction;
  in->flow = request.flow;
  in->request = Message(view);
  in->cseq = view.cseq().number;
  in->has_offer = has_session_body(view);
  return in;
}

Result<void> Session::ring(StatusCode status, const Body& preview) {
  if (ended_ || state_ != State::Incoming) return Errc::WrongState;
  if (status <= 100 || status >= 200) return Error{.code = Errc::BadValue, .reason = "ring() sends 101 to 199"};
  if (!preview.content_type.empty()) {
    // s.13.2.1: an offer of ours must not stand in an unreliable response, and there is one answer only.
    if (!in_->has_offer) return Error{.code = Errc::WrongState, .reason = "the INVITE holds no offer that could be answered"};
    if (is_other(in_->preview, preview)) return Error{.code = Errc::BadValue, .reason = "another answer has been previewed"};
  }
  if (auto sent = send_ringing(status, preview.content_type.empty() ? in_->preview : preview); !sent) return sent;
  in_->ringing = status;
  if (!preview.content_type.empty()) in_->preview = preview;
  return {};
}

Result<void> Session::send_ringing(StatusCode status, const Body& preview) {
  const auto view = in_->request.view();
  auto builder = agent_.response(view, status);
  builder.copy(view, HeaderId::RecordRoute).header(HeaderId::Contact, contact(flow_)).header(HeaderId::Allow, capabilities::allow);
  if (!preview.content_type.empty()) builder.body(preview.content_type, preview.bytes);
  auto bytes = std::move(builder).finish();
  if (!bytes) return std::move(bytes).error();
  if (auto sent = agent_.stack.respond(in_->transaction, *bytes, agent_.now); !sent) return sent;
  deadlines_.set(Due::RepeatRinging, agent_.now + ringing_period);
  return {};
}

Result<void> Session::accept(const Body& body, const ExtraHeaders& extra_headers) {
  if (ended_ || state_ != State::Incoming) return Errc::WrongState;
  if (is_other(in_->preview, body)) return Error{.code = Errc::BadValue, .reason = "another answer has been previewed (s.13.2.1)"};
  if (auto sent = send_ok(body, extra_headers); !sent) return sent;
  for (const Due due : {Due::NoAnswer, Due::InviteExpires, Due::RepeatRinging}) deadlines_.clear(due);
  state_ = State::Accepted;
  agent_.outbox.emit(SessionEstablished{id_});
  return {};
}

Result<void> Session::send_ok(const Body& body, const ExtraHeaders& extra_headers) {
  if (body.content_type.empty()) return Error{.code = Errc::BadValue, .reason = "a 200 to INVITE needs an answer or an offer"};
  const auto view = in_->request.view();
  auto builder = agent_.response(view, 200);
  builder
      .copy(view, HeaderId::RecordRoute)  // s.12.1.1: all of them, in order, with their parameters
      .header(HeaderId::Contact, contact(flow_))
      .header(HeaderId::Allow, capabilities::allow)
      .header(HeaderId::Supported, capabilities::supported);
  if (auto added = add_extra_headers(builder, extra_headers); !added) return added;
  auto bytes = std::move(builder.body(body.content_type, body.bytes)).finish();
  if (!bytes) return std::move(bytes).error();
  SharedBytes ok{*bytes};
  auto target = Dialog::contact_of(view);
  if (auto sent = agent_.stack.respond(in_->transaction, *bytes, agent_.now); !sent) return sent;
  dialog_.refresh_target(std::move(target));  // s.12.2.2: now that it succeeds
  in_->ok = std::move(ok);
  in_->request = {};
  in_->interval = agent_.timers().t1;
  // s.13.3.1.4: by the core and on every transport, because the path behind the first hop may lose it.
  deadlines_.set(Due::RepeatOk, agent_.now + in_->interval);
  deadlines_.set(Due::AckTimeout, agent_.now + agent_.timers().transaction_timeout());
  return {};
}

void Session::repeat_ok() {
  if (!ack_is_awaited()) return;
  const std::size_t size = in_->ok.view().size();
  const bool affordable = !in_->repeatable || size <= *in_->repeatable;
  if (affordable && !agent_.stack.misbehaviour().hold_back_retransmissions) {
    agent_.stack.send_raw(in_->flow, in_->ok);
    if (in_->repeatable) *in_->repeatable -= size;
  }
  in_->interval = std::min(2 * in_->interval, agent_.timers().t2);
  deadlines_.set(Due::RepeatOk, agent_.now + in_->interval);
}

/// Our 2xx for an INVITE that came by another way: its Vias and recorded route, and a Contact that is reached there.
Result<std::string> Session::ok_for(const RequestReceived& invite) {
  const auto sent = Message::parse(in_->ok);
  if (!sent) return sent.error();
  const auto old = sent->view();
  const auto view = invite.message.view();
  auto builder = MessageBuilder::response(old.status(), old.reason());
  builder.copy(view, HeaderId::Via).copy(view, HeaderId::RecordRoute).header(HeaderId::Contact, contact(invite.flow));
  for (std::size_t i = 0; i < old.header_count(); ++i) {
    const HeaderId id = old.header(i).id;
    if (id != HeaderId::Via && id != HeaderId::RecordRoute && id != HeaderId::Contact) builder.copy(old, i);
  }
  return std::move(builder.body(old.body())).finish();
}

bool Session::on_invite_copy(const RequestReceived& request) {
  if (state_ != State::Accepted || !ack_is_awaited() || request.message.view().cseq().number != in_->cseq) return false;
  auto ok = ok_for(request);
  if (!ok) return false;
  SharedBytes kept{*ok};
  auto dialog = Dialog::as_uas(request.message.view(), local_tag());  // the caller makes its route set of this 2xx
  if (!agent_.stack.respond(request.transaction, std::move(*ok), agent_.now)) return false;
  dialog.set_local_cseq(dialog_.local_cseq());
  dialog.continue_from(dialog_);
  dialog_ = std::move(dialog);
  in_->ok = std::move(kept);
  in_->transaction = request.transaction;
  in_->flow = flow_ = request.flow;
  deadlines_.set(Due::RepeatOk, agent_.now + in_->interval);
  return true;
}

Result<void> Session::reject(StatusCode status, const ExtraHeaders& extra_headers) {
  if (ended_ || state_ != State::Incoming) return Errc::WrongState;
  if (status < 300 || status > 699) return Error{.code = Errc::BadValue, .reason = "reject() sends 300 to 699"};
  auto builder = agent_.response(in_->request.view(), status);
  if (auto added = add_extra_headers(builder, extra_headers); !added) return added;
  auto bytes = std::move(builder).finish();
  if (!bytes) return std::move(bytes).error();
  EndCause cause{EndCause::Kind::Rejected, status, std::string(reason_phrase(status))};
  if (auto sent = agent_.stack.respond(in_->transaction, *bytes, agent_.now); !sent) return sent;
  in_.reset();
  end(std::move(cause));
  return {};
}

void Session::refuse_theirs(StatusCode status) {
  if (!their_invite_waits()) return;
  agent_.respond(in_->transaction, in_->request.view(), status);
  in_.reset();
}

void Session::on_cancel(TransactionId transaction, const MessageView& cancel) {
  if (!their_invite_waits() || in_->transaction != transaction) return;  // s.9.2: no effect after the final answer
  auto reason = reason_of(cancel);
  EndCause cause{EndCause::Kind::Cancelled, reason.status, reason.text.empty() ? "the caller gave up" : std::move(reason.text)};
  refuse_theirs(487);
  if (state_ == State::Incoming) end(std::move(cause));  // H14: the session that a re-INVITE would have changed goes on
}

void Session::on_ack(const MessageView& ack) {
  // Anything else is a stray: before our 200, of an older INVITE, late (SEC-71, H07).
  if (!ack_is_awaited() || ack.cseq().number != in_->cseq) return;
  const bool has_answer = !in_->has_offer && has_session_body(ack);
  const bool lacks_answer = !in_->has_offer && !has_answer;
  const auto type = ack.content_type();
  AnswerReceived answer{id_, {}, {}, {}};
  if (has_answer) {
    answer = {id_, std::string(type ? type->text : capabilities::session_type), std::string(ack.body()), std::string(ack.from_tag())};
  }
  const bool first = state_ == State::Accepted;
  in_.reset();
  deadlines_.clear(Due::RepeatOk);
  deadlines_.clear(Due::AckTimeout);
  state_ = State::Confirmed;
  if (bye_) return send_bye();  // s.15: the callee's BYE had to wait for it
  if (ended_) return;
  if (lacks_answer) return hang_up({EndCause::Kind::Failed, 0, "the ACK holds no answer to our offer"}, {});  // H11
  if (has_answer) agent_.outbox.emit(std::move(answer));
  if (first) agent_.outbox.emit(SessionConfirmed{id_});
}

void Session::on_ack_missing() {
  if (!ack_is_awaited()) return;
  auto in = std::move(in_);
  const auto state = std::exchange(state_, State::Confirmed);
  Rollback undo([&]() noexcept {  // it is missed again a moment later
    in_ = std::move(in);
    state_ = state;
  });
  in->repeatable ? end_without_bye() : hang_up_without_ack(state == State::Accepted);
  undo.done();
}

/// s.13.3.1.4 asks for a BYE, but who never asked for a call needs none (N05).
void Session::end_without_bye() {
  deadlines_.clear(Due::RepeatOk);
  finish_bye();
  end({EndCause::Kind::Failed, 0, never_acknowledged});
}

void Session::hang_up_without_ack(bool first) {
  deadlines_.clear(Due::RepeatOk);
  if (bye_) return send_bye();
  if (ended_ || (repairing_ && !first)) return;                  // the ACK may have been lost with the flow
  hang_up({EndCause::Kind::Failed, 0, never_acknowledged}, {});  // s.13.3.1.4, s.14.2
}

}  // namespace parley::sip
