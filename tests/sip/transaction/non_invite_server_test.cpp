// SPDX-License-Identifier: MIT
#include <parley/sip/transaction/non_invite_server.hpp>

#include "machine_support.hpp"

namespace parley::sip {
namespace {

using namespace test;
using State = NonInviteServerTransaction::State;

const std::string ok = response_text(200, "OPTIONS");

struct NonInviteServer : ServerMachineTest<NonInviteServerTransaction> {
  NonInviteServer() : ServerMachineTest(request_text("OPTIONS"), "OPTIONS") {}
};

TEST_F(NonInviteServer, C14CopyTriggersTheResponseUntilTimerJ) {  // RFC 3261 s.17.2.2
  auto tx = begun(Reliable::No);
  EXPECT_THAT(tx.receive_copy(), IsNothing());  // Trying: discarded
  EXPECT_THAT(respond(tx, 200, at(1s)), IsFirst(ok));
  EXPECT_EQ(tx.state(), State::Completed);
  EXPECT_THAT(tx.receive_copy(), IsRetransmission(ok));
  EXPECT_EQ(tx.deadline(), at(33s));
  EXPECT_THAT(tx.expire(at(32'999ms)), IsNothing());
  EXPECT_THAT(tx.expire(at(33s)), IsNothing());
  EXPECT_EQ(tx.state(), State::Terminated);
  EXPECT_EQ(tx.deadline(), std::nullopt);
}

TEST_F(NonInviteServer, C14TimerJIsZeroOnReliableTransport) {  // s.17.2.2
  auto tx = begun(Reliable::Yes);
  EXPECT_THAT(respond(tx, 200, at(1s)), IsFirst(ok));
  EXPECT_EQ(tx.state(), State::Terminated);
  EXPECT_THAT(tx.receive_copy(), IsNothing());
}

TEST_F(NonInviteServer, C14TryingWhenTimerEReachesT2) {  // RFC 4320 s.4.1: 0.5 + 1 + 2 s, on every transport
  for (const Reliable reliable : {Reliable::No, Reliable::Yes}) {
    auto tx = begun(reliable);
    EXPECT_EQ(tx.deadline(), at(3'500ms));
    EXPECT_THAT(tx.expire(at(3'499ms)), IsNothing());
    const Effects trying = tx.expire(at(3'500ms));
    EXPECT_THAT(trying, IsTrying("SIP/2.0 100 Trying\r\n"));
    EXPECT_NE(trying.bytes.view().find("Timestamp: 54"), std::string_view::npos);  // E10
    EXPECT_EQ(tx.state(), State::Proceeding);
    EXPECT_THAT(tx.receive_copy(), IsRetransmission(trying.bytes.view()));
    EXPECT_THAT(respond(tx, 200, at(5s)), IsFirst(ok));
  }
}

TEST_F(NonInviteServer, C14NoProvisionalBut100) {  // RFC 4320 s.4.1
  auto tx = begun(Reliable::No);
  EXPECT_EQ(refusal(tx, 180, at(5s)), Errc::BadValue);
  EXPECT_EQ(refusal(tx, 183, at(5s)), Errc::BadValue);
  EXPECT_EQ(refusal(tx, 100, at(3'499ms)), Errc::WrongState);  // too early on an unreliable transport
  EXPECT_EQ(tx.state(), State::Trying);
  respond(tx, 100, at(3'500ms));
  EXPECT_EQ(tx.state(), State::Proceeding);
  auto stream = begun(Reliable::Yes);
  EXPECT_THAT(respond(stream, 100, at(1ms)), IsFirst(response_text(100, "OPTIONS")));  // at any time on a reliable one
  EXPECT_EQ(stream.deadline(), at(32s));
}

TEST_F(NonInviteServer, C14No408IsSent) {  // RFC 4320 s.4.2
  auto tx = begun(Reliable::Yes);
  EXPECT_EQ(refusal(tx, 408, at(1s)), Errc::BadValue);
  EXPECT_EQ(tx.state(), State::Trying);
  respond(tx, 480, at(2s));
}

TEST_F(NonInviteServer, C14UnansweredRequestEndsWithTheClients) {  // RFC 4320 s.4.2: too late for any final response
  auto tx = begun(Reliable::No);
  tx.expire(at(3'500ms));
  EXPECT_EQ(tx.deadline(), at(32s));
  EXPECT_THAT(tx.expire(at(32s)), IsTimeout());
  EXPECT_EQ(tx.state(), State::Terminated);
  EXPECT_EQ(refusal(tx, 200, at(33s)), Errc::WrongState);
}

TEST_F(NonInviteServer, C14SecondFinalResponseIsRefused) {  // s.17.2.2: discarded in Completed
  auto tx = begun(Reliable::No);
  respond(tx, 200, at(1s));
  EXPECT_EQ(refusal(tx, 404, at(2s)), Errc::WrongState);
  EXPECT_THAT(tx.receive_copy(), IsRetransmission(ok));
}

TEST_F(NonInviteServer, C14UnusualTimersStillEnd) {
  timers.t1 = 5s;  // above T2: the 100 is allowed at once
  auto tx = begun(Reliable::No);
  EXPECT_EQ(tx.deadline(), at(0ms));
  EXPECT_THAT(tx.expire(at(0ms)), IsTrying("SIP/2.0 100 "));
  EXPECT_EQ(tx.deadline(), at(320s));
}

}  // namespace
}  // namespace parley::sip
