// SPDX-License-Identifier: MIT
// The caller gives up: CANCEL, RFC 3261 s.9.1.
#include <parley/tests/support/caller.hpp>

#include <gmock/gmock.h>

using namespace parley;
using namespace parley::sip;
using namespace parley::test;
using namespace std::chrono_literals;
using ::testing::ElementsAre;

namespace {
using CallerCancel = Caller;
}

TEST_F(CallerCancel, D11WaitsForTheFirstProvisional) {  // RFC 3261 s.9.1
  const auto invite = call();
  EXPECT_TRUE(ua->terminate(session, {}, ua.now()));
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::Cancelled);
  ua.answer(invite, 100, {});
  EXPECT_TRUE(ua.sent().is(Method::Cancel));
  ua.answer(invite, 180);
  EXPECT_EQ(ua.unread(), 0U);  // D14
  EXPECT_EQ(ua.count<SessionProgress>(), 0U);
  ua.answer(invite, 487);
  EXPECT_TRUE(ua.sent().is(Method::Ack));
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
  EXPECT_EQ(ua.count<SessionEnded>(), 0U);
}

TEST_F(CallerCancel, D14IsMadeOnce) {
  const auto invite = call();
  ua.answer(invite, 180);
  ua->terminate(session, {}, ua.now());
  EXPECT_TRUE(ua.sent().is(Method::Cancel));
  ua.answer(invite, 180);
  ua.answer(invite, 183, "other");
  EXPECT_EQ(ua->terminate(session, {}, ua.now()).error().code, Errc::NoSession);
  ua.advance(31s);
  EXPECT_EQ(ua.unread(), 0U);
}

TEST_F(CallerCancel, D12CopiesTheInvite) {
  const auto invite = call();
  ua.answer(invite, 180);
  ua->terminate(session, "SIP;cause=200;text=\"elsewhere\"", ua.now());
  const auto cancel = ua.sent();
  ASSERT_TRUE(cancel.is(Method::Cancel));
  EXPECT_EQ(cancel.view().request_uri().text, invite.view().request_uri().text);
  EXPECT_EQ(cancel.view().via().text, invite.view().via().text);
  EXPECT_EQ(cancel.header(HeaderId::To), invite.header(HeaderId::To));
  EXPECT_EQ(cancel.header(HeaderId::From), invite.header(HeaderId::From));
  EXPECT_EQ(cancel.view().cseq().number, invite.view().cseq().number);
  EXPECT_TRUE(cancel.view().body().empty());
  EXPECT_EQ(cancel.header(HeaderId::Reason), "SIP;cause=200;text=\"elsewhere\"");  // H18
}

TEST_F(CallerCancel, D13Sec72A200ThatCrossesIsAckedAndEnded) {
  const auto invite = call();
  ua.answer(invite, 180);
  ua->terminate(session, {}, ua.now());
  const auto cancel = ua.sent();
  ua.answer_ok(invite);
  EXPECT_THAT(ua.labels(), ElementsAre("ACK", "BYE"));
  ua.answer(cancel, 200);
  EXPECT_EQ(ua.count<SessionEnded>(), 1U);
  EXPECT_EQ(ua.count<SessionEstablished>(), 0U);
}

TEST_F(CallerCancel, D13NoFinalAnswerIsGivenUpAfter64T1) {
  const auto invite = call();
  ua.answer(invite, 180);
  ua->terminate(session, {}, ua.now());
  ua.answer(ua.sent(), 200);
  ua.advance(32s - 1ms);
  EXPECT_EQ(ua->unfinished_session_count(), 1U);
  ua.advance(1ms);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
  ua.advance(1s);
  EXPECT_EQ(ua->stack().transaction_count(), 0U);
}

TEST_F(CallerCancel, D13AnInviteWhoseCancelCannotBeSentIsGivenUpToo) {  // RFC 3261 s.9.1
  const auto invite = call();
  ua.answer(invite, 180);
  ASSERT_TRUE(ua->terminate(session, std::string(70'000, 'x'), ua.now()));  // a Reason that no message has room for
  EXPECT_EQ(ua.unread(), 0U);
  ua.advance(32s - 1ms);
  EXPECT_EQ(ua->stack().transaction_count(), 1U);
  ua.advance(1ms);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
  EXPECT_EQ(ua->stack().transaction_count(), 0U);
}

TEST_F(CallerCancel, AWishBeforeTimerBNeedsNoCancel) {
  call();
  ua->terminate(session, {}, ua.now());
  ua.advance(33s);
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
  EXPECT_EQ(ua.count<SessionEnded>(), 1U);
}

TEST_F(CallerCancel, D14AfterTheFinalAnswerThereIsNone) {  // RFC 3261 s.9.1
  const auto invite = call();
  ua.answer(invite, 486);
  ua.forget_sent();
  EXPECT_EQ(ua->terminate(session, {}, ua.now()).error().code, Errc::NoSession);
  EXPECT_EQ(ua.unread(), 0U);
}
