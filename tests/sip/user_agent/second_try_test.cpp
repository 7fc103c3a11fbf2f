// SPDX-License-Identifier: MIT
// Refusals that leave another way: redirection (RFC 3261 s.8.1.3.4), the same without the cause (s.8.1.3.5), servers in trouble (s.21.5.4).
#include <parley/tests/support/ua_probe.hpp>

#include <gmock/gmock.h>

using namespace parley;
using namespace parley::sip;
using namespace parley::test;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace {

UserAgentOptions redirected(std::size_t most) {
  auto options = Probe::alice();
  options.most_redirects = most;
  return options;
}

struct SecondTry : ::testing::Test {
  explicit SecondTry(UserAgentOptions options = Probe::alice()) : ua(std::move(options)) {}

  Wire call(std::string target = "sip:bob@example.com") {
    InviteRequest request;
    request.target = std::move(target);
    request.offer = sdp();
    session = ua->invite(request, ua.now()).value();
    return ua.sent();
  }
  Wire message(Body body = {"text/plain", "hi"}, const ExtraHeaders& extra = {}, std::string target = "sip:bob@example.com") {
    ua->message(target, body, extra, ua.now()).value();
    return ua.sent();
  }
  /// A 302 to those places; gives what follows.
  Wire redirect(const Wire& request, std::initializer_list<const char*> places, StatusCode status = 302) {
    Headers contacts;
    for (const char* place : places) contacts.emplace_back("Contact", place);
    ua.answer(request, status, "redirector", contacts);
    auto next = ua.sent();
    return next.is(Method::Ack) ? ua.sent() : std::move(next);
  }
  /// The account's server says so of itself.
  void refuse_register(const std::string& retry_after) {
    ua->register_({}, ua.now()).value();
    ua.answer(ua.sent(), 503, "reg", {{"Retry-After", retry_after}});
  }
  static std::string uri(const Wire& wire) { return wire ? std::string(wire.view().request_uri().text) : std::string("none"); }

  Probe ua;
  SessionId session{};
};

struct Redirected : SecondTry {
  Redirected() : SecondTry(redirected(3)) {}
};
using Amended = SecondTry;
using ServerInTrouble = SecondTry;

}  // namespace

// ---- D07

TEST_F(Redirected, D07GoesOnAsTheSameCallWithAHigherCSeq) {
  const auto first = call();
  ua.answer(first, 180);
  const auto again = redirect(first, {"<sip:carol@example.com?Subject=evil&Route=%3Csip:thief%3E>"});
  ASSERT_TRUE(again.is(Method::Invite));
  EXPECT_EQ(uri(again), "sip:carol@example.com");  // SEC-36: no headers of theirs
  EXPECT_FALSE(again.view().has(HeaderId::Subject));
  EXPECT_EQ(again.view().call_id(), first.view().call_id());
  EXPECT_EQ(again.header(HeaderId::From), first.header(HeaderId::From));
  EXPECT_EQ(again.header(HeaderId::To), first.header(HeaderId::To));
  EXPECT_EQ(again.view().to_tag(), "");
  EXPECT_EQ(again.view().cseq().number, first.view().cseq().number + 1);
  EXPECT_NE(again.view().via().branch, first.view().via().branch);
  EXPECT_EQ(again.view().body(), sdp_offer);
  EXPECT_EQ(ua.count<SessionEnded>(), 0U);
  ua.answer(again, 200, "carol", {}, sdp_answer);  // without Contact: the new place stands for it
  const auto ack = ua.sent();
  EXPECT_EQ(uri(ack), "sip:carol@example.com");
  EXPECT_EQ(ack.view().to_tag(), "carol");
  EXPECT_TRUE(ua.told<SessionEstablished>());
}

TEST_F(Redirected, D07BestPlaceFirstThenTheOthersAsTheyFail) {
  auto next = redirect(call(), {"<sip:low@example.com>;q=0.2", "<sip:high@example.com>;q=0.9", "<sip:top@example.com>"});
  EXPECT_EQ(uri(next), "sip:top@example.com");
  next = redirect(next, {}, 486);
  EXPECT_EQ(uri(next), "sip:high@example.com");
  ua.advance(32s);  // no answer at all: RFC 3261 s.8.1.3.1 takes it for a 408
  next = ua.sent();
  EXPECT_EQ(uri(next), "sip:low@example.com");
  EXPECT_EQ(next.view().cseq().number, 4U);
  EXPECT_EQ(ua.count<SessionEnded>(), 0U);
  EXPECT_FALSE(redirect(next, {}, 480));
  EXPECT_EQ(ua.told<SessionEnded>()->cause.status, 480);
}

