// SPDX-License-Identifier: MIT
// Whom a user agent serves, and what it says when it does not: strangers, extensions, overload, shutdown, the words of a refusal.
#include <parley/tests/support/ua_pair.hpp>

#include <gmock/gmock.h>

using namespace parley;
using namespace parley::sip;
using namespace parley::test;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

constexpr FlowId strange{7};

struct Policy : ::testing::Test {
  explicit Policy(UserAgentOptions options = Probe::alice()) : ua(std::move(options)) {
    ua->flow_opened(strange, websocket("alice.invalid"), ua.now());
  }

  PeerRequest request(std::string method) {
    PeerRequest r = method == "INVITE" ? peer_invite() : PeerRequest{};
    r.method = std::move(method);
    r.branch = "z9hG4bKp" + std::to_string(++serial);
    r.call_id = "policy-" + std::to_string(serial) + "@peer";
    return r;
  }
  Wire ask(const PeerRequest& r, FlowId flow = Probe::first_flow) {
    ua.forget_sent();
    ua.receive(r.text(), flow);
    return ua.sent();
  }
  /// A call that is up, as callee; gives our 200.
  Wire up() {
    ask(request("INVITE"));
    session = ua.told<IncomingSession>()->session;
    ua->accept(session, sdp(sdp_answer), {}, ua.now());
    auto ok = ua.sent();
    ua.receive(in_dialog(ok, "ACK", 1, "z9hG4bKack").text());
    ua.forget_told();
    return ok;
  }

  Probe ua;
  SessionId session{};
  int serial = 0;
};

struct OpenPolicy : Policy {
  static UserAgentOptions open() {
    auto options = Probe::alice();
    options.serve_strangers = true;
    return options;
  }
  OpenPolicy() : Policy(open()) {}
};

struct NeedyPolicy : Policy {
  static UserAgentOptions needy() {
    auto options = Probe::alice();
    options.needed_extensions = {"100rel", "foo"};
    return options;
  }
  NeedyPolicy() : Policy(needy()) {}
};

using Leaving = Policy;
using RefusalTold = Policy;

}  // namespace

// ---- Strangers

TEST_F(Policy, Sec65StrangersAreRefused) {
  for (const char* method : {"INVITE", "MESSAGE", "OPTIONS", "SUBSCRIBE", "REFER", "NOTIFY", "REGISTER", "JUGGLE"}) {
    EXPECT_TRUE(ask(request(method), strange).is(403)) << method;
  }
  auto ack = request("ACK");
  EXPECT_FALSE(ask(ack, strange));
  EXPECT_EQ(ua->session_count(), 0U);
  EXPECT_EQ(ua.count<MessageReceived>() + ua.count<IncomingSession>(), 0U);
  EXPECT_TRUE(ask(request("MESSAGE")).is(200));  // the account's own server
  ua.close();
  EXPECT_TRUE(ask(request("MESSAGE"), strange).is(403));  // without an account's flow everybody is one
}

TEST_F(Policy, Sec65ADialogIsKnownByItsTagsOnAnyFlow) {  // network.md s.1: after a reconnect
  const auto ok = up();
  EXPECT_TRUE(ask(in_dialog(ok, "OPTIONS", 2, "z9hG4bKo"), strange).is(200));
  auto guess = in_dialog(ok, "BYE", 3, "z9hG4bKb");
  guess.to += "x";
  EXPECT_TRUE(ask(guess, strange).is(481));
  EXPECT_EQ(ua->session_count(), 1U);
}

TEST_F(Policy, Sec86N05AStrangersDatagramIsAnsweredOnceAndForgotten) {  // RFC 3261 s.8.2.7: without state
  constexpr FlowId datagram{8};
  ua->flow_opened(datagram, datagrams("alice.invalid"), ua.now());
  for (const char* method : {"INVITE", "MESSAGE", "OPTIONS", "BYE", "JUGGLE"}) {
    auto r = request(method);
    r.content_type.clear();
    r.body.clear();
    ua.forget_sent();
    ua.receive(r.text(), datagram);
    EXPECT_EQ(ua->stack().transaction_count(), 0U) << method;
    ua.advance(64s);
    const auto first = ua.sent();
    EXPECT_TRUE(first.is(403)) << method;
    EXPECT_LE(first.text().size(), 3 * r.text().size());
    EXPECT_EQ(ua.unread(), 0U) << method << ": no copy comes by itself";
    ua.receive(r.text(), datagram);
    EXPECT_EQ(ua.sent().text(), first.text()) << method << ": E11";
    r.method = "ACK";
    r.to = first.header(HeaderId::To);
    ua.receive(r.text(), datagram);
    EXPECT_EQ(ua.unread(), 0U);
  }
}

