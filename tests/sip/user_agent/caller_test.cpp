// SPDX-License-Identifier: MIT
// The caller's side of a session against a scripted peer.
#include <parley/tests/support/caller.hpp>

#include <gmock/gmock.h>

#include <set>

using namespace parley;
using namespace parley::sip;
using namespace parley::test;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

namespace {
using CallerInvite = Caller;
}

TEST_F(CallerInvite, D01D02D03HasAllThatARequestNeeds) {  // RFC 3261 s.8.1.1, s.13.2.1
  const auto wire = call();
  const auto invite = *wire;
  EXPECT_EQ(invite.request_uri().text, "sip:bob@example.com");
  EXPECT_EQ(invite.to_tag(), "");
  EXPECT_GE(invite.from_tag().size(), 8U);
  EXPECT_THAT(wire.header(HeaderId::From), StartsWith("\"Alice\" <sip:alice@example.com>;tag="));
  EXPECT_GE(invite.call_id().size(), 11U);
  EXPECT_LT(invite.cseq().number, 0x80000000U);
  EXPECT_EQ(invite.max_forwards(), 70);
  EXPECT_TRUE(invite.via().has_rfc3261_branch());
  ASSERT_EQ(invite.contact_count(), 1U);
  EXPECT_EQ(invite.contact().uri.text, "sip:a1@alice.invalid;transport=ws");
  EXPECT_TRUE(invite.lists(HeaderId::Allow, "CANCEL"));
  EXPECT_FALSE(invite.lists(HeaderId::Allow, "REFER"));
  EXPECT_TRUE(invite.lists(HeaderId::Supported, "gruu"));
  EXPECT_FALSE(invite.lists(HeaderId::Supported, "100rel"));
  EXPECT_EQ(invite.content_type()->text, "application/sdp");
  EXPECT_EQ(invite.content_length(), sdp_offer.size());
  EXPECT_EQ(wire.header(HeaderId::UserAgent), "parley");
  EXPECT_FALSE(invite.has(HeaderId::Require));
}

TEST_F(CallerInvite, D05NothingIsRequiredThatTheRequestCanDoWithout) {  // RFC 3261 s.8.1.1.9, s.20.32
  const auto invite = call();
  EXPECT_FALSE(invite.view().has(HeaderId::Require));
  EXPECT_FALSE(invite.view().has(HeaderId::ProxyRequire));
  ua.answer_ok(invite);
  EXPECT_FALSE(ua.sent().view().has(HeaderId::Require));  // ACK
  ua->reinvite(session, sdp(), ua.now());
  EXPECT_FALSE(ua.sent().view().has(HeaderId::Require));
  ua->terminate(session, {}, ua.now());
  EXPECT_FALSE(ua.sent().view().has(HeaderId::Require));
  EXPECT_TRUE(ua->register_({}, ua.now()));
  EXPECT_FALSE(ua.sent().view().has(HeaderId::Require));
  auto demanding = to_bob();
  demanding.extra_headers = {{"Require", "100rel"}};  // who knows better may
  EXPECT_TRUE(call(demanding).view().lists(HeaderId::Require, "100rel"));
}

TEST_F(CallerInvite, N10IdentifiersAreFreshForEachCall) {
  std::set<std::string> seen;
  for (int i = 0; i < 20; ++i) {
    const auto wire = call();
    seen.insert(std::string(wire.view().call_id()));
    seen.insert(std::string(wire.view().from_tag()));
    seen.insert(std::string(wire.view().via().branch));
  }
  EXPECT_EQ(seen.size(), 60U);
}

TEST_F(CallerInvite, M16AnonymousHidesTheCaller) {  // RFC 3323 s.4.1
  auto request = to_bob();
  request.anonymous = true;
  const auto wire = call(request);
  EXPECT_THAT(wire.header(HeaderId::From), StartsWith("\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag="));
  EXPECT_EQ(wire.header(HeaderId::Privacy), "id");
}

TEST_F(CallerInvite, M15PreferredIdentityGoesOutAsItIsSet) {  // RFC 3325 s.9.2
  EXPECT_FALSE(call().view().has(HeaderId::PPreferredIdentity));
  auto request = to_bob();
  request.anonymous = true;
  request.preferred_identity = "tel:+15551234";
  EXPECT_EQ(call(request).header(HeaderId::PPreferredIdentity), "<tel:+15551234>");
  for (const char* bad : {"alice", "http://example.com", "sip:a@b>, <sip:c@d", "sip:a@b\r\nX: y"}) {
    request.preferred_identity = bad;
    EXPECT_FALSE(ua->invite(request, ua.now())) << bad;
  }
}