TEST_F(Redirected, D07NoPlaceTwiceAndNoLoop) {
  auto next = redirect(call(), {"<sip:carol@example.com>"});
  EXPECT_EQ(uri(next), "sip:carol@example.com");
  next = redirect(next, {"<sip:bob@EXAMPLE.com>", "<sip:%63arol@example.com>", "<sip:dave@example.com>"});
  EXPECT_EQ(uri(next), "sip:dave@example.com");
  EXPECT_FALSE(redirect(next, {"<sip:bob@example.com>"}));
  EXPECT_EQ(ua.told<SessionEnded>()->cause.status, 302);
}

TEST_F(Redirected, D07IsBounded) {
  auto next = call();
  int places = 0;
  while (next && places < 50) {
    ++places;
    const std::string place = "<sip:p" + std::to_string(places) + "@example.com>";
    next = redirect(next, {place.c_str()});
  }
  EXPECT_EQ(places, 4);  // the first and three more
  EXPECT_EQ(ua.told<SessionEnded>()->cause.status, 302);
}

TEST_F(Redirected, D07EveryClassOfRedirectionButProxyAndService) {
  EXPECT_EQ(uri(redirect(call(), {"<sip:a@example.com>"}, 300)), "sip:a@example.com");
  EXPECT_EQ(uri(redirect(call(), {"<sip:a@example.com>"}, 301)), "sip:a@example.com");
  EXPECT_EQ(uri(redirect(call(), {"<sip:a@example.com>"}, 399)), "sip:a@example.com");  // D06
  EXPECT_FALSE(redirect(call(), {"<sip:a@example.com>"}, 305));
  EXPECT_FALSE(redirect(call(), {"<sip:a@example.com>"}, 380));
  EXPECT_FALSE(redirect(call(), {"<mailto:a@example.com>"}));
  EXPECT_FALSE(redirect(call(), {}));
}

TEST_F(Redirected, D07ARefusalForAllPlacesEndsIt) {  // RFC 3261 s.21.6
  const auto next = redirect(call(), {"<sip:a@example.com>", "<sip:b@example.com>"});
  EXPECT_FALSE(redirect(next, {}, 603));
  EXPECT_EQ(ua.told<SessionEnded>()->cause.status, 603);
}

TEST_F(Redirected, D07OtherRequestsToo) {
  const auto next = redirect(message(), {"<sip:carol@example.com>"});
  EXPECT_TRUE(next.is(Method::Message));
  EXPECT_EQ(uri(next), "sip:carol@example.com");
  EXPECT_EQ(next.view().body(), "hi");
  ua.answer(next, 200);
  EXPECT_EQ(ua.told<RequestDone>()->response.value().view().status(), 200);
  EXPECT_EQ(ua.count<RequestDone>(), 0U);
}

TEST_F(Redirected, D07SipsIsNotGivenUp) {  // RFC 3261 s.8.1.3.4, s.26.2.2
  ua.open(FlowId{2}, websocket("alice2.invalid", Secure::Yes));
  const auto invite = call("sips:bob@example.com");
  ua.answer(invite, 302, "r", {{"Contact", "<sip:carol@example.com>"}}, {}, FlowId{2});
  EXPECT_EQ(ua.labels(), std::vector<std::string>{"ACK"});
  EXPECT_EQ(ua.told<SessionEnded>()->cause.status, 302);
}

TEST_F(SecondTry, D07SipsNeedsASecureFlow) {  // RFC 3261 s.26.2.2
  for (const Secure secure : {Secure::No, Secure::Yes}) {
    Probe other(redirected(3), websocket("alice.invalid", secure));
    other->message("sip:bob@example.com", {"text/plain", "hi"}, {}, other.now()).value();
    other.answer(other.sent(), 302, "redirector", {{"Contact", "<sips:carol@example.com>"}});
    EXPECT_EQ(uri(other.sent()), secure == Secure::Yes ? "sips:carol@example.com" : "none");
  }
}

