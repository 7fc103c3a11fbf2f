// SPDX-License-Identifier: MIT
// Faults that tests/simulation found, each in its shortest form.
#include <parley/tests/support/ua_probe.hpp>

#include <gmock/gmock.h>

using namespace parley;
using namespace parley::sip;
using namespace parley::test;
using namespace std::chrono_literals;

namespace {

SessionId call(Probe& ua) {
  InviteRequest request;
  request.target = "sip:bob@example.com";
  request.offer = sdp();
  return ua->invite(request, ua.now()).value();
}

std::string with_other_from_tag(std::string response) {
  const std::size_t from = response.find("From:");
  response.replace(response.find(";tag=", from) + 5, 1, "!");
  return response;
}

}  // namespace

TEST(FoundBySimulation, ResponseWithAnotherFromTagMakesNoDialog) {  // RFC 3261 s.12.1.2
  Probe ua(Probe::alice(), datagrams("alice.invalid"));
  const auto session = call(ua);
  const auto invite = ua.sent();
  const auto ok = Probe::response(invite, 200, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}}, sdp_answer);
  ua.receive(with_other_from_tag(Probe::response(invite, 180, "peer")));
  ua.receive(with_other_from_tag(ok));
  EXPECT_FALSE(ua.told<SessionEstablished>());
  ua.receive(ok);  // its copy comes unharmed
  EXPECT_TRUE(ua.told<SessionEstablished>());
  EXPECT_EQ(ua.sent().label(), "ACK");
  EXPECT_TRUE(ua->terminate(session, {}, ua.now()));
  ua.answer(ua.sent(), 200);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}

TEST(FoundBySimulation, CancelledCallWithAMangled200ComesToItsEnd) {
  Probe ua(Probe::alice(), datagrams("alice.invalid"));
  const auto session = call(ua);
  ua->terminate(session, {}, ua.now()).value();
  ua.receive(with_other_from_tag(Probe::response(ua.sent(), 200, "peer", {{"Contact", "<sip:bob@192.0.2.2>"}}, sdp_answer)));
  ua.advance(32s - 1ms);
  EXPECT_EQ(ua->unfinished_session_count(), 1U);  // a copy may come unharmed
  ua.advance(33s);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
  EXPECT_EQ(ua->next_timeout(), std::nullopt);
}

TEST(FoundBySimulation, AcceptedInviteThatComesAgainOnANewConnectionIsNoSecondCall) {  // RFC 3261 s.13.3.1.4
  Probe ua(Probe::alice());
  const auto invite = peer_invite();
  ua.receive(invite.text());
  const auto session = ua.told<IncomingSession>()->session;
  ua->accept(session, sdp(sdp_answer), {}, ua.now()).value();
  ua.forget_sent();
  ua.close();
  constexpr FlowId second{2};
  ua.open(second, websocket("alice.invalid"));
  ua.receive(invite.text(), second);
  EXPECT_FALSE(ua.told<IncomingSession>());
  const auto ok = ua.sent();
  EXPECT_TRUE(ok.is(200));
  EXPECT_EQ(ua.flow_of_last_sent(), second);
  EXPECT_EQ(ok.text().find(std::string(sdp_answer)) != std::string::npos, true);
  ua.advance(500ms);
  EXPECT_TRUE(ua.sent().is(200));  // repeated until the ACK
  ua.receive(in_dialog(ok, "ACK", 1, "z9hG4bKack").text(), second);
  EXPECT_TRUE(ua.told<SessionConfirmed>());
  ua->terminate(session, {}, ua.now()).value();
  EXPECT_TRUE(ua.sent().is(Method::Bye));
}

