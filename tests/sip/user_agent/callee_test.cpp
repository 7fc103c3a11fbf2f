// SPDX-License-Identifier: MIT
// The callee's side of a session against a scripted peer.
#include <parley/tests/support/ua_probe.hpp>

#include <gmock/gmock.h>

using namespace parley;
using namespace parley::sip;
using namespace parley::test;
using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

struct CalleeInvite : ::testing::Test {
  explicit CalleeInvite(UserAgentOptions options = Probe::alice()) : ua(std::move(options)) {}

  /// An INVITE has come; its 100 was read.
  void arrive(const PeerRequest& request = peer_invite()) {
    invite = request;
    ua.receive(request.text());
    trying = ua.sent();
    if (const auto incoming = ua.told<IncomingSession>()) session = incoming->session;
  }
  /// Answered; gives the 200.
  Wire accept() {
    EXPECT_TRUE(ua->accept(session, sdp(sdp_answer), {}, ua.now()));
    return ua.sent();
  }
  void acknowledge(const Wire& ok, std::uint32_t cseq = 1, std::string_view body = {}) {
    auto request = in_dialog(ok, "ACK", cseq, "z9hG4bKack" + std::to_string(cseq));
    if (!body.empty()) {
      request.content_type = "application/sdp";
      request.body = body;
    }
    ua.receive(request.text());
  }
  /// A call that is up; gives the 200.
  Wire up() {
    arrive();
    auto ok = accept();
    acknowledge(ok);
    ua.forget_told();
    return ok;
  }
  void cancel() {
    auto request = invite;
    request.method = "CANCEL";
    request.content_type.clear();
    request.headers.clear();
    ua.receive(request.text());
  }

  Probe ua;
  PeerRequest invite;
  Wire trying;
  SessionId session{};
};

UserAgentOptions impatient() {
  auto options = Probe::alice();
  options.no_answer_timeout = 20s;
  return options;
}
struct CalleeImpatient : CalleeInvite {
  CalleeImpatient() : CalleeInvite(impatient()) {}
};
UserAgentOptions patient() {
  auto options = Probe::alice();
  options.no_answer_timeout = 600s;
  return options;
}
struct CalleePatient : CalleeInvite {
  CalleePatient() : CalleeInvite(patient()) {}
};

}  // namespace

TEST_F(CalleeInvite, C11IsTriedAtOnceAndTold) {
  ua.receive(peer_invite().text());
  EXPECT_TRUE(ua.sent().is(100));
  EXPECT_EQ(ua.unread(), 0U);
  const auto incoming = ua.told<IncomingSession>();
  ASSERT_TRUE(incoming);
  EXPECT_EQ(incoming->invite.view().from().uri.user, "bob");
  const auto offer = ua.told<OfferReceived>();
  EXPECT_EQ(offer->place, OfferPlace::Invite);
  EXPECT_EQ(offer->body, sdp_offer);
  EXPECT_EQ(offer->content_type, "application/sdp");
}

TEST_F(CalleeInvite, E09ResponsesCopyAndKeepOneTag) {  // RFC 3261 s.8.2.6.2
  auto request = peer_invite();
  request.headers.push_back({"Via", "SIP/2.0/WS second.invalid;branch=z9hG4bKup"});
  request.headers.push_back({"Record-Route", "<sip:p1;lr;x=y>, <sip:p2;lr>"});
  arrive(request);
  EXPECT_EQ(trying.view().to_tag(), "");
  EXPECT_EQ(trying.view().via_count(), 2U);
  ua->ring(session, 180, ua.now());
  const auto ringing = ua.sent();
  const auto ok = accept();
  EXPECT_TRUE(ringing.is(180));
  EXPECT_GE(ringing.view().to_tag().size(), 16U);
  EXPECT_EQ(ringing.view().to_tag(), ok.view().to_tag());
  for (const auto* wire : {&ringing, &ok}) {
    EXPECT_EQ(wire->view().via_count(), 2U);
    EXPECT_EQ(wire->view().via(1).text, "SIP/2.0/WS second.invalid;branch=z9hG4bKup");
    EXPECT_EQ(wire->view().call_id(), "call-1@peer");
    EXPECT_EQ(wire->view().contact().uri.text, "sip:a1@alice.invalid;transport=ws");
    EXPECT_EQ(wire->view().record_route_count(), 2U);  // G02
    EXPECT_EQ(wire->view().record_route(0).text, "<sip:p1;lr;x=y>");
  }
  EXPECT_TRUE(ok.view().lists(HeaderId::Allow, "BYE"));
  EXPECT_TRUE(ok.view().lists(HeaderId::Supported, "gruu"));
  EXPECT_EQ(ok.header(HeaderId::Server), "parley");
  EXPECT_EQ(ok.view().body(), sdp_answer);
}

