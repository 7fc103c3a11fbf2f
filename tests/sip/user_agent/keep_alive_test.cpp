// SPDX-License-Identifier: MIT
// Keep-alives by agreement: RFC 6223.
#include <parley/tests/support/ua_probe.hpp>

#include <gmock/gmock.h>

using namespace parley;
using namespace parley::sip;
using namespace parley::test;
using namespace std::chrono_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

UserAgentOptions offering() {
  auto options = Probe::alice();
  options.offer_keep = true;
  return options;
}

struct Keep : ::testing::Test {
  Keep() : ua(offering()) {}

  Wire send() {
    EXPECT_TRUE(ua->register_({.expires = 3600s}, ua.now()));
    return ua.sent();
  }
  /// The registrar's 200, in whose Via `keep` became `value`.
  void grant(const Wire& request, const std::string& value) {
    auto text =
        Probe::response(request, 200, "reg", {{"Contact", "<" + std::string(request.view().contact().uri.text) + ">;expires=3600"}});
    text.replace(text.find(";keep"), 5, value);
    ua.receive(text);
  }

  /// Time passes, and each ping gets its pong.
  void answer_pings_for(Duration length) {
    ua.receive("\r\n");
    const TimePoint end = ua.now() + length;
    for (auto pings = ua.pings(); ua.now() < end; pings = ua.pings()) {
      ua.advance(1s);
      if (ua.pings() > pings) ua.receive("\r\n");
    }
  }

  Probe ua;
};

}  // namespace

TEST_F(Keep, F18TheValueInTheAnswerSetsTheInterval) {  // RFC 6223 s.4.2.3
  const auto wire = send();
  EXPECT_THAT(std::string(wire.view().via().text), EndsWith(";keep"));
  grant(wire, ";keep=30");
  ua.advance(23'999ms);
  EXPECT_EQ(ua.pings(), 0U);
  ua.advance(6'001ms);
  EXPECT_EQ(ua.pings(), 1U);  // between 80 and 100 % of it
  answer_pings_for(300s);
  EXPECT_GE(ua.pings(), 11U);
  EXPECT_LE(ua.pings(), 13U);
}

TEST_F(Keep, F18PingWithoutPongMeansTheFlowHasFailed) {  // RFC 5626 s.4.4.1
  grant(send(), ";keep=30");
  ua.told<Registered>();
  ua.advance(30s);
  EXPECT_EQ(ua.pings(), 1U);
  const auto request = ua->options("sip:bob@example.com", ua.now()).value();
  ua.forget_sent();
  ua.advance(10s);
  const auto lost = ua.told<Unregistered>();
  ASSERT_TRUE(lost && lost->error);
  EXPECT_EQ(lost->error->code, Errc::ConnectionLost);
  EXPECT_FALSE(ua->is_registered());
  const auto done = ua.told<RequestDone>();
  ASSERT_TRUE(done && !done->response);
  EXPECT_EQ(done->request, request);
  EXPECT_EQ(done->response.error().code, Errc::ConnectionLost);
  EXPECT_EQ(ua->register_({}, ua.now()).error().code, Errc::NotConnected);  // until there is another flow
  ua.advance(600s);
  EXPECT_EQ(ua.pings(), 1U);
  EXPECT_EQ(ua.count<Unregistered>(), 0U);
}

TEST_F(Keep, F18AnythingThatComesIsASignOfLife) {
  grant(send(), ";keep=30");
  ua.advance(30s);
  ua.receive(peer_invite().text());
  ua.advance(20s);
  EXPECT_TRUE(ua->is_registered());
}

TEST_F(Keep, F18WithoutAValueTheServerDoesNotAgree) {
  grant(send(), ";keep");
  ua.advance(600s);
  EXPECT_EQ(ua.pings(), 0U);
}

TEST_F(Keep, F18ZeroLeavesTheIntervalToUs) {
  grant(send(), ";keep=0");
  ua.advance(95s);
  EXPECT_EQ(ua.pings(), 0U);
  ua.advance(25s);
  EXPECT_EQ(ua.pings(), 1U);
}

TEST_F(Keep, F18AChallengedRequestOffersAgain) {
  ua.answer(send(), 401, "reg", {{"WWW-Authenticate", "Digest realm=\"example.com\", nonce=\"n\", qop=\"auth\""}});
  const auto again = ua.sent();
  EXPECT_THAT(std::string(again.view().via().text), EndsWith(";keep"));
}

TEST_F(Keep, F18EndsWithTheRegistrationAndWithItsFlow) {
  grant(send(), ";keep=30");
  ua->unregister(false, ua.now());
  ua.answer(ua.sent(), 200);
  ua.advance(600s);
  EXPECT_EQ(ua.pings(), 0U);
  grant(send(), ";keep=30");
  ua.close();
  ua.advance(600s);
  EXPECT_EQ(ua.pings(), 0U);
}

TEST_F(Keep, F18Sec80AbsurdValuesAreHarmless) {
  grant(send(), ";keep=1");
  answer_pings_for(100s);
  EXPECT_GE(ua.pings(), 10U);  // not more often than each 10 s, less a fifth
  EXPECT_LE(ua.pings(), 13U);
  const auto before = ua.pings();
  EXPECT_TRUE(ua->register_({.expires = 3600s}, ua.now()));
  grant(ua.sent(), ";keep=99999999999999");
  ua.advance(3000s);
  EXPECT_EQ(ua.pings(), before);
}

TEST(KeepOff, F18NothingIsOfferedOverDatagramsOrUnasked) {
  Probe datagram(offering(), datagrams("192.0.2.1:5060"));
  EXPECT_TRUE(datagram->register_({}, datagram.now()));
  EXPECT_THAT(std::string(datagram.sent().view().via().text), Not(HasSubstr("keep")));
  Probe plain(Probe::alice());
  EXPECT_TRUE(plain->register_({}, plain.now()));
  EXPECT_THAT(std::string(plain.sent().view().via().text), Not(HasSubstr("keep")));
}

TEST(KeepOff, F18WhatNobodyOfferedIsNotAgreed) {
  Probe plain(Probe::alice());
  EXPECT_TRUE(plain->register_({.expires = 3600s}, plain.now()));
  const auto request = plain.sent();
  const std::string via(request.view().via().text);
  auto text = Probe::response(request, 200, "reg", {{"Contact", "<" + std::string(request.view().contact().uri.text) + ">;expires=3600"}});
  text.insert(text.find(via) + via.size(), ";keep=30");
  plain.receive(text);
  plain.advance(600s);
  EXPECT_EQ(plain.pings(), 0U);
}