TEST_F(OpenPolicy, N05RefusalsOfStrangersDatagramsAreStatelessToo) {
  constexpr FlowId datagram{8};
  ua->flow_opened(datagram, datagrams("alice.invalid"), ua.now());
  auto r = request("INVITE");
  r.uri = "sip:nobody@alice.invalid";
  ua.forget_sent();
  ua.receive(r.text(), datagram);
  ua.advance(64s);
  EXPECT_TRUE(ua.sent().is(404));
  EXPECT_EQ(ua.unread(), 0U);
  r.to += ";tag=guessed";
  ua.receive(r.text(), datagram);
  ua.advance(64s);
  EXPECT_TRUE(ua.sent().is(481));
  EXPECT_EQ(ua.unread(), 0U);
}

TEST_F(OpenPolicy, Sec86N05A200ToAStrangersDatagramIsRepeatedOnlyTenfold) {
  constexpr FlowId datagram{8};
  ua->flow_opened(datagram, datagrams("alice.invalid"), ua.now());
  auto invite = request("INVITE");
  invite.content_type.clear();
  invite.body.clear();
  ua.receive(invite.text(), datagram);
  session = ua.told<IncomingSession>()->session;
  ASSERT_TRUE(ua->accept(session, sdp(std::string(sdp_offer) + std::string(400, 'x')), {}, ua.now()));
  Wire ok;
  while (!ok.is(200)) ok = ua.sent();
  ua.advance(64s);  // nobody acknowledges
  std::size_t repeated = 0;
  while (const auto wire = ua.sent()) {
    EXPECT_EQ(wire.text(), ok.text()) << "no BYE either: " << wire.label();
    repeated += wire.text().size();
  }
  EXPECT_GT(repeated, 2 * ok.text().size());  // one that is lost does not cost the call
  EXPECT_LE(repeated, 10 * invite.text().size());
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::Failed);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
  EXPECT_EQ(ua->stack().transaction_count(), 0U);
}

TEST_F(OpenPolicy, N05AStrangerWhoAcknowledgesIsServedLikeAnybody) {
  constexpr FlowId datagram{8};
  ua->flow_opened(datagram, datagrams("alice.invalid"), ua.now());
  ua.receive(request("INVITE").text(), datagram);
  session = ua.told<IncomingSession>()->session;
  ASSERT_TRUE(ua->accept(session, sdp(sdp_answer), {}, ua.now()));
  Wire ok;
  while (!ok.is(200)) ok = ua.sent();
  ua.advance(500ms);
  EXPECT_TRUE(ua.sent().is(200));
  ua.receive(in_dialog(ok, "ACK", 1, "z9hG4bKack").text(), datagram);
  EXPECT_TRUE(ua.told<SessionConfirmed>());
  ASSERT_TRUE(ua->terminate(session, {}, ua.now()));
  EXPECT_TRUE(ua.sent().is(Method::Bye));
}

TEST_F(OpenPolicy, Sec65UnlessTheApplicationServesThem) {
  EXPECT_TRUE(ask(request("MESSAGE"), strange).is(200));
  EXPECT_TRUE(ask(request("OPTIONS"), strange).is(200));
  EXPECT_TRUE(ask(request("INVITE"), strange).is(100));
  EXPECT_TRUE(ask(request("REFER"), strange).is(405));  // SEC-66: nor does that change what is obeyed
}

TEST_F(Policy, Sec67SubscribeIsRefusedWhateverItsExpires) {
  const auto ok = up();
  for (const char* expires : {"0", "1", "4294967295", "99999999999"}) {
    auto outside = request("SUBSCRIBE");
    outside.headers = {{"Event", "presence"}, {"Expires", expires}, {"Contact", "<sip:bob@192.0.2.2>"}};
    ++serial;
    auto inside = in_dialog(ok, "SUBSCRIBE", static_cast<std::uint32_t>(serial + 10), "z9hG4bKs" + std::to_string(serial));
    inside.headers = outside.headers;
    for (const auto& subscribe : {outside, inside}) {
      const auto answer = ask(subscribe);
      EXPECT_TRUE(answer.is(405)) << expires;
      EXPECT_FALSE(answer.view().lists(HeaderId::Allow, "SUBSCRIBE"));
    }
  }
  EXPECT_EQ(ua->session_count(), 1U);
}