TEST_F(CalleeInvite, E10The100CopiesTimestamp) {  // RFC 3261 s.8.2.6.1
  auto request = peer_invite();
  request.headers.push_back({"Timestamp", "54.21"});
  arrive(request);
  EXPECT_EQ(trying.header(HeaderId::Timestamp), "54.21");
}

TEST_F(CalleeInvite, E20FromWithoutTagIsServed) {
  auto request = peer_invite();
  request.from = "<sip:bob@example.com>";
  arrive(request);
  const auto ok = accept();
  acknowledge(ok);
  EXPECT_TRUE(ua.told<SessionConfirmed>());
  ua.receive(in_dialog(ok, "BYE", 2, "z9hG4bKb").text());
  EXPECT_TRUE(ua.sent().is(200));
}

TEST_F(CalleeInvite, H03The200IsRepeatedUntilTheAck) {  // RFC 3261 s.13.3.1.4: on every transport
  arrive();
  const auto ok = accept();
  EXPECT_TRUE(ua.told<SessionEstablished>());
  std::vector<Duration> times;
  const auto start = ua.now();
  while (ua.now() < start + 10s) {
    ua.advance(100ms);
    while (auto again = ua.sent()) {
      EXPECT_EQ(again.text(), ok.text());
      times.push_back(ua.now() - start);
    }
  }
  EXPECT_THAT(times, ElementsAre(500ms, 1500ms, 3500ms, 7500ms));
  EXPECT_EQ(ua.count<SessionConfirmed>(), 0U);
  acknowledge(ok);
  EXPECT_TRUE(ua.told<SessionConfirmed>());
  ua.advance(60s);
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua->session_count(), 1U);
}

TEST_F(CalleeInvite, H03Sec68NoAckEndsItByBye) {
  arrive();
  accept();
  ua.advance(31'999ms);
  EXPECT_EQ(ua.count<SessionEnded>(), 0U);
  ua.forget_sent();
  ua.advance(1ms);
  EXPECT_THAT(ua.labels(), ElementsAre("BYE"));
  const auto ended = ua.told<SessionEnded>();
  EXPECT_EQ(ended->cause.kind, EndCause::Kind::Failed);
}

TEST_F(CalleeInvite, H11OfferlessInviteIsAnsweredByOurOffer) {  // RFC 3261 s.13.2.1
  auto request = peer_invite();
  request.content_type.clear();
  arrive(request);
  EXPECT_EQ(ua.told<OfferReceived>()->body, "");
  EXPECT_EQ(ua->accept(session, {}, {}, ua.now()).error().code, Errc::BadValue);
  EXPECT_TRUE(ua->accept(session, sdp(sdp_offer), {}, ua.now()));
  const auto ok = ua.sent();
  EXPECT_EQ(ok.view().body(), sdp_offer);
  acknowledge(ok, 1, sdp_answer);
  EXPECT_EQ(ua.told<AnswerReceived>()->body, sdp_answer);
  EXPECT_TRUE(ua.told<SessionConfirmed>());
}

TEST_F(CalleeInvite, H11MissingAnswerInTheAckEndsIt) {
  auto request = peer_invite();
  request.content_type.clear();
  arrive(request);
  const auto ok = accept();
  acknowledge(ok);
  EXPECT_THAT(ua.labels(), ElementsAre("BYE"));
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::Failed);
}

TEST_F(CalleeInvite, Sec71OddAcksAreIgnored) {
  arrive();
  ua->ring(session, 180, ua.now());
  acknowledge(ua.sent());  // before our final response
  EXPECT_EQ(ua.count<SessionConfirmed>(), 0U);
  const auto ok = accept();
  acknowledge(ok, 7);  // of no INVITE
  EXPECT_EQ(ua.count<SessionConfirmed>(), 0U);
  acknowledge(ok);
  acknowledge(ok);  // again
  EXPECT_EQ(ua.count<SessionConfirmed>(), 1U);
  EXPECT_EQ(ua.unread(), 0U);
}

TEST_F(CalleeInvite, E18RefusalsGoOutWithTheirStatus) {
  arrive();
  EXPECT_EQ(ua->reject(session, 200, {}, ua.now()).error().code, Errc::BadValue);
  EXPECT_TRUE(ua->reject(session, 486, {{"Retry-After", "120"}}, ua.now()));
  const auto refusal = ua.sent();
  EXPECT_TRUE(refusal.is(486));
  EXPECT_EQ(refusal.header(HeaderId::RetryAfter), "120");
  const auto ended = ua.told<SessionEnded>();
  EXPECT_EQ(ended->cause.kind, EndCause::Kind::Rejected);
  EXPECT_EQ(ended->cause.status, 486);
  EXPECT_EQ(ua->accept(session, sdp(), {}, ua.now()).error().code, Errc::NoSession);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}

