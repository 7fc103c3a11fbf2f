// SPDX-License-Identifier: MIT
// The scripted peer against hand-written messages; what it does to a whole user agent is in tests/flows.
#include <parley/sip/testing/scripted_peer.hpp>
#include <parley/tests/support/ua_probe.hpp>

#include <gmock/gmock.h>

using namespace parley;
using namespace parley::sip::testing;
using namespace std::chrono_literals;
using parley::test::PeerRequest;
using parley::test::Wire;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using Outcome = ScriptedPeer::Outcome;

namespace {

constexpr TimePoint start_time{Duration{5'000}};

/// A peer in virtual time.
struct Bench {
  explicit Bench(const Script& script, PeerOptions options = {}) : peer(script, std::move(options)) { peer.start(now); }

  void hears(std::string_view bytes) { peer.receive(bytes, now); }
  Wire says() {
    auto bytes = peer.poll_output();
    return bytes ? Wire(std::move(*bytes)) : Wire();
  }
  /// From deadline to deadline.
  void advance(Duration duration) {
    const TimePoint target = now + duration;
    for (auto due = peer.next_timeout(); due && *due <= target; due = peer.next_timeout()) {
      now = *due;
      peer.handle_timeout(now);
      if (peer.outcome() != Outcome::Running) break;
    }
    now = target;
  }

  TimePoint now = start_time;
  ScriptedPeer peer;
};

/// What an agent could have sent.
PeerRequest agents(std::string method, std::string branch = "z9hG4bKa1") {
  PeerRequest request;
  request.method = std::move(method);
  request.branch = std::move(branch);
  request.from = "<sip:agent@example.com>;tag=atag";
  request.to = "<sip:peer@example.com>";
  request.call_id = "agent-call";
  request.headers = {{"Contact", "<sip:agent@192.0.2.1:5070>"}};
  return request;
}

/// The agent's answer to a request of the peer.
std::string answer(const Wire& request, sip::StatusCode status) {
  return parley::test::Probe::response(request, status, "atag", {{"Contact", "<sip:agent@192.0.2.1:5070>"}});
}

Script read(std::string_view text) {
  return Script::parse(text, [](std::string_view) { return Result<void>{}; }).value();
}

TEST(ScriptedPeer, AnswersWithWhatFits) {
  Bench bench(read("expect INVITE\nsend 180\nsend 200 with sdp\nexpect ACK\n"));
  auto invite = agents("INVITE");
  invite.content_type = "application/sdp";
  invite.body = "v=0\r\n";
  bench.hears(invite.text());
  const auto ringing = bench.says();
  const auto ok = bench.says();
  EXPECT_TRUE(ringing.is(180));
  EXPECT_TRUE(ok.is(200));
  EXPECT_EQ(ok.view().call_id(), "agent-call");
  EXPECT_EQ(ok.view().via().branch, "z9hG4bKa1");
  EXPECT_FALSE(ok.view().to_tag().empty());
  EXPECT_EQ(ok.view().to_tag(), ringing.view().to_tag());
  EXPECT_EQ(ok.view().contact().uri.text, "sip:peer@192.0.2.2");
  EXPECT_THAT(std::string(ok.view().body()), HasSubstr("a=setup:active"));
  EXPECT_EQ(bench.peer.outcome(), Outcome::Running);
  bench.hears(agents("ACK", "z9hG4bKa2").text());
  EXPECT_EQ(bench.peer.outcome(), Outcome::Passed);
  EXPECT_THAT(bench.peer.failure(), IsEmpty());
}

TEST(ScriptedPeer, ForksByTag) {
  Bench bench(read("expect INVITE\nsend 180 tag one\nsend 180 tag two\n"));
  bench.hears(agents("INVITE").text());
  EXPECT_EQ(bench.says().view().to_tag(), "one");
  EXPECT_EQ(bench.says().view().to_tag(), "two");
}

TEST(ScriptedPeer, AnswersTheCancelThenTheInvite) {
  Bench bench(read("expect INVITE\nsend 180\nexpect CANCEL\nsend 200\nsend 487\n"));
  bench.hears(agents("INVITE").text());
  bench.says();
  bench.hears(agents("CANCEL").text());
  EXPECT_EQ(bench.says().label(), "200 CANCEL");
  EXPECT_EQ(bench.says().label(), "487 INVITE");
}

TEST(ScriptedPeer, CallsAcknowledgesAndHangsUpInTheDialog) {
  Bench bench(read("send INVITE with sdp\nexpect 200\nsend ACK\nsend BYE\nexpect 200 BYE\n"));
  const auto invite = bench.says();
  EXPECT_EQ(invite.view().request_uri().text, "sip:agent@example.com");
  EXPECT_THAT(std::string(invite.view().body()), HasSubstr("a=setup:actpass"));
  bench.hears(answer(invite, 200));
  const auto ack = bench.says();
  const auto bye = bench.says();
  EXPECT_EQ(ack.label(), "ACK");
  EXPECT_EQ(ack.view().cseq().number, 1U);
  EXPECT_NE(ack.view().via().branch, invite.view().via().branch);
  EXPECT_EQ(ack.view().request_uri().text, "sip:agent@192.0.2.1:5070");
  EXPECT_EQ(bye.view().cseq().number, 2U);
  EXPECT_EQ(bye.view().to_tag(), "atag");
  EXPECT_EQ(bye.view().from_tag(), invite.view().from_tag());
  bench.hears(answer(bye, 200));
  EXPECT_EQ(bench.peer.outcome(), Outcome::Passed) << bench.peer.failure();
}

TEST(ScriptedPeer, AcknowledgesARefusalInItsTransaction) {
  Bench bench(read("send INVITE\nexpect 486\nsend ACK\n"));
  const auto invite = bench.says();
  bench.hears(answer(invite, 486));
  const auto ack = bench.says();
  EXPECT_EQ(ack.view().via().branch, invite.view().via().branch);
  EXPECT_EQ(ack.view().to_tag(), "atag");
  EXPECT_EQ(ack.view().request_uri().text, "sip:agent@example.com");
}

TEST(ScriptedPeer, CancelFollowsTheInvite) {
  Bench bench(read("send INVITE\nsend CANCEL\n"));
  const auto invite = bench.says();
  const auto cancel = bench.says();
  EXPECT_EQ(cancel.view().via().branch, invite.view().via().branch);
  EXPECT_EQ(cancel.view().cseq().number, 1U);
  EXPECT_EQ(cancel.view().from_tag(), invite.view().from_tag());
}

TEST(ScriptedPeer, SpeaksInTheDialogThatIsNamed) {
  Bench bench(read("expect INVITE as first\nsend 200\nexpect INVITE as second\nsend 200\nsend BYE in first\n"));
  bench.hears(agents("INVITE").text());
  auto other = agents("INVITE", "z9hG4bKa9");
  other.call_id = "another-call";
  bench.hears(other.text());
  const auto first = bench.says();
  bench.says();
  const auto bye = bench.says();
  EXPECT_EQ(bye.view().call_id(), "agent-call");
  EXPECT_EQ(bye.view().from_tag(), first.view().to_tag());
  EXPECT_EQ(bye.view().to_tag(), "atag");
}

TEST(ScriptedPeer, WritesWhatItIsToldRightOrWrong) {
  Bench bench(
      read("expect INVITE as invite\n"
           "send 200 Fine\n"
           "  Call-ID: not-{invite.call_id}\n"
           "  -Contact\n"
           "  X-Branch: {last.branch}/{invite.Max-Forwards}/{no place}\n"
           "  v: SIP/2.0/UDP one;branch=z9hG4bKone\n"
           "  Via: SIP/2.0/UDP two;branch=z9hG4bKtwo\n"
           "  Content-Length: 4000\n"));
  bench.hears(agents("INVITE").text());
  const std::string bytes = bench.peer.poll_output().value_or("");
  EXPECT_THAT(bytes,
              StartsWith("SIP/2.0 200 Fine\r\nv: SIP/2.0/UDP one;branch=z9hG4bKone\r\nVia: SIP/2.0/UDP two;branch=z9hG4bKtwo\r\nFrom:"));
  EXPECT_THAT(bytes, HasSubstr("Call-ID: not-agent-call\r\n"));
  EXPECT_THAT(bytes, HasSubstr("X-Branch: z9hG4bKa1/70/{no place}\r\nContent-Length: 4000\r\n\r\n"));
  EXPECT_THAT(bytes, ::testing::Not(HasSubstr("Contact")));
}

TEST(ScriptedPeer, SendsRawBytesAndCopies) {
  Bench bench(read("expect INVITE\nsend raw as junk\n  | HELLO {last.call_id}\nresend junk\n"));
  bench.hears(agents("INVITE").text());
  EXPECT_EQ(bench.peer.poll_output(), "HELLO agent-call\r\n");
  EXPECT_EQ(bench.peer.poll_output(), "HELLO agent-call\r\n");
  EXPECT_EQ(bench.peer.message("junk"), "HELLO agent-call\r\n");
}

TEST(ScriptedPeer, GivesUpWhenNothingComes) {
  Bench bench(read("expect INVITE within 2s\n"));
  bench.advance(1'999ms);
  EXPECT_EQ(bench.peer.outcome(), Outcome::Running);
  bench.advance(1ms);
  EXPECT_EQ(bench.peer.outcome(), Outcome::Failed);
  EXPECT_THAT(bench.peer.failure(), StartsWith("line 1: expected INVITE within 2000 ms, but nothing came\n"));
}

TEST(ScriptedPeer, TellsWhatCameInstead) {
  Bench bench(read("expect INVITE\nsend 200\nexpect ACK\n"));
  bench.hears(agents("INVITE").text());
  bench.now += 20ms;
  bench.hears(agents("BYE", "z9hG4bKa2").text());
  EXPECT_EQ(bench.peer.failure(),
            "line 3: expected ACK, but BYE #1 came\n"
            "             agent                                                 peer\n"
            "     0.000     |--- INVITE #1 --------------------------------------->|\n"
            "     0.000     |<-- 200 OK INVITE #1 ---------------------------------|\n"
            "     0.020     |--- BYE #1 ------------------------------------------>|\n");
}

TEST(ScriptedPeer, PassesOverRetransmissionsUnlessAsked) {
  Bench bench(read("expect INVITE\nwait 1s\nexpect copy INVITE\nsend 200\nexpect ACK\n"));
  bench.hears(agents("INVITE").text());
  bench.hears(agents("INVITE").text());
  bench.hears(agents("INVITE").text());
  bench.advance(1s);
  bench.hears(agents("ACK", "z9hG4bKa2").text());
  EXPECT_EQ(bench.peer.outcome(), Outcome::Passed) << bench.peer.failure();
  EXPECT_THAT(bench.peer.ladder().text(), HasSubstr("INVITE #1, again"));
}

TEST(ScriptedPeer, WantsACopyWhereACopyIsAskedFor) {
  Bench bench(read("expect INVITE\nexpect copy INVITE\n"));
  bench.hears(agents("INVITE").text());
  bench.hears(agents("INVITE", "z9hG4bKanother").text());
  EXPECT_THAT(bench.peer.failure(), HasSubstr("expected a copy of INVITE, but INVITE #1 came anew"));
}

TEST(ScriptedPeer, SilenceIsBrokenByACopyToo) {
  Bench bench(read("expect ACK\nexpect no ACK for 1s\n"));
  bench.hears(agents("ACK").text());
  bench.advance(500ms);
  bench.hears(agents("ACK").text());
  EXPECT_THAT(bench.peer.failure(), HasSubstr("expected no ACK for 1000 ms, but ACK #1 came after 500 ms"));
}

TEST(ScriptedPeer, SilenceOfOneKindKeepsTheOthers) {
  Bench bench(read("expect no ACK for 1s\nexpect BYE\n"));
  bench.hears(agents("BYE").text());
  EXPECT_EQ(bench.peer.outcome(), Outcome::Running);
  bench.advance(1s);
  EXPECT_EQ(bench.peer.outcome(), Outcome::Passed) << bench.peer.failure();
}

TEST(ScriptedPeer, ComesTooEarly) {
  Bench bench(read("expect INVITE after 100ms\n"));
  bench.advance(99ms);
  bench.hears(agents("INVITE").text());
  EXPECT_THAT(bench.peer.failure(), HasSubstr("INVITE came after 99 ms already"));
}

TEST(ScriptedPeer, ComparesFields) {
  Bench good(read("expect INVITE\n  Call-ID: agent-*\n  f: *tag=atag\n  Request-URI: sip:*\n  Body: *v=0*\n  -Require\n"));
  auto invite = agents("INVITE");
  invite.content_type = "application/sdp";
  invite.body = "v=0\r\n";
  good.hears(invite.text());
  EXPECT_EQ(good.peer.outcome(), Outcome::Passed) << good.peer.failure();

  Bench bad(read("expect INVITE\n  Subject: lunch\n"));
  bad.hears(invite.text());
  EXPECT_THAT(bad.peer.failure(), HasSubstr("has not \"Subject: lunch\" in it:\nINVITE sip:"));

  Bench forbidden(read("expect INVITE\n  -Content-Type\n"));
  forbidden.hears(invite.text());
  EXPECT_THAT(forbidden.peer.failure(), HasSubstr("has a Content-Type field"));
}

TEST(ScriptedPeer, MatchesAlternativesAndClasses) {
  Bench bench(read("send INVITE\nexpect 4xx|200\nexpect 2xx INVITE\nexpect *\n"));
  const auto invite = bench.says();
  bench.hears(answer(invite, 486));
  bench.hears(answer(invite, 202));
  bench.hears(agents("PUBLISH").text());
  EXPECT_EQ(bench.peer.outcome(), Outcome::Passed) << bench.peer.failure();
}

TEST(ScriptedPeer, WhatComesAfterTheEndFailsIt) {
  Bench bench(read("expect INVITE\n"));
  bench.hears(agents("INVITE").text());
  EXPECT_EQ(bench.peer.outcome(), Outcome::Passed);
  bench.hears("\r\n\r\n");
  bench.hears(agents("INVITE").text());
  EXPECT_EQ(bench.peer.outcome(), Outcome::Passed);
  bench.hears(agents("BYE").text());
  EXPECT_THAT(bench.peer.failure(), StartsWith("the script is over, but BYE #1 came\n"));
}

TEST(ScriptedPeer, ActsAndFailsWithTheAct) {
  int acts = 0;
  Script script;
  script.act([&] {
    ++acts;
    return Result<void>{};
  });
  script.act([] { return Result<void>(Errc::NoSession); }, "hang up");
  Bench bench(script);
  EXPECT_EQ(acts, 1);
  EXPECT_THAT(bench.peer.failure(), HasSubstr("step 2: hang up: "));
}

TEST(ScriptedPeer, CannotAnswerWhatNobodyAsked) {
  EXPECT_THAT(Bench(read("send 200\n")).peer.failure(), HasSubstr("no request to answer"));
  EXPECT_THAT(Bench(read("send ACK\n")).peer.failure(), HasSubstr("no INVITE of ours"));
  EXPECT_THAT(Bench(read("send CANCEL\n")).peer.failure(), HasSubstr("no INVITE of ours"));
  EXPECT_THAT(Bench(read("send BYE in nothing\n")).peer.failure(), HasSubstr("no message is called nothing"));
  EXPECT_THAT(Bench(read("send new MESSAGE\n  Subject: {a.b}\n")).peer.failure(), HasSubstr("there is no a.b"));
}

}  // namespace
