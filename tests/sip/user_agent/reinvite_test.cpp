// SPDX-License-Identifier: MIT
// Re-INVITE both ways against a scripted peer: RFC 3261 s.14, RFC 5407, RFC 6141.
#include <parley/tests/support/ua_probe.hpp>

#include <gmock/gmock.h>

#include <set>

using namespace parley;
using namespace parley::sip;
using namespace parley::test;
using namespace std::chrono_literals;
using ::testing::ElementsAre;

namespace {

/// A call that is up. As caller the peer's tag is "peer" and the dialog is named by our INVITE, as callee by our 200.
struct Reinvite : ::testing::Test {
  Reinvite() : ua(Probe::alice()) {}

  void up_as_caller() {
    InviteRequest request;
    request.target = "sip:bob@example.com";
    request.offer = sdp();
    session = ua->invite(request, ua.now()).value();
    ours = ua.sent();
    ua.answer_ok(ours);
    ours = ua.sent();  // the ACK: its To has the peer's tag
    ua.forget_told();
  }
  void up_as_callee() {
    ua.receive(peer_invite().text());
    session = ua.told<IncomingSession>()->session;
    ua->accept(session, sdp(sdp_answer), {}, ua.now());
    ua.sent();
    ours = ua.sent();
    ua.receive(in_dialog(ours, "ACK", 1, "z9hG4bKack").text());
    ua.forget_told();
  }
  Wire reinvite() {
    EXPECT_TRUE(ua->reinvite(session, sdp(), ua.now()));
    return ua.sent();
  }
  PeerRequest theirs(std::uint32_t cseq, std::string branch, std::string_view body = sdp_offer) {
    auto request = in_dialog(ours, "INVITE", cseq, "z9hG4bK" + branch);
    request.headers = {{"Contact", "<sip:bob@192.0.2.99>"}};
    if (!body.empty()) {
      request.content_type = "application/sdp";
      request.body = body;
    }
    return request;
  }
  void acknowledge(std::uint32_t cseq, std::string_view body = {}) {
    auto ack = theirs(cseq, "ack" + std::to_string(cseq), body);
    ack.method = "ACK";
    ua.receive(ack.text());
  }
  /// The call works on: both may change it.
  void expect_unharmed() {
    EXPECT_EQ(ua.count<SessionEnded>(), 0U);
    const auto again = reinvite();
    EXPECT_TRUE(again.is(Method::Invite));
    ua.answer(again, 200, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}}, sdp_answer);
    EXPECT_TRUE(ua.sent().is(Method::Ack));
    EXPECT_TRUE(ua.told<AnswerReceived>());
  }

  Probe ua;
  SessionId session{};
  Wire ours;
};

using ReinviteOut = Reinvite;
using ReinviteIn = Reinvite;
using ReinviteGlare = Reinvite;

}  // namespace

TEST_F(ReinviteOut, GoesOutInTheDialogAndIsAcked) {
  up_as_caller();
  const auto wire = reinvite();
  EXPECT_EQ(wire.view().to_tag(), "peer");
  EXPECT_EQ(wire.view().cseq().number, ours.view().cseq().number + 1);
  EXPECT_EQ(wire.view().contact().uri.text, "sip:a1@alice.invalid;transport=ws");
  ua.answer(wire, 200, "peer", {{"Contact", "<sip:bob@192.0.2.77>"}}, sdp_answer);
  const auto ack = ua.sent();
  EXPECT_TRUE(ack.is(Method::Ack));
  EXPECT_EQ(ack.view().cseq().number, wire.view().cseq().number);
  EXPECT_EQ(ack.view().request_uri().text, "sip:bob@192.0.2.77");  // G08
  EXPECT_EQ(ua.told<AnswerReceived>()->body, sdp_answer);
  EXPECT_EQ(ua.count<SessionEstablished>(), 0U);
  ua.answer(wire, 200, "peer", {{"Contact", "<sip:bob@192.0.2.77>"}}, sdp_answer);
  EXPECT_EQ(ua.sent().text(), ack.text());
  expect_unharmed();
}

