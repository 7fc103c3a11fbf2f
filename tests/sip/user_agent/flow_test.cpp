// SPDX-License-Identifier: MIT
// A call over the loss of its connection: what network.md s.1 asks of a user agent.
#include <parley/tests/support/ua_probe.hpp>

#include <gmock/gmock.h>

using namespace parley;
using namespace parley::sip;
using namespace parley::test;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace {

constexpr FlowId second{2};

struct Survival : ::testing::Test {
  Survival() : ua(Probe::alice()) {}

  void up() {
    InviteRequest request;
    request.target = "sip:bob@example.com";
    request.offer = sdp();
    session = ua->invite(request, ua.now()).value();
    ua.answer_ok(ua.sent());
    ack = ua.sent();
    ua.forget_told();
  }
  void reconnect() { ua.open(second, websocket("again.invalid")); }

  Probe ua;
  SessionId session{};
  Wire ack;
};

using SurvivalBye = Survival;
using SurvivalRepair = Survival;

}  // namespace

TEST_F(Survival, ACallThatIsUpSurvives) {
  up();
  ua.close();
  ua.advance(10s);
  EXPECT_EQ(ua.count<SessionEnded>(), 0U);
  EXPECT_EQ(ua->session_count(), 1U);
  EXPECT_EQ(ua->reinvite(session, sdp(), ua.now()).error().code, Errc::NotConnected);
  EXPECT_EQ(ua->info(session, {}, {}, ua.now()).error().code, Errc::NotConnected);
  reconnect();
  EXPECT_TRUE(ua->reinvite(session, sdp(), ua.now()));
  const auto reinvite = ua.sent();
  EXPECT_EQ(ua.flow_of_last_sent(), second);
  EXPECT_EQ(reinvite.view().cseq().number, ack.view().cseq().number + 1);
  EXPECT_EQ(reinvite.view().contact().uri.text, "sip:a1@again.invalid;transport=ws");
  ua.answer(reinvite, 200, "peer", {}, sdp_answer, second);
  EXPECT_TRUE(ua.sent().is(Method::Ack));
  EXPECT_TRUE(ua.told<AnswerReceived>());
}

TEST_F(Survival, RequestsInTheDialogAreTakenOnAnyFlowAndWithAnyRequestUri) {
  up();
  ua.close();
  reconnect();
  auto reinvite = in_dialog(ack, "INVITE", 3, "z9hG4bKr");
  reinvite.uri = "sip:whoever@elsewhere.invalid";
  reinvite.content_type = "application/sdp";
  reinvite.body = sdp_offer;
  ua.receive(reinvite.text(), second);
  EXPECT_TRUE(ua.told<OfferReceived>());
  EXPECT_TRUE(ua->accept_reinvite(session, sdp(sdp_answer), ua.now()));
  EXPECT_TRUE(ua.sent().is(200));
  EXPECT_EQ(ua.flow_of_last_sent(), second);
  auto bye = in_dialog(ack, "BYE", 4, "z9hG4bKb");
  bye.uri = "sip:whoever@elsewhere.invalid";
  ua.receive(bye.text(), second);
  EXPECT_TRUE(ua.sent().is(200));
  EXPECT_TRUE(ua.told<SessionEnded>());
}

TEST_F(Survival, TheDialogStaysOnItsFlowWhileThatIsOpen) {
  up();
  ua.open(second, websocket("again.invalid"));
  ua->terminate(session, {}, ua.now());
  ua.sent();
  EXPECT_EQ(ua.flow_of_last_sent(), Probe::first_flow);
}

TEST_F(Survival, AnAnsweredCallWaitsForItsAckOnAnyFlow) {
  ua.receive(peer_invite().text());
  session = ua.told<IncomingSession>()->session;
  ua->accept(session, sdp(sdp_answer), {}, ua.now());
  ua.sent();
  const auto ok = ua.sent();
  ua.close();
  EXPECT_EQ(ua.count<SessionEnded>(), 0U);
  ua.advance(3s);
  EXPECT_EQ(ua.unread(), 0U);
  reconnect();
  ua.receive(in_dialog(ok, "ACK", 1, "z9hG4bKa").text(), second);
  EXPECT_TRUE(ua.told<SessionConfirmed>());
}

TEST_F(Survival, AReinviteOfThePeerDiesWithItsFlow) {
  up();
  auto reinvite = in_dialog(ack, "INVITE", 3, "z9hG4bKr");
  reinvite.content_type = "application/sdp";
  reinvite.body = sdp_offer;
  ua.receive(reinvite.text());
  ua.close();
  EXPECT_EQ(ua->accept_reinvite(session, sdp(sdp_answer), ua.now()).error().code, Errc::WrongState);
  reconnect();
  EXPECT_TRUE(ua->reinvite(session, sdp(), ua.now()));
}

TEST_F(Survival, AnAckOfAReinviteThatWasLostWithTheFlowEndsNothing) {
  up();
  auto reinvite = in_dialog(ack, "INVITE", 3, "z9hG4bKr");
  reinvite.content_type = "application/sdp";
  reinvite.body = sdp_offer;
  ua.receive(reinvite.text());
  ua->accept_reinvite(session, sdp(sdp_answer), ua.now());
  ua.close();
  reconnect();
  ua.advance(60s);
  EXPECT_EQ(ua.count<SessionEnded>(), 0U);
}

