// SPDX-License-Identifier: MIT
// What a UAS refuses and serves outside of a call: RFC 3261 s.8.2, s.11.2; MESSAGE, INFO and strangers.
#include <parley/tests/support/ua_probe.hpp>

#include <gmock/gmock.h>

using namespace parley;
using namespace parley::sip;
using namespace parley::test;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

namespace {

struct Uas : ::testing::Test {
  Uas() : ua(Probe::alice()) {}

  /// Each with a branch and Call-ID of its own.
  PeerRequest request(std::string method) {
    PeerRequest r;
    r.method = std::move(method);
    r.branch = "z9hG4bKu" + std::to_string(++serial);
    r.call_id = "uas-" + std::to_string(serial) + "@peer";
    return r;
  }
  PeerRequest invite() {
    auto r = peer_invite();
    const auto own = request("INVITE");
    r.branch = own.branch;
    r.call_id = own.call_id;
    return r;
  }
  PeerRequest message(std::string type, std::string body) {
    auto r = request("MESSAGE");
    r.content_type = std::move(type);
    r.body = std::move(body);
    return r;
  }
  Wire ask(const PeerRequest& r) {
    ua.forget_sent();
    ua.receive(r.text());
    return ua.sent();
  }
  /// A call that is up, as callee; gives our 200.
  Wire up() {
    const auto r = invite();
    ua.receive(r.text());
    session = ua.told<IncomingSession>()->session;
    ua->accept(session, sdp(sdp_answer), {}, ua.now());
    ua.sent();
    auto ok = ua.sent();
    ua.receive(in_dialog(ok, "ACK", 1, "z9hG4bKack").text());
    ua.forget_told();
    return ok;
  }

  Probe ua;
  SessionId session{};
  int serial = 0;
};

using UasMethod = Uas;
using UasTarget = Uas;
using UasContent = Uas;
using UasOptions = Uas;
using UasMessage = Uas;
using UasInfo = Uas;

}  // namespace

TEST_F(UasMethod, E02KnownElsewhereIs405WithAllow) {  // RFC 3261 s.8.2.1
  for (const char* method : {"REFER", "SUBSCRIBE", "UPDATE", "PUBLISH", "REGISTER"}) {
    const auto answer = ask(request(method));
    EXPECT_TRUE(answer.is(405)) << method;
    EXPECT_TRUE(answer.view().lists(HeaderId::Allow, "INVITE")) << method;
    EXPECT_FALSE(answer.view().lists(HeaderId::Allow, "REFER"));
  }
}

TEST_F(UasMethod, E02KnownNowhereIs405WithAllow) {   // RFC 3261 s.8.2.1
  for (const char* method : {"JUGGLE", "invite"}) {  // A03
    const auto answer = ask(request(method));
    EXPECT_TRUE(answer.is(405)) << method;
    EXPECT_TRUE(answer.view().lists(HeaderId::Allow, "INVITE")) << method;
  }
  EXPECT_TRUE(ask(in_dialog(up(), "JUGGLE", 2, "z9hG4bKjuggle")).is(405));
  EXPECT_EQ(ua->session_count(), 1U);
}

TEST_F(UasMethod, L04StrayPrackIs481) {  // a known fault of SIP.js: it throws
  auto prack = request("PRACK");
  prack.headers = {{"RAck", "1 1 INVITE"}};
  EXPECT_TRUE(ask(prack).is(481));
  prack = in_dialog(up(), "PRACK", 2, "z9hG4bKprack");
  EXPECT_TRUE(ask(prack).is(481));
  EXPECT_EQ(ua->session_count(), 1U);
}