TEST_F(ReinviteOut, CalleeMayToo) {
  up_as_callee();
  const auto wire = reinvite();
  EXPECT_EQ(wire.view().from_tag(), ours.view().to_tag());
  EXPECT_EQ(wire.view().to_tag(), "peer");
  ua.answer(wire, 200, "peer", {}, sdp_answer);
  EXPECT_TRUE(ua.sent().is(Method::Ack));
}

TEST_F(ReinviteOut, H08OnlyOneAtATime) {
  up_as_caller();
  const auto wire = reinvite();
  EXPECT_EQ(ua->reinvite(session, sdp(), ua.now()).error().code, Errc::Busy);
  ua.answer(wire, 200, "peer", {}, sdp_answer);
  ua.sent();
  ua.receive(theirs(1, "r1").text());
  EXPECT_EQ(ua->reinvite(session, sdp(), ua.now()).error().code, Errc::Busy);
  ua->accept_reinvite(session, sdp(sdp_answer), ua.now());
  EXPECT_EQ(ua->reinvite(session, sdp(), ua.now()).error().code, Errc::Busy);  // its ACK is awaited
  acknowledge(1);
  EXPECT_TRUE(ua->reinvite(session, sdp(), ua.now()));
}

TEST_F(ReinviteOut, H08NotBeforeTheAckOfTheFirst) {
  ua.receive(peer_invite().text());
  session = ua.told<IncomingSession>()->session;
  EXPECT_EQ(ua->reinvite(session, sdp(), ua.now()).error().code, Errc::WrongState);
  ua->accept(session, sdp(sdp_answer), {}, ua.now());
  EXPECT_EQ(ua->reinvite(session, sdp(), ua.now()).error().code, Errc::Busy);
}

TEST_F(ReinviteOut, H10Sec73ARefusalLeavesAllAsItWasAndAnotherMayFollow) {  // a known fault of SIP.js
  for (const int code : {400, 403, 415, 422, 480, 486, 487, 488, 500, 503, 600, 606, 302}) {
    const auto status = static_cast<StatusCode>(code);
    up_as_caller();
    const auto wire = reinvite();
    ua.answer(wire, status, "peer", {{"Contact", "<sip:elsewhere@192.0.2.66>"}});
    EXPECT_TRUE(ua.sent().is(Method::Ack));
    const auto refused = ua.told<ReinviteRefused>();
    ASSERT_TRUE(refused) << status;
    EXPECT_EQ(refused->error.code, Errc::Declined);
    EXPECT_EQ(refused->error.status, status);
    EXPECT_EQ(ua.count<ReinviteDue>(), 0U);
    const auto again = reinvite();
    EXPECT_EQ(again.view().request_uri().text, "sip:bob@192.0.2.2");
    ua.answer(again, 200, "peer", {}, sdp_answer);
    EXPECT_TRUE(ua.told<AnswerReceived>());
    EXPECT_EQ(ua.count<SessionEnded>(), 0U) << status;
    ua.forget_sent();
  }
}

TEST_F(ReinviteOut, G10Sec73A481EndsTheCallWithoutBye) {  // RFC 5057 s.5.1
  up_as_caller();
  ua.answer(reinvite(), 481);
  EXPECT_THAT(ua.labels(), ElementsAre("ACK"));
  const auto ended = ua.told<SessionEnded>();
  EXPECT_EQ(ended->cause.kind, EndCause::Kind::Gone);
  EXPECT_EQ(ended->cause.status, 481);
  EXPECT_EQ(ua.count<ReinviteRefused>(), 0U);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}

TEST_F(ReinviteOut, G10Sec73A408EndsTheCallByBye) {  // RFC 3261 s.12.2.1.2
  up_as_caller();
  ua.answer(reinvite(), 408);
  EXPECT_THAT(ua.labels(), ElementsAre("ACK", "BYE"));
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::Gone);
}

TEST_F(ReinviteOut, H10SilenceEndsTheCallOnce) {
  up_as_caller();
  reinvite();
  ua.advance(32s);
  EXPECT_THAT(ua.labels(), ElementsAre("BYE"));
  const auto ended = ua.told<SessionEnded>();
  EXPECT_EQ(ended->cause.kind, EndCause::Kind::Gone);
  EXPECT_EQ(ended->cause.status, 408);
  ua.advance(64s);
  EXPECT_EQ(ua.count<SessionEnded>(), 0U);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}

