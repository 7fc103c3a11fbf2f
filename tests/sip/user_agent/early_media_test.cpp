// SPDX-License-Identifier: MIT
// Descriptions in unreliable provisional responses: RFC 3261 s.13.2.1, RFC 3960.
#include <parley/tests/support/ua_pair.hpp>

#include <gmock/gmock.h>

using namespace parley;
using namespace parley::sip;
using namespace parley::test;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

namespace {

constexpr std::string_view preview = "v=0\r\no=- 7 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 7 RTP/AVP 0\r\n";

struct EarlyMedia : ::testing::Test {
  Wire call() {
    session = ua->invite(UaPair::to_bob(), ua.now()).value();
    return ua.sent();
  }
  Wire arrive(PeerRequest invite = peer_invite()) {
    ua.receive(invite.text());
    session = ua.told<IncomingSession>()->session;
    return ua.sent();
  }

  Probe ua{Probe::alice()};
  SessionId session{};
};

}  // namespace

TEST_F(EarlyMedia, H16APreviewIsDataAndTheAnswerIsThatOfThe2xx) {
  const auto invite = call();
  ua.answer(invite, 183, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}}, preview);
  const auto progress = ua.told<SessionProgress>();
  EXPECT_TRUE(progress->has_body);
  EXPECT_EQ(progress->response.view().body(), preview);
  EXPECT_TRUE(progress->response.view().content_type()->is("application/sdp"));
  EXPECT_EQ(ua.count<AnswerReceived>(), 0U);
  EXPECT_EQ(ua->reinvite(session, sdp(), ua.now()).error().code, Errc::WrongState);  // the offer is still open
  ua.answer(invite, 200, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}}, preview);
  EXPECT_EQ(ua.told<AnswerReceived>()->body, preview);
  EXPECT_EQ(ua.count<AnswerReceived>(), 0U);
}

TEST_F(EarlyMedia, H16APreviewAloneIsNoAnswer) {  // the 2xx must hold it again
  const auto invite = call();
  ua.answer(invite, 183, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}}, preview);
  ua.answer(invite, 200, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}});
  EXPECT_EQ(ua.labels(), (std::vector<std::string>{"ACK", "BYE"}));  // H15
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::Failed);
}

TEST_F(EarlyMedia, H16CalleeRepeatsItsPreviewInThe200) {
  arrive();
  EXPECT_TRUE(ua->ring(session, 183, sdp(preview), ua.now()));
  const auto progress = ua.sent();
  EXPECT_TRUE(progress.is(183));
  EXPECT_EQ(progress.view().body(), preview);
  EXPECT_TRUE(ua->ring(session, 180, ua.now()));
  EXPECT_EQ(ua.sent().view().body(), preview);
  EXPECT_EQ(ua->ring(session, 183, sdp(sdp_answer), ua.now()).error().code, Errc::BadValue);
  EXPECT_EQ(ua->accept(session, sdp(sdp_answer), {}, ua.now()).error().code, Errc::BadValue);
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_TRUE(ua->accept(session, sdp(preview), {}, ua.now()));
  EXPECT_EQ(ua.sent().view().body(), preview);
}

TEST_F(EarlyMedia, H16ThereIsNoPreviewOfAnOffer) {  // s.13.2.1: an offer must not stand in an unreliable response
  auto invite = peer_invite();
  invite.content_type.clear();
  arrive(invite);
  EXPECT_EQ(ua->ring(session, 183, sdp(preview), ua.now()).error().code, Errc::WrongState);
  EXPECT_TRUE(ua->ring(session, 180, ua.now()));
  EXPECT_TRUE(ua.sent().view().body().empty());
  EXPECT_TRUE(ua->accept(session, sdp(), {}, ua.now()));
}

TEST_F(EarlyMedia, H17ForksAreToldApartAndTheConfirmedOneWins) {
  const auto invite = call();
  ua.answer(invite, 183, "one", {{"Contact", "<sip:bob@192.0.2.2>"}}, sdp_offer);
  ua.answer(invite, 183, "two", {{"Contact", "<sip:bob@192.0.2.3>"}}, preview);
  const auto one = ua.told<SessionProgress>();
  const auto two = ua.told<SessionProgress>();
  EXPECT_EQ(one->response.view().to_tag(), "one");
  EXPECT_EQ(one->response.view().body(), sdp_offer);
  EXPECT_EQ(two->response.view().to_tag(), "two");
  EXPECT_EQ(two->response.view().body(), preview);
  ua.answer(invite, 200, "two", {{"Contact", "<sip:bob@192.0.2.3>"}}, preview);
  const auto answer = ua.told<AnswerReceived>();
  EXPECT_EQ(answer->remote_tag, "two");
  EXPECT_EQ(answer->body, preview);
  ua.answer(invite, 183, "one", {}, sdp_offer);  // late: nobody wants it any more
  EXPECT_EQ(ua.count<SessionProgress>(), 0U);
}

TEST_F(EarlyMedia, Sec69OneOfTwoForksDiesAndTheOtherLives) {
  const auto invite = call();
  ua.answer(invite, 183, "one", {{"Contact", "<sip:bob@192.0.2.2>"}}, preview);
  ua.answer(invite, 183, "two", {{"Contact", "<sip:bob@192.0.2.3>"}}, preview);
  ua.answer(invite, 199, "one");  // RFC 6228: its early dialog has ended
  const auto from = [&](const char* tag, const char* method, std::uint32_t cseq) {
    auto request = in_dialog(invite, method, cseq, std::string("z9hG4bK") + tag + method + std::to_string(cseq));
    request.from = std::string("<sip:bob@example.com>;tag=") + tag;
    ua.receive(request.text());
    return ua.sent().label();
  };
  EXPECT_EQ(from("one", "BYE", 1), "481 BYE");  // s.15: a callee cannot end an early dialog that way
  EXPECT_EQ(from("two", "OPTIONS", 1), "200 OPTIONS");
  ua.answer_ok(invite, "two", "<sip:bob@192.0.2.3>");
  EXPECT_TRUE(ua.sent().is(Method::Ack));
  EXPECT_EQ(from("one", "OPTIONS", 2), "200 OPTIONS");  // until 64*T1 are over
  EXPECT_EQ(from("two", "OPTIONS", 2), "200 OPTIONS");
  ua.advance(33s);
  EXPECT_EQ(from("one", "OPTIONS", 3), "481 OPTIONS");
  EXPECT_EQ(from("two", "BYE", 3), "200 BYE");
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}

TEST_F(EarlyMedia, H19HeadersOfInviteAndRingingAreDataForTheApplication) {
  const Headers headers = {{"Alert-Info", "<http://example.com/ring.wav>"},
                           {"Call-Info", "<http://example.com/bob.jpg>;purpose=icon"},
                           {"History-Info", "<sip:boss@example.com>;index=1"},
                           {"Diversion", "<sip:boss@example.com>;reason=no-answer"}};
  auto invite = peer_invite();
  invite.headers.insert(invite.headers.end(), headers.begin(), headers.end());
  ua.receive(invite.text());
  const auto incoming = ua.told<IncomingSession>();
  for (const auto& [name, value] : headers) EXPECT_EQ(incoming->invite.view().header(name), value) << name;
  ua.forget_sent();
  ua.answer(call(), 180, "peer", headers);
  const auto progress = ua.told<SessionProgress>();
  for (const auto& [name, value] : headers) EXPECT_EQ(progress->response.view().header(name), value) << name;
  EXPECT_EQ(ua.unread(), 0U);  // nothing is fetched, nothing answers
}
