// SPDX-License-Identifier: MIT
// Re-INVITE, RFC 3261 s.14 and RFC 6141.
#include <parley/sip/core/rollback.hpp>
#include <parley/sip/usage/capabilities.hpp>
#include <parley/sip/usage/session.hpp>

#include <utility>

namespace parley::sip {
namespace {

constexpr Duration reinvite_patience{60'000};  // a re-INVITE that only gets 1xx is cancelled then
constexpr Duration step{10};

}  // namespace

Result<void> Session::reinvite(const Body& offer) {
  if (ended_ || !is_up()) return Errc::WrongState;
  // s.14.1: no INVITE while another is pending in either direction, nor before the glare's delay is over.
  if (out_ || in_ || unacknowledged_ || deadlines_.is_set(Due::Glare)) return Errc::Busy;
  const auto flow = usable_flow();
  if (!flow) return Errc::NotConnected;
  const auto cseq = dialog_.local_cseq() + 1;
  auto draft = agent_.draft_in(dialog_, *flow, "INVITE", cseq);
  draft.builder.header(HeaderId::Contact, contact(*flow))
      .header(HeaderId::Allow, capabilities::allow)
      .header(HeaderId::Supported, capabilities::supported);
  if (!offer.content_type.empty()) draft.builder.body(offer.content_type, offer.bytes);
  agent_.sender.add_known_credentials(draft.builder, *flow, "INVITE", draft.request_uri, offer.bytes, askers());
  auto bytes = std::move(draft.builder).finish();
  if (!bytes) return std::move(bytes).error();
  auto out = std::make_unique<OurInvite>();
  auto sent = agent_.sender.submit(*flow, std::move(*bytes), {Purpose::Reinvite, id_, {}, askers()}, agent_.now);
  if (!sent) return std::move(sent).error();
  out->transaction = *sent;
  out->cseq = cseq;
  out->has_offer = !offer.content_type.empty();
  out_ = std::move(out);
  dialog_.next_cseq();
  deadlines_.set(Due::GiveUpInvite, agent_.now + reinvite_patience);
  return {};
}

void Session::on_reinvite_response(TransactionId transaction, FlowId flow, const MessageView& response) {
  if (!out_ || out_->transaction != transaction) return;
  const auto status = response.status();
  if (status < 200) {
    out_->provisional = true;
    if (out_->cancel_wanted) cancel_ours();
    return;
  }
  if (status >= 300) {
    return on_reinvite_refused({.code = Errc::Declined, .status = status, .detail = std::string(response.reason())},
                               failure_details(response));
  }
  if (!is_of_ours(response)) return on_mangled();
  answered_.begin(transaction, flow, response);
  Rollback undo([&]() noexcept { answered_.end(transaction); });
  dialog_.refresh_target(response);  // s.12.2.1.2
  auto description = describe(response, out_->has_offer ? Answered::Yes : Answered::No);
  if (ended_ || description.is_acknowledged) send_ack(transaction, dialog_, {});
  undo.done();

  agent_.sender.forget(transaction);
  out_.reset();
  deadlines_.clear(Due::GiveUpInvite);
  if (!ended_) tell(std::move(description), transaction);  // else its BYE is on the way already
}

bool Session::ends_call(StatusCode status) const noexcept { return status == 481 || (status == 408 && !repairing_); }

void Session::on_reinvite_refused(Error error, FailureDetails details) {
  const StatusCode status = error.status;
  const bool ends = !ended_ && ends_call(status);
  if (ends) on_request_answered(status, std::exchange(details, {}));
  out_.reset();
  deadlines_.clear(Due::GiveUpInvite);
  if (ended_) return;
  // s.14.1: anything else leaves session and dialog as they were (H10).
  if (status == 491) start_glare_delay();
  agent_.outbox.emit(ReinviteRefused{id_, std::move(error), std::move(details)});
}

void Session::on_reinvite_failed(const Error& error) {
  const bool lost = error.code == Errc::ConnectionLost;
  auto told =
      lost ? Error{.code = error.code, .detail = error.text()} : Error{.code = error.code, .status = 408, .detail = "Request Timeout"};
  give_up_invite();
  on_reinvite_refused(std::move(told));
}

void Session::on_reinvite_unauthorized(TransactionId transaction, Error error) {
  if (out_ && out_->transaction == transaction) on_reinvite_refused(std::move(error));
}

/// s.14.1: the owner of the Call-ID waits longer, so that one of the two comes first.
void Session::start_glare_delay() {
  const Duration delay = is_caller_ ? Duration{2'100} + step * agent_.chance(190) : step * agent_.chance(200);
  deadlines_.set(Due::Glare, agent_.now + delay);
}

void Session::on_reinvite(const RequestReceived& request) {
  const auto view = request.message.view();
  if (out_ || unacknowledged_) return agent_.respond(request.transaction, view, 491);
  if (in_) {  // theirs is pending, or our 200 to it is not acknowledged yet (s.14.2, RFC 5407 s.3.1.4; H13)
    auto builder = agent_.response(view, 500);
    builder.header(HeaderId::RetryAfter, agent_.chance(10));
    return agent_.respond(request.transaction, std::move(builder));
  }
  auto in = take_invite(request);
  agent_.outbox.emit(offer_of(id_, OfferPlace::Reinvite, view));
  in_ = std::move(in);
}

Result<void> Session::accept_reinvite(const Body& body) {
  if (ended_ || state_ != State::Confirmed || !their_invite_waits()) return Errc::WrongState;
  return send_ok(body, {});
}

Result<void> Session::reject_reinvite(StatusCode status, std::string_view warning) {
  if (ended_ || state_ != State::Confirmed || !their_invite_waits()) return Errc::WrongState;
  if (status < 300 || status > 699) return Error{.code = Errc::BadValue, .reason = "a re-INVITE is refused by 300 to 699"};
  auto builder = agent_.response(in_->request.view(), status);
  if (!warning.empty()) builder.header(HeaderId::Warning, warning);
  auto bytes = std::move(builder).finish();
  if (!bytes) return std::move(bytes).error();
  auto sent = agent_.stack.respond(in_->transaction, *bytes, agent_.now);
  if (sent) in_.reset();
  return sent;
}

}  // namespace parley::sip