TEST_F(ReinviteOut, ProvisionalsForEverAreCancelled) {
  up_as_caller();
  const auto wire = reinvite();
  ua.answer(wire, 180);
  ua.advance(60s);
  EXPECT_TRUE(ua.sent().is(Method::Cancel));
  ua.answer(wire, 487);
  EXPECT_EQ(ua.told<ReinviteRefused>()->error.status, 487);
  EXPECT_EQ(ua.count<SessionEnded>(), 0U);
}

TEST_F(ReinviteOut, H15A200WithoutAnswerEndsTheCall) {
  up_as_caller();
  ua.answer(reinvite(), 200);
  EXPECT_THAT(ua.labels(), ElementsAre("ACK", "BYE"));
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::Failed);
}

TEST_F(ReinviteOut, H11WithoutOfferTheAckAnswers) {
  up_as_caller();
  EXPECT_TRUE(ua->reinvite(session, {}, ua.now()));
  const auto wire = ua.sent();
  EXPECT_TRUE(wire.view().body().empty());
  ua.answer(wire, 200, "peer", {}, sdp_offer);
  EXPECT_EQ(ua.told<OfferReceived>()->place, OfferPlace::Response2xx);
  EXPECT_EQ(ua.unread(), 0U);
  ua.receive(theirs(1, "r1").text());
  EXPECT_TRUE(ua.sent().is(491));  // ours is not over before its ACK
  EXPECT_TRUE(ua->acknowledge(session, sdp(sdp_answer), ua.now()));
  EXPECT_EQ(ua.sent().view().body(), sdp_answer);
  EXPECT_EQ(ua.count<SessionEstablished>(), 0U);
}

TEST_F(ReinviteOut, G05A200WithAnotherCSeqIsNotOurs) {
  up_as_caller();
  const auto first = reinvite();
  auto ok = Probe::response(first, 200, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}}, sdp_answer);
  ok.replace(ok.find("CSeq: 2 "), 8, "CSeq: 9 ");
  ua.receive(ok);
  EXPECT_EQ(ua.unread(), 0U);
  ua.answer(first, 200, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}}, sdp_answer);
  EXPECT_EQ(ua.sent().view().cseq().number, 2U);
  EXPECT_TRUE(ua.told<AnswerReceived>());
}

TEST_F(ReinviteOut, A200AfterHangUpIsAcked) {  // RFC 5407 s.3.2.3
  up_as_caller();
  const auto wire = reinvite();
  ua->terminate(session, {}, ua.now());
  const auto bye = ua.sent();
  EXPECT_TRUE(bye.is(Method::Bye));
  EXPECT_EQ(bye.view().cseq().number, wire.view().cseq().number + 1);
  ua.answer(bye, 200);
  ua.answer(wire, 200, "peer", {}, sdp_answer);
  EXPECT_THAT(ua.labels(), ElementsAre("ACK"));
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
  EXPECT_EQ(ua.count<AnswerReceived>(), 0U);
}

TEST_F(ReinviteOut, ByeOfThePeerWhileOursIsPending) {  // RFC 5407 s.3.2.2
  up_as_caller();
  const auto wire = reinvite();
  ua.receive(in_dialog(ours, "BYE", 1, "z9hG4bKb").text());
  EXPECT_TRUE(ua.sent().is(200));
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::RemoteHangup);
  ua.answer(wire, 487);
  EXPECT_TRUE(ua.sent().is(Method::Ack));
  EXPECT_EQ(ua.count<ReinviteRefused>(), 0U);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}

