// SPDX-License-Identifier: MIT
#include <parley/tests/support/ua_pair.hpp>

#include <gmock/gmock.h>

#include <set>

using namespace parley;
using namespace parley::sip;
using namespace parley::test;
using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;

// ---- Two user agents and a wire

TEST(SessionPair, CallIsSetUpAndEnded) {  // RFC 3665 s.3.1
  UaPair pair;
  const auto [caller, callee] = pair.call();
  EXPECT_THAT(pair.ladder, ElementsAre("A>B INVITE", "B>A 100 INVITE", "B>A 180 INVITE", "B>A 200 INVITE", "A>B ACK"));
  EXPECT_EQ(pair.alice.told<SessionProgress>()->status, 180);
  EXPECT_EQ(pair.alice.told<AnswerReceived>()->body, sdp_answer);
  EXPECT_TRUE(pair.alice.told<SessionEstablished>());
  EXPECT_EQ(pair.bob.told<OfferReceived>()->body, sdp_offer);
  EXPECT_TRUE(pair.bob.told<SessionEstablished>());
  EXPECT_TRUE(pair.bob.told<SessionConfirmed>());
  pair.ladder.clear();
  EXPECT_TRUE(pair.bob->terminate(callee, {}, pair.bob.now()));
  EXPECT_EQ(pair.bob.told<SessionEnded>()->cause.kind, EndCause::Kind::LocalHangup);
  pair.run();
  EXPECT_THAT(pair.ladder, ElementsAre("B>A BYE", "A>B 200 BYE"));
  EXPECT_EQ(pair.alice.told<SessionEnded>()->cause.kind, EndCause::Kind::RemoteHangup);
  EXPECT_EQ(pair.alice->terminate(caller, {}, pair.alice.now()).error().code, Errc::NoSession);
  EXPECT_EQ(pair.alice->session_count() + pair.bob->session_count(), 0U);
  pair.advance(64s);
  EXPECT_EQ(pair.next_timeout(), std::nullopt);
  EXPECT_EQ(pair.alice->stack().transaction_count() + pair.bob->stack().transaction_count(), 0U);
}

TEST(SessionPair, CallIsSetUpThroughLossOnADatagramTransport) {
  UaPair pair(false);
  std::set<std::string> lost_once;
  pair.lose = [&](const Wire& wire) { return lost_once.insert(wire.label()).second; };  // the first of each kind
  const auto caller = pair.alice->invite(UaPair::to_bob(), pair.alice.now()).value();
  pair.advance(1s);
  const auto callee = pair.bob.told<IncomingSession>()->session;
  EXPECT_EQ(pair.bob.count<IncomingSession>(), 0U);  // copies are absorbed
  pair.bob->accept(callee, sdp(sdp_answer), {}, pair.bob.now());
  pair.advance(4s);
  EXPECT_TRUE(pair.alice.told<SessionEstablished>());
  EXPECT_TRUE(pair.bob.told<SessionConfirmed>());
  EXPECT_EQ(pair.alice.count<AnswerReceived>(), 1U);
  EXPECT_THAT(pair.ladder, Contains("A>B INVITE lost"));
  EXPECT_THAT(pair.ladder, Contains("A>B ACK lost"));
  pair.alice->terminate(caller, {}, pair.alice.now());
  pair.advance(10s);
  EXPECT_EQ(pair.bob.told<SessionEnded>()->cause.kind, EndCause::Kind::RemoteHangup);
  pair.advance(64s);
  EXPECT_EQ(pair.alice->unfinished_session_count() + pair.bob->unfinished_session_count(), 0U);
  EXPECT_EQ(pair.next_timeout(), std::nullopt);
}

TEST(SessionPair, NothingArrivingEndsBothSides) {
  UaPair pair(false);
  pair.call();
  pair.forget();
  pair.lose = [](const Wire&) { return true; };
  pair.bob->reinvite(SessionId{1}, sdp(), pair.bob.now());
  pair.advance(200s);
  EXPECT_EQ(pair.bob.told<SessionEnded>()->cause.kind, EndCause::Kind::Gone);
  EXPECT_EQ(pair.bob.count<SessionEnded>(), 0U);
  EXPECT_EQ(pair.bob->unfinished_session_count(), 0U);
  EXPECT_EQ(pair.alice->session_count(), 1U);  // alice knows of nothing
}

