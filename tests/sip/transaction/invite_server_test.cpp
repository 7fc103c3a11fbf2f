// SPDX-License-Identifier: MIT
#include <parley/sip/transaction/invite_server.hpp>

#include "machine_support.hpp"

namespace parley::sip {
namespace {

using namespace test;
using testing::ElementsAre;
using State = InviteServerTransaction::State;

struct InviteServer : ServerMachineTest<InviteServerTransaction> {
  InviteServer() : ServerMachineTest(invite_text, "INVITE") {}
};

const std::string ringing = response_text(180, "INVITE");
const std::string busy = response_text(486, "INVITE");
const std::string ok = response_text(200, "INVITE");

TEST_F(InviteServer, C11SendsTryingAfter200ms) {  // RFC 3261 s.17.2.1
  auto tx = begun(Reliable::No);
  EXPECT_THAT(tx.receive_copy(), IsNothing());  // there is nothing to send again yet
  EXPECT_EQ(tx.deadline(), at(200ms));
  EXPECT_THAT(tx.expire(at(199ms)), IsNothing());
  const Effects trying = tx.expire(at(200ms));
  EXPECT_THAT(trying, IsTrying("SIP/2.0 100 Trying\r\n"));
  EXPECT_NE(trying.bytes.view().find("To: <sip:bob@example.com>\r\n"), std::string_view::npos);  // no tag (E09)
  EXPECT_EQ(tx.deadline(), std::nullopt);
  EXPECT_THAT(tx.receive_copy(), IsRetransmission(trying.bytes.view()));
}

TEST_F(InviteServer, C11NoTryingWhenTheCoreAnswersFirst) {  // s.17.2.1
  auto tx = begun(Reliable::Yes);
  EXPECT_THAT(respond(tx, 180, at(100ms)), IsFirst(ringing));
  EXPECT_EQ(tx.deadline(), std::nullopt);
}

TEST_F(InviteServer, C11CopyTriggersLastProvisional) {  // s.17.2.1
  auto tx = begun(Reliable::No);
  respond(tx, 100, at(10ms));
  respond(tx, 180, at(1s));
  EXPECT_THAT(tx.receive_copy(), IsRetransmission(ringing));
  EXPECT_EQ(tx.state(), State::Proceeding);
}

TEST_F(InviteServer, C12RefusalIsRepeatedUntilTimerH) {  // s.17.2.1, timers G and H
  auto tx = begun(Reliable::No);
  EXPECT_THAT(respond(tx, 486, at(0ms)), IsFirst(busy));
  EXPECT_EQ(tx.state(), State::Completed);
  EXPECT_THAT(tx.receive_copy(), IsRetransmission(busy));
  Effects last;
  EXPECT_THAT(resend_times(tx, busy, last),
              ElementsAre(500ms, 1'500ms, 3'500ms, 7'500ms, 11'500ms, 15'500ms, 19'500ms, 23'500ms, 27'500ms, 31'500ms));
  EXPECT_THAT(last, IsTimeout());
  EXPECT_EQ(tx.state(), State::Terminated);
}

TEST_F(InviteServer, C12ReliableTransportHasNoTimerG) {  // s.17.2.1
  auto tx = begun(Reliable::Yes);
  respond(tx, 486, at(1s));
  EXPECT_EQ(tx.deadline(), at(33s));
  EXPECT_THAT(tx.expire(at(33s)), IsTimeout());
}

TEST_F(InviteServer, C12AckStopsGAndTimerIAbsorbsCopies) {  // s.17.2.1
  auto tx = begun(Reliable::No);
  respond(tx, 486, at(0ms));
  EXPECT_THAT(tx.receive_ack(at(1s)), IsNothing());
  EXPECT_EQ(tx.state(), State::Confirmed);
  EXPECT_EQ(tx.deadline(), at(6s));  // T4
  EXPECT_THAT(tx.receive_ack(at(2s)), IsNothing());
  EXPECT_THAT(tx.receive_copy(), IsNothing());
  EXPECT_EQ(tx.deadline(), at(6s));
  EXPECT_THAT(tx.expire(at(6s)), IsNothing());
  EXPECT_EQ(tx.state(), State::Terminated);
}

TEST_F(InviteServer, C12TimerIIsZeroOnReliableTransport) {  // s.17.2.1
  auto tx = begun(Reliable::Yes);
  respond(tx, 300, at(0ms));
  EXPECT_THAT(tx.receive_ack(at(1s)), IsNothing());
  EXPECT_EQ(tx.state(), State::Terminated);
  EXPECT_EQ(tx.deadline(), std::nullopt);
}

TEST_F(InviteServer, C13AcceptedAbsorbsCopiesForTimerL) {  // RFC 6026 s.7.1; on every transport
  for (const Reliable reliable : {Reliable::No, Reliable::Yes}) {
    auto tx = begun(reliable);
    respond(tx, 180, at(1s));
    EXPECT_THAT(respond(tx, 200, at(2s)), IsFirst(ok));
    EXPECT_EQ(tx.state(), State::Accepted);
    EXPECT_THAT(tx.receive_copy(), IsNothing());
    EXPECT_EQ(tx.deadline(), at(34s));                   // no timer G: the core repeats
    EXPECT_THAT(respond(tx, 200, at(3s)), IsFirst(ok));  // and that is its repetition
    EXPECT_EQ(tx.deadline(), at(34s));
    EXPECT_THAT(tx.receive_ack(at(4s)), IsDelivery());
    EXPECT_THAT(tx.expire(at(34s)), IsNothing());
    EXPECT_EQ(tx.state(), State::Terminated);
  }
}

TEST_F(InviteServer, C13SecondFinalResponseIsRefused) {  // RFC 6026 s.7.1
  auto accepted = begun(Reliable::No);
  respond(accepted, 200, at(1s));
  EXPECT_EQ(refusal(accepted, 486, at(2s)), Errc::WrongState);
  EXPECT_EQ(refusal(accepted, 180, at(2s)), Errc::WrongState);
  auto refused = begun(Reliable::No);
  respond(refused, 486, at(1s));
  EXPECT_EQ(refusal(refused, 200, at(2s)), Errc::WrongState);
  EXPECT_THAT(refused.receive_copy(), IsRetransmission(busy));
}

TEST_F(InviteServer, Sec71AckBeforeTheFinalResponseMeansNothing) {
  auto tx = begun(Reliable::Yes);
  EXPECT_THAT(tx.receive_ack(at(100ms)), IsNothing());
  EXPECT_EQ(tx.state(), State::Proceeding);
  EXPECT_EQ(tx.deadline(), at(200ms));
}

TEST_F(InviteServer, N08OverdueTimersRunOnce) {
  auto tx = begun(Reliable::No);
  respond(tx, 486, at(0ms));
  EXPECT_THAT(tx.expire(at(20s)), IsRetransmission(busy));
  EXPECT_EQ(tx.deadline(), at(21s));
}

}  // namespace
}  // namespace parley::sip
