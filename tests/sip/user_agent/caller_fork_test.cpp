// SPDX-License-Identifier: MIT
// More than one 2xx to an INVITE of ours: RFC 3261 s.13.2.2.4.
#include <parley/tests/support/caller.hpp>

#include <gmock/gmock.h>

using namespace parley;
using namespace parley::sip;
using namespace parley::test;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {
using CallerFork = Caller;
}

TEST_F(CallerFork, H02FurtherForksAreAckedAndEndedEachOnItsOwnWay) {  // RFC 3261 s.13.2.2.4
  const auto invite = call();
  ua.answer_ok(invite, "one");
  ua.sent();
  ua.answer(invite, 200, "two", {{"Contact", "<sip:bob@192.0.2.3>"}, {"Record-Route", "<sip:p9;lr>"}}, sdp_answer);
  const auto second_ack = ua.sent();
  EXPECT_TRUE(second_ack.is(Method::Ack));
  EXPECT_EQ(second_ack.view().request_uri().text, "sip:bob@192.0.2.3");
  EXPECT_EQ(second_ack.header(HeaderId::Route), "<sip:p9;lr>");
  EXPECT_EQ(second_ack.view().to_tag(), "two");
  const auto bye = ua.sent();
  EXPECT_TRUE(bye.is(Method::Bye));
  EXPECT_EQ(bye.view().to_tag(), "two");
  EXPECT_EQ(bye.header(HeaderId::Route), "<sip:p9;lr>");
  EXPECT_EQ(bye.view().cseq().number, invite.view().cseq().number + 1);
  EXPECT_THAT(bye.header(HeaderId::Reason), HasSubstr("cause=200"));  // H18
  ua.answer(bye, 200);
  ua.answer(invite, 200, "two", {{"Contact", "<sip:bob@192.0.2.3>"}}, sdp_answer);
  EXPECT_EQ(ua.sent().text(), second_ack.text());  // a copy: the same ACK, no second BYE
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua.count<SessionEstablished>(), 1U);
  EXPECT_EQ(ua->session_count(), 1U);
  ua->terminate(session, {}, ua.now());
  EXPECT_EQ(ua.sent().view().to_tag(), "one");
}

TEST_F(CallerFork, H02AForkAfterTheCallHasEndedIsEndedToo) {
  const auto invite = up();
  ua->terminate(session, {}, ua.now());
  ua.answer(ua.sent(), 200);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
  ua.answer_ok(invite, "late");
  EXPECT_THAT(ua.labels(), ElementsAre("ACK", "BYE"));
}

TEST_F(CallerFork, ManyForksAreBounded) {
  const auto invite = up();
  for (int i = 0; i < 100; ++i) ua.answer_ok(invite, "fork" + std::to_string(i));
  EXPECT_LE(ua.unread(), 32U);
}

TEST_F(CallerFork, H02StraysAreBoundedToo) {  // whoever knows our Via and the call could make us send without end
  const auto invite = up();
  ua.advance(40s);
  for (int i = 0; i < 100; ++i) ua.answer_ok(invite, "fork" + std::to_string(i));
  EXPECT_EQ(ua.unread(), 32U);
}

TEST_F(CallerFork, B13StraysOfNoInviteOfOursAreDropped) {
  const auto invite = up();
  ua.advance(40s);
  auto other_number = Probe::response(invite, 200, "fork", {{"Contact", "<sip:bob@192.0.2.3>"}}, sdp_answer);
  other_number.replace(other_number.find("CSeq: 1 "), 8, "CSeq: 2 ");
  ua.receive(other_number);
  EXPECT_EQ(ua.unread(), 0U);
  ua->flow_opened(FlowId{7}, websocket("alice.invalid"), ua.now());
  ua.answer(invite, 200, "fork", {{"Contact", "<sip:bob@192.0.2.3>"}}, sdp_answer, FlowId{7});
  EXPECT_EQ(ua.unread(), 0U);
}

TEST_F(CallerFork, H02A200AfterARefusalIsAckedAndEnded) {  // RFC 3261 s.16.7 step 10: a proxy passes it on all the same
  const auto invite = call();
  ua.answer(invite, 404, "one");
  ua.forget_sent();
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
  ua.answer_ok(invite, "two");
  const auto fork_ack = ua.sent();
  ASSERT_TRUE(fork_ack.is(Method::Ack)) << fork_ack.label();
  EXPECT_EQ(fork_ack.view().cseq().number, 1U);
  EXPECT_EQ(fork_ack.view().to_tag(), "two");
  const auto bye = ua.sent();
  ASSERT_TRUE(bye.is(Method::Bye));
  EXPECT_EQ(bye.view().cseq().number, 2U);
  ua.answer(bye, 200);
  ua.answer_ok(invite, "two");
  EXPECT_EQ(ua.sent().text(), fork_ack.text());  // a copy: no second BYE
  for (int i = 0; i < 100; ++i) ua.answer_ok(invite, "fork" + std::to_string(i));
  EXPECT_LE(ua.unread(), 32U);
  EXPECT_EQ(ua.count<SessionEnded>(), 1U);
  ua.forget_sent();
  ua.advance(33s);
  ua.forget_sent();
  ua.answer_ok(invite, "three");
  EXPECT_EQ(ua.unread(), 0U) << "64*T1 are over";
}

TEST_F(CallerFork, H02A200ThatIsLateForTimerBIsEndedToo) {
  const auto invite = call();
  ua.advance(32s);
  EXPECT_TRUE(ua.told<SessionEnded>());
  ua.forget_sent();
  ua.answer_ok(invite, "late");
  EXPECT_THAT(ua.labels(), ElementsAre("ACK", "BYE"));
}