TEST_F(UasMethod, Sec66ReferIsRefusedInAndOutOfACall) {  // a known fault of SIP.js: obeyed without consent
  auto refer = request("REFER");
  refer.headers = {{"Refer-To", "<sip:premium@example.com>"}, {"Contact", "<sip:bob@192.0.2.2>"}};
  EXPECT_TRUE(ask(refer).is(405));
  refer = in_dialog(up(), "REFER", 2, "z9hG4bKrefer");
  refer.headers = {{"Refer-To", "<sip:premium@example.com>"}};
  EXPECT_TRUE(ask(refer).is(405));
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua->session_count(), 1U);
}

TEST_F(UasMethod, G09RequestsOfNoDialogAre481) {
  for (const char* method : {"BYE", "INVITE", "UPDATE", "INFO", "NOTIFY", "REFER", "PRACK", "MESSAGE", "OPTIONS"}) {
    auto r = request(method);
    r.to += ";tag=nobody";
    EXPECT_TRUE(ask(r).is(481)) << method;
  }
  auto ack = request("ACK");
  ack.to += ";tag=nobody";
  EXPECT_FALSE(ask(ack));
  EXPECT_TRUE(ask(request("BYE")).is(481));
  EXPECT_TRUE(ask(request("NOTIFY")).is(481));
}

TEST_F(UasTarget, E03UnknownSchemeIs416) {  // RFC 3261 s.8.2.2.1
  auto r = invite();
  r.uri = "http://example.com";
  EXPECT_TRUE(ask(r).is(416));
}

TEST_F(UasTarget, E03UnknownUserIs404) {
  auto r = invite();
  for (const char* uri : {"sip:nobody@example.com", "sip:example.com", "sip:ALICE@example.com", "tel:+4930123"}) {
    r = invite();
    r.uri = uri;
    EXPECT_TRUE(ask(r).is(404)) << uri;
  }
}

TEST_F(UasTarget, E03OurUsersAreServedWhateverTheHost) {
  for (const char* uri :
       {"sip:alice@example.com", "sip:a1@alice.invalid;transport=ws", "sip:%61lice@192.0.2.1:5070;x=y", "sip:a1@anything"}) {
    auto r = invite();
    r.uri = uri;
    EXPECT_TRUE(ask(r).is(100)) << uri;
  }
  auto odd_to = invite();
  odd_to.to = "<http://somewhere.else/>";
  EXPECT_TRUE(ask(odd_to).is(100));  // To is no reason to refuse
}

TEST_F(UasTarget, E03AnyUserWhereThePolicySaysSo) {
  auto options = Probe::alice();
  options.accept_any_user = true;
  Probe any(options);
  auto r = invite();
  r.uri = "sip:nobody@example.com";
  any.receive(r.text());
  EXPECT_TRUE(any.sent().is(100));
}

TEST_F(UasTarget, A33SipsOverAnInsecureFlowIs480) {  // RFC 5630 s.5.2
  auto r = invite();
  r.uri = "sips:alice@example.com";
  const auto answer = ask(r);
  EXPECT_TRUE(answer.is(480));
  EXPECT_THAT(answer.header(HeaderId::Warning), HasSubstr("380"));
  ua.open(FlowId{2}, websocket("alice.invalid", Secure::Yes));
  r = invite();
  r.uri = "sips:alice@example.com";
  ua.receive(r.text(), FlowId{2});
  EXPECT_TRUE(ua.sent().is(100));
}

TEST_F(UasTarget, E04MergedRequestsAre482) {  // RFC 3261 s.8.2.2.2
  auto r = invite();
  EXPECT_TRUE(ask(r).is(100));
  r.branch += "second";
  EXPECT_TRUE(ask(r).is(482));
  EXPECT_EQ(ua->session_count(), 1U);
  r.branch += "third";
  r.cseq = 2;
  EXPECT_TRUE(ask(r).is(100));
}