// ---- Usages in one dialog

TEST_F(Policy, G11WhatEndsAnotherUsageLeavesTheCall) {  // RFC 5057 s.5
  const auto ok = up();
  for (const char* method : {"NOTIFY", "SUBSCRIBE", "REFER", "UPDATE", "PRACK"}) {
    ++serial;
    auto r = in_dialog(ok, method, static_cast<std::uint32_t>(serial + 10), "z9hG4bKg" + std::to_string(serial));
    r.headers = {{"Event", "refer"}, {"Subscription-State", "terminated;reason=noresource"}};
    const auto answer = ask(r);
    EXPECT_TRUE(answer.is(405) || answer.is(481)) << method;
  }
  ua->request(session, "MESSAGE", {"text/plain", "hi"}, {}, ua.now());
  ua.answer(ua.sent(), 405);
  EXPECT_EQ(ua.count<SessionEnded>(), 0U);
  EXPECT_EQ(ua->session_count(), 1U);
  EXPECT_TRUE(ask(in_dialog(ok, "BYE", 99, "z9hG4bKbye")).is(200));
  EXPECT_TRUE(ask(in_dialog(ok, "MESSAGE", 100, "z9hG4bKm")).is(481));  // the only usage was the last
}

// ---- Extensions, availability

TEST_F(NeedyPolicy, E06WhatTheCallerCannotIs421WithRequire) {  // RFC 3261 s.21.4.16
  auto r = request("INVITE");
  r.headers.push_back({"Supported", "foo"});
  const auto answer = ask(r);
  EXPECT_TRUE(answer.is(421));
  EXPECT_EQ(answer.header(HeaderId::Require), "100rel");
  r = request("INVITE");
  EXPECT_EQ(ask(r).header(HeaderId::Require), "100rel, foo");
  r = request("INVITE");
  r.headers.push_back({"Supported", "FOO"});
  r.headers.push_back({"Require", "100rel"});
  EXPECT_TRUE(ask(r).is(100));
  EXPECT_TRUE(ask(request("MESSAGE")).is(200));  // only calls need it
}

TEST_F(Policy, E14OptionsTellsWhatAnInviteWouldGet) {  // RFC 3261 s.11.2
  ua->set_availability(486);
  auto answer = ask(request("OPTIONS"));
  EXPECT_TRUE(answer.is(486));
  EXPECT_TRUE(answer.view().lists(HeaderId::Allow, "INVITE"));
  EXPECT_EQ(answer.header(HeaderId::Accept), "application/sdp");
  EXPECT_TRUE(ask(in_dialog(up(), "OPTIONS", 2, "z9hG4bKo")).is(200));
  ua->set_availability(200);
  EXPECT_TRUE(ask(request("OPTIONS")).is(200));
}

// ---- Overload and shutdown

TEST_F(Leaving, E19WhoeverComesAnewGets503AndWhatRunsIsAnswered) {
  ask(request("INVITE"));
  const auto ringing = ua.told<IncomingSession>()->session;
  ua->ring(ringing, 180, ua.now());
  const auto pending = up();
  ua->invite(UaPair::to_bob(), ua.now()).value();
  const auto ours = ua.sent();
  ua.answer(ours, 180);
  ua.forget_sent();
  ua->shut_down(ua.now());
  auto labels = ua.labels();
  std::sort(labels.begin(), labels.end());
  EXPECT_THAT(labels, ElementsAre("480 INVITE", "BYE", "CANCEL"));
  EXPECT_EQ(ua.count<SessionEnded>(), 3U);
  const auto refused = ask(request("INVITE"));
  EXPECT_TRUE(refused.is(503));
  EXPECT_NE(refused.header(HeaderId::RetryAfter), "");
  EXPECT_TRUE(ask(request("MESSAGE")).is(503));
  EXPECT_TRUE(ask(in_dialog(pending, "BYE", 5, "z9hG4bKb")).is(200));
  EXPECT_EQ(ua->invite(UaPair::to_bob(), ua.now()).error().code, Errc::WrongState);
  EXPECT_EQ(ua->options("sip:bob@example.com", ua.now()).error().code, Errc::WrongState);
  ua.forget_sent();
  ua.answer(ours, 487);
  EXPECT_TRUE(ua.sent().is(Method::Ack));
  ua.advance(33s);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}

