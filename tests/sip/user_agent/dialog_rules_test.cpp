// SPDX-License-Identifier: MIT
// What a dialog is changed by, and what not: RFC 3261 s.12.
#include <parley/tests/support/ua_pair.hpp>

#include <gmock/gmock.h>

using namespace parley;
using namespace parley::sip;
using namespace parley::test;
using namespace std::chrono_literals;
using ::testing::ElementsAre;

namespace {

struct DialogRules : ::testing::Test {
  Wire call() {
    session = ua->invite(UaPair::to_bob(), ua.now()).value();
    return ua.sent();
  }
  void up_as_caller() {
    ua.answer_ok(call());
    ours = ua.sent();  // the ACK
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
  PeerRequest theirs(std::string method, std::uint32_t cseq, const char* contact = "<sip:bob@192.0.2.99>") {
    auto request = in_dialog(ours, std::move(method), cseq, "z9hG4bKr" + std::to_string(cseq));
    request.headers = {{"Contact", contact}};
    return request;
  }
  /// Where our requests go now.
  std::string target() {
    ua.forget_sent();
    ua->request(session, "OPTIONS", {}, {}, ua.now());
    const auto options = ua.sent();
    ua.answer(options, 200);
    return std::string(options.view().request_uri().text);
  }

  Probe ua{Probe::alice()};
  SessionId session{};
  Wire ours;
};

}  // namespace

TEST_F(DialogRules, G08OnlyATargetRefreshThatSucceedsMovesTheTarget) {  // RFC 3261 s.12.2.2, RFC 6141 s.4
  up_as_callee();
  std::uint32_t cseq = 1;
  for (const char* method : {"INFO", "MESSAGE", "OPTIONS", "NOTIFY", "UPDATE", "REFER", "SUBSCRIBE"}) {  // no refresh, or refused
    ua.receive(theirs(method, ++cseq).text());
    EXPECT_EQ(target(), "sip:bob@192.0.2.2") << method;
  }
  auto reinvite = theirs("INVITE", ++cseq);
  reinvite.content_type = "application/sdp";
  reinvite.body = sdp_offer;
  ua.receive(reinvite.text());
  EXPECT_EQ(target(), "sip:bob@192.0.2.2");  // not answered yet
  EXPECT_TRUE(ua->reject_reinvite(session, 488, {}, ua.now()));
  EXPECT_EQ(target(), "sip:bob@192.0.2.2");
  auto again = theirs("INVITE", ++cseq);
  again.content_type = "application/sdp";
  again.body = sdp_offer;
  ua.receive(again.text());
  EXPECT_TRUE(ua->accept_reinvite(session, sdp(sdp_answer), ua.now()));
  EXPECT_EQ(target(), "sip:bob@192.0.2.99");
}

TEST_F(DialogRules, G08TheAnswerToOurReinviteMovesItToo) {
  up_as_caller();
  for (const StatusCode status : {StatusCode{488}, StatusCode{500}}) {
    ua->reinvite(session, sdp(), ua.now());
    ua.answer(ua.sent(), status, "peer", {{"Contact", "<sip:bob@192.0.2.99>"}});
    EXPECT_EQ(target(), "sip:bob@192.0.2.2") << status;
  }
  ua->info(session, {"application/dtmf-relay", "Signal=5"}, {}, ua.now());
  ua.answer(ua.sent(), 200, "peer", {{"Contact", "<sip:bob@192.0.2.99>"}});
  EXPECT_EQ(target(), "sip:bob@192.0.2.2");
  ua->reinvite(session, sdp(), ua.now());
  ua.answer(ua.sent(), 200, "peer", {{"Contact", "<sip:bob@192.0.2.99>"}}, sdp_answer);
  EXPECT_EQ(target(), "sip:bob@192.0.2.99");
}

TEST_F(DialogRules, G07AReinviteOfAFinishedCSeqIs500) {  // s.12.2.2
  up_as_callee();
  EXPECT_EQ(target(), "sip:bob@192.0.2.2");
  ua.receive(theirs("INFO", 7).text());
  ua.forget_sent();
  auto equal = theirs("INFO", 7);
  equal.branch += "other";
  ua.receive(equal.text());
  EXPECT_TRUE(ua.sent().is(500));
  ua.receive(theirs("INFO", 6).text());
  EXPECT_TRUE(ua.sent().is(500));
  ua.receive(theirs("INFO", 900).text());  // gaps are fine
  EXPECT_TRUE(ua.sent().is(200));
}

TEST_F(DialogRules, D18OddTagsOfProvisionalResponsesAreSurvived) {
  const auto invite = call();
  ua.answer(invite, 180, {});  // an RFC 2543 callee
  ua.answer(invite, 180, "x");
  ua.answer(invite, 180, "X");  // tags compare byte by byte
  for (int i = 0; i < 100; ++i) ua.answer(invite, 183, "many" + std::to_string(i));
  EXPECT_EQ(ua.count<SessionProgress>(), 103U);
  ua.answer_ok(invite, "unheard");
  EXPECT_EQ(ua.sent().view().to_tag(), "unheard");
  EXPECT_TRUE(ua.told<SessionEstablished>());
  ua.advance(33s);
  EXPECT_EQ(ua->session_count(), 1U);
}

TEST_F(DialogRules, E05RequireInAnAckIsNoReason) {  // RFC 3261 s.8.2.2.3
  ua.receive(peer_invite().text());
  session = ua.told<IncomingSession>()->session;
  ua->accept(session, sdp(sdp_answer), {}, ua.now());
  ua.sent();
  auto ack = in_dialog(ua.sent(), "ACK", 1, "z9hG4bKack");
  ack.headers = {{"Require", "unheard-of"}};
  ua.receive(ack.text());
  EXPECT_TRUE(ua.told<SessionConfirmed>());
  EXPECT_EQ(ua.unread(), 0U);
}

TEST_F(DialogRules, G12OverSipsTheContactIsSipsInEachRequest) {  // s.12.1.1
  ua.open(FlowId{2}, websocket("alice.invalid", Secure::Yes));
  auto request = UaPair::to_bob();
  request.target = "sips:bob@example.com";
  session = ua->invite(request, ua.now()).value();
  const auto invite = ua.sent();
  EXPECT_EQ(invite.view().contact().uri.scheme, Scheme::Sips);
  ua.answer(invite, 200, "peer", {{"Contact", "<sips:bob@192.0.2.2>"}}, sdp_answer, FlowId{2});
  ua.forget_sent();
  ua->reinvite(session, sdp(), ua.now());
  const auto reinvite = ua.sent();
  EXPECT_EQ(reinvite.view().request_uri().scheme, Scheme::Sips);
  EXPECT_EQ(reinvite.view().contact().uri.scheme, Scheme::Sips);
  EXPECT_EQ(ua.flow_of_last_sent(), FlowId{2});
}