TEST(SessionPair, H09GlareIsResolved) {  // RFC 3261 s.14.1
  UaPair pair;
  const auto [caller, callee] = pair.call();
  pair.forget();
  EXPECT_TRUE(pair.alice->reinvite(caller, sdp("v=0\r\ns=a\r\n"), pair.alice.now()));
  EXPECT_TRUE(pair.bob->reinvite(callee, sdp("v=0\r\ns=b\r\n"), pair.bob.now()));
  pair.run();
  EXPECT_EQ(pair.alice.told<ReinviteRefused>()->error.status, 491);
  EXPECT_EQ(pair.bob.told<ReinviteRefused>()->error.status, 491);
  pair.advance(2s);
  EXPECT_EQ(pair.bob.told<ReinviteDue>()->session, callee);
  EXPECT_EQ(pair.alice.count<ReinviteDue>(), 0U);
  EXPECT_TRUE(pair.bob->reinvite(callee, sdp("v=0\r\ns=b\r\n"), pair.bob.now()));
  pair.run();
  EXPECT_EQ(pair.alice.told<OfferReceived>()->body, "v=0\r\ns=b\r\n");
  EXPECT_TRUE(pair.alice->accept_reinvite(caller, sdp(sdp_answer), pair.alice.now()));
  pair.run();
  EXPECT_TRUE(pair.bob.told<AnswerReceived>());
  pair.advance(3s);
  EXPECT_TRUE(pair.alice.told<ReinviteDue>());
  EXPECT_TRUE(pair.alice->reinvite(caller, sdp(), pair.alice.now()));
}

TEST(SessionPair, D13CancelCrossesThe200) {  // RFC 5407 s.3.1.2
  UaPair pair;
  const auto caller = pair.alice->invite(UaPair::to_bob(), pair.alice.now()).value();
  pair.run();
  const auto callee = pair.bob.told<IncomingSession>()->session;
  pair.bob->accept(callee, sdp(sdp_answer), {}, pair.bob.now());
  pair.alice->terminate(caller, {}, pair.alice.now());
  pair.run();
  EXPECT_THAT(pair.ladder, ElementsAre("A>B INVITE", "B>A 100 INVITE", "A>B CANCEL", "B>A 200 INVITE", "B>A 200 CANCEL", "A>B ACK",
                                       "A>B BYE", "B>A 200 BYE"));
  EXPECT_EQ(pair.alice.told<SessionEnded>()->cause.kind, EndCause::Kind::Cancelled);
  EXPECT_EQ(pair.bob.told<SessionEnded>()->cause.kind, EndCause::Kind::RemoteHangup);
  EXPECT_EQ(pair.alice->unfinished_session_count() + pair.bob->unfinished_session_count(), 0U);
}

TEST(SessionPair, H06ByesCross) {
  UaPair pair;
  const auto [caller, callee] = pair.call();
  pair.forget();
  pair.alice->terminate(caller, {}, pair.alice.now());
  pair.bob->terminate(callee, {}, pair.bob.now());
  pair.run();
  EXPECT_THAT(pair.ladder, ElementsAre("A>B BYE", "B>A BYE", "B>A 200 BYE", "A>B 200 BYE"));
  EXPECT_EQ(pair.alice->unfinished_session_count() + pair.bob->unfinished_session_count(), 0U);
  EXPECT_EQ(pair.alice.count<SessionEnded>() + pair.bob.count<SessionEnded>(), 2U);
}

TEST(SessionPair, BusyRefusesTheSecondCallAndLeavesTheFirst) {  // a known fault of SIP.js: the second replaces the first
  UaPair pair;
  const auto [caller, callee] = pair.call();
  pair.forget();
  pair.alice->invite(UaPair::to_bob(), pair.alice.now());
  pair.run();
  const auto second = pair.bob.told<IncomingSession>()->session;
  EXPECT_NE(second, callee);
  pair.bob->reject(second, 486, {}, pair.bob.now());
  pair.run();
  EXPECT_THAT(pair.ladder, ElementsAre("A>B INVITE", "B>A 100 INVITE", "B>A 486 INVITE", "A>B ACK"));  // no 180 before it
  EXPECT_EQ(pair.alice.told<SessionEnded>()->cause.status, 486);
  EXPECT_TRUE(pair.alice->reinvite(caller, sdp(), pair.alice.now()));
}

TEST(SessionPair, ManyCallsAtOnceLeaveNothing) {
  UaPair pair(false);
  std::vector<SessionId> callers;
  for (int i = 0; i < 50; ++i) callers.push_back(pair.call().first);
  EXPECT_EQ(pair.alice->session_count(), 50U);
  EXPECT_EQ(pair.bob->session_count(), 50U);
  for (const auto session : callers) pair.alice->terminate(session, {}, pair.alice.now());
  pair.advance(70s);
  EXPECT_EQ(pair.alice->unfinished_session_count() + pair.bob->unfinished_session_count(), 0U);
  EXPECT_EQ(pair.alice->stack().transaction_count() + pair.bob->stack().transaction_count(), 0U);
  EXPECT_EQ(pair.next_timeout(), std::nullopt);
}
