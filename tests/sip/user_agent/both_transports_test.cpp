// SPDX-License-Identifier: MIT
// The same on streams and on datagrams, and what differs: who repeats what, until when (RFC 3261 s.17, s.13.3.1.4; RFC 3581; RFC 6026).
#include <parley/tests/support/ua_pair.hpp>

#include <gmock/gmock.h>

#include <set>

using namespace parley;
using namespace parley::sip;
using namespace parley::test;
using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace {

constexpr Reliable both[] = {Reliable::Yes, Reliable::No};

FlowInfo flow_of(Reliable reliable) { return reliable == Reliable::Yes ? websocket("alice.invalid") : datagrams("192.0.2.1:5060"); }
const char* name(Reliable reliable) { return reliable == Reliable::Yes ? "stream" : "datagrams"; }

/// When messages with that label went out, counted from the first.
std::vector<Duration> times_of(Probe& ua, const std::string& label, Duration during) {
  std::vector<Duration> times;
  const auto start = ua.now();
  while (ua.now() <= start + during) {
    for (const auto& sent : ua.labels()) {
      if (sent == label) times.push_back(ua.now() - start);
    }
    ua.advance(100ms);
  }
  return times;
}

SessionId arrive(Probe& ua, const PeerRequest& invite = peer_invite()) {
  ua.receive(invite.text());
  ua.forget_sent();
  return ua.told<IncomingSession>()->session;
}

/// Loses the first message of each kind.
void lose_each_once(UaPair& pair) {
  pair.lose = [seen = std::set<std::string>{}](const Wire& wire) mutable { return seen.insert(wire.label()).second; };
}

}  // namespace