TEST_F(CallerInvite, Sec34LineBreaksAreRefusedBeforeAnythingIsSent) {
  auto request = to_bob();
  request.extra_headers = {{"X-Note", "a\r\nInjected: 1"}};
  EXPECT_EQ(ua->invite(request, ua.now()).error().code, Errc::BadValue);
  request.extra_headers = {{"X Note", "a"}};
  EXPECT_EQ(ua->invite(request, ua.now()).error().code, Errc::BadValue);
  request.extra_headers = {{"Via", "SIP/2.0/WS x;branch=z9hG4bKx"}};
  EXPECT_EQ(ua->invite(request, ua.now()).error().code, Errc::BadValue);
  request.extra_headers = {};
  request.display_name = "a\r\nInjected: 1";
  EXPECT_EQ(ua->invite(request, ua.now()).error().code, Errc::BadValue);
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua->session_count(), 0U);
}

TEST(ExtraHeaders, NamesAreTokens) {  // RFC 3261 s.25.1
  EXPECT_TRUE(check_extra_headers({{"azAZ09-.!%*_+`'~", "each kind of octet, and both ends of each range"}}));
  for (const char* name : {"", "a@b", "a[b", "a{b", "a/b", "a:b", "a,b", "a b", "\"a\"", "\xc3\xa4"}) {
    EXPECT_EQ(check_extra_headers({{name, "x"}}).error().code, Errc::BadValue) << name;
  }
}

TEST_F(CallerInvite, BadTargetsAreRefused) {
  for (const char* target : {"", "bob", "http://example.com", "sip:", "mailto:bob@example.com"}) {
    auto request = to_bob();
    request.target = target;
    EXPECT_FALSE(ua->invite(request, ua.now())) << target;
  }
  ua->set_flow(std::nullopt, ua.now());
  EXPECT_EQ(ua->invite(to_bob(), ua.now()).error().code, Errc::NotConnected);
  EXPECT_EQ(ua.unread(), 0U);
}

TEST_F(CallerInvite, A33SipsNeedsASecureFlow) {  // RFC 3261 s.26.2.2
  auto request = to_bob();
  request.target = "sips:bob@example.com";
  EXPECT_EQ(ua->invite(request, ua.now()).error().status, 480);
  ua.open(FlowId{2}, websocket("alice2.invalid", Secure::Yes));
  const auto wire = call(request);
  EXPECT_EQ(wire.view().contact().uri.scheme, Scheme::Sips);  // G12
}

TEST_F(CallerInvite, A32TelUriIsCalledAsItIs) {  // RFC 3966
  auto request = to_bob();
  request.target = "tel:+49-30-123";
  const auto wire = call(request);
  EXPECT_EQ(wire.view().request_uri().text, "tel:+49-30-123");
  EXPECT_EQ(wire.header(HeaderId::To), "<tel:+49-30-123>");
}

TEST_F(CallerInvite, ProgressIsTold) {  // RFC 3261 s.13.2.2.1
  const auto invite = call();
  ua.answer(invite, 100, {});
  EXPECT_EQ(ua.count<SessionProgress>(), 0U);
  ua.answer(invite, 180);
  ua.answer(invite, 183, "peer", {}, sdp_answer);
  EXPECT_FALSE(ua.told<SessionProgress>()->has_body);
  const auto early = ua.told<SessionProgress>();
  EXPECT_EQ(early->status, 183);
  EXPECT_TRUE(early->has_body);
}

TEST_F(CallerInvite, D06UnknownCodesCountAsTheirClass) {  // RFC 3261 s.8.1.3.2
  auto invite = call();
  ua.answer(invite, 147);
  EXPECT_EQ(ua.told<SessionProgress>()->status, 147);
  ua.answer(invite, 299, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}}, sdp_answer);
  EXPECT_TRUE(ua.sent().is(Method::Ack));
  EXPECT_TRUE(ua.told<SessionEstablished>());
  invite = call();
  ua.answer(invite, 199);
  EXPECT_EQ(ua.told<SessionProgress>()->status, 199);
  ua.answer(invite, 499);
  const auto ended = ua.told<SessionEnded>();
  EXPECT_EQ(ended->cause.kind, EndCause::Kind::Rejected);
  EXPECT_EQ(ended->cause.status, 499);
}

