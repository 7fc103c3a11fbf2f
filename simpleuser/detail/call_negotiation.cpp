// SPDX-License-Identifier: MIT
#include <parley/simpleuser/detail/account_core.hpp>
#include <parley/simpleuser/detail/call_core.hpp>
#include <parley/simpleuser/detail/warning.hpp>

#include <utility>

// Offers and answers (RFC 3264, RFC 6337): one negotiation at a time, in the order in which they begin. What wants to begin meanwhile
// (a hold, a repair, the peer's re-INVITE) is noted and taken up by negotiate() when the one that is going on is over.

namespace parley::detail {
namespace {

using namespace std::chrono_literals;

constexpr Duration busy_pause = 500ms;  ///< before an offer is tried again that the dialog had no place for

}  // namespace

// ---- From media to the wire

void CallCore::make_offer(Place place) {
  step_ = Step::MakingOffer;
  media_->make_offer([this, place](Result<std::string> offer) {
    offer_made(place, std::move(offer));
    account_.pump();
  });
}

void CallCore::offer_made(Place place, Result<std::string> offer) {
  if (phase_ == CallPhase::Ended) return;
  step_ = Step::Idle;
  if (place == Place::Invite) {
    if (!offer) {
      shared_->sent.settle(offer.error(), account_.shared());
      return end(Cause{.kind = Cause::Kind::MediaFailed, .reason = offer.error().text()});
    }
    step_ = Step::OfferOut;
    place_ = place;
    return invite(sip::Body{std::string(account_.ports().media.content_type()), std::move(*offer)});
  }
  if (place == Place::Reinvite) return offer ? send_reinvite(*offer) : reoffer_failed(offer.error());
  if (offer) step_ = Step::OfferOut;
  place_ = place;
  answer_made(place, std::move(offer));  // an offer in a 2xx leaves by the same door as an answer there
}

void CallCore::take_offer(Place place, std::string offer) {
  step_ = Step::TakingOffer;
  media_->accept_offer(std::move(offer), [this, place](Result<std::string> answer) {
    if (phase_ == CallPhase::Ended) return;
    step_ = Step::Idle;
    answer_made(place, std::move(answer));
    account_.pump();
  });
}

/// Our description for a response or an ACK is there, or media refuses.
void CallCore::answer_made(Place place, Result<std::string> answer) {
  if (answer) return send_in_response(place, sip::Body{std::string(account_.ports().media.content_type()), std::move(*answer)});
  switch (place) {
    case Place::Response2xx: return refuse_incoming(answer.error());
    case Place::ReinviteResponse: {
      const bool rejected = answer.error().code == Errc::MediaRejected;
      // The session goes on as it was (RFC 3261 s.14.2).
      account_.agent().reject_reinvite(*session_, rejected ? 488 : 500, rejected ? warning_of(answer.error()) : "", account_.now());
      return negotiate();
    }
    case Place::Acknowledgement:  // a 2xx cannot be refused: ACK and BYE (RFC 3261 s.13.2.2.4)
    case Place::Invite:
    case Place::Reinvite: return give_up(Cause{.kind = Cause::Kind::MediaFailed, .reason = answer.error().text()});
  }
}

void CallCore::send_in_response(Place place, sip::Body body) {
  sip::UserAgent& agent = account_.agent();
  Result<void> sent;
  switch (place) {
    case Place::Response2xx: sent = agent.accept(*session_, std::move(body), answer_headers_, account_.now()); break;
    case Place::Acknowledgement: sent = agent.acknowledge(*session_, std::move(body), account_.now()); break;
    case Place::ReinviteResponse: sent = agent.accept_reinvite(*session_, std::move(body), account_.now()); break;
    case Place::Invite:
    case Place::Reinvite: break;  // these are requests
  }
  if (!sent) {
    account_.log(LogLevel::Warning, "a description could not be sent: " + sent.error().text());
    if (place != Place::ReinviteResponse) return give_up(Cause{.kind = Cause::Kind::Failed, .reason = sent.error().text()});
    // The peer took its re-INVITE back meanwhile (CANCEL), or it went with its connection.
    if (std::exchange(step_, Step::Idle) == Step::OfferOut) media_->rollback();
  }
  account_.pump();
  if (place == Place::ReinviteResponse && step_ == Step::Idle) negotiated();
}

void CallCore::send_reinvite(const std::string& offer) {
  if (peer_offer_) {  // theirs came first; ours is made anew afterwards
    media_->rollback();
    return negotiate();
  }
  const sip::Body body{std::string(account_.ports().media.content_type()), offer};
  const Result<void> sent = account_.agent().reinvite(*session_, body, account_.now());
  if (!sent && sent.error().code == Errc::Busy) {
    media_->rollback();
    return wait(busy_pause);
  }
  if (!sent) {
    media_->rollback();
    return reoffer_failed(sent.error());
  }
  step_ = Step::OfferOut;
  place_ = Place::Reinvite;
  account_.pump();
  if (wish_carried_) complete_hold({});
}

void CallCore::complete_hold(const Result<void>& outcome) {
  for (AsyncSource<void>& source : std::exchange(hold_done_, {}))
    account_.shared().complete<void>(std::move(source), Result<void>(outcome));
}

// ---- From the wire to media

void CallCore::on(sip::OfferReceived event) {
  switch (event.place) {
    case sip::OfferPlace::Invite: peer_offer_ = std::move(event.body); break;  // waits for answer()
    case sip::OfferPlace::Response2xx: take_offer(Place::Acknowledgement, std::move(event.body)); break;
    case sip::OfferPlace::Reinvite:
      peer_offer_ = std::move(event.body);
      negotiate();
      break;
  }
}

void CallCore::on(const sip::AnswerReceived& event) {
  if (step_ != Step::OfferOut) return account_.log(LogLevel::Warning, "an answer came to no offer of ours");
  step_ = Step::TakingAnswer;
  media_->accept_answer(event.body, [this](const Result<void>& result) {
    answer_taken(result);
    account_.pump();
  });
}

void CallCore::answer_taken(const Result<void>& result) {
  if (phase_ == CallPhase::Ended) return;
  step_ = Step::Idle;
  // An answer that cannot be used leaves both sides with different ideas of the session: BYE.
  if (!result) return give_up(Cause{.kind = Cause::Kind::MediaFailed, .reason = result.error().text()});
  if (place_ == Place::Reinvite) return reoffer_accepted();
  if (phase_ == CallPhase::Established) return negotiated();
  if (session_up_) established();
}

// ---- Later offers

/// Takes up what waits, where nothing else is going on: the peer's offer first, then ours.
void CallCore::negotiate() {
  if (phase_ != CallPhase::Established || step_ != Step::Idle) return;
  if (peer_offer_) return take_peer_offer();
  if (waiting_ || !(hold_wish_ || repair_due_)) return;
  if (repairing_ && !repair_due_) return;  // without a connection; connection_back() comes here again
  wish_carried_ = hold_wish_.has_value();
  media_->set_held(hold_wish_.value_or(held_));
  make_offer(Place::Reinvite);
}

void CallCore::take_peer_offer() {
  const std::string offer = *std::exchange(peer_offer_, std::nullopt);
  media_->set_held(held_);
  if (offer.empty()) return make_offer(Place::ReinviteResponse);  // RFC 3261 s.14.2: the 200 carries ours
  take_offer(Place::ReinviteResponse, offer);
}

void CallCore::hold(bool held, AsyncSource<void> done) {
  auto complete = [&](Result<void> outcome) { account_.shared().complete<void>(std::move(done), std::move(outcome)); };
  if (phase_ != CallPhase::Established) return complete(Error{.code = Errc::WrongState, .reason = "the call is not established"});
  if (hold_wish_ && *hold_wish_ != held) return complete(Error{.code = Errc::Busy, .reason = "the opposite is in flight"});
  if (!hold_wish_ && held_ == held) return complete({});
  if (hold_wish_ && hold_done_.empty()) return complete({});  // the same is in flight
  hold_done_.push_back(std::move(done));
  if (std::exchange(hold_wish_, held)) return;
  negotiate();
  account_.pump();
}

void CallCore::on(const sip::ReinviteRefused& event) {
  if (step_ != Step::OfferOut || place_ != Place::Reinvite) return;
  step_ = Step::Idle;
  media_->rollback();
  media_->set_held(held_);
  if (event.error.status == 491) {  // glare: ReinviteDue follows (RFC 3261 s.14.1)
    waiting_ = true;
  } else if (!retry_repair(event.error)) {
    reoffer_failed(event.error);
  }
  if (phase_ != CallPhase::Ended) negotiate();
}

void CallCore::on(const sip::ReinviteDue&) {
  waiting_ = false;
  negotiate();
}

/// All is as it was before (H10), and a later try begins afresh.
void CallCore::reoffer_failed(const Error& why) {
  account_.log(LogLevel::Info, "re-INVITE without success: " + why.text());
  media_->set_held(held_);
  repaired();
  if (std::exchange(wish_carried_, false)) {
    const bool handed_over = hold_done_.empty();
    hold_wish_.reset();
    complete_hold(why);
    if (handed_over) tell_hold(held_);
  }
  negotiated();
}

void CallCore::reoffer_accepted() {
  repaired();
  if (std::exchange(wish_carried_, false)) {
    held_ = *std::exchange(hold_wish_, std::nullopt);
    tell_hold(held_);
  }
  negotiated();
}

void CallCore::tell_hold(bool held) {
  publish();
  tell([held](const CallDelegate& d) {
    if (d.on_hold) d.on_hold(held);
  });
}

/// A negotiation is over: tells what it changed, and takes up what waited for its end.
void CallCore::negotiated() {
  const bool remote_hold = media_->agreed().remote_hold;
  if (std::exchange(remote_held_, remote_hold) != remote_hold) {
    tell([remote_hold](const CallDelegate& d) {
      if (d.on_remote_hold) d.on_remote_hold(remote_hold);
    });
  }
  publish();
  negotiate();
}

}  // namespace parley::detail