TEST(BothTransports, C02C03InviteIsRepeatedOnDatagramsOnly) {  // RFC 3261 s.17.1.1.2
  for (const Reliable reliable : both) {
    Probe ua(Probe::alice(), flow_of(reliable));
    ua->invite(UaPair::to_bob(), ua.now()).value();
    const auto times = times_of(ua, "INVITE", 33s);
    if (reliable == Reliable::Yes) {
      EXPECT_THAT(times, ElementsAre(0ms)) << name(reliable);
    } else {
      EXPECT_THAT(times, ElementsAre(0ms, 500ms, 1'500ms, 3'500ms, 7'500ms, 15'500ms, 31'500ms)) << name(reliable);
    }
    EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::NoAnswer) << name(reliable);  // C04
    EXPECT_EQ(ua->stack().transaction_count(), 0U) << name(reliable);
  }
}

TEST(BothTransports, C03C09RequestsInADialogLikewise) {
  for (const Reliable reliable : both) {
    Probe ua(Probe::alice(), flow_of(reliable));
    const auto session = ua->invite(UaPair::to_bob(), ua.now()).value();
    ua.answer_ok(ua.sent());
    ua.forget_sent();
    ua->terminate(session, {}, ua.now());
    const auto times = times_of(ua, "BYE", 33s);
    if (reliable == Reliable::Yes) {
      EXPECT_THAT(times, ElementsAre(0ms));
    } else {  // doubling to T2
      EXPECT_THAT(times, ElementsAre(0ms, 500ms, 1'500ms, 3'500ms, 7'500ms, 11'500ms, 15'500ms, 19'500ms, 23'500ms, 27'500ms, 31'500ms));
    }
    EXPECT_EQ(ua->unfinished_session_count(), 0U) << name(reliable);
  }
}

TEST(BothTransports, C06EachCopyOfARefusalIsAckedWhereCopiesCanCome) {
  for (const Reliable reliable : both) {
    Probe ua(Probe::alice(), flow_of(reliable));
    ua->invite(UaPair::to_bob(), ua.now()).value();
    const auto invite = ua.sent();
    ua.answer(invite, 486);
    const auto ack = ua.sent();
    ASSERT_TRUE(ack.is(Method::Ack)) << name(reliable);
    ua.advance(31s);
    ua.answer(invite, 486);
    EXPECT_EQ(ua.sent().text(), reliable == Reliable::No ? ack.text() : "") << name(reliable);
    EXPECT_EQ(ua.count<SessionEnded>(), 1U) << name(reliable);
    ua.advance(2s);
    EXPECT_EQ(ua->stack().transaction_count(), 0U) << name(reliable);
  }
}

TEST(BothTransports, C12RefusalIsRepeatedOnDatagramsUntilItsAck) {
  for (const Reliable reliable : both) {
    Probe ua(Probe::alice(), flow_of(reliable));
    const auto session = arrive(ua);
    ua->reject(session, 486, {}, ua.now());
    const auto times = times_of(ua, "486 INVITE", 4s);
    if (reliable == Reliable::Yes) {
      EXPECT_THAT(times, ElementsAre(0ms));
    } else {
      EXPECT_THAT(times, ElementsAre(0ms, 500ms, 1'500ms, 3'500ms));
    }
    auto ack = peer_invite();
    ack.method = "ACK";
    ack.content_type.clear();
    ua.receive(ack.text());
    ua.receive(ack.text());  // a copy
    ua.advance(5s);
    EXPECT_EQ(ua.unread(), 0U) << name(reliable);
    EXPECT_EQ(ua->stack().transaction_count(), 0U) << name(reliable);  // I = T4, or 0
  }
}

TEST(BothTransports, C13H03The200IsRepeatedOnEveryTransport) {  // s.13.3.1.4: the path behind the first hop may be of another kind
  for (const Reliable reliable : both) {
    Probe ua(Probe::alice(), flow_of(reliable));
    const auto session = arrive(ua);
    ua->accept(session, sdp(sdp_answer), {}, ua.now());
    const auto times = times_of(ua, "200 INVITE", 8s);
    EXPECT_THAT(times, ElementsAre(0ms, 500ms, 1'500ms, 3'500ms, 7'500ms)) << name(reliable);
    ua.receive(peer_invite().text());  // a copy of the INVITE causes nothing
    EXPECT_EQ(ua.unread(), 0U) << name(reliable);
    EXPECT_EQ(ua.count<IncomingSession>(), 0U) << name(reliable);
  }
}

TEST(BothTransports, C14ACopyOfAMessageGetsTheSameAnswerAndIsToldOnce) {
  Probe ua(Probe::alice(), flow_of(Reliable::No));
  PeerRequest message;
  message.method = "MESSAGE";
  message.content_type = "text/plain";
  message.body = "hi";
  ua.receive(message.text());
  const auto first = ua.sent();
  EXPECT_TRUE(first.is(200));
  ua.advance(31'999ms);
  ua.receive(message.text());
  EXPECT_EQ(ua.sent().text(), first.text());
  EXPECT_EQ(ua.count<MessageReceived>(), 1U);
  ua.advance(1ms);
  EXPECT_EQ(ua->stack().transaction_count(), 0U);  // J = 64*T1
}

TEST(BothTransports, H01Sec68EachCopyOfThe200IsAckedAndSilenceEndsTheCall) {
  for (const Reliable reliable : both) {
    Probe caller(Probe::alice(), flow_of(reliable));
    caller->invite(UaPair::to_bob(), caller.now()).value();
    const auto invite = caller.sent();
    caller.answer_ok(invite);
    const auto ack = caller.sent();
    caller.advance(16s);
    caller.answer_ok(invite);
    EXPECT_EQ(caller.sent().text(), ack.text()) << name(reliable);
    EXPECT_EQ(caller.count<SessionEstablished>(), 1U) << name(reliable);

    Probe callee(Probe::alice(), flow_of(reliable));
    callee->accept(arrive(callee), sdp(sdp_answer), {}, callee.now());
    callee.forget_sent();
    callee.advance(32s);
    EXPECT_THAT(callee.labels(), Contains("BYE")) << name(reliable);
    EXPECT_EQ(callee.told<SessionEnded>()->cause.kind, EndCause::Kind::Failed) << name(reliable);
    callee.advance(40s);
    EXPECT_EQ(callee->unfinished_session_count() + callee->stack().transaction_count(), 0U) << name(reliable);
  }
}

TEST(BothTransports, B07AnswersGoToTheSourceAndSayIt) {  // RFC 3261 s.18.2, RFC 3581 s.4
  FlowInfo info = datagrams("192.0.2.1:5060");
  info.peer_address = "198.51.100.9";
  info.peer_port = 40000;
  Probe ua(Probe::alice(), info);
  auto text = peer_invite().text();
  text.replace(text.find(";branch"), 7, ";rport;branch");
  ua.receive(text);
  const auto session = ua.told<IncomingSession>()->session;
  ua.forget_sent();
  ua->ring(session, 180, ua.now());
  ua->accept(session, sdp(sdp_answer), {}, ua.now());
  for (int i = 0; i < 3; ++i) {  // 180, 200, and the 200 again
    const auto answer = ua.sent();
    EXPECT_EQ(ua.flow_of_last_sent(), Probe::first_flow);
    EXPECT_EQ(answer.view().via().params.find("received"), "198.51.100.9");
    EXPECT_EQ(answer.view().via().params.find("rport"), "40000");
    ua.advance(500ms);
  }
  Probe plain(Probe::alice(), info);
  plain.receive(peer_invite().text());
  const auto trying = plain.sent();
  EXPECT_EQ(trying.view().via().params.find("received"), "198.51.100.9");
  EXPECT_FALSE(trying.view().via().params.has("rport"));
}

TEST(BothTransports, D12D13CancelSurvivesLoss) {
  for (const bool reliable : {true, false}) {
    UaPair pair(reliable);
    const auto caller = pair.alice->invite(UaPair::to_bob(), pair.alice.now()).value();
    pair.run();
    if (!reliable) lose_each_once(pair);
    pair.alice->terminate(caller, {}, pair.alice.now());
    pair.advance(8s);
    EXPECT_EQ(pair.bob.told<SessionEnded>()->cause.kind, EndCause::Kind::Cancelled);
    EXPECT_EQ(pair.alice->unfinished_session_count() + pair.bob->unfinished_session_count(), 0U);
    pair.advance(40s);
    EXPECT_EQ(pair.alice->stack().transaction_count() + pair.bob->stack().transaction_count(), 0U);
    EXPECT_EQ(pair.next_timeout(), std::nullopt);
  }
}

TEST(BothTransports, H08H10ReinviteSurvivesLoss) {
  UaPair pair(false);
  const auto [caller, callee] = pair.call();
  pair.forget();
  lose_each_once(pair);
  EXPECT_TRUE(pair.bob->reinvite(callee, sdp(), pair.bob.now()));
  pair.advance(1s);
  EXPECT_TRUE(pair.alice.told<OfferReceived>());
  EXPECT_EQ(pair.alice.count<OfferReceived>(), 0U);
  EXPECT_TRUE(pair.alice->accept_reinvite(caller, sdp(sdp_answer), pair.alice.now()));
  pair.advance(5s);
  EXPECT_TRUE(pair.bob.told<AnswerReceived>());
  EXPECT_EQ(pair.bob.count<AnswerReceived>(), 0U);
  EXPECT_TRUE(pair.alice->reinvite(caller, sdp(), pair.alice.now()));  // nothing pends any more
  pair.advance(1s);
  EXPECT_TRUE(pair.bob->reject_reinvite(callee, 488, {}, pair.bob.now()));
  pair.advance(5s);
  EXPECT_EQ(pair.alice.told<ReinviteRefused>()->error.status, 488);
  EXPECT_EQ(pair.alice.count<SessionEnded>() + pair.bob.count<SessionEnded>(), 0U);
}

TEST(BothTransports, F02RegisterSurvivesLossAndNeverOverlaps) {
  Probe ua(Probe::alice(), flow_of(Reliable::No));
  EXPECT_TRUE(ua->register_({}, ua.now()));
  const auto first = ua.sent();
  EXPECT_EQ(ua->register_({}, ua.now()).error().code, Errc::Busy);
  ua.advance(3s);
  for (auto copy = ua.sent(); copy; copy = ua.sent()) EXPECT_EQ(copy.text(), first.text());
  ua.answer(first, 401, "reg", {{"WWW-Authenticate", "Digest realm=\"example.com\", nonce=\"n\", qop=\"auth\""}});
  const auto second = ua.sent();
  EXPECT_EQ(second.view().cseq().number, first.view().cseq().number + 1);
  ua.answer(first, 401, "reg", {{"WWW-Authenticate", "Digest realm=\"example.com\", nonce=\"n\", qop=\"auth\""}});  // late copy
  EXPECT_EQ(ua.unread(), 0U);
  ua.answer(second, 200, "reg");
  EXPECT_TRUE(ua->is_registered());
}

TEST(BothTransports, M12ALongMessageDoesNotGoOverDatagrams) {  // RFC 3428 s.8
  const Body lengthy{"text/plain", std::string(1'300, 'x')};
  Probe stream(Probe::alice(), flow_of(Reliable::Yes));
  EXPECT_TRUE(stream->message("sip:bob@example.com", lengthy, {}, stream.now()));
  Probe ua(Probe::alice(), flow_of(Reliable::No));
  EXPECT_EQ(ua->message("sip:bob@example.com", lengthy, {}, ua.now()).error().code, Errc::TooLong);
  EXPECT_TRUE(ua->message("sip:bob@example.com", {"text/plain", std::string(200, 'x')}, {}, ua.now()));
  ua.forget_sent();
  const auto session = ua->invite(UaPair::to_bob(), ua.now()).value();
  ua.answer_ok(ua.sent());
  ua.forget_sent();
  EXPECT_EQ(ua->request(session, "MESSAGE", lengthy, {}, ua.now()).error().code, Errc::TooLong);
  EXPECT_EQ(ua.unread(), 0U);
}

TEST(BothTransports, Sec71OddAcksAreIgnoredOnDatagramsToo) {
  Probe ua(Probe::alice(), flow_of(Reliable::No));
  const auto session = arrive(ua);
  auto same_branch = peer_invite();
  same_branch.method = "ACK";
  same_branch.content_type.clear();
  ua.receive(same_branch.text());  // before any final response
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_TRUE(ua->reject(session, 486, {}, ua.now()));
  ua.receive(same_branch.text());
  ua.receive(same_branch.text());
  ua.forget_sent();
  ua.advance(40s);
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua->stack().transaction_count(), 0U);
}

TEST(BothTransports, Sec74ADatagramFlowThatClosesLeavesNothing) {
  Probe ua(Probe::alice(), flow_of(Reliable::No));
  for (int i = 0; i < 10; ++i) {
    auto request = peer_invite();
    request.call_id = "c" + std::to_string(i);
    request.branch = "z9hG4bK" + std::to_string(i);
    ua.receive(request.text());
  }
  const auto refused = ua.told<IncomingSession>()->session;
  ua->reject(refused, 486, {}, ua.now());  // one waits for its ACK
  ua.close();
  EXPECT_EQ(ua.count<SessionEnded>(), 10U);
  EXPECT_EQ(ua->unfinished_session_count() + ua->stack().transaction_count(), 0U);
  EXPECT_EQ(ua->next_timeout(), std::nullopt);
}