TEST_F(CallerInvite, RefusalEndsItOnceWithItsReason) {
  const auto invite = call();
  ua.answer(invite, 486);
  EXPECT_EQ(ua.labels(), std::vector<std::string>{"ACK"});
  const auto ended = ua.told<SessionEnded>();
  EXPECT_EQ(ended->session, session);
  EXPECT_EQ(ended->cause.kind, EndCause::Kind::Rejected);
  EXPECT_EQ(ended->cause.status, 486);
  EXPECT_EQ(ended->cause.reason, "Busy Here");
  EXPECT_EQ(ua->session_count(), 0U);
  ua.answer(invite, 486);
  EXPECT_EQ(ua.count<SessionEnded>(), 0U);
}

TEST_F(CallerInvite, D07WithoutPermissionARedirectionIsARefusal) {
  const auto invite = call();
  ua.answer(invite, 302, "peer", {{"Contact", "<sip:carol@example.com>"}});
  EXPECT_EQ(ua.told<SessionEnded>()->cause.status, 302);
  EXPECT_EQ(ua.labels(), std::vector<std::string>{"ACK"});
}

TEST_F(CallerInvite, C04NoAnswerAtAllEndsItAfter64T1) {  // RFC 3261 s.8.1.3.1
  call();
  ua.advance(31'999ms);
  EXPECT_EQ(ua.count<SessionEnded>(), 0U);
  ua.advance(1ms);
  const auto ended = ua.told<SessionEnded>();
  EXPECT_EQ(ended->cause.kind, EndCause::Kind::NoAnswer);
  EXPECT_EQ(ended->cause.status, 408);
}

TEST_F(CallerInvite, RingTimeoutCancels) {
  auto request = to_bob();
  request.ring_timeout = 90s;
  const auto invite = call(request);
  ua.answer(invite, 180);
  ua.advance(89'999ms);
  EXPECT_EQ(ua.unread(), 0U);
  ua.advance(1ms);
  EXPECT_TRUE(ua.sent().is(Method::Cancel));
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::NoAnswer);
  ua.answer(invite, 487);
  EXPECT_TRUE(ua.sent().is(Method::Ack));
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}

TEST_F(CallerInvite, ConnectionLostWhileSettingUpEndsIt) {
  call();
  ua.close();
  const auto ended = ua.told<SessionEnded>();
  EXPECT_EQ(ended->cause.kind, EndCause::Kind::ConnectionLost);
  EXPECT_THAT(ended->cause.reason, HasSubstr("connection reset"));
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}

TEST_F(CallerInvite, H01EachCopyOfThe200GetsTheSameAck) {  // RFC 3261 s.13.2.2.4
  const auto invite = call();
  ua.answer_ok(invite);
  const auto first = ua.sent();
  ASSERT_TRUE(first.is(Method::Ack));
  EXPECT_NE(first.view().via().branch, invite.view().via().branch);
  EXPECT_EQ(first.view().cseq().number, invite.view().cseq().number);
  EXPECT_EQ(first.view().request_uri().text, "sip:bob@192.0.2.2");
  EXPECT_EQ(first.view().to_tag(), "peer");
  EXPECT_TRUE(first.view().body().empty());
  ua.answer_ok(invite);
  EXPECT_EQ(ua.sent().text(), first.text());
  EXPECT_EQ(ua.count<SessionEstablished>(), 1U);
  EXPECT_EQ(ua.count<AnswerReceived>(), 1U);
  ua.advance(31s);
  ua.answer_ok(invite);
  EXPECT_EQ(ua.sent().text(), first.text());
}

TEST_F(CallerInvite, B13A200WhoseTransactionIsGoneIsAckedAllTheSame) {
  const auto invite = up();
  ua.advance(40s);
  ua.answer_ok(invite);
  EXPECT_THAT(ua.labels(), ElementsAre("ACK"));
  ua.answer_ok(invite, "other");
  EXPECT_THAT(ua.labels(), ElementsAre("ACK", "BYE"));
}

TEST_F(CallerInvite, EventsFollowTheirBytes) {
  const auto invite = call();
  ua.answer_ok(invite);
  EXPECT_THAT(ua.order(), ElementsAre("INVITE", "ACK", "event 3", "event 4"));  // AnswerReceived, SessionEstablished
}

TEST_F(CallerInvite, H11OfferInThe200IsAnsweredInTheAck) {  // RFC 3261 s.13.2.1
  auto request = to_bob();
  request.offer.reset();
  const auto invite = call(request);
  EXPECT_TRUE(invite.view().body().empty());
  EXPECT_FALSE(invite.view().content_type());
  ua.answer(invite, 200, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}}, sdp_offer);
  EXPECT_EQ(ua.unread(), 0U);
  const auto offer = ua.told<OfferReceived>();
  EXPECT_EQ(offer->place, OfferPlace::Response2xx);
  EXPECT_EQ(offer->body, sdp_offer);
  ua.answer(invite, 200, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}}, sdp_offer);  // a copy: nothing to say yet
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua->reinvite(session, sdp(), ua.now()).error().code, Errc::WrongState);
  EXPECT_EQ(ua.count<SessionEstablished>(), 0U);
  EXPECT_TRUE(ua->acknowledge(session, sdp(sdp_answer), ua.now()));
  const auto first = ua.sent();
  EXPECT_TRUE(first.is(Method::Ack));
  EXPECT_EQ(first.view().body(), sdp_answer);
  EXPECT_TRUE(ua.told<SessionEstablished>());
  EXPECT_EQ(ua->acknowledge(session, sdp(sdp_answer), ua.now()).error().code, Errc::WrongState);
  ua.answer(invite, 200, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}}, sdp_offer);
  EXPECT_EQ(ua.sent().text(), first.text());
}