TEST_F(CalleeInvite, HangUpWhileRingingIs480) {
  arrive();
  EXPECT_TRUE(ua->terminate(session, {}, ua.now()));
  EXPECT_TRUE(ua.sent().is(480));
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::Rejected);
}

TEST_F(CalleeInvite, RingTakesProvisionalsOnly) {
  arrive();
  EXPECT_EQ(ua->ring(session, 100, ua.now()).error().code, Errc::BadValue);
  EXPECT_EQ(ua->ring(session, 200, ua.now()).error().code, Errc::BadValue);
  EXPECT_TRUE(ua->ring(session, 199, ua.now()));
  EXPECT_TRUE(ua.sent().is(199));
  accept();
  EXPECT_EQ(ua->ring(session, 180, ua.now()).error().code, Errc::WrongState);
}

TEST_F(CalleeImpatient, NoAnswerInTimeIs480) {
  arrive();
  ua.advance(20s);
  EXPECT_TRUE(ua.sent().is(480));
  const auto ended = ua.told<SessionEnded>();
  EXPECT_EQ(ended->cause.kind, EndCause::Kind::NoAnswer);
  EXPECT_EQ(ended->cause.status, 480);
}

TEST_F(CalleeInvite, E16ExpiresOverIs487) {  // RFC 3261 s.13.3.1
  auto request = peer_invite();
  request.headers.push_back({"Expires", "15"});
  arrive(request);
  ua.advance(14'999ms);
  EXPECT_EQ(ua.unread(), 0U);
  ua.advance(1ms);
  EXPECT_TRUE(ua.sent().is(487));
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::NoAnswer);
}

TEST_F(CalleeInvite, E16Sec80AbsurdExpiresIsHarmless) {
  auto request = peer_invite();
  request.headers.push_back({"Expires", "99999999999999999999999"});
  arrive(request);
  accept();
  ua.advance(1s);
  EXPECT_EQ(ua->session_count(), 1U);
}

TEST_F(CalleePatient, E17RingingIsRepeatedEachMinute) {  // RFC 3261 s.13.3.1.1
  arrive();
  ua->ring(session, 183, ua.now());
  ua.sent();
  ua.advance(185s);
  EXPECT_THAT(ua.labels(), ElementsAre("183 INVITE", "183 INVITE", "183 INVITE"));
  accept();
  ua.advance(200ms);
  EXPECT_EQ(ua.unread(), 0U);
}

// ---- CANCEL

TEST_F(CalleeInvite, E12CancelIsAnsweredAndEndsTheCall) {  // RFC 3261 s.9.2
  arrive();
  ua->ring(session, 180, ua.now());
  const auto ringing = ua.sent();
  cancel();
  const auto cancelled = ua.sent();
  EXPECT_EQ(cancelled.label(), "200 CANCEL");
  EXPECT_EQ(cancelled.view().to_tag(), ringing.view().to_tag());
  const auto refused = ua.sent();
  EXPECT_EQ(refused.label(), "487 INVITE");
  EXPECT_EQ(refused.view().to_tag(), ringing.view().to_tag());
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::Cancelled);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}

TEST_F(CalleeInvite, H18ReasonOfACancelIsTold) {
  arrive();
  auto request = invite;
  request.method = "CANCEL";
  request.content_type.clear();
  request.headers = {{"Reason", "SIP;cause=200;text=\"Call completed elsewhere\""}};
  ua.receive(request.text());
  const auto ended = ua.told<SessionEnded>();
  EXPECT_EQ(ended->cause.reason, "Call completed elsewhere");
  EXPECT_EQ(ended->cause.status, 200);
}

TEST_F(CalleeInvite, E12Sec72CancelAfterTheFinalAnswerHasNoEffect) {
  arrive();
  const auto ok = accept();
  cancel();
  const auto answer = ua.sent();
  EXPECT_EQ(answer.label(), "200 CANCEL");
  EXPECT_EQ(answer.view().to_tag(), ok.view().to_tag());
  acknowledge(ok);
  EXPECT_TRUE(ua.told<SessionConfirmed>());
  EXPECT_EQ(ua->session_count(), 1U);
}

TEST_F(CalleeInvite, E12CancelOfARefusedInviteKeepsItsTag) {
  arrive();
  ua->reject(session, 486, {}, ua.now());
  const auto refused = ua.sent();
  cancel();
  const auto answer = ua.sent();
  EXPECT_EQ(answer.label(), "200 CANCEL");
  EXPECT_EQ(answer.view().to_tag(), refused.view().to_tag());
}

TEST_F(CalleeInvite, E12CancelOfNothingIs481) {
  invite = peer_invite();
  cancel();
  EXPECT_EQ(ua.sent().label(), "481 CANCEL");
}