TEST_F(UasTarget, E04OnlyARunningTransactionIsMergedWith) {  // RFC 3261 s.8.2.2.2: "an ongoing transaction"
  auto m = message("text/plain", "hi");
  EXPECT_TRUE(ask(m).is(200));  // over a stream it has ended with its answer (s.17.2.2, timer J)
  m.branch += "second";
  EXPECT_TRUE(ask(m).is(200));
  Probe datagram(Probe::alice(), datagrams("alice.invalid"));
  datagram.receive(m.text());
  EXPECT_TRUE(datagram.sent().is(200));
  m.branch += "third";
  datagram.receive(m.text());
  EXPECT_TRUE(datagram.sent().is(482));
  datagram.advance(32s);
  m.branch += "fourth";
  datagram.receive(m.text());
  EXPECT_TRUE(datagram.sent().is(200));
}

TEST_F(UasTarget, E04ACallThatItsConnectionTookAlongMayComeAgain) {
  auto r = invite();
  EXPECT_TRUE(ask(r).is(100));
  ua.told<IncomingSession>();
  ua.close();
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::ConnectionLost);
  ua.open(FlowId{2}, websocket("again.invalid"));
  r.branch += "fork";  // the proxy forks it to the new binding
  ua.receive(r.text(), FlowId{2});
  EXPECT_TRUE(ua.sent().is(100));
  EXPECT_TRUE(ua.told<IncomingSession>());
}

TEST_F(UasContent, E05RequireIs420WithAllThatIsUnsupported) {  // RFC 3261 s.8.2.2.3
  auto r = invite();
  r.headers.push_back({"Require", "100rel, gruu"});
  r.headers.push_back({"Require", "timer"});
  const auto answer = ask(r);
  EXPECT_TRUE(answer.is(420));
  EXPECT_EQ(answer.header(HeaderId::Unsupported), "100rel, timer");
  r = invite();
  r.headers.push_back({"Proxy-Require", "nothing"});
  r.headers.push_back({"Supported", "100rel, timer"});
  EXPECT_TRUE(ask(r).is(100));
}

TEST_F(UasContent, E05WhatIsNoOptionTagIs400) {  // it cannot stand in Unsupported
  for (const std::string_view bad : {"foo\r\n bar", "\"x", "a b"}) {
    auto r = invite();
    r.headers.push_back({"Require", "TAG"});
    std::string text = r.text();
    text.replace(text.find("TAG"), 3, bad);
    ua.receive(text);
    EXPECT_TRUE(ua.sent().is(400)) << bad;
  }
}

TEST_F(UasContent, E01ChecksComeInTheOrderOfTheRfc) {
  auto r = request("REFER");
  r.uri = "http://example.com";
  r.headers = {{"Require", "nothing"}};
  EXPECT_TRUE(ask(r).is(405));
  r = invite();
  r.uri = "http://example.com";
  r.headers.push_back({"Require", "nothing"});
  r.content_type = "text/plain";
  EXPECT_TRUE(ask(r).is(416));
  r = invite();
  r.headers.push_back({"Require", "nothing"});
  r.content_type = "text/plain";
  EXPECT_TRUE(ask(r).is(420));
  r.cseq = 1;
  r.branch += "second";
  EXPECT_TRUE(ask(r).is(482));
}

TEST_F(UasContent, E07UnknownBodyIs415) {  // RFC 3261 s.8.2.3
  auto r = invite();
  r.content_type = "application/x-other";
  auto answer = ask(r);
  EXPECT_TRUE(answer.is(415));
  EXPECT_EQ(answer.header(HeaderId::Accept), "application/sdp");
  r = invite();
  r.headers.push_back({"Content-Encoding", "gzip"});
  answer = ask(r);
  EXPECT_TRUE(answer.is(415));
  EXPECT_EQ(answer.header(HeaderId::AcceptEncoding), "identity");
  r = invite();
  r.content_type = "application/x-other";
  r.headers.push_back({"Content-Disposition", "icon;handling=Optional"});
  EXPECT_TRUE(ask(r).is(100));
  EXPECT_EQ(ua.told<OfferReceived>()->body, "");  // left out
  r = invite();
  r.content_type = "Application/SDP;charset=utf-8";
  EXPECT_TRUE(ask(r).is(100));
}