TEST(FoundBySimulation, AcceptedInviteThatComesOnAnotherWayIsAnsweredOnThatWay) {  // RFC 3261 s.8.2.6.2: the Vias of this request
  Probe ua(Probe::alice());
  auto invite = peer_invite();
  invite.headers.emplace_back("Record-Route", "<sip:old;lr>");
  ua.receive(invite.text());
  const auto session = ua.told<IncomingSession>()->session;
  ua->accept(session, sdp(sdp_answer), {{"X-Kept", "yes"}}, ua.now()).value();
  ua.sent();
  const auto first = ua.sent();
  ua.close();
  constexpr FlowId second{2};
  ua.open(second, websocket("again.invalid"));
  invite.branch = "z9hG4bKanother";
  invite.headers.back().second = "<sip:new;lr>";
  ua.receive(invite.text(), second);
  const auto ok = ua.sent();
  ASSERT_TRUE(ok.is(200)) << ok.label();
  EXPECT_EQ(ok.view().via_count(), 1U);
  EXPECT_EQ(ok.view().via().branch, "z9hG4bKanother");
  EXPECT_EQ(ok.view().to_tag(), first.view().to_tag());
  EXPECT_EQ(ok.header(HeaderId::RecordRoute), "<sip:new;lr>");
  EXPECT_EQ(ok.view().contact().uri.host, "again.invalid");
  EXPECT_EQ(ok.view().header("X-Kept"), "yes");
  EXPECT_EQ(ok.view().body(), sdp_answer);
  ua.receive(in_dialog(ok, "ACK", 1, "z9hG4bKack").text(), second);
  EXPECT_TRUE(ua.told<SessionConfirmed>());
  ua->terminate(session, {}, ua.now()).value();
  EXPECT_EQ(ua.sent().header(HeaderId::Route), "<sip:new;lr>");
}

TEST(FoundBySimulation, AcceptedInviteThatComesOnAnotherWayKeepsBothNumbersOfItsDialog) {  // RFC 3261 s.12.2.1.1, s.12.2.2
  Probe ua(Probe::alice());
  auto invite = peer_invite();
  ua.receive(invite.text());
  const auto session = ua.told<IncomingSession>()->session;
  ua->accept(session, sdp(sdp_answer), {}, ua.now()).value();
  ua.sent();
  const auto ok = ua.sent();
  ua->info(session, {"application/dtmf-relay", "Signal=5\r\nDuration=160\r\n"}, {}, ua.now()).value();
  const auto ours = ua.sent();
  ua.receive(in_dialog(ok, "OPTIONS", 5, "z9hG4bKo5").text());
  EXPECT_TRUE(ua.sent().is(200));
  ua.close();
  constexpr FlowId second{2};
  ua.open(second, websocket("again.invalid"));
  invite.branch = "z9hG4bKanother";
  ua.receive(invite.text(), second);
  ASSERT_TRUE(ua.sent().is(200));
  ua.receive(in_dialog(ok, "OPTIONS", 4, "z9hG4bKo4").text(), second);
  EXPECT_TRUE(ua.sent().is(500));
  ua.receive(in_dialog(ok, "ACK", 1, "z9hG4bKack").text(), second);
  ua->terminate(session, {}, ua.now()).value();
  const auto bye = ua.sent();
  ASSERT_TRUE(bye.is(Method::Bye)) << bye.label();
  EXPECT_EQ(bye.view().cseq().number, ours.view().cseq().number + 1);
}

TEST(FoundBySimulation, ConfirmedInviteThatComesAgainIsNoSecondCall) {  // RFC 3261 s.8.2.2.2
  Probe ua(Probe::alice());
  const auto invite = peer_invite();
  ua.receive(invite.text());
  const auto session = ua.told<IncomingSession>()->session;
  ua->accept(session, sdp(sdp_answer), {}, ua.now()).value();
  ua.sent();
  ua.receive(in_dialog(ua.sent(), "ACK", 1, "z9hG4bKack").text());
  ua.close();
  constexpr FlowId second{2};
  ua.open(second, websocket("alice.invalid"));
  ua.receive(invite.text(), second);
  EXPECT_FALSE(ua.told<IncomingSession>());
  EXPECT_TRUE(ua.sent().is(482));
  EXPECT_EQ(ua->session_count(), 1U);
}

TEST(FoundBySimulation, RefusedInviteThatComesAgainAfterTheAckDoesNotRing) {  // RFC 3261 s.16.11: a stateless proxy passes copies on
  Probe ua(Probe::alice());
  const auto invite = peer_invite();
  ua.receive(invite.text());
  ua->reject(ua.told<IncomingSession>()->session, 486, {}, ua.now()).value();
  ua.sent();
  auto ack = in_dialog(ua.sent(), "ACK", 1, invite.branch);
  ack.uri = invite.uri;
  ua.receive(ack.text());
  ua.advance(300ms);
  ua.receive(invite.text());
  EXPECT_FALSE(ua.told<IncomingSession>());
  EXPECT_EQ(ua.unread(), 0U);
}
