// SPDX-License-Identifier: MIT
#include <parley/sip/transaction/invite_client.hpp>

#include "machine_support.hpp"

namespace parley::sip {
namespace {

using namespace test;
using testing::ElementsAre;
using State = InviteClientTransaction::State;

class InviteClientTransactionTest : public testing::Test {
 protected:
  InviteClientTransaction begun(Reliable reliable) {
    InviteClientTransaction tx{SharedBytes{invite_text}, reliable, timers};
    EXPECT_THAT(tx.begin(at(0ms)), IsFirst(invite_text));
    return tx;
  }
  TimerValues timers;
};
using InviteClient = InviteClientTransactionTest;

TEST_F(InviteClient, C02RetransmitsUntil64T1) {  // RFC 3261 s.17.1.1.2, timer A
  auto tx = begun(Reliable::No);
  Effects last;
  EXPECT_THAT(resend_times(tx, invite_text, last), ElementsAre(500ms, 1'500ms, 3'500ms, 7'500ms, 15'500ms, 31'500ms));
  EXPECT_THAT(last, IsTimeout());
}

TEST_F(InviteClient, C03ReliableTransportNeverRetransmits) {  // s.17.1.1.2: timer A is not started
  auto tx = begun(Reliable::Yes);
  EXPECT_EQ(tx.deadline(), at(32s));
}

TEST_F(InviteClient, C04TimerBGivesUpAfter64T1) {  // s.17.1.1.2, timer B
  auto tx = begun(Reliable::Yes);
  EXPECT_THAT(tx.expire(at(31'999ms)), IsNothing());
  EXPECT_EQ(tx.state(), State::Calling);
  EXPECT_THAT(tx.expire(at(32s)), IsTimeout());
  EXPECT_EQ(tx.state(), State::Terminated);
  EXPECT_EQ(tx.deadline(), std::nullopt);  // C20: no timer after termination
}

TEST_F(InviteClient, C05ProvisionalStopsTimersAAndB) {  // s.17.1.1.2: Proceeding has no timer
  auto tx = begun(Reliable::No);
  EXPECT_THAT(tx.receive(Response(100, "INVITE", ""), at(1s)), IsDelivery());
  EXPECT_EQ(tx.state(), State::Proceeding);
  EXPECT_EQ(tx.deadline(), std::nullopt);
  EXPECT_THAT(tx.receive(Response(180, "INVITE"), at(2s)), IsDelivery());
  EXPECT_THAT(tx.receive(Response(180, "INVITE"), at(3s)), IsDelivery());
  EXPECT_EQ(tx.deadline(), std::nullopt);
}

TEST_F(InviteClient, C06RefusalIsDeliveredOnceAndEachCopyAcked) {  // s.17.1.1.2, timer D
  auto tx = begun(Reliable::No);
  tx.receive(Response(180, "INVITE"), at(1s));
  const Effects first = tx.receive(Response(486, "INVITE"), at(2s));
  EXPECT_EQ(first.sending, Effects::Sending::Ack);
  EXPECT_EQ(first.telling, Effects::Telling::Deliver);
  EXPECT_EQ(tx.state(), State::Completed);
  const Effects copy = tx.receive(Response(486, "INVITE"), at(3s));
  EXPECT_EQ(copy.sending, Effects::Sending::Ack);
  EXPECT_EQ(copy.telling, Effects::Telling::Nothing);
  EXPECT_EQ(copy.bytes.view().data(), first.bytes.view().data());  // the same block: nothing is allocated for a copy
  EXPECT_THAT(tx.receive(Response(180, "INVITE"), at(3s)), IsNothing());
  EXPECT_EQ(tx.deadline(), at(34s));  // D counts from the first
  EXPECT_THAT(tx.expire(at(33'999ms)), IsNothing());
  EXPECT_EQ(tx.state(), State::Completed);
  EXPECT_THAT(tx.expire(at(34s)), IsNothing());
  EXPECT_EQ(tx.state(), State::Terminated);
}

TEST_F(InviteClient, C06RefusalInCallingState) {  // s.17.1.1.2: from Calling as from Proceeding
  auto tx = begun(Reliable::No);
  EXPECT_EQ(tx.receive(Response(300, "INVITE"), at(1s)).sending, Effects::Sending::Ack);
  EXPECT_EQ(tx.state(), State::Completed);
  EXPECT_EQ(tx.deadline(), at(33s));
}

TEST_F(InviteClient, C06TimerDIsZeroOnReliableTransport) {  // s.17.1.1.2
  auto tx = begun(Reliable::Yes);
  const Effects effects = tx.receive(Response(603, "INVITE"), at(1s));
  EXPECT_EQ(effects.sending, Effects::Sending::Ack);
  EXPECT_EQ(effects.telling, Effects::Telling::Deliver);
  EXPECT_TRUE(effects.bytes.view().starts_with("ACK "));
  EXPECT_EQ(tx.state(), State::Terminated);
  EXPECT_EQ(tx.deadline(), std::nullopt);
}

TEST_F(InviteClient, C06TimerDIsNeverBelow32Seconds) {  // s.17.1.1.2: the server's T1 is not known
  timers.t1 = 10ms;
  auto tx = begun(Reliable::No);
  tx.receive(Response(404, "INVITE"), at(0ms));
  EXPECT_EQ(tx.deadline(), at(32s));
  timers.t1 = 1s;
  auto slow = begun(Reliable::No);
  slow.receive(Response(404, "INVITE"), at(0ms));
  EXPECT_EQ(slow.deadline(), at(64s));
}

TEST_F(InviteClient, C07AckOfRefusal) {  // s.17.1.1.3; credentials: s.22.1
  auto tx = begun(Reliable::No);
  EXPECT_EQ(tx.receive(Response(486, "INVITE", "callee"), at(1s)).bytes,
            "ACK sip:bob@example.com SIP/2.0\r\n"
            "Via: SIP/2.0/UDP client.invalid;branch=z9hG4bKtop;rport\r\n"
            "Max-Forwards: 70\r\n"
            "Route: <sip:p1.example.com;lr>\r\n"
            "Route: <sip:p2.example.com;lr>,<sip:p3.example.com;lr>\r\n"
            "From: \"Alice\" <sip:alice@example.com>;tag=a1\r\n"
            "To: <sip:bob@example.com>;tag=callee\r\n"
            "Call-ID: call-1\r\n"
            "CSeq: 7 ACK\r\n"
            "Proxy-Authorization: Digest username=\"alice\"\r\n"
            "Content-Length: 0\r\n"
            "\r\n");
}

TEST_F(InviteClient, C07AckOfAProxysInviteHasOneVia) {  // s.17.1.1.3: the top Via alone
  std::string forwarded = invite_text;
  forwarded.insert(forwarded.find("Max-Forwards"), "Via: SIP/2.0/WS caller.invalid;branch=z9hG4bKbelow\r\n");
  InviteClientTransaction tx{SharedBytes{forwarded}, Reliable::No, timers};
  tx.begin(at(0ms));
  const Effects effects = tx.receive(Response(486, "INVITE"), at(1s));
  EXPECT_EQ(effects.bytes.view().find("below"), std::string_view::npos);
  EXPECT_NE(effects.bytes.view().find("z9hG4bKtop"), std::string_view::npos);
}

TEST_F(InviteClient, C08AcceptedHandsUpEach2xxFor64T1) {  // RFC 6026 s.7.2, timer M; on every transport
  for (const Reliable reliable : {Reliable::No, Reliable::Yes}) {
    auto tx = begun(reliable);
    EXPECT_THAT(tx.receive(Response(200, "INVITE"), at(2s)), IsDelivery());
    EXPECT_EQ(tx.state(), State::Accepted);
    EXPECT_TRUE(tx.request().empty());  // a lingering transaction keeps no request
    EXPECT_THAT(tx.receive(Response(200, "INVITE"), at(3s)), IsDelivery());
    EXPECT_THAT(tx.receive(Response(200, "INVITE", "fork"), at(4s)), IsDelivery());
    EXPECT_THAT(tx.receive(Response(180, "INVITE", "fork2"), at(4s)), IsNothing());
    EXPECT_THAT(tx.receive(Response(486, "INVITE", "fork2"), at(4s)), IsNothing());
    EXPECT_EQ(tx.deadline(), at(34s));
    EXPECT_THAT(tx.expire(at(34s)), IsNothing());
    EXPECT_EQ(tx.state(), State::Terminated);
    EXPECT_THAT(tx.receive(Response(200, "INVITE"), at(35s)), IsNothing());
  }
}

TEST_F(InviteClient, C20NothingHappensAfterTermination) {
  auto tx = begun(Reliable::Yes);
  tx.receive(Response(486, "INVITE"), at(1s));
  EXPECT_THAT(tx.receive(Response(486, "INVITE"), at(2s)), IsNothing());
  EXPECT_THAT(tx.receive(Response(180, "INVITE"), at(2s)), IsNothing());
}

TEST_F(InviteClient, N08OverdueTimersRunOnce) {  // a suspended device
  auto tx = begun(Reliable::No);
  EXPECT_THAT(tx.expire(at(20s)), IsRetransmission(invite_text));
  EXPECT_EQ(tx.deadline(), at(21s));
  EXPECT_THAT(tx.expire(at(40s)), IsTimeout());
}

TEST_F(InviteClient, D13CancelledInviteIsGivenUpAfter64T1) {  // s.9.1, last paragraph
  auto tx = begun(Reliable::No);
  EXPECT_FALSE(tx.can_cancel());  // D11: not before a 1xx
  tx.cancelled(at(0ms));
  EXPECT_EQ(tx.deadline(), at(500ms));
  tx.receive(Response(180, "INVITE"), at(1s));
  EXPECT_TRUE(tx.can_cancel());
  tx.cancelled(at(10s));
  EXPECT_FALSE(tx.can_cancel());  // D14: no second one
  tx.receive(Response(180, "INVITE"), at(11s));
  EXPECT_EQ(tx.deadline(), at(42s));
  EXPECT_THAT(tx.expire(at(42s)), IsTimeout());
}

TEST_F(InviteClient, D13FinalResponseAfterCancelEndsTheLimit) {  // s.9.1: 487 or a crossing 200
  auto tx = begun(Reliable::No);
  tx.receive(Response(180, "INVITE"), at(1s));
  tx.cancelled(at(2s));
  auto crossed = tx;
  EXPECT_EQ(tx.receive(Response(487, "INVITE"), at(3s)).sending, Effects::Sending::Ack);
  EXPECT_THAT(tx.expire(at(35s)), IsNothing());
  EXPECT_THAT(crossed.receive(Response(200, "INVITE"), at(3s)), IsDelivery());
  EXPECT_THAT(crossed.expire(at(35s)), IsNothing());
}

}  // namespace
}  // namespace parley::sip