TEST_F(ReinviteOut, OneThatNoMessageHasRoomForIsRefusedAndChangesNothing) {
  up_as_caller();
  EXPECT_FALSE(ua->reinvite(session, sdp(std::string(70'000, 'x')), ua.now()));
  EXPECT_EQ(ua.unread(), 0U);
  expect_unharmed();
}

TEST_F(ReinviteOut, OneThatIsPendingAtTheEndOfTheCallIsAwaitedFor64T1) {  // RFC 3261 s.9.1
  for (const bool ours_ends : {true, false}) {
    up_as_caller();
    const auto wire = reinvite();
    ua.answer(wire, 180);
    if (ours_ends) {
      ua->terminate(session, {}, ua.now());
      ua.answer(ua.sent(), 200);
    } else {
      ua.receive(in_dialog(ours, "BYE", 1, "z9hG4bKb").text());
    }
    ua.forget_sent();
    ua.advance(32s - 1ms);
    EXPECT_EQ(ua.unread(), 0U);
    ua.advance(1ms);
    EXPECT_TRUE(ua.sent().is(Method::Cancel));
    ua.advance(32s - 1ms);
    EXPECT_EQ(ua->unfinished_session_count(), 1U);
    ua.advance(1ms);
    EXPECT_EQ(ua->unfinished_session_count(), 0U);
    ua.advance(32s);
    EXPECT_EQ(ua->stack().transaction_count(), 0U);
    ua.forget_sent();
    ua.forget_told();
  }
}

// ---- Theirs

TEST_F(ReinviteIn, IsToldAnsweredAndRefreshesTheTarget) {
  up_as_caller();
  ua.receive(theirs(5, "r1").text());
  const auto offer = ua.told<OfferReceived>();
  EXPECT_EQ(offer->place, OfferPlace::Reinvite);
  EXPECT_EQ(offer->body, sdp_offer);
  EXPECT_TRUE(ua->accept_reinvite(session, sdp(sdp_answer), ua.now()));
  const auto ok = ua.sent();
  EXPECT_TRUE(ok.is(200));
  EXPECT_EQ(ok.view().contact_count(), 1U);
  EXPECT_EQ(ok.view().body(), sdp_answer);
  ua.advance(500ms);
  EXPECT_EQ(ua.sent().text(), ok.text());  // H03
  acknowledge(5);
  ua.advance(60s);
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua.count<SessionConfirmed>(), 0U);
  ua->terminate(session, {}, ua.now());
  EXPECT_EQ(ua.sent().view().request_uri().text, "sip:bob@192.0.2.99");  // G08
}

TEST_F(ReinviteIn, WordsForAReinviteDoNotAnswerTheFirstInvite) {
  ua.receive(peer_invite().text());
  session = ua.told<IncomingSession>()->session;
  ua.forget_sent();
  EXPECT_EQ(ua->reject_reinvite(session, 488, {}, ua.now()).error().code, Errc::WrongState);
  EXPECT_EQ(ua->accept_reinvite(session, sdp(sdp_answer), ua.now()).error().code, Errc::WrongState);
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua.count<SessionEnded>(), 0U);
}

TEST_F(ReinviteIn, H10OurRefusalLeavesAllAsItWas) {
  up_as_caller();
  ua.receive(theirs(1, "r1").text());
  EXPECT_TRUE(ua->reject_reinvite(session, 488, "305 parley \"Incompatible media format\"", ua.now()));
  const auto refused = ua.sent();
  EXPECT_TRUE(refused.is(488));
  EXPECT_EQ(refused.header(HeaderId::Warning), "305 parley \"Incompatible media format\"");
  const auto again = reinvite();
  EXPECT_EQ(again.view().request_uri().text, "sip:bob@192.0.2.2");  // G08: a failed request moves no target
  ua.answer(again, 200, "peer", {}, sdp_answer);
  EXPECT_EQ(ua.count<SessionEnded>(), 0U);
  EXPECT_EQ(ua->accept_reinvite(session, sdp(), ua.now()).error().code, Errc::WrongState);
}

TEST_F(ReinviteIn, H11WithoutOfferWeOffer) {
  up_as_callee();
  ua.receive(theirs(2, "r1", {}).text());
  EXPECT_EQ(ua.told<OfferReceived>()->body, "");
  EXPECT_TRUE(ua->accept_reinvite(session, sdp(sdp_offer), ua.now()));
  ua.sent();
  acknowledge(2, sdp_answer);
  EXPECT_EQ(ua.told<AnswerReceived>()->body, sdp_answer);
  expect_unharmed();
}

TEST_F(ReinviteIn, H11MissingAnswerInTheAckEndsTheCall) {
  up_as_callee();
  ua.receive(theirs(2, "r1", {}).text());
  ua->accept_reinvite(session, sdp(sdp_offer), ua.now());
  ua.sent();
  acknowledge(2);
  EXPECT_THAT(ua.labels(), ElementsAre("BYE"));
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::Failed);
}

TEST_F(ReinviteIn, H03NoAckEndsTheCallByBye) {  // RFC 3261 s.14.2
  up_as_callee();
  ua.receive(theirs(2, "r1").text());
  ua->accept_reinvite(session, sdp(sdp_answer), ua.now());
  ua.advance(32s);
  EXPECT_EQ(ua.labels().back(), "BYE");
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::Failed);
}

