// SPDX-License-Identifier: MIT
#include <parley/sip/transaction/non_invite_client.hpp>

#include "machine_support.hpp"

namespace parley::sip {
namespace {

using namespace test;
using testing::ElementsAre;
using State = NonInviteClientTransaction::State;

const std::string options = request_text("OPTIONS");

class NonInviteClientTransactionTest : public testing::Test {
 protected:
  NonInviteClientTransaction begun(Reliable reliable) {
    NonInviteClientTransaction tx{SharedBytes{options}, reliable, timers};
    EXPECT_THAT(tx.begin(at(0ms)), IsFirst(options));
    return tx;
  }
  TimerValues timers;
};
using NonInviteClient = NonInviteClientTransactionTest;

TEST_F(NonInviteClient, C09RetransmitsDoublingToT2ThenGivesUp) {  // RFC 3261 s.17.1.2.2, timers E and F in Trying
  auto tx = begun(Reliable::No);
  Effects last;
  EXPECT_THAT(resend_times(tx, options, last),
              ElementsAre(500ms, 1'500ms, 3'500ms, 7'500ms, 11'500ms, 15'500ms, 19'500ms, 23'500ms, 27'500ms, 31'500ms));
  EXPECT_THAT(last, IsTimeout());
  EXPECT_EQ(tx.state(), State::Terminated);
}

TEST_F(NonInviteClient, C09RetransmitsEachT2InProceeding) {  // s.17.1.2.2: E is reset with T2; F goes on
  auto tx = begun(Reliable::No);
  EXPECT_THAT(tx.receive(Response(100, "OPTIONS", ""), at(100ms)), IsDelivery());
  EXPECT_EQ(tx.state(), State::Proceeding);
  Effects last;
  EXPECT_THAT(resend_times(tx, options, last), ElementsAre(500ms, 4'500ms, 8'500ms, 12'500ms, 16'500ms, 20'500ms, 24'500ms, 28'500ms));
  EXPECT_THAT(last, IsTimeout());
}

TEST_F(NonInviteClient, C03ReliableTransportNeverRetransmits) {
  auto tx = begun(Reliable::Yes);
  EXPECT_EQ(tx.deadline(), at(32s));
  EXPECT_THAT(tx.expire(at(32s)), IsTimeout());  // F on every transport
  EXPECT_EQ(tx.deadline(), std::nullopt);
}

TEST_F(NonInviteClient, C09TimerKAbsorbsCopiesForT4) {  // s.17.1.2.2
  auto tx = begun(Reliable::No);
  EXPECT_THAT(tx.receive(Response(200, "OPTIONS"), at(1s)), IsDelivery());
  EXPECT_EQ(tx.state(), State::Completed);
  EXPECT_THAT(tx.receive(Response(200, "OPTIONS"), at(2s)), IsNothing());
  EXPECT_EQ(tx.deadline(), at(6s));
  EXPECT_THAT(tx.expire(at(6s)), IsNothing());
  EXPECT_EQ(tx.state(), State::Terminated);
}

TEST_F(NonInviteClient, C09TimerKIsZeroOnReliableTransport) {  // s.17.1.2.2
  auto tx = begun(Reliable::Yes);
  EXPECT_THAT(tx.receive(Response(404, "OPTIONS"), at(1s)), IsDelivery());
  EXPECT_EQ(tx.state(), State::Terminated);
  EXPECT_EQ(tx.deadline(), std::nullopt);
  EXPECT_THAT(tx.receive(Response(404, "OPTIONS"), at(2s)), IsNothing());
}

TEST_F(NonInviteClient, C09FinalAfterProvisional) {
  auto tx = begun(Reliable::No);
  tx.receive(Response(100, "OPTIONS", ""), at(1s));
  EXPECT_THAT(tx.receive(Response(603, "OPTIONS"), at(2s)), IsDelivery());
  EXPECT_EQ(tx.state(), State::Completed);
  EXPECT_EQ(tx.deadline(), at(7s));
}

TEST_F(NonInviteClient, N08OverdueTimersRunOnce) {
  auto tx = begun(Reliable::No);
  EXPECT_THAT(tx.expire(at(499ms)), IsNothing());
  EXPECT_THAT(tx.expire(at(10s)), IsRetransmission(options));
  EXPECT_EQ(tx.deadline(), at(11s));
}

}  // namespace
}  // namespace parley::sip