TEST_F(Redirected, D07HangUpMeanwhileCancelsThePlaceOfNow) {
  const auto first = call();
  ua.answer(first, 180);
  const auto next = redirect(first, {"<sip:a@example.com>", "<sip:b@example.com>"});
  ua->terminate(session, {}, ua.now());
  EXPECT_EQ(ua.unread(), 0U);  // D11: no 1xx of this one yet
  ua.answer(next, 180);
  const auto cancel = ua.sent();
  EXPECT_TRUE(cancel.is(Method::Cancel));
  EXPECT_EQ(uri(cancel), "sip:a@example.com");
  EXPECT_FALSE(redirect(next, {}, 487));
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}

TEST_F(Redirected, J08Sec61ANewServerGetsNoCredentials) {  // who redirects chooses it
  const auto challenged = [&](const Wire& request, StatusCode status, const char* nonce) {
    const char* header = status == 407 ? "Proxy-Authenticate" : "WWW-Authenticate";
    ua.answer(request, status, "peer", {{header, "Digest realm=\"example.com\", nonce=\"" + std::string(nonce) + "\", qop=\"auth\""}});
    return ua.sent();
  };
  const auto authorized = challenged(message(), 401, "n1");
  EXPECT_TRUE(authorized.view().has(HeaderId::Authorization));
  const auto next = redirect(authorized, {"<sip:thief@evil.example>"});
  EXPECT_EQ(uri(next), "sip:thief@evil.example");
  EXPECT_FALSE(next.view().has(HeaderId::Authorization));
  EXPECT_FALSE(challenged(next, 401, "evil"));
  EXPECT_EQ(ua.told<RequestDone>()->response.error().code, Errc::Unauthorized);
  // The proxy on the way is ours as before, and wants its credentials for each request.
  const auto through_proxy = redirect(challenged(message(), 407, "p1"), {"<sip:carol@example.net>"});
  EXPECT_THAT(through_proxy.header(HeaderId::ProxyAuthorization), HasSubstr("uri=\"sip:carol@example.net\""));
}

// ---- D09

TEST_F(Amended, D09UnsupportedExtensionsAreLeftOut) {  // 420
  const auto first = message({"text/plain", "hi"}, {{"Require", "foo, bar"}, {"Proxy-Require", "foo"}, {"Supported", "foo, gruu"}});
  ua.answer(first, 420, "peer", {{"Unsupported", "FOO"}});
  const auto again = ua.sent();
  ASSERT_TRUE(again.is(Method::Message));
  EXPECT_EQ(again.header(HeaderId::Require), "bar");
  EXPECT_FALSE(again.view().has(HeaderId::ProxyRequire));
  EXPECT_EQ(again.header(HeaderId::Supported), "gruu");
  EXPECT_EQ(again.view().call_id(), first.view().call_id());
  EXPECT_EQ(again.header(HeaderId::From), first.header(HeaderId::From));
  EXPECT_EQ(again.view().cseq().number, first.view().cseq().number + 1);
  ua.answer(again, 420, "peer", {{"Unsupported", "foo"}});  // we do not ask for it any more: nothing can be done
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua.told<RequestDone>()->response.value().view().status(), 420);
}

TEST_F(Amended, D09InviteWithoutTheExtension) {
  InviteRequest request;
  request.target = "sip:bob@example.com";
  request.offer = sdp();
  request.extra_headers = {{"Require", "100rel"}};
  ua->invite(request, ua.now()).value();
  ua.answer(ua.sent(), 420, "peer", {{"Unsupported", "100rel"}});
  EXPECT_TRUE(ua.sent().is(Method::Ack));
  const auto again = ua.sent();
  ASSERT_TRUE(again.is(Method::Invite));
  EXPECT_FALSE(again.view().has(HeaderId::Require));
  ua.answer_ok(again);
  EXPECT_TRUE(ua.told<SessionEstablished>());
}

TEST_F(Amended, D09AnotherTypeOfTheBody) {  // 415
  const Body body{"text/html", "<b>hi</b>", {{"text/rtf", "{hi}"}, {"text/plain", "hi"}}};
  ua.answer(message(body), 415, "peer", {{"Accept", "text/plain, image/png"}});
  const auto again = ua.sent();
  EXPECT_EQ(again.view().content_type()->text, "text/plain");
  EXPECT_EQ(again.view().body(), "hi");
  ua.answer(again, 200);
  EXPECT_TRUE(ua.told<RequestDone>()->response);
  ua.answer(message(body), 415, "peer", {{"Accept", "image/png"}});
  EXPECT_EQ(ua.unread(), 0U);
  ua.answer(message(body), 415);  // it does not say what it wants
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua.count<RequestDone>(), 2U);
}