TEST_F(UasContent, E08AcceptWithoutAnythingOfOursIs406) {
  auto r = invite();
  r.headers.push_back({"Accept", "text/plain, application/pidf+xml"});
  EXPECT_TRUE(ask(r).is(406));
  for (const char* range : {"application/sdp", "*/*", "application/*;q=0.1", "text/plain, Application/SDP;level=1"}) {
    r = invite();
    r.headers.push_back({"Accept", range});
    EXPECT_TRUE(ask(r).is(100)) << range;
  }
}

TEST_F(UasContent, E15MaxForwardsZeroIsServed) {
  auto text = invite().text();
  text.replace(text.find("Max-Forwards: 70"), 16, "Max-Forwards: 0 ");
  ua.receive(text);
  EXPECT_TRUE(ua.sent().is(100));
}

TEST_F(UasContent, Sec66Sec76ReplacesIsRefused) {
  auto r = invite();
  r.headers.push_back({"Require", "replaces"});
  r.headers.push_back({"Replaces", "nobody@x;to-tag=1;from-tag=2"});
  EXPECT_TRUE(ask(r).is(420));
  const auto ok = up();
  for (const std::string& dialog : {std::string("nobody@x;to-tag=1;from-tag=2"),
                                    std::string(ok.view().call_id()) + ";to-tag=" + std::string(ok.view().to_tag()) + ";from-tag=peer",
                                    std::string(), std::string(";;;")}) {
    r = invite();
    r.headers.push_back({"Replaces", dialog});
    EXPECT_TRUE(ask(r).is(481)) << dialog;
  }
  EXPECT_EQ(ua->session_count(), 1U);  // the call that is up was not touched, and no other began
  EXPECT_EQ(ua.count<IncomingSession>(), 0U);
}

TEST_F(UasOptions, E14TellsWhatWeCan) {  // RFC 3261 s.11.2
  const auto ok = up();
  auto inside = in_dialog(ok, "OPTIONS", 2, "z9hG4bKopt");
  auto outside = request("OPTIONS");
  auto for_nobody = request("OPTIONS");
  for_nobody.uri = "sip:example.com";
  for (const auto& r : {inside, outside, for_nobody}) {
    const auto answer = ask(r);
    EXPECT_TRUE(answer.is(200));
    EXPECT_TRUE(answer.view().lists(HeaderId::Allow, "MESSAGE"));
    EXPECT_EQ(answer.header(HeaderId::Accept), "application/sdp");
    EXPECT_NE(answer.header(HeaderId::AcceptEncoding), "");
    EXPECT_NE(answer.header(HeaderId::AcceptLanguage), "");
    EXPECT_EQ(answer.header(HeaderId::Supported), "gruu");
    EXPECT_NE(answer.view().to_tag(), "");
  }
}

TEST_F(UasMessage, M12IsTakenWithoutDialogOrBody) {  // RFC 3428 s.7
  const auto answer = ask(message("text/plain;charset=UTF-8", "Gr\xC3\xBC\xC3\x9F Gott"));
  EXPECT_TRUE(answer.is(200));
  EXPECT_EQ(answer.view().contact_count(), 0U);
  EXPECT_TRUE(answer.view().body().empty());
  const auto told = ua.told<MessageReceived>();
  EXPECT_EQ(told->message.view().body(), "Gr\xC3\xBC\xC3\x9F Gott");
  EXPECT_EQ(ua.order(), (std::vector<std::string>{"200 MESSAGE", "event " + std::to_string(UserAgentEvent(MessageReceived{}).index())}));
}

TEST_F(UasMessage, M12OtherTypesAre415) {
  const auto answer = ask(message("text/html", "<b>hi</b>"));
  EXPECT_TRUE(answer.is(415));
  EXPECT_EQ(answer.header(HeaderId::Accept), "text/plain");
  EXPECT_EQ(ua.count<MessageReceived>(), 0U);
}