TEST_F(CalleeInvite, E13CancelIsNotRefusedForRequire) {
  arrive();
  auto request = invite;
  request.method = "CANCEL";
  request.content_type.clear();
  request.headers = {{"Require", "nothing-we-know"}};
  ua.receive(request.text());
  EXPECT_THAT(ua.labels(), ElementsAre("200 CANCEL", "487 INVITE"));
}

// ---- Its end

TEST_F(CalleeInvite, H04ByeWaitsForTheAck) {  // RFC 3261 s.15
  arrive();
  const auto ok = accept();
  EXPECT_TRUE(ua->terminate(session, {}, ua.now()));
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::LocalHangup);
  EXPECT_EQ(ua.unread(), 0U);
  ua.advance(600ms);
  EXPECT_EQ(ua.sent().text(), ok.text());  // still repeated
  acknowledge(ok);
  EXPECT_THAT(ua.labels(), ElementsAre("BYE"));
}

TEST_F(CalleeInvite, H04ByeWaitsForTheAckNotForEver) {
  arrive();
  accept();
  ua->terminate(session, {}, ua.now());
  ua.advance(32s);
  const auto labels = ua.labels();
  EXPECT_EQ(labels.back(), "BYE");
  EXPECT_EQ(ua.count<SessionEnded>(), 1U);
  ua.advance(64s);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}

TEST_F(CalleeInvite, H07ByeBeforeTheAckStopsTheRepetition) {  // RFC 5407 s.3.1.2
  arrive();
  const auto ok = accept();
  ua.receive(in_dialog(ok, "BYE", 2, "z9hG4bKb").text());
  EXPECT_EQ(ua.sent().label(), "200 BYE");
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::RemoteHangup);
  acknowledge(ok);
  ua.advance(40s);
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua.count<SessionConfirmed>(), 0U);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}

TEST_F(CalleeInvite, H05ByeOfTheEarlyDialogEndsTheInvite) {  // RFC 3261 s.15.1.2
  arrive();
  ua->ring(session, 180, ua.now());
  ua.receive(in_dialog(ua.sent(), "BYE", 2, "z9hG4bKb").text());
  EXPECT_THAT(ua.labels(), ElementsAre("200 BYE", "487 INVITE"));
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::RemoteHangup);
}

TEST_F(CalleeInvite, H18ReasonOfAByeIsTold) {
  const auto ok = up();
  auto bye = in_dialog(ok, "BYE", 2, "z9hG4bKb");
  bye.headers = {{"Reason", "Q.850;cause=16;text=\"Terminated\""}};
  ua.receive(bye.text());
  EXPECT_EQ(ua.told<SessionEnded>()->cause.reason, "Terminated");
}

TEST_F(CalleeInvite, H06ByesThatCrossAreBothAnswered) {
  const auto ok = up();
  ua->terminate(session, "SIP;cause=200;text=\"bye\"", ua.now());
  const auto ours = ua.sent();
  EXPECT_EQ(ours.header(HeaderId::Reason), "SIP;cause=200;text=\"bye\"");
  ua.receive(in_dialog(ok, "BYE", 2, "z9hG4bKb").text());
  EXPECT_EQ(ua.sent().label(), "200 BYE");
  ua.answer(ours, 481);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
  EXPECT_EQ(ua.count<SessionEnded>(), 1U);
  ua.receive(in_dialog(ok, "BYE", 3, "z9hG4bKc").text());
  EXPECT_EQ(ua.sent().label(), "481 BYE");
}

TEST_F(CalleeInvite, G06RequestsWithRouteAreServed) {
  const auto ok = up();
  auto bye = in_dialog(ok, "BYE", 2, "z9hG4bKb");
  bye.headers = {{"Route", "<sip:somebody.else.example.com;lr>"}};
  ua.receive(bye.text());
  EXPECT_EQ(ua.sent().label(), "200 BYE");
}

TEST_F(CalleeInvite, ConnectionLostWhileRingingEndsIt) {
  arrive();
  ua.close();
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::ConnectionLost);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
  EXPECT_EQ(ua->accept(session, sdp(), {}, ua.now()).error().code, Errc::NoSession);
}

TEST_F(CalleeInvite, Sec74TenInvitesThenResetLeaveNothing) {
  for (int i = 0; i < 10; ++i) {
    auto request = peer_invite();
    request.call_id = "c" + std::to_string(i);
    request.branch = "z9hG4bK" + std::to_string(i);
    ua.receive(request.text());
  }
  EXPECT_EQ(ua->session_count(), 10U);
  ua.close();
  EXPECT_EQ(ua.count<SessionEnded>(), 10U);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
  EXPECT_EQ(ua->stack().transaction_count(), 0U);
}