TEST_F(Amended, D09ABodyThatMayBeMissingIsLeftOut) {  // 413, 415
  for (const StatusCode status : {StatusCode{413}, StatusCode{415}}) {
    ua->request("INFO", "sip:bob@example.com", {"image/png", "..."},
                {{"Content-Disposition", "icon;handling=optional"}, {"Content-Language", "en"}}, ua.now());
    ua.answer(ua.sent(), status);
    const auto again = ua.sent();
    ASSERT_TRUE(again);
    EXPECT_TRUE(again.view().body().empty());
    EXPECT_FALSE(again.view().content_type());
    EXPECT_FALSE(again.view().has(HeaderId::ContentDisposition));
    EXPECT_FALSE(again.view().has(HeaderId::ContentLanguage));
    ua.answer(again, status);
    EXPECT_EQ(ua.unread(), 0U);
    EXPECT_EQ(ua.told<RequestDone>()->response.value().view().status(), status);
  }
  ua.answer(message(), 413);
  EXPECT_EQ(ua.unread(), 0U);  // the body is what it is about
}

TEST_F(Amended, D09TelBecomesSip) {  // 416, RFC 3261 s.19.1.6
  const auto first = call("tel:+49-30-123;phone-context=example.com");
  ua.answer(first, 416);
  EXPECT_TRUE(ua.sent().is(Method::Ack));
  const auto again = ua.sent();
  EXPECT_EQ(uri(again), "sip:+49-30-123;phone-context=example.com@example.com;user=phone");
  EXPECT_EQ(again.header(HeaderId::To), first.header(HeaderId::To));
  ua.answer(again, 416);
  EXPECT_THAT(ua.labels(), ElementsAre("ACK"));  // no circle
  EXPECT_EQ(ua.told<SessionEnded>()->cause.status, 416);
}

TEST_F(Amended, D09FaultsWithoutEndAreNotFollowed) {
  auto wire = message({"text/html", "a", {{"text/plain", "b"}, {"text/html", "c"}}});
  int sent = 0;
  while (wire && sent < 50) {
    ++sent;
    const bool html = wire.view().content_type()->is("text/html");
    ua.answer(wire, 415, "peer", {{"Accept", html ? "text/plain" : "text/html"}});
    wire = ua.sent();
  }
  EXPECT_LE(sent, 4);
  EXPECT_TRUE(ua.told<RequestDone>());
}

TEST_F(Amended, D09InACallToo) {
  ua.answer_ok(call());
  const auto ack = ua.sent();
  ua->info(session, {"application/dtmf-relay", "Signal=5", {{"application/dtmf", "5"}}}, {}, ua.now());
  const auto info = ua.sent();
  ua.answer(info, 415, "peer", {{"Accept", "application/dtmf"}});
  const auto again = ua.sent();
  EXPECT_EQ(again.view().content_type()->text, "application/dtmf");
  EXPECT_EQ(again.view().cseq().number, info.view().cseq().number + 1);
  ua->terminate(session, {}, ua.now());
  EXPECT_EQ(ua.sent().view().cseq().number, again.view().cseq().number + 1);
}

TEST_F(Amended, D09A416InACallMovesNothing) {  // RFC 3261 s.12.2.1.1: the dialog says where its requests go
  ua.answer_ok(call("tel:+4930123"));
  ua.sent();
  ua->reinvite(session, sdp(), ua.now()).value();
  ua.answer(ua.sent(), 416, "peer");
  EXPECT_THAT(ua.labels(), ElementsAre("ACK"));
  EXPECT_EQ(ua.told<ReinviteRefused>()->error.status, 416);
  ua->info(session, {"application/dtmf-relay", "Signal=5"}, {}, ua.now()).value();
  ua.answer(ua.sent(), 416, "peer");
  EXPECT_EQ(ua.told<RequestDone>()->response.value().view().status(), 416);
  EXPECT_EQ(ua.unread(), 0U);
  ua->terminate(session, {}, ua.now());
  const auto bye = ua.sent();
  EXPECT_EQ(uri(bye), "sip:bob@192.0.2.2");
  EXPECT_EQ(bye.view().to_tag(), "peer");
}

