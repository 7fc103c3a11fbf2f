// SPDX-License-Identifier: MIT
// What a user agent hands to the application as it came, and does nothing about by itself.
#include <parley/sip/message/headers/answer_mode.hpp>
#include <parley/sip/message/headers/caller.hpp>
#include <parley/tests/support/ua_probe.hpp>

#include <gmock/gmock.h>

using namespace parley;
using namespace parley::sip;
using namespace parley::test;
using namespace std::chrono_literals;
using ::testing::ElementsAre;

namespace {

TEST(PassThrough, M18NoCallIsAnsweredBecauseItsCallerWishesIt) {  // RFC 5373 s.6
  const Headers wishes[] = {{{"Answer-Mode", "Auto;require"}},
                            {{"Priv-Answer-Mode", "Auto"}},
                            {{"Call-Info", "<sip:peer.invalid>;answer-after=0"}},
                            {{"Alert-Info", "<http://peer.invalid>;info=alert-autoanswer;delay=0"}}};
  for (const Headers& wish : wishes) {
    Probe ua(Probe::alice());
    auto invite = peer_invite();
    invite.headers.insert(invite.headers.end(), wish.begin(), wish.end());
    ua.receive(invite.text());
    const auto call = ua.told<IncomingSession>();
    ASSERT_TRUE(call);
    EXPECT_EQ(answer_wish(call->invite.view()).mode, AnswerWish::Mode::Automatic) << wish.front().first;
    ua.advance(10s);
    EXPECT_THAT(ua.labels(), ElementsAre("100 INVITE")) << wish.front().first;
    EXPECT_EQ(ua.count<SessionEstablished>(), 0U);
    ua->accept(call->session, sdp(sdp_answer), {}, ua.now());  // it is the application that answers
    EXPECT_TRUE(ua.sent().is(200));
  }
}

TEST(PassThrough, M15M20HeadersOfACallReachTheApplicationAsTheyCame) {
  const Headers headers = {{"Identity", "eyJh..c2ln;info=<https://cert.invalid/c.cer>;alg=ES256"},
                           {"Geolocation", "<cid:target@peer.invalid>"},
                           {"Resource-Priority", "dsn.flash, q735.3"},
                           {"P-Asserted-Identity", "\"Boss\" <sip:boss@example.com>"},
                           {"X-Own", "a;b, \"c"}};
  Probe ua(Probe::alice());
  auto invite = peer_invite();
  invite.headers.insert(invite.headers.end(), headers.begin(), headers.end());
  ua.receive(invite.text());
  const auto call = ua.told<IncomingSession>();
  ASSERT_TRUE(call);
  for (const auto& [name, value] : headers) EXPECT_EQ(call->invite.view().header(name), value);
  EXPECT_EQ(caller_to_show(call->invite.view(), NextHop::Untrusted).address.uri.user, "bob");
  EXPECT_EQ(caller_to_show(call->invite.view(), NextHop::Trusted).address.uri.user, "boss");
}

/// A MESSAGE with that body, and the 200 or refusal it gets.
Wire ask(Probe& ua, std::string_view type, std::string body) {
  PeerRequest message;
  message.method = "MESSAGE";
  message.content_type = type;
  message.body = std::move(body);
  ua.receive(message.text());
  return ua.sent();
}

/// parley opens no XML: it is the application's, whatever its depth.
TEST(PassThrough, Sec43NestedXmlIsOctets) {
  std::string deep;
  while (deep.size() < 60'000) deep += "<a>";
  for (const std::string& body : {deep, "<!--" + std::string(60'000, '-'), std::string("<!DOCTYPE a [<!ENTITY b \"&b;\">]><a>&b;")}) {
    for (const char* type : {"application/pidf+xml", "application/im-iscomposing+xml", "application/conference-info+xml"}) {
      Probe ua(Probe::alice());
      EXPECT_TRUE(ask(ua, type, body)) << type;
      const auto message = ua.told<MessageReceived>();
      if (message) {
        EXPECT_EQ(message->message.view().body(), body);
      }
    }
    Probe ua(Probe::alice());
    PeerRequest notify;
    notify.method = "NOTIFY";
    notify.headers = {{"Event", "presence"}, {"Subscription-State", "active"}, {"Contact", "<sip:bob@192.0.2.2>"}};
    notify.content_type = "application/pidf+xml";
    notify.body = body;
    ua.receive(notify.text());
    EXPECT_TRUE(ua.sent()) << "an answer, and no more";
    ua->options("sip:bob@example.com", ua.now());
    EXPECT_TRUE(ua.sent().is(Method::Options)) << "the agent goes on";
  }
}

TEST(PassThrough, Sec44LongMessageAccountIsOctets) {
  for (const std::size_t size : {512U, 513U, 4'096U, 60'000U}) {
    Probe ua(Probe::alice());
    PeerRequest notify;
    notify.method = "NOTIFY";
    notify.headers = {{"Event", "message-summary"}, {"Subscription-State", "active"}, {"Contact", "<sip:bob@192.0.2.2>"}};
    notify.content_type = "application/simple-message-summary";
    notify.body = "Messages-Waiting: yes\r\nMessage-Account: sip:" + std::string(size, 'a') + "@b\r\nVoice-Message: 4/8 (1/2)\r\n";
    ua.receive(notify.text());
    EXPECT_TRUE(ua.sent());
    ua->options("sip:bob@example.com", ua.now());
    EXPECT_TRUE(ua.sent().is(Method::Options));
  }
}

}  // namespace