TEST_F(UasMessage, M12InACallToo) {
  auto m = in_dialog(up(), "MESSAGE", 2, "z9hG4bKm");
  m.content_type = "text/plain";
  m.body = "hi";
  EXPECT_TRUE(ask(m).is(200));
  EXPECT_TRUE(ua.told<MessageReceived>());
}

TEST_F(UasMessage, M12OursHasNoContactAndEndsInOneAnswer) {
  const auto id = ua->message("sip:bob@example.com", {"text/plain;charset=UTF-8", "hi"}, {}, ua.now()).value();
  const auto wire = ua.sent();
  EXPECT_TRUE(wire.is(Method::Message));
  EXPECT_EQ(wire.view().contact_count(), 0U);
  EXPECT_EQ(wire.view().body(), "hi");
  ua.answer(wire, 100, {});
  EXPECT_EQ(ua.count<RequestDone>(), 0U);
  ua.answer(wire, 202);
  ua.answer(wire, 202);
  const auto done = ua.told<RequestDone>();
  EXPECT_EQ(done->request, id);
  EXPECT_EQ(done->response.value().view().status(), 202);
  EXPECT_EQ(ua.count<RequestDone>(), 0U);
}

TEST_F(UasMessage, FailuresAreToldOnce) {
  ua->message("sip:bob@example.com", {"text/plain", "hi"}, {}, ua.now());
  ua.advance(32s);
  EXPECT_EQ(ua.told<RequestDone>()->response.error().code, Errc::Timeout);
  ua->message("sip:bob@example.com", {"text/plain", "hi"}, {}, ua.now());
  ua.close();
  EXPECT_EQ(ua.told<RequestDone>()->response.error().code, Errc::ConnectionLost);
  EXPECT_EQ(ua->message("sip:bob@example.com", {"text/plain", "hi"}, {}, ua.now()).error().code, Errc::NotConnected);
  EXPECT_EQ(ua.count<RequestDone>(), 0U);
}

TEST_F(UasMessage, GenericRequestsHaveTheirMethods) {
  EXPECT_TRUE(ua->request("SUBSCRIBE", "sip:bob@example.com", {}, {{"Event", "presence"}, {"Expires", "60"}}, ua.now()));
  const auto subscribe = ua.sent();
  EXPECT_EQ(subscribe.view().method(), Method::Subscribe);
  EXPECT_EQ(subscribe.view().contact_count(), 1U);  // D02
  EXPECT_TRUE(ua->request("JUGGLE", "sip:bob@example.com", {}, {}, ua.now()));
  EXPECT_EQ(ua.sent().view().method_text(), "JUGGLE");
  for (const char* method : {"INVITE", "ACK", "CANCEL", "BYE", "REGISTER", "", "A B", "X\r\n"}) {
    EXPECT_EQ(ua->request(method, "sip:bob@example.com", {}, {}, ua.now()).error().code, Errc::BadValue) << method;
  }
  EXPECT_EQ(ua->options("nonsense", ua.now()).has_value(), false);
}

TEST_F(UasInfo, M13DtmfIsToldAndAnswered) {  // RFC 6086 s.4.2.2
  const auto ok = up();
  std::uint32_t cseq = 1;
  const auto info = [&](std::string type, std::string body, Headers headers = {}) {
    ++cseq;
    auto r = in_dialog(ok, "INFO", cseq, "z9hG4bKi" + std::to_string(cseq));
    r.content_type = std::move(type);
    r.body = std::move(body);
    r.headers = std::move(headers);
    return ask(r);
  };
  EXPECT_TRUE(info("application/dtmf-relay", "Signal=11\r\nDuration=160\r\n").is(200));
  const auto key = ua.told<DtmfReceived>();
  EXPECT_EQ(key->session, session);
  EXPECT_EQ(key->tone, '#');
  EXPECT_EQ(key->duration, 160ms);
  EXPECT_TRUE(info("APPLICATION/DTMF", "d").is(200));
  EXPECT_EQ(ua.told<DtmfReceived>()->tone, 'D');
  EXPECT_TRUE(info("application/dtmf-relay", "nonsense").is(400));
  const auto other = info("application/x-other", "5");
  EXPECT_TRUE(other.is(415));
  EXPECT_THAT(other.header(HeaderId::Accept), HasSubstr("application/dtmf-relay"));
  const auto package = info("application/x-other", "5", {{"Info-Package", "foo"}});
  EXPECT_TRUE(package.is(469));
  EXPECT_TRUE(package.view().has(HeaderId::RecvInfo));
  EXPECT_TRUE(info({}, {}).is(200));
  EXPECT_EQ(ua.count<DtmfReceived>(), 0U);
  EXPECT_TRUE(ask(request("INFO")).is(481));  // only in a dialog
}