TEST_F(ReinviteIn, H08SecondOneWhileTheFirstIsPendingIs500) {  // RFC 3261 s.14.2
  up_as_caller();
  ua.receive(theirs(1, "r1").text());
  ua.receive(theirs(2, "r2").text());
  const auto refused = ua.sent();
  EXPECT_TRUE(refused.is(500));
  EXPECT_LE(std::stoi(refused.header(HeaderId::RetryAfter)), 10);
  EXPECT_EQ(ua.count<OfferReceived>(), 1U);
  ua->accept_reinvite(session, sdp(sdp_answer), ua.now());
  EXPECT_EQ(ua.sent().view().cseq().number, 1U);
}

TEST_F(ReinviteIn, H13BeforeTheAckOfTheFirstInviteIs500) {  // RFC 5407 s.3.1.4
  ua.receive(peer_invite().text());
  session = ua.told<IncomingSession>()->session;
  ua->accept(session, sdp(sdp_answer), {}, ua.now());
  ua.sent();
  ours = ua.sent();
  ua.receive(theirs(2, "r1").text());
  const auto refused = ua.sent();
  EXPECT_TRUE(refused.is(500));
  EXPECT_NE(refused.header(HeaderId::RetryAfter), "");
  ua.receive(in_dialog(ours, "ACK", 1, "z9hG4bKack").text());
  EXPECT_TRUE(ua.told<SessionConfirmed>());
  ua.receive(theirs(3, "r2").text());
  EXPECT_EQ(ua.count<OfferReceived>(), 2U);
}

TEST_F(ReinviteIn, H14CancelEndsOnlyTheReinvite) {
  up_as_callee();
  const auto request = theirs(2, "r1");
  ua.receive(request.text());
  auto cancel = request;
  cancel.method = "CANCEL";
  cancel.content_type.clear();
  ua.receive(cancel.text());
  EXPECT_THAT(ua.labels(), ElementsAre("200 CANCEL", "487 INVITE"));
  EXPECT_EQ(ua->accept_reinvite(session, sdp(sdp_answer), ua.now()).error().code, Errc::WrongState);
  expect_unharmed();
}

TEST_F(ReinviteIn, H05ByeAnswersAPendingReinviteBy487) {
  up_as_callee();
  ua.receive(theirs(2, "r1").text());
  ua.receive(in_dialog(ours, "BYE", 3, "z9hG4bKb").text());
  EXPECT_THAT(ua.labels(), ElementsAre("200 BYE", "487 INVITE"));
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}

TEST_F(ReinviteIn, HangUpAnswersAPendingReinviteBy487) {
  up_as_callee();
  ua.receive(theirs(2, "r1").text());
  ua->terminate(session, {}, ua.now());
  EXPECT_THAT(ua.labels(), ElementsAre("487 INVITE", "BYE"));
}

TEST_F(ReinviteIn, G10A481ToAnotherRequestAnswersAPendingReinvite) {  // RFC 3261 s.12.2.1.2
  up_as_caller();
  ua.receive(theirs(1, "r1").text());
  ua->info(session, {"application/dtmf-relay", "Signal=5"}, {}, ua.now());
  ua.answer(ua.sent(), 481);
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::Gone);
  EXPECT_THAT(ua.labels(), ElementsAre("481 INVITE"));
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
  acknowledge(1);
}

TEST_F(ReinviteOut, G10A481ToAnotherRequestAcksAnOfferThatWaits) {  // RFC 3261 s.13.2.2.4: a 2xx is ACKed whatever follows
  up_as_caller();
  ua->reinvite(session, {}, ua.now());
  ua.answer(ua.sent(), 200, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}}, sdp_offer);
  ua->info(session, {"application/dtmf-relay", "Signal=5"}, {}, ua.now());
  ua.answer(ua.sent(), 481);
  EXPECT_THAT(ua.labels(), ElementsAre("ACK"));
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}