TEST_F(CallerInvite, H11OfferInThe200ThatNobodyAnswersEndsInByeAfterAck) {
  auto request = to_bob();
  request.offer.reset();
  const auto invite = call(request);
  ua.answer(invite, 200, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}}, sdp_offer);
  ua.advance(31'499ms);
  EXPECT_EQ(ua.unread(), 0U);
  ua.advance(1ms);  // a moment before the callee gives up the ACK, 64*T1 after its 200
  EXPECT_THAT(ua.labels(), ElementsAre("ACK", "BYE"));
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::Failed);
}

TEST_F(CallerInvite, HangUpBeforeAcknowledgeAcksFirst) {
  auto request = to_bob();
  request.offer.reset();
  const auto invite = call(request);
  ua.answer(invite, 200, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}}, sdp_offer);
  EXPECT_TRUE(ua->terminate(session, {}, ua.now()));
  EXPECT_THAT(ua.labels(), ElementsAre("ACK", "BYE"));
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::LocalHangup);
}

TEST_F(CallerInvite, H15A200WithoutAnswerIsAckedAndEnded) {
  const auto invite = call();
  ua.answer(invite, 200, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}});
  EXPECT_THAT(ua.labels(), ElementsAre("ACK", "BYE"));
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::Failed);
}

TEST_F(CallerInvite, D18A200WithoutContactOrTagIsSurvived) {
  const auto invite = call();
  ua.answer(invite, 200, {}, {}, sdp_answer);
  const auto first = ua.sent();
  EXPECT_TRUE(first.is(Method::Ack));
  EXPECT_EQ(first.view().request_uri().text, "sip:bob@example.com");
  EXPECT_EQ(first.view().to_tag(), "");
  EXPECT_TRUE(ua.told<SessionEstablished>());
  auto bye = in_dialog(invite, "BYE", 1, "z9hG4bKbye");
  ua.receive(bye.text());
  EXPECT_TRUE(ua.sent().is(200));
}

TEST_F(CallerInvite, G02G13RouteSetOfThe200HoldsForTheWholeDialog) {  // RFC 3261 s.12.1.2
  const auto invite = call();
  ua.answer(invite, 180, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}, {"Record-Route", "<sip:old.example.com;lr>"}});
  ua.answer(invite, 200, "peer",
            {{"Contact", "<sip:bob@192.0.2.2>"}, {"Record-Route", "<sip:p2;lr;r2=on>"}, {"Record-Route", "<sip:p1;lr>"}}, sdp_answer);
  EXPECT_EQ(ua.sent().header(HeaderId::Route), "<sip:p1;lr>, <sip:p2;lr;r2=on>");
  EXPECT_TRUE(ua->reinvite(session, sdp(), ua.now()));
  const auto reinvite = ua.sent();
  EXPECT_EQ(reinvite.header(HeaderId::Route), "<sip:p1;lr>, <sip:p2;lr;r2=on>");
  ua.answer(reinvite, 200, "peer", {{"Contact", "<sip:bob@192.0.2.77>"}, {"Record-Route", "<sip:evil;lr>"}}, sdp_answer);
  EXPECT_EQ(ua.sent().view().request_uri().text, "sip:bob@192.0.2.77");  // G08
  EXPECT_TRUE(ua->terminate(session, {}, ua.now()));
  const auto bye = ua.sent();
  EXPECT_EQ(bye.header(HeaderId::Route), "<sip:p1;lr>, <sip:p2;lr;r2=on>");
  EXPECT_EQ(bye.view().request_uri().text, "sip:bob@192.0.2.77");
}

