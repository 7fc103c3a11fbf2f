// SPDX-License-Identifier: MIT
#include "event_words.hpp"

namespace parley::test {
namespace {

using namespace sip;

std::string seconds(Duration duration) { return std::to_string(duration.count() / 1'000) + " s"; }

std::string_view name_of(EndCause::Kind kind) {
  using Kind = EndCause::Kind;
  switch (kind) {
    case Kind::LocalHangup: return "hung up by us";
    case Kind::RemoteHangup: return "hung up by the peer";
    case Kind::Cancelled: return "cancelled";
    case Kind::Rejected: return "rejected";
    case Kind::NoAnswer: return "no answer";
    case Kind::ConnectionLost: return "connection lost";
    case Kind::Gone: return "the peer has lost the call";
    case Kind::Failed: return "failed";
  }
  return "";
}

std::string_view place_of(OfferPlace place) {
  switch (place) {
    case OfferPlace::Invite: return "INVITE";
    case OfferPlace::Response2xx: return "2xx";
    case OfferPlace::Reinvite: return "re-INVITE";
  }
  return "";
}

struct Words {
  const std::function<unsigned(SessionId)>& call;

  std::string of(SessionId session) const { return "call " + std::to_string(call(session)) + ": "; }

  std::string operator()(const IncomingSession& e) const {
    return of(e.session) + "comes in from " + std::string(e.invite.view().from().uri.text);
  }
  std::string operator()(const SessionProgress& e) const {
    return of(e.session) + "progress " + std::to_string(e.status) + ' ' + e.reason + (e.has_body ? ", early media" : "");
  }
  std::string operator()(const OfferReceived& e) const {
    const std::string where(place_of(e.place));
    return of(e.session) + (e.body.empty() ? "our offer is wanted, " : "offer in the ") + where;
  }
  std::string operator()(const AnswerReceived& e) const { return of(e.session) + "answer"; }
  std::string operator()(const SessionEstablished& e) const { return of(e.session) + "established"; }
  std::string operator()(const SessionConfirmed& e) const { return of(e.session) + "confirmed"; }
  std::string operator()(const ReinviteRefused& e) const { return of(e.session) + "re-INVITE refused, " + e.error.text(); }
  std::string operator()(const ReinviteDue& e) const { return of(e.session) + "re-INVITE is due again"; }
  std::string operator()(const SessionEnded& e) const {
    std::string words = of(e.session) + "ended, ";
    words += name_of(e.cause.kind);
    if (e.cause.status != 0) words += ", " + std::to_string(e.cause.status);
    if (!e.cause.reason.empty()) words += ": " + e.cause.reason;
    return words;
  }
  std::string operator()(const DtmfReceived& e) const {
    return of(e.session) + "DTMF " + e.tone + ", " + std::to_string(e.duration.count()) + " ms";
  }
  std::string operator()(const MessageReceived& e) const { return "message: " + std::string(e.message.view().body()); }
  std::string operator()(const Registered& e) const { return (e.refresh ? "registered anew, " : "registered, ") + seconds(e.expires); }
  std::string operator()(const Unregistered& e) const { return e.error ? "not registered: " + e.error->text() : "unregistered"; }
  std::string operator()(const RequestDone& e) const {
    if (!e.response) return "request failed: " + e.response.error().text();
    const auto response = e.response->view();
    return "request done: " + std::to_string(response.status()) + ' ' + std::string(response.reason());
  }
  std::string operator()(const Diagnostic& e) const { return "note: " + e.text; }
  template <class Event>
  std::string operator()(const Event&) const {
    return "another event";
  }
};

}  // namespace

std::string in_words(const UserAgentEvent& event, const std::function<unsigned(SessionId)>& call) { return std::visit(Words{call}, event); }

}  // namespace parley::test