// ---- D10

TEST_F(ServerInTrouble, D10IsLeftAloneForAsLongAsItAsks) {  // RFC 3261 s.21.5.4
  refuse_register("20 (maintenance)");
  ua.advance(19'999ms);
  const auto refused = ua->message("sip:bob@example.com", {"text/plain", "hi"}, {}, ua.now());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 503);
  InviteRequest invite;
  invite.target = "sip:bob@example.com";
  EXPECT_EQ(ua->invite(invite, ua.now()).error().status, 503);
  EXPECT_EQ(ua.unread(), 0U);
  ua.advance(1ms);
  EXPECT_TRUE(message());
}

// A proxy that cannot serve anything says so to a REGISTER too; the 503 of another request may be the callee's own (s.16.7 step 6), who
// has no say in whom else we call.
TEST_F(ServerInTrouble, D10WhoIsCalledSpeaksForItselfOnly) {
  ua.answer(message(), 503, "peer", {{"Retry-After", "20"}});
  EXPECT_EQ(ua.told<RequestDone>()->response.value().view().status(), 503);
  EXPECT_TRUE(message({"text/plain", "hi"}, {}, "sip:carol@example.com"));
  EXPECT_EQ(ua->message("sip:bob@example.com", {"text/plain", "hi"}, {}, ua.now()).error().status, 503);
  EXPECT_EQ(ua->options("sip:bob@example.com", ua.now()).error().status, 503);
  ua.advance(20s);
  EXPECT_TRUE(message());
}

TEST_F(ServerInTrouble, D10Sec80ManyThatAskForRestAreBounded) {
  for (int i = 0; i < 1'000; ++i) {
    const auto target = "sip:u" + std::to_string(i) + "@example.com";
    ua.answer(message({"text/plain", "hi"}, {}, target), 503, "peer", {{"Retry-After", "20"}});
  }
  int resting = 0;
  for (int i = 0; i < 1'000; ++i) {
    resting += ua->message("sip:u" + std::to_string(i) + "@example.com", {"text/plain", "hi"}, {}, ua.now()) ? 0 : 1;
  }
  EXPECT_EQ(resting, 32);
}

TEST_F(ServerInTrouble, D10CallsThatAreUpGoOn) {
  ua.answer_ok(call());
  ua.sent();
  refuse_register("20");
  EXPECT_TRUE(ua->reinvite(session, sdp(), ua.now()));
  ua.answer(ua.sent(), 503, "peer", {{"Retry-After", "300"}});  // whoever that is: not the server's word on new requests
  EXPECT_TRUE(ua.sent().is(Method::Ack));
  ua.advance(20s);
  EXPECT_TRUE(message());
}

TEST_F(ServerInTrouble, D10AnotherFlowMayLeadToAnotherServer) {
  ua.answer(message(), 503, "peer", {{"Retry-After", "200"}});
  refuse_register("200");
  ua.open(FlowId{2}, websocket("elsewhere.invalid"));
  EXPECT_TRUE(message());
}

TEST_F(ServerInTrouble, D10Sec80AnAbsurdRetryAfterIsBounded) {
  ua.answer(message(), 503, "peer", {{"Retry-After", "99999999999999"}});
  refuse_register("99999999999999");
  ua.advance(300s);
  EXPECT_TRUE(message());
  ua.answer(message(), 503);  // without Retry-After it is a 500
  EXPECT_TRUE(message());
}

TEST_F(ServerInTrouble, D10RefreshWaitsForRetryAfter) {
  EXPECT_TRUE(ua->register_({.expires = 3600s}, ua.now()));
  const auto first = ua.sent();
  ua.answer(first, 200, "reg", {{"Contact", "<" + std::string(first.view().contact().uri.text) + ">;expires=3600"}});
  while (ua.unread() == 0) ua.advance(1s);
  ua.answer(ua.sent(), 503, "reg", {{"Retry-After", "70"}});
  EXPECT_TRUE(ua->is_registered());
  ua.advance(69s);
  EXPECT_EQ(ua.unread(), 0U);
  ua.advance(2s);
  EXPECT_TRUE(ua.sent().is(Method::Register));
}
