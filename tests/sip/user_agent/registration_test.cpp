// SPDX-License-Identifier: MIT
// The life of a binding: asked for, refreshed, refused, given up, against a scripted registrar. RFC 3261 s.10.2.
#include "registration_support.hpp"

namespace parley::test {
namespace {

TEST_F(RegistrationTest, F01GoesToTheDomainForTheAor) {  // RFC 3261 s.10.2
  const auto wire = send();
  ASSERT_TRUE(wire.is(Method::Register));
  EXPECT_EQ(wire.view().request_uri().text, "sip:example.com");
  EXPECT_EQ(wire.view().to().uri.text, "sip:alice@example.com");
  EXPECT_EQ(wire.view().from().uri.text, "sip:alice@example.com");
  EXPECT_EQ(wire.view().to_tag(), "");
  EXPECT_NE(wire.view().from_tag(), "");
  const auto contact = wire.view().contact();
  EXPECT_EQ(contact.uri.text, "sip:a1@alice.invalid;transport=ws");
  EXPECT_EQ(contact.params.find("expires"), "600");
  EXPECT_EQ(contact.params.find("+sip.instance"), "\"<" + std::string(instance) + ">\"");
  EXPECT_TRUE(wire.view().lists(HeaderId::Supported, "path"));
  EXPECT_TRUE(wire.view().lists(HeaderId::Supported, "gruu"));
  EXPECT_TRUE(wire.view().lists(HeaderId::Allow, "INVITE"));
}

TEST_F(RegistrationTest, OptionsAreWritten) {
  RegisterRequest request;
  request.expires = 120s;
  request.contact_params = "q=0.5";
  request.reg_id = 1;
  request.registrar = "sip:reg.example.net:5070";
  request.extra_headers = {{"X-Device", "door"}};
  const auto wire = send(request);
  EXPECT_EQ(wire.view().request_uri().text, "sip:reg.example.net:5070");
  EXPECT_EQ(wire.view().contact().params.find("expires"), "120");
  EXPECT_EQ(wire.view().contact().params.find("q"), "0.5");
  EXPECT_EQ(wire.view().contact().params.find("reg-id"), "1");
  EXPECT_EQ(wire.view().header("X-Device"), "door");
}

TEST_F(RegistrationTest, BadOptionsAreRefused) {
  RegisterRequest request;
  request.contact_params = ";q=0.5\r\nX: y";
  EXPECT_EQ(ua->register_(request, ua.now()).error().code, Errc::BadValue);
  request.contact_params.clear();
  request.registrar = "http://example.com";
  EXPECT_EQ(ua->register_(request, ua.now()).error().code, Errc::BadValue);
  request.registrar.clear();
  request.expires = 0s;
  EXPECT_EQ(ua->register_(request, ua.now()).error().code, Errc::BadValue);
  ua->set_flow(std::nullopt, ua.now());
  EXPECT_EQ(ua->register_({}, ua.now()).error().code, Errc::NotConnected);
  EXPECT_EQ(ua->unregister(false, ua.now()).error().code, Errc::NotConnected);
  EXPECT_EQ(ua.unread(), 0U);
}

TEST_F(RegistrationTest, F02OneCallIdRisingCSeqAndNeverTwo) {
  const auto first = send();
  EXPECT_EQ(ua->register_({}, ua.now()).error().code, Errc::Busy);
  grant(first);
  EXPECT_TRUE(ua->is_registered());
  const auto second = send();
  EXPECT_EQ(second.view().call_id(), first.view().call_id());
  EXPECT_EQ(second.view().from_tag(), first.view().from_tag());
  EXPECT_EQ(second.view().cseq().number, first.view().cseq().number + 1);
  EXPECT_TRUE(ua->unregister(false, ua.now()));  // kept until the answer
  EXPECT_EQ(ua.unread(), 0U);
  grant(second);
  const auto third = ua.sent();
  EXPECT_EQ(third.view().contact().params.find("expires"), "0");
  EXPECT_EQ(third.view().cseq().number, first.view().cseq().number + 2);
}

TEST_F(RegistrationTest, F04RefreshDelay) {
  EXPECT_EQ(refresh_delay(600s, 0), 560s);
  EXPECT_EQ(refresh_delay(600s, 1000), 532s);
  EXPECT_EQ(refresh_delay(7200s, 0), 7128s);
  EXPECT_EQ(refresh_delay(60s, 0), 30s);
  EXPECT_EQ(refresh_delay(1s, 0), 500ms);
}

TEST_F(RegistrationTest, F04IsRefreshedInTimeAgainAndAgain) {
  auto wire = send();
  grant(wire);
  EXPECT_FALSE(ua.told<Registered>()->refresh);
  for (int i = 0; i < 3; ++i) {
    const auto delay = until_sent(600s);
    EXPECT_GE(delay, 532s);
    EXPECT_LE(delay, 561s);
    const auto again = ua.sent();
    EXPECT_TRUE(again.is(Method::Register));
    EXPECT_EQ(again.view().cseq().number, wire.view().cseq().number + 1);
    grant(again);
    EXPECT_TRUE(ua.told<Registered>()->refresh);
    wire = Wire(again.text());
  }
}

TEST_F(RegistrationTest, N08AfterASuspendItIsRefreshedAtOnce) {
  grant(send());
  ua.jump(550s);
  ua.jump(20s);
  EXPECT_TRUE(ua.sent().is(Method::Register));
  EXPECT_TRUE(ua->is_registered());
}

TEST_F(RegistrationTest, RunsOutWhenNobodyAnswers) {
  grant(send());
  ua.advance(600s);
  EXPECT_FALSE(ua->is_registered());
  EXPECT_EQ(ua.count<Unregistered>(), 1U);
  EXPECT_EQ(ua.told<Unregistered>()->error->code, Errc::Timeout);
  ua.advance(64s);
  EXPECT_EQ(ua.count<Unregistered>(), 0U);
}

TEST_F(RegistrationTest, F08ARefreshThatFailsIsTriedAgainWhileTheBindingStands) {  // RFC 5626 s.4.5
  RegisterRequest request;
  request.expires = 3600s;
  grant(send(request), "3600");
  until_sent(3600s);
  ua.answer(ua.sent(), 503);
  EXPECT_TRUE(ua->is_registered());
  EXPECT_EQ(ua.count<Unregistered>(), 0U);
  const auto pause = until_sent(60s);
  EXPECT_GE(pause, 15s);
  EXPECT_LE(pause, 31s);
  grant(ua.sent(), "3600");
  EXPECT_EQ(ua.count<Registered>(), 2U);
}

TEST_F(RegistrationTest, RefusalIsTold) {
  ua.answer(send(), 403);
  const auto refused = ua.told<Unregistered>();
  EXPECT_EQ(refused->error->status, 403);
  EXPECT_EQ(refused->error->text(), "403 Forbidden");
  EXPECT_FALSE(ua->is_registered());
  EXPECT_TRUE(ua->register_({}, ua.now()));
}

TEST_F(RegistrationTest, SilenceIsTold) {
  send();
  ua.advance(32s);
  EXPECT_EQ(ua.told<Unregistered>()->error->code, Errc::Timeout);
}

TEST_F(RegistrationTest, F05IntervalTooBriefIsAskedAgainWithMore) {  // RFC 3261 s.10.2.8
  const auto wire = send();
  ua.answer(wire, 423, "reg", {{"Min-Expires", "1800"}});
  const auto again = ua.sent();
  EXPECT_EQ(again.view().contact().params.find("expires"), "1800");
  EXPECT_EQ(again.view().cseq().number, wire.view().cseq().number + 1);
  grant(again, "1800");
  until_sent(1800s);
  EXPECT_EQ(ua.sent().view().contact().params.find("expires"), "1800");
}

TEST_F(RegistrationTest, F05EachRefreshMayBeTooBriefAnew) {
  auto wire = send();
  for (int hour = 1; hour <= 4; ++hour) {
    const auto seconds = std::to_string(3'600 * hour);
    ua.answer(wire, 423, "reg", {{"Min-Expires", seconds}});
    const auto again = ua.sent();
    ASSERT_TRUE(again.is(Method::Register)) << hour;
    grant(again, seconds);
    until_sent(3'600s * hour);
    wire = ua.sent();
  }
  EXPECT_EQ(ua.count<Unregistered>(), 0U);
}

TEST_F(RegistrationTest, F05SillyMinExpiresDoesNotLoop) {
  for (const char* silly : {"", "0", "10", "600", "99999999999999999999", "abc"}) {
    ua.answer(send(), 423, "reg", {{"Min-Expires", silly}});
    EXPECT_EQ(ua.unread(), 0U) << silly;
    EXPECT_EQ(ua.told<Unregistered>()->error->status, 423) << silly;
  }
  ua.answer(send(), 423);
  EXPECT_EQ(ua.told<Unregistered>()->error->status, 423);
  auto wire = send();
  for (int seconds = 1000; wire && seconds < 20'000; seconds += 1000) {
    ua.answer(wire, 423, "reg", {{"Min-Expires", std::to_string(seconds)}});
    wire = ua.sent();
  }
  EXPECT_EQ(ua.told<Unregistered>()->error->status, 423);
}

TEST_F(RegistrationTest, F06UnregisterTakesTheBindingBack) {  // RFC 3261 s.10.2.2
  grant(send());
  EXPECT_TRUE(ua->unregister(false, ua.now()));
  const auto wire = ua.sent();
  EXPECT_EQ(wire.view().contact().params.find("expires"), "0");
  EXPECT_EQ(wire.view().contact().uri.text, "sip:a1@alice.invalid;transport=ws");
  EXPECT_FALSE(wire.view().has(HeaderId::Expires));
  ua.answer(wire, 200, "reg");
  EXPECT_FALSE(ua.told<Unregistered>()->error);
  EXPECT_FALSE(ua->is_registered());
  ua.advance(3600s);
  EXPECT_EQ(ua.unread(), 0U);
}

TEST_F(RegistrationTest, F06StarGoesWithExpiresZeroOnly) {
  grant(send());
  ua->unregister(true, ua.now());
  const auto wire = ua.sent();
  EXPECT_TRUE(wire.view().contact_is_star());
  EXPECT_EQ(wire.header(HeaderId::Expires), "0");
  ua.answer(wire, 200, "reg");
  EXPECT_TRUE(ua.told<Unregistered>());
}

TEST_F(RegistrationTest, F06QueryHasNoContactAndChangesNothing) {  // RFC 3261 s.10.2.3
  grant(send());
  ua.forget_told();
  const auto id = ua->query_bindings(ua.now()).value();
  const auto query = ua.sent();
  ASSERT_TRUE(query.is(Method::Register));
  EXPECT_EQ(query.view().contact_count(), 0U);
  EXPECT_FALSE(query.view().has(HeaderId::Contact));
  EXPECT_FALSE(query.view().has(HeaderId::Expires));
  EXPECT_EQ(query.view().cseq().number, 2U);
  ua.answer(query, 200, "reg", {{"Contact", "<sip:a1@desk.invalid>;expires=60, <sip:a1@door.invalid>;expires=3600"}});
  const auto done = ua.told<RequestDone>();
  EXPECT_EQ(done->request, id);
  EXPECT_EQ(done->response.value().view().contact_count(), 2U);
  EXPECT_TRUE(ua->is_registered());
  EXPECT_EQ(ua.count<Registered>() + ua.count<Unregistered>(), 0U);
  EXPECT_TRUE(ua->query_bindings(ua.now()));
  ua.answer(ua.sent(), 503);
  EXPECT_EQ(ua.told<RequestDone>()->response.value().view().status(), 503);
  EXPECT_TRUE(ua->query_bindings(ua.now()));
  ua.advance(32s);
  EXPECT_EQ(ua.told<RequestDone>()->response.error().code, Errc::Timeout);
  EXPECT_TRUE(ua->is_registered());
  until_sent(700s);
  while (auto wire = ua.sent()) EXPECT_TRUE(wire.is(Method::Register));  // the refresh came all the same
  EXPECT_EQ(ua.count<Unregistered>(), 0U);
}

TEST_F(RegistrationTest, F06RegisteringAnewFollowsTheUnregisterInFlight) {
  grant(send());
  EXPECT_TRUE(ua->unregister(false, ua.now()));
  const auto away = ua.sent();
  RegisterRequest request;
  request.extra_headers = {{"X-Device", "door"}};
  EXPECT_TRUE(ua->register_(request, ua.now()));
  EXPECT_TRUE(ua->is_registering());
  EXPECT_EQ(ua.unread(), 0U);  // F02
  ua.answer(away, 200, "reg");
  EXPECT_FALSE(ua.told<Unregistered>()->error);
  const auto anew = ua.sent();
  ASSERT_TRUE(anew.is(Method::Register));
  EXPECT_EQ(anew.view().contact().params.find("expires"), "600");
  EXPECT_EQ(anew.view().header("X-Device"), "door");
  grant(anew);
  EXPECT_TRUE(ua->is_registered());
  EXPECT_FALSE(ua->is_registering());
}

TEST_F(RegistrationTest, F06WhatIsWantedMeanwhileFollowsInOrder) {
  const auto first = send();
  EXPECT_TRUE(ua->unregister(true, ua.now()));
  EXPECT_TRUE(ua->register_({}, ua.now()));
  grant(first);
  const auto away = ua.sent();
  EXPECT_TRUE(away.view().contact_is_star());
  ua.answer(away, 503, "reg");  // whatever becomes of it
  EXPECT_EQ(ua.told<Unregistered>()->error->status, 503);
  grant(ua.sent());
  EXPECT_TRUE(ua->is_registered());
  EXPECT_EQ(ua.unread(), 0U);
}

TEST_F(RegistrationTest, F06WhatIsWantedMeanwhileFollowsASilenceAndAChallengeToo) {
  const auto expect_unbinding = [this] {
    const auto follows = ua.sent();
    ASSERT_TRUE(follows.is(Method::Register));
    EXPECT_EQ(follows.view().contact().params.find("expires"), "0");
    ua.answer(follows, 200);
  };
  send();
  ua->unregister(false, ua.now()).value();
  ua.advance(32s);  // timer F
  expect_unbinding();
  const auto wire = send();
  ua->unregister(false, ua.now()).value();
  ua.answer(wire, 401, "reg", {{"WWW-Authenticate", "Basic realm=\"example.com\""}});
  expect_unbinding();
}

TEST_F(RegistrationTest, F06TheLastWordCounts) {
  grant(send());
  EXPECT_TRUE(ua->unregister(false, ua.now()));
  EXPECT_TRUE(ua->register_({}, ua.now()));
  EXPECT_TRUE(ua->unregister(false, ua.now()));
  EXPECT_FALSE(ua->is_registering());
  ua.answer(ua.sent(), 200, "reg");
  while (auto wire = ua.sent()) {
    EXPECT_EQ(wire.view().contact().params.find("expires"), "0");
    ua.answer(wire, 200, "reg");
  }
  EXPECT_FALSE(ua->is_registered());
}

TEST_F(RegistrationTest, F06RegisteringFollowsAQuery) {
  EXPECT_TRUE(ua->query_bindings(ua.now()));
  const auto query = ua.sent();
  EXPECT_TRUE(ua->register_({}, ua.now()));
  EXPECT_EQ(ua.unread(), 0U);  // F02
  ua.answer(query, 200);
  grant(ua.sent());
  EXPECT_TRUE(ua->is_registered());
}

TEST_F(RegistrationTest, BadOptionsAreRefusedAtOnceAlsoWhereTheyWouldWait) {
  grant(send());
  EXPECT_TRUE(ua->unregister(false, ua.now()));
  RegisterRequest request;
  request.contact_params = ";=";
  EXPECT_EQ(ua->register_(request, ua.now()).error().code, Errc::BadValue);
  request.contact_params.clear();
  request.extra_headers = {{"Contact", "<sip:x@y>"}};
  EXPECT_EQ(ua->register_(request, ua.now()).error().code, Errc::BadValue);
  request.extra_headers = {{"X-A", std::string("a\0b", 3)}};
  EXPECT_EQ(ua->register_(request, ua.now()).error().code, Errc::BadValue);
  EXPECT_FALSE(ua->is_registering());
}

TEST_F(RegistrationTest, WhatWaitsEndsWithTheConnection) {
  grant(send());
  EXPECT_TRUE(ua->unregister(false, ua.now()));
  ua.sent();
  EXPECT_TRUE(ua->register_({}, ua.now()));
  ua.close();
  EXPECT_FALSE(ua->is_registering());
  EXPECT_EQ(ua.unread(), 0U);
}

TEST_F(RegistrationTest, F06ARefreshThatFallsIntoAQueryFollowsIt) {
  RegisterRequest request;
  request.expires = 60s;
  grant(send(request), "60");  // to be refreshed after 30 s at most
  ua.advance(20s);
  EXPECT_TRUE(ua->query_bindings(ua.now()));
  const auto query = ua.sent();
  ua.advance(20s);
  EXPECT_EQ(ua.unread(), 0U);  // F02
  ua.answer(query, 200);
  const auto refresh = ua.sent();
  ASSERT_TRUE(refresh.is(Method::Register));
  EXPECT_EQ(refresh.view().contact_count(), 1U);
  grant(refresh, "60");
  EXPECT_TRUE(ua->is_registered());
}

TEST_F(RegistrationTest, F07ChallengesAreAnsweredWithANewCSeq) {
  const auto wire = send();
  EXPECT_FALSE(wire.view().has(HeaderId::Authorization));
  challenge(wire, "n1");
  const auto again = ua.sent();
  EXPECT_THAT(again.header(HeaderId::Authorization), HasSubstr("nonce=\"n1\""));
  EXPECT_EQ(again.view().cseq().number, wire.view().cseq().number + 1);
  EXPECT_EQ(again.view().call_id(), wire.view().call_id());
  EXPECT_NE(again.view().via().branch, wire.view().via().branch);
  grant(again);
  const auto later = send();
  EXPECT_THAT(later.header(HeaderId::Authorization), HasSubstr("nc=00000002"));
  challenge(later, "n2", ", stale=TRUE");
  const auto fresh = ua.sent();
  EXPECT_THAT(fresh.header(HeaderId::Authorization), HasSubstr("nonce=\"n2\""));
  EXPECT_THAT(fresh.header(HeaderId::Authorization), HasSubstr("nc=00000001"));  // SEC-63
  grant(fresh);
  EXPECT_EQ(ua.count<Registered>(), 2U);
}

TEST_F(RegistrationTest, F07ARestartedProxyMayJustSay401) {  // network.md s.1: another nonce is a fresh challenge without stale
  const auto wire = send();
  challenge(wire, "n1");
  grant(ua.sent());
  challenge(send(), "n2");
  const auto fresh = ua.sent();
  EXPECT_THAT(fresh.header(HeaderId::Authorization), HasSubstr("nonce=\"n2\""));
  grant(fresh);
  EXPECT_EQ(ua.count<Unregistered>(), 0U);
}

TEST_F(RegistrationTest, F07WrongPasswordEndsAfterOneTryAndIsTold) {
  challenge(send(), "n1");
  challenge(ua.sent(), "n2");
  EXPECT_EQ(ua.unread(), 0U);
  const auto refused = ua.told<Unregistered>();
  EXPECT_EQ(refused->error->code, Errc::Unauthorized);
  EXPECT_EQ(refused->error->status, 401);
  EXPECT_EQ(ua.count<Unregistered>(), 0U);
}

TEST_F(RegistrationTest, F07Sec63EndlessStaleEnds) {
  auto wire = send();
  int tries = 0;
  while (wire && tries < 10) {
    challenge(wire, "n" + std::to_string(++tries), ", stale=true");
    wire = ua.sent();
  }
  EXPECT_LE(tries, 4);
  EXPECT_EQ(ua.told<Unregistered>()->error->code, Errc::Unauthorized);
}

TEST_F(RegistrationTest, F09NewFlowNewContactSameCallId) {
  const auto wire = send();
  grant(wire);
  ua.forget_told();
  ua.close();
  EXPECT_FALSE(ua->is_registered());
  EXPECT_EQ(ua.count<Unregistered>(), 0U);  // who lost the connection knows
  ua.advance(700s);
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua->register_({}, ua.now()).error().code, Errc::NotConnected);
  ua.open(FlowId{2}, websocket("other.invalid"));
  const auto again = send();
  EXPECT_EQ(again.view().contact().uri.text, "sip:a1@other.invalid;transport=ws");
  EXPECT_EQ(again.view().call_id(), wire.view().call_id());
  EXPECT_GT(again.view().cseq().number, wire.view().cseq().number);
  ua.answer(again, 200, "reg", {{"Contact", "<sip:a1@other.invalid;transport=ws>;expires=600"}}, {}, FlowId{2});
  EXPECT_FALSE(ua.told<Registered>()->refresh);
}

TEST_F(RegistrationTest, ConnectionLostWhileInFlightIsTold) {
  send();
  ua.close();
  EXPECT_EQ(ua.told<Unregistered>()->error->code, Errc::ConnectionLost);
  EXPECT_EQ(ua.count<Unregistered>(), 0U);
}

}  // namespace
}  // namespace parley::test
