// SPDX-License-Identifier: MIT
#include <parley/tests/support/ua_pair.hpp>

#include <gmock/gmock.h>

using namespace parley;
using namespace parley::sip;
using namespace parley::test;
using namespace std::chrono_literals;
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