TEST_F(SurvivalRepair, APendingReinviteIsToldAndTriedAnewWithAHigherCSeq) {
  up();
  ua->reinvite(session, sdp(), ua.now());
  const auto first = ua.sent();
  ua.close();
  EXPECT_EQ(ua.told<ReinviteRefused>()->error.code, Errc::ConnectionLost);
  EXPECT_EQ(ua.count<SessionEnded>(), 0U);
  reconnect();
  ua->set_repairing(session, true);
  EXPECT_TRUE(ua->reinvite(session, sdp(), ua.now()));
  EXPECT_EQ(ua.sent().view().cseq().number, first.view().cseq().number + 1);
}

TEST_F(SurvivalRepair, RefusalsMayOnlyMeanADeadFlow) {
  up();
  ua->set_repairing(session, true);
  for (const int status : {404, 408, 477, 478, 480, 500, 503}) {
    EXPECT_TRUE(ua->reinvite(session, sdp(), ua.now()));
    ua.answer(ua.sent(), static_cast<StatusCode>(status));
    EXPECT_EQ(ua.told<ReinviteRefused>()->error.status, status);
    ua.forget_sent();
  }
  EXPECT_TRUE(ua->reinvite(session, sdp(), ua.now()));
  ua.advance(32s);
  EXPECT_EQ(ua.told<ReinviteRefused>()->error.code, Errc::Timeout);
  EXPECT_EQ(ua.count<SessionEnded>(), 0U);
  ua.forget_sent();
  EXPECT_TRUE(ua->reinvite(session, sdp(), ua.now()));
  ua.answer(ua.sent(), 481);
  EXPECT_EQ(ua.told<SessionEnded>()->cause.status, 481);
}

TEST_F(SurvivalRepair, AfterTheRepairA408IsFinalAgain) {
  up();
  ua->set_repairing(session, true);
  ua->set_repairing(session, false);
  ua->reinvite(session, sdp(), ua.now());
  ua.answer(ua.sent(), 408);
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::Gone);
}

TEST_F(SurvivalBye, WaitsForAConnectionUpTo32Seconds) {
  up();
  ua.close();
  EXPECT_TRUE(ua->terminate(session, {}, ua.now()));
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::LocalHangup);
  EXPECT_EQ(ua->session_count(), 0U);
  EXPECT_EQ(ua->unfinished_session_count(), 1U);
  ua.advance(31s);
  reconnect();
  const auto bye = ua.sent();
  EXPECT_TRUE(bye.is(Method::Bye));
  EXPECT_EQ(ua.flow_of_last_sent(), second);
  ua.answer(bye, 200, "peer", {}, {}, second);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}

TEST_F(SurvivalBye, IsForgottenAfter32Seconds) {
  up();
  ua.close();
  ua->terminate(session, {}, ua.now());
  ua.advance(32s - 1ms);
  EXPECT_EQ(ua->unfinished_session_count(), 1U);
  ua.advance(1ms);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
  reconnect();
  EXPECT_EQ(ua.unread(), 0U);
}

TEST_F(SurvivalBye, ThatWaitsForAnAckIsForgottenToo) {  // RFC 3261 s.15: it waits for the ACK of a re-INVITE, which died with its flow
  up();
  auto reinvite = in_dialog(ack, "INVITE", 3, "z9hG4bKr");
  reinvite.content_type = "application/sdp";
  reinvite.body = sdp_offer;
  ua.receive(reinvite.text());
  ua->accept_reinvite(session, sdp(sdp_answer), ua.now());
  ua->terminate(session, {}, ua.now());
  ua.close();
  EXPECT_EQ(ua->unfinished_session_count(), 1U);
  ua.advance(32s);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
  EXPECT_EQ(ua->next_timeout(), std::nullopt);
}

TEST_F(SurvivalBye, IsSentAgainWhenItsFlowBreaks) {
  up();
  ua->terminate(session, {}, ua.now());
  const auto first = ua.sent();
  ua.close();
  EXPECT_EQ(ua->unfinished_session_count(), 1U);
  reconnect();
  const auto again = ua.sent();
  EXPECT_TRUE(again.is(Method::Bye));
  EXPECT_EQ(again.view().cseq().number, first.view().cseq().number + 1);
}

TEST_F(SurvivalBye, IsTriedAgainFor30SecondsWhileTheWayMayBeBroken) {
  up();
  ua.close();
  ua->terminate(session, {}, ua.now());
  reconnect();
  std::vector<Duration> tries;
  const auto start = ua.now();
  for (auto bye = ua.sent(); ua.now() < start + 60s; bye = ua.sent()) {
    if (bye) {
      tries.push_back(ua.now() - start);
      ua.answer(bye, 480, "peer", {}, {}, second);
    }
    ua.advance(100ms);
  }
  EXPECT_THAT(tries, ElementsAre(0ms, 500ms, 1'500ms, 3'500ms, 7'500ms, 15'500ms, 23'500ms));
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}

TEST_F(SurvivalBye, OtherwiseAnyAnswerEndsIt) {
  for (const int status : {200, 404, 408, 480, 481, 500, 503, 603}) {
    up();
    ua->terminate(session, {}, ua.now());
    ua.answer(ua.sent(), static_cast<StatusCode>(status));
    EXPECT_EQ(ua->unfinished_session_count(), 0U) << status;
  }
  up();
  ua->terminate(session, {}, ua.now());
  ua.advance(32s);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}

TEST_F(SurvivalBye, DestructionWithEverythingOpenReleasesAll) {  // C20; the sanitizers look
  up();
  ua->reinvite(session, sdp(), ua.now());
  ua->register_({}, ua.now());
  ua->message("sip:bob@example.com", {"text/plain", "hi"}, {}, ua.now());
  ua.receive(peer_invite().text());
  EXPECT_EQ(ua->session_count(), 2U);
}