TEST_F(CallerInvite, G04StrictRouterIsServed) {
  const auto invite = call();
  ua.answer(invite, 200, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}, {"Record-Route", "<sip:strict.example.com>"}}, sdp_answer);
  const auto first = ua.sent();
  EXPECT_EQ(first.view().request_uri().text, "sip:strict.example.com");
  EXPECT_EQ(first.header(HeaderId::Route), "<sip:bob@192.0.2.2>");
}

TEST_F(CallerInvite, G03EarlyDialogsAreKnownByTheirTags) {  // RFC 3261 s.12.1.2, s.13.2.2.4
  const auto invite = call();
  ua.answer(invite, 180, "one", {{"Contact", "<sip:bob@192.0.2.2>"}});
  ua.answer(invite, 180, "two", {{"Contact", "<sip:bob@192.0.2.3>"}});
  const auto ask = [&](std::string tag, std::string branch, std::uint32_t cseq) {
    auto options = in_dialog(invite, "OPTIONS", cseq, "z9hG4bK" + branch);
    options.to = invite.header(HeaderId::From);
    options.from = "<sip:bob@example.com>;tag=" + tag;
    ua.receive(options.text());
    return ua.sent().label();
  };
  EXPECT_EQ(ask("one", "o1", 5), "200 OPTIONS");
  EXPECT_EQ(ask("two", "o2", 1), "200 OPTIONS");
  EXPECT_EQ(ask("three", "o3", 1), "481 OPTIONS");
  ua.answer_ok(invite, "two");
  ua.forget_sent();
  EXPECT_EQ(ask("two", "o4", 1), "500 OPTIONS");  // the early dialog's CSeq goes on
  EXPECT_EQ(ask("two", "o5", 2), "200 OPTIONS");
  EXPECT_EQ(ask("one", "o6", 6), "200 OPTIONS");
  ua.advance(32s);
  EXPECT_EQ(ask("one", "o7", 7), "481 OPTIONS");
  EXPECT_EQ(ask("two", "o8", 8), "200 OPTIONS");
}

TEST_F(CallerInvite, H04CalleeMustNotEndAnEarlyDialogByBye) {
  const auto invite = call();
  ua.answer(invite, 180, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}});
  auto bye = in_dialog(invite, "BYE", 1, "z9hG4bKb");
  bye.from = "<sip:bob@example.com>;tag=peer";
  ua.receive(bye.text());
  EXPECT_TRUE(ua.sent().is(481));
  EXPECT_EQ(ua->session_count(), 1U);
}

TEST_F(CallerInvite, G05The200DoesNotChooseOurCSeq) {  // RFC 3261 s.12.1.2: the local number is that of the request
  const auto invite = call();
  auto ok = Probe::response(invite, 200, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}}, sdp_answer);
  ok.replace(ok.find("CSeq: 1 "), 8, "CSeq: 2147483647 ");
  ua.receive(ok);
  EXPECT_FALSE(ua.told<SessionEstablished>());
  EXPECT_EQ(ua.unread(), 0U);
  ua.answer_ok(invite);  // a copy that nobody changed
  EXPECT_TRUE(ua.told<SessionEstablished>());
  EXPECT_THAT(ua.labels(), ElementsAre("ACK"));
  ok.replace(ok.find("tag=peer"), 8, "tag=fork");
  ua.receive(ok);
  EXPECT_EQ(ua.unread(), 0U);
  ua->terminate(session, {}, ua.now());
  EXPECT_EQ(ua.sent().view().cseq().number, 2U);
}

// ---- Preloaded routes

namespace {
UserAgentOptions behind(const char* proxy) {
  auto options = Probe::alice();
  options.outbound_proxy = proxy;
  return options;
}
struct CallerBehindProxy : Caller {
  CallerBehindProxy() : Caller(behind("sip:proxy.example.com;lr")) {}
};
struct CallerBehindStrictProxy : Caller {
  CallerBehindStrictProxy() : Caller(behind("sip:proxy.example.com")) {}
};
}  // namespace

TEST_F(CallerBehindProxy, D04OutboundProxyIsTheFirstRoute) {  // RFC 3261 s.8.1.2
  const auto invite = call();
  EXPECT_EQ(invite.header(HeaderId::Route), "<sip:proxy.example.com;lr>");
  EXPECT_EQ(invite.view().request_uri().text, "sip:bob@example.com");
}

TEST_F(CallerBehindStrictProxy, D04StrictOutboundProxyIsTheRequestUri) {
  const auto invite = call();
  EXPECT_EQ(invite.view().request_uri().text, "sip:proxy.example.com");
  EXPECT_EQ(invite.header(HeaderId::Route), "<sip:bob@example.com>");
}