TEST_F(ReinviteIn, G07OldAndEqualCSeqsAre500) {  // RFC 3261 s.12.2.2
  up_as_callee();
  ua.receive(theirs(1, "r1").text());
  EXPECT_TRUE(ua.sent().is(500));
  ua.receive(theirs(0, "r2").text());
  EXPECT_TRUE(ua.sent().is(500));
  ua.receive(theirs(1'000'000, "r3").text());
  EXPECT_EQ(ua.count<OfferReceived>(), 1U);
  EXPECT_EQ(ua->session_count(), 1U);
}

TEST_F(ReinviteIn, Sec77OnlyTheRightTagsMatch) {
  up_as_callee();
  const auto odd = [&](auto change, std::string branch) {
    auto request = theirs(2, branch);
    change(request);
    ua.receive(request.text());
    return ua.sent().label();
  };
  EXPECT_EQ(odd([](PeerRequest& r) { r.to += "x"; }, "a"), "481 INVITE");
  EXPECT_EQ(odd([](PeerRequest& r) { r.from += "x"; }, "b"), "481 INVITE");
  EXPECT_EQ(odd([](PeerRequest& r) { r.from = "<sip:bob@example.com>"; }, "c"), "481 INVITE");
  EXPECT_EQ(odd([](PeerRequest& r) { r.call_id += "x"; }, "d"), "481 INVITE");
  for (const char* method : {"BYE", "INFO", "UPDATE", "OPTIONS", "MESSAGE", "REFER", "NOTIFY", "PRACK"}) {
    EXPECT_EQ(odd(
                  [&](PeerRequest& r) {
                    r.method = method;
                    r.to += "x";
                  },
                  std::string("e") + method),
              std::string("481 ") + method);  // G09
  }
  EXPECT_EQ(ua->session_count(), 1U);
  EXPECT_EQ(ua.count<OfferReceived>(), 0U);
}

// ---- Both at once

TEST_F(ReinviteGlare, H08OursPendingAndTheirsComing491) {  // RFC 3261 s.14.2
  up_as_caller();
  const auto wire = reinvite();
  ua.receive(theirs(1, "r1").text());
  EXPECT_TRUE(ua.sent().is(491));
  ua.answer(wire, 200, "peer", {}, sdp_answer);
  EXPECT_TRUE(ua.told<AnswerReceived>());
}

TEST_F(ReinviteGlare, H09OwnerOfTheCallIdWaitsLonger) {  // RFC 3261 s.14.1: 2.1 to 4 s in steps of 10 ms
  std::set<Duration::rep> delays;
  for (int i = 0; i < 40; ++i) {
    Reinvite::up_as_caller();
    ua.answer(reinvite(), 491);
    EXPECT_EQ(ua.told<ReinviteRefused>()->error.status, 491);
    EXPECT_EQ(ua->reinvite(session, sdp(), ua.now()).error().code, Errc::Busy);
    const auto start = ua.now();
    while (ua.count<ReinviteDue>() == 0 && ua.now() < start + 5s) ua.advance(10ms);
    const auto delay = ua.now() - start;
    EXPECT_GE(delay, 2'100ms);
    EXPECT_LE(delay, 4'000ms);
    delays.insert(delay.count());
    EXPECT_EQ(ua.told<ReinviteDue>()->session, session);
    ua.forget_sent();
    expect_unharmed();
    ua->terminate(session, {}, ua.now());
    ua.answer(ua.sent(), 200);
    ua.forget_sent();
    ua.forget_told();
  }
  EXPECT_GT(delays.size(), 20U);
}

TEST_F(ReinviteGlare, H09TheOtherWaitsLess) {  // RFC 3261 s.14.1: 0 to 2 s
  up_as_callee();
  ua.answer(reinvite(), 491);
  const auto start = ua.now();
  while (ua.count<ReinviteDue>() == 0 && ua.now() < start + 5s) ua.advance(10ms);
  EXPECT_LE(ua.now() - start, 2'000ms);
}

TEST_F(ReinviteGlare, H09HangUpForgetsTheRetry) {
  up_as_caller();
  ua.answer(reinvite(), 491);
  ua->terminate(session, {}, ua.now());
  ua.advance(5s);
  EXPECT_EQ(ua.count<ReinviteDue>(), 0U);
}