TEST_F(UasInfo, M13OursGoesInTheDialog) {
  const auto ok = up();
  const auto id = ua->info(session, {"application/dtmf-relay", "Signal=5\r\nDuration=2000"}, {}, ua.now()).value();
  const auto wire = ua.sent();
  EXPECT_TRUE(wire.is(Method::Info));
  EXPECT_EQ(wire.view().to_tag(), "peer");
  EXPECT_EQ(wire.view().contact_count(), 0U);
  ua.answer(wire, 200);
  EXPECT_EQ(ua.told<RequestDone>()->request, id);
  ua->request(session, "OPTIONS", {}, {}, ua.now());
  EXPECT_EQ(ua.sent().view().cseq().number, wire.view().cseq().number + 1);  // G05
}

TEST_F(UasInfo, G10Answers481And408ToItEndTheCall) {  // RFC 5057 s.5.1
  up();
  ua->info(session, {"application/dtmf-relay", "Signal=5"}, {}, ua.now());
  ua.answer(ua.sent(), 481);
  EXPECT_EQ(ua.told<RequestDone>()->response.value().view().status(), 481);
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::Gone);
  EXPECT_EQ(ua.unread(), 0U);
  up();
  ua->info(session, {"application/dtmf-relay", "Signal=5"}, {}, ua.now());
  ua.forget_sent();
  ua.advance(32s);
  EXPECT_EQ(ua.told<RequestDone>()->response.error().code, Errc::Timeout);
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::Gone);
  EXPECT_TRUE(ua.sent().is(Method::Bye));
}

TEST_F(UasInfo, G10OtherRefusalsLeaveTheCall) {  // RFC 3261 s.12.2.1.2: 481 and 408 alone end a dialog
  up();
  for (const int status : {404, 405, 415, 480, 486, 488, 489, 500, 501, 503, 603}) {
    ua->info(session, {"application/dtmf-relay", "Signal=5"}, {}, ua.now());
    ua.answer(ua.sent(), static_cast<StatusCode>(status));
  }
  EXPECT_EQ(ua->session_count(), 1U);
  EXPECT_EQ(ua.count<RequestDone>(), 11U);
}

TEST_F(UasInfo, NotBeforeTheCallIsUp) {
  const auto r = invite();
  ua.receive(r.text());
  const auto id = ua.told<IncomingSession>()->session;
  EXPECT_EQ(ua->info(id, {}, {}, ua.now()).error().code, Errc::WrongState);
  EXPECT_EQ(ua->info(SessionId{999}, {}, {}, ua.now()).error().code, Errc::NoSession);
}

TEST_F(UasInfo, MalformedInputIsOnlyALine) {
  ua.receive("nonsense\r\n\r\n");
  EXPECT_EQ(ua.count<Diagnostic>(), 1U);
  EXPECT_EQ(ua.unread(), 0U);
}

TEST_F(UasMethod, RefusalsLeaveALineForTheLog) {
  ask(request("REFER"));
  EXPECT_EQ(ua.told<Diagnostic>()->text, "answered 405 Method Not Allowed to a REFER");
}
