// SPDX-License-Identifier: MIT
#include "rig.hpp"

#include <parley/simpleuser/detail/masking.hpp>
#include <parley/simpleuser/detail/reconnect_policy.hpp>
#include <parley/simpleuser/detail/server_url.hpp>
#include <parley/simpleuser/detail/settings.hpp>
#include <parley/simpleuser/wiring.hpp>

#include <gtest/gtest.h>

namespace parley::test {
namespace {

TEST(ServerUrl, TakesWebSocketUrls) {
  const auto plain = detail::parse_server_url("ws://pbx.example.com").value();
  EXPECT_EQ(plain.scheme, "ws");
  EXPECT_EQ(plain.host, "pbx.example.com");
  EXPECT_EQ(plain.port, 80);
  EXPECT_EQ(plain.path, "/");
  const auto full = detail::parse_server_url("WSS://PBX.example.com:8443/ws?x=1").value();
  EXPECT_EQ(full.scheme, "wss");
  EXPECT_EQ(full.host, "pbx.example.com");
  EXPECT_EQ(full.port, 8443);
  EXPECT_EQ(full.path, "/ws?x=1");
  EXPECT_EQ(detail::parse_server_url("wss://[::1]:7443").value().host, "::1");
  EXPECT_EQ(detail::parse_server_url("wss://[::1]").value().port, 443);
}

class BadServerUrl : public ::testing::TestWithParam<const char*> {};

TEST_P(BadServerUrl, IsRefusedWithASentence) {
  const auto url = detail::parse_server_url(GetParam());
  ASSERT_FALSE(url);
  EXPECT_GT(url.error().text().size(), 15u);
}

INSTANTIATE_TEST_SUITE_P(All, BadServerUrl,
                         ::testing::Values("", "pbx.example.com", "http://pbx", "ws://", "ws:///path", "ws://:80", "ws://host:0",
                                           "ws://host:65536", "ws://host:", "ws://host:80x", "ws://user@host", "ws://ho st",
                                           "ws://host/a b", "ws://host/#frag", "ws://[::1", "ws://[host]", "ws://host\r\nX: y",
                                           "ws://host/\r\nX: y", "ws://-host", "://host"));

TEST(ServerUrl, OtherTransportsAreNotBuiltYet) {
  for (const char* url : {"udp://pbx", "tcp://pbx:5060", "tls://pbx"}) {
    EXPECT_EQ(detail::parse_server_url(url).error().code, Errc::NotSupported) << url;
  }
}

Errc refusal(SimpleUserOptions options) {
  Rig rig;
  auto user = SimpleUser::create("ws://example.com", std::move(options), rig.ports());
  if (user) return Errc::Busy;  // none of those that are looked for
  EXPECT_GT(user.error().text().size(), 10u);
  return user.error().code;
}

TEST(Options, BadOnesAreRefusedWithASentence) {
  EXPECT_EQ(refusal({.aor = "alice@example.com"}), Errc::BadSyntax);
  EXPECT_EQ(refusal({.aor = "sip:example.com"}), Errc::BadSyntax);
  EXPECT_EQ(refusal({.aor = "tel:+491234"}), Errc::BadSyntax);
  EXPECT_EQ(refusal({.aor = "sip:alice:secret@example.com"}), Errc::BadValue);
  EXPECT_EQ(refusal({.display_name = "a\r\nb"}), Errc::BadValue);
  EXPECT_EQ(refusal({.authorization_password = "x", .authorization_ha1 = "0123456789abcdef0123456789abcdef"}), Errc::BadValue);
  EXPECT_EQ(refusal({.authorization_ha1 = "zz"}), Errc::BadValue);
  EXPECT_EQ(refusal({.connect_timeout = 0ms}), Errc::BadValue);
  EXPECT_EQ(refusal({.keep_alive = -1ms}), Errc::BadValue);
  EXPECT_EQ(refusal({.registration = {.expires = 0s}}), Errc::BadValue);
  EXPECT_EQ(refusal({.registration = {.refresh = {.share = 10}}}), Errc::BadValue);
  EXPECT_EQ(refusal({.registration = {.extra_headers = {{"X", "a\r\nb"}}}}), Errc::BadValue);
  EXPECT_EQ(refusal({.registration = {.contact_params = "q=0.5"}}), Errc::BadValue);
  EXPECT_EQ(refusal({.registration = {.contact_params = ";="}}), Errc::BadValue);
  EXPECT_EQ(refusal({.registration = {.contact_params = ";q=0.5, <sip:mallory@example.org>"}}), Errc::BadValue);
  for (const char* name : {"Contact", "Via", "m", "Content-Type", "no token"}) {
    EXPECT_EQ(refusal({.registration = {.extra_headers = {{name, "x"}}}}), Errc::BadValue) << name;
  }
  for (const char* instance : {"door-1", "urn:", "urn:uuid", "urn:uuid:", "urn:-x:y", "urn:x y:z", "urn:uuid:a>b", "urn:uuid:a\"b"}) {
    EXPECT_EQ(refusal({.registration = {.instance_id = instance}}), Errc::BadValue) << instance;
  }
  EXPECT_EQ(refusal({.registration = {.registrar = "example.com"}}), Errc::BadSyntax);
  EXPECT_EQ(refusal({.outbound_proxy = "example.com"}), Errc::BadSyntax);
  EXPECT_EQ(refusal({.no_answer_timeout = 0ms}), Errc::BadValue);
  EXPECT_EQ(refusal({.ring_timeout = 0ms}), Errc::BadValue);
  EXPECT_EQ(refusal({.busy_status = 200}), Errc::BadValue);
  EXPECT_EQ(refusal({.dtmf_duration = 0ms}), Errc::BadValue);
  EXPECT_EQ(refusal({.codecs = {}}), Errc::BadValue);
  EXPECT_EQ(refusal({.tls = {.client_certificate = "cert.pem"}}), Errc::BadValue);
  EXPECT_EQ(refusal({.media = {.constraints = {.audio = false}}}), Errc::BadValue);
  EXPECT_EQ(refusal({.media = {.audio_sink = {.kind = media::AudioEndpoint::Kind::Tone}}}), Errc::BadValue);
  EXPECT_EQ(refusal({.media = {.audio_source = {.kind = media::AudioEndpoint::Kind::Tone, .tone_hz = 10.0}}}), Errc::BadValue);
  EXPECT_EQ(refusal({.media = {.audio_source = {.kind = media::AudioEndpoint::Kind::File}}}), Errc::BadValue);
  EXPECT_EQ(refusal({.media = {.audio_sink = {.kind = media::AudioEndpoint::Kind::File}}}), Errc::BadValue);
}

TEST(Options, WhatTheSocketsCannotCarryIsRefusedWithASentence) {
  const auto runtime = make_runtime().value();
  const auto refused = [&](WebSocketOptions ws, const std::string& server = "ws://example.com") {
    const auto user = SimpleUser::create(server, {.loop = runtime, .ws = std::move(ws)});
    if (user) return Errc::Busy;  // none of those that are looked for
    EXPECT_GT(user.error().text().size(), 10u);
    return user.error().code;
  };
  for (const char* name : {"Host", "cookie", "Origin", "Sec-WebSocket-Protocol", "no token"}) {
    EXPECT_EQ(refused({.headers = {{name, "x"}}}), Errc::BadValue) << name;
  }
  EXPECT_EQ(refused({.headers = {{"X-A", "a\x01"}}}), Errc::BadValue);
  EXPECT_EQ(refused({.cookies = "a\nb"}), Errc::BadValue);
  EXPECT_EQ(refused({.origin = "a\nb"}), Errc::BadValue);
  EXPECT_EQ(refused({.origin = "https://a b"}), Errc::BadValue);
  EXPECT_EQ(refused({.origin = std::string(101, 'a')}), Errc::TooLong);
  EXPECT_EQ(refused({.headers = {{"X-A", std::string(5'000, 'a')}}, .cookies = std::string(5'000, 'a')}), Errc::TooLong);
  EXPECT_EQ(refused({}, "ws://" + std::string(94, 'a')), Errc::TooLong);
  EXPECT_EQ(refused({}, "ws://a/" + std::string(1'900, 'a')), Errc::TooLong);
  EXPECT_EQ(refused({.origin = "https://example.com", .headers = {{"X-A", "1"}}, .cookies = "a=b"}), Errc::Busy);
}

TEST(Options, WhatIsNotBuiltYetIsRefusedWithASentence) {
  EXPECT_EQ(refusal({.media = {.constraints = {.video = true}}}), Errc::NotSupported);
  EXPECT_EQ(refusal({.dtmf = DtmfMode::Rtp}), Errc::NotSupported);
  EXPECT_EQ(refusal({.stun = "stun:stun.example.com"}), Errc::NotSupported);
  EXPECT_EQ(refusal({.turn = TurnOptions{.uri = "turn:turn.example.com"}}), Errc::NotSupported);
}

TEST(Options, CreateDoesNoInputOrOutput) {
  Rig rig;
  const auto user = SimpleUser::create("ws://example.com", {.aor = "sip:alice@example.com"}, rig.ports());
  ASSERT_TRUE(user);
  rig.executor.advance(1h);
  EXPECT_THAT(rig.net.attempts(), IsEmpty());
}

TEST(Options, NoAorMakesAnAnonymousOne) {
  Rig rig;
  const auto one = SimpleUser::create("ws://example.com", {}, rig.ports()).value();
  const auto other = SimpleUser::create("ws://example.com", {}, rig.ports()).value();
  EXPECT_THAT(one->aor(), HasSubstr("@anonymous.invalid"));
  EXPECT_NE(one->aor(), other->aor());
}

TEST(Destination, UriOrBareNameAtTheDomain) {
  const auto read = [](std::string_view text) { return detail::read_destination(text, "example.com:5061").value(); };
  EXPECT_EQ(read("sip:bob@other.org"), "sip:bob@other.org");
  EXPECT_EQ(read("sips:bob@other.org"), "sips:bob@other.org");
  EXPECT_EQ(read("tel:+491234"), "tel:+491234");
  EXPECT_EQ(read("bob"), "sip:bob@example.com:5061");
  EXPECT_EQ(read("+491234"), "sip:+491234@example.com:5061");
  EXPECT_EQ(read("*97#"), "sip:*97%23@example.com:5061");
  for (const char* bad : {"", "http://x", "sip:", "bob@example.com", "a b", "a\r\nb", "mailto:x@y", "sip:bob@", "<sip:bob@x>"}) {
    EXPECT_EQ(detail::read_destination(bad, "example.com").error().code, Errc::BadSyntax) << bad;
  }
}

TEST(Masking, N06HidesDigestResponsesAndSdesKeys) {
  const std::string masked = detail::mask_secrets(
      "REGISTER sip:x SIP/2.0\r\n"
      "Authorization: Digest username=\"a\", response=\"0123456789abcdef\", nc=1\r\n"
      "proxy-authorization : Digest RESPONSE = \"fedcba\",\r\n response=unquoted, uri=\"sip:x\"\r\n"
      "X-Other: response=\"stays\"\r\n"
      "\r\n"
      "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0|2^20|1:4\r\n"
      "a=ice-pwd:stays\r\n");
  EXPECT_THAT(masked, Not(HasSubstr("0123456789abcdef")));
  EXPECT_THAT(masked, Not(HasSubstr("fedcba")));
  EXPECT_THAT(masked, Not(HasSubstr("unquoted")));
  EXPECT_THAT(masked, Not(HasSubstr("c2VjcmV0")));
  EXPECT_THAT(masked, HasSubstr("username=\"a\", response=\"***\", nc=1\r\n"));
  EXPECT_THAT(masked, HasSubstr("response=***, uri=\"sip:x\"\r\n"));
  EXPECT_THAT(masked, HasSubstr("X-Other: response=\"stays\"\r\n"));
  EXPECT_THAT(masked, HasSubstr("inline:***|2^20|1:4\r\n"));
}

TEST(Masking, TakesAnyText) {
  EXPECT_EQ(detail::mask_secrets(""), "");
  EXPECT_EQ(detail::mask_secrets("\r\n\r\n"), "\r\n\r\n");
  EXPECT_EQ(detail::mask_secrets("Authorization: response=\""), "Authorization: response=\"***");
  EXPECT_EQ(detail::mask_secrets("Authorization: response"), "Authorization: response");
  EXPECT_EQ(detail::mask_secrets("a=crypto:1 x inline:"), "a=crypto:1 x inline:***");
}

TEST(Trace, N06SecretsAreMaskedBothWays) {
  Rig rig;
  rig.proxy.password = "secret";
  std::vector<std::string> out;
  std::vector<std::string> in;
  User alice(rig, "alice", {.authorization_password = "secret", .trace = [&](const TraceRecord& record) {
                              (record.direction == Traffic::Out ? out : in).emplace_back(record.text);
                            }});
  alice.registered();
  ASSERT_EQ(out.size(), 2u);
  EXPECT_THAT(out[1], HasSubstr("response=\"***\""));
  ASSERT_EQ(in.size(), 2u);
  EXPECT_THAT(in[0], HasSubstr("401"));
  const std::string wire = rig.sent("REGISTER")[1];
  EXPECT_THAT(wire, Not(HasSubstr("***")));
}

TEST(Log, IsACallbackWithLevels) {
  Rig rig;
  rig.net.refuse = Error{.code = Errc::Refused, .detail = "192.0.2.1:80"};
  std::vector<std::string> lines;
  User alice(rig, "alice", {.log = [&](LogLevel level, std::string_view text) {
               lines.push_back(std::string(to_string(level)) + " " + std::string(text));
             }});
  EXPECT_FALSE(rig.wait(alice->connect()));
  EXPECT_THAT(lines, Contains(HasSubstr("warning no connection")));
}

TEST(ReconnectPolicy, QuickAttemptsThenBackOffWithJitter) {
  FakeCrypto crypto;
  detail::ReconnectPolicy policy({.quick_attempts = 3, .quick_delay = 4s});
  const TimePoint start{1h};
  policy.opened(start - 1min);
  policy.lost(start);
  EXPECT_EQ(policy.next(start, crypto), start);
  EXPECT_EQ(policy.next(start, crypto), start + 4s);
  EXPECT_EQ(policy.next(start + 4s, crypto), start + 8s);
  TimePoint now = start + 8s;
  Duration base = 8s;
  for (int i = 0; i < 12; ++i) {
    const TimePoint due = *policy.next(now, crypto);
    EXPECT_GE(due - now, base / 2);
    EXPECT_LE(due - now, base);
    now = due;
    base = std::min<Duration>(2 * base, 30min);
  }
  EXPECT_EQ(policy.attempt(), 15u);
}

TEST(ReconnectPolicy, GivesUpWhenNotForever) {
  FakeCrypto crypto;
  detail::ReconnectPolicy policy({.quick_attempts = 1, .quick_delay = 4s, .forever = false});
  policy.lost(TimePoint{});
  EXPECT_TRUE(policy.next(TimePoint{}, crypto));
  EXPECT_FALSE(policy.next(TimePoint{}, crypto));
}

TEST(ReconnectPolicy, ServerThatAcceptsAndDropsIsNotHammered) {
  FakeCrypto crypto;
  detail::ReconnectPolicy policy({.quick_attempts = 3, .quick_delay = 4s});
  TimePoint now{1h};
  policy.lost(now);
  for (int i = 0; i < 6; ++i) {
    now = *policy.next(now, crypto);
    policy.opened(now);
    policy.lost(now);
  }
  EXPECT_GE(now - TimePoint{1h}, 8s + 4s + 8s + 16s);
}

}  // namespace
}  // namespace parley::test