TEST(LeavingOverDatagrams, E19RefusalsAreRepeatedUntilTheirAck) {
  Probe ua(Probe::alice(), datagrams("192.0.2.1:5060"));
  ua.receive(peer_invite().text());
  ua.forget_sent();
  ua->shut_down(ua.now());
  ua.advance(2s);
  EXPECT_THAT(ua.labels(), ElementsAre("480 INVITE", "480 INVITE", "480 INVITE"));
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
  EXPECT_EQ(ua->stack().transaction_count(), 1U);
  auto ack = peer_invite();
  ack.method = "ACK";
  ack.content_type.clear();
  ua.receive(ack.text());
  ua.advance(5s);
  EXPECT_EQ(ua->stack().transaction_count(), 0U);
}

TEST(Overload, E19C21MoreThanCanBeServedIs503WithRetryAfter) {
  auto options = Probe::alice();
  options.stack.max_transactions = 2;
  Probe ua(options);
  auto invite = peer_invite();
  for (int i = 0; i < 2; ++i) {
    invite.branch = "z9hG4bKi" + std::to_string(i);
    invite.call_id = "c" + std::to_string(i);
    ua.receive(invite.text());
  }
  ua.forget_sent();
  invite.branch = "z9hG4bKlast";
  invite.call_id = "last";
  ua.receive(invite.text());
  const auto refused = ua.sent();
  EXPECT_TRUE(refused.is(503));
  EXPECT_NE(refused.header(HeaderId::RetryAfter), "");
  const auto first = ua.told<IncomingSession>()->session;
  EXPECT_TRUE(ua->reject(first, 486, {}, ua.now()));  // what runs is finished
  EXPECT_TRUE(ua.sent().is(486));
}

// ---- M19

TEST_F(RefusalTold, M19WarningErrorInfoAndRetryAfterOfACall) {
  ua->invite(UaPair::to_bob(), ua.now()).value();
  ua.answer(ua.sent(), 486, "peer",
            {{"Retry-After", "120 (in a meeting);duration=60"},
             {"Warning", "304 example.com \"no codec\", 399 example.com \"a, b\""},
             {"Error-Info", "<sip:busy@example.com>"}});
  const auto details = ua.told<SessionEnded>()->cause.details;
  EXPECT_EQ(details.retry_after, Duration(120s));
  EXPECT_THAT(details.warnings, ElementsAre("304 example.com \"no codec\"", "399 example.com \"a, b\""));
  EXPECT_THAT(details.error_info, ElementsAre("<sip:busy@example.com>"));
  EXPECT_EQ(ua.unread(), 1U);  // the ACK alone: no Error-Info is called by itself
}

TEST_F(RefusalTold, M19OfAReinviteARegistrationAndARequest) {
  const Headers headers = {{"Retry-After", "5"}, {"Warning", "399 x \"why\""}};
  up();
  ua->reinvite(session, sdp(), ua.now());
  ua.answer(ua.sent(), 500, "peer", headers);
  EXPECT_EQ(ua.told<ReinviteRefused>()->details.retry_after, Duration(5s));
  ua.forget_sent();
  EXPECT_TRUE(ua->register_({}, ua.now()));
  ua.answer(ua.sent(), 403, "reg", headers);
  EXPECT_THAT(ua.told<Unregistered>()->details.warnings, ElementsAre("399 x \"why\""));
  ua->options("sip:bob@example.com", ua.now());
  ua.answer(ua.sent(), 480, "peer", headers);
  const auto done = ua.told<RequestDone>();
  EXPECT_EQ(failure_details(done->response.value().view()).retry_after, Duration(5s));
}

TEST_F(RefusalTold, M19OddValuesAreHarmless) {
  ua->invite(UaPair::to_bob(), ua.now()).value();
  Headers headers = {{"Retry-After", "soon"}, {"Warning", ""}, {"Error-Info", ""}};
  for (int i = 0; i < 50; ++i) headers.emplace_back("Warning", "399 x \"y\"");
  ua.answer(ua.sent(), 500, "peer", headers);
  const auto details = ua.told<SessionEnded>()->cause.details;
  EXPECT_EQ(details.retry_after, std::nullopt);
  EXPECT_LE(details.warnings.size(), 16U);
}
