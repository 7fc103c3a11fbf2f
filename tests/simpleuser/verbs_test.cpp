// SPDX-License-Identifier: MIT
// What each verb checks, sends, and when it completes.
#include "remote.hpp"

#include <gtest/gtest.h>

namespace parley::test {
namespace {

Errc code_of(const Result<void>& result) { return result ? Errc::Destroyed : result.error().code; }

// ---- call

TEST(Call, FailsWhenASessionExists) {
  Pair p;
  EXPECT_TRUE(p.rig.wait(p.alice->call("bob")));
  EXPECT_EQ(code_of(p.rig.wait(p.alice->call("carol"))), Errc::SessionExists);
  EXPECT_EQ(p.rig.sent("INVITE").size(), 1u);
}

TEST(Call, FailsForABadDestination) {
  Rig rig;
  User alice(rig);
  alice.connected();
  for (const char* bad : {"", "http://example.com", "bob@example.com", "a b"}) {
    EXPECT_EQ(code_of(rig.wait(alice->call(bad))), Errc::BadSyntax) << bad;
  }
  EXPECT_FALSE(alice.was_told("created"));
}

TEST(Call, TakesABareNameAtTheDomain) {
  Rig rig;
  User alice(rig);
  alice.connected();
  EXPECT_TRUE(rig.wait(alice->call("+491234")));
  EXPECT_EQ(rig.sent("INVITE sip:+491234@example.com SIP/2.0").size(), 1u);
}

TEST(Call, FailsWhenNotConnected) {
  Rig rig;
  User alice(rig);
  EXPECT_EQ(code_of(rig.wait(alice->call("bob"))), Errc::NotConnected);
  EXPECT_THAT(alice.take(), IsEmpty());
  EXPECT_EQ(rig.media.created, 0);
}

TEST(Call, CompletesWhenTheInviteIsHandedOver) {
  Rig rig;
  User alice(rig);
  alice.connected();
  Remote remote(alice);
  auto sent = alice->call("bob");
  EXPECT_FALSE(sent.is_done());
  EXPECT_TRUE(rig.wait(std::move(sent)));
  const auto invite = remote.take("INVITE");
  ASSERT_TRUE(invite);
  EXPECT_THAT(std::string(invite.view().body()), HasSubstr("m=audio"));
  EXPECT_TRUE(invite.view().content_type()->is("application/sdp"));
}

TEST(Call, MediaFailureFailsItAndHangsUp) {
  Rig rig;
  User alice(rig);
  alice.connected();
  alice.take();
  rig.media.fail_offer = Error{.code = Errc::MediaFailed, .detail = "no microphone"};
  EXPECT_EQ(code_of(rig.wait(alice->call("bob"))), Errc::MediaFailed);
  EXPECT_THAT(alice.take(), ElementsAre("created", "hangup(MediaFailed)"));
  EXPECT_THAT(rig.sent("INVITE"), IsEmpty());
  rig.media.fail_create = Error{.code = Errc::MediaFailed};
  EXPECT_EQ(code_of(rig.wait(alice->call("bob"))), Errc::MediaFailed);
}

TEST(Call, UnbuiltAndBadOptionsFailAtOnce) {
  Rig rig;
  User alice(rig);
  alice.connected();
  EXPECT_EQ(code_of(rig.wait(alice->call("bob", {.early_media = true}))), Errc::NotSupported);
  EXPECT_EQ(code_of(rig.wait(alice->call("bob", {.constraints = MediaConstraints{.video = true}}))), Errc::NotSupported);
  EXPECT_EQ(code_of(rig.wait(alice->call("bob", {.extra_headers = {{"X", "a\r\nInjected: 1"}}}))), Errc::BadValue);
  EXPECT_EQ(code_of(rig.wait(alice->call("bob", {.display_name = "a\r\nInjected: 1"}))), Errc::BadValue);
  EXPECT_EQ(code_of(rig.wait(alice->call("bob", {.ring_timeout = 0s}))), Errc::BadValue);
  EXPECT_EQ(code_of(rig.wait(alice->call("bob", {.ring_timeout = Duration::max()}))), Errc::BadValue);
  EXPECT_THAT(rig.sent("INVITE"), IsEmpty());
}

TEST(Call, WithoutSdpAnswersTheOfferOfThe200InTheAck) {  // RFC 3261 s.13.2.1
  Rig rig;
  User alice(rig);
  alice.connected();
  Remote remote(alice);
  EXPECT_TRUE(rig.wait(alice->call("bob", {.without_sdp = true})));
  const auto invite = remote.take("INVITE");
  ASSERT_TRUE(invite);
  EXPECT_TRUE(invite.view().body().empty());
  remote.reply(invite, 200, {}, remote.make_offer());
  const auto ack = remote.take("ACK");
  ASSERT_TRUE(ack);
  EXPECT_THAT(std::string(ack.view().body()), HasSubstr("m=audio"));
  EXPECT_TRUE(rig.wait(alice->answered()));
}

TEST(Call, H15UnusableOfferOfThe200GetsAckAndBye) {  // RFC 3261 s.13.2.2.4
  Rig rig;
  User alice(rig);
  alice.connected();
  Remote remote(alice);
  EXPECT_TRUE(rig.wait(alice->call("bob", {.without_sdp = true})));
  remote.reply(remote.take("INVITE"), 200, {}, "v=0\r\nnonsense");
  EXPECT_TRUE(remote.take("ACK"));
  EXPECT_TRUE(remote.take("BYE"));
  EXPECT_TRUE(alice.was_told("hangup(MediaFailed)"));
}

TEST(Call, H15UnusableAnswerGetsAckAndBye) {
  Rig rig;
  User alice(rig);
  alice.connected();
  Remote remote(alice);
  EXPECT_TRUE(rig.wait(alice->call("bob")));
  remote.reply(remote.take("INVITE"), 200, {}, "v=0\r\nnonsense");
  EXPECT_TRUE(remote.take("ACK"));
  EXPECT_TRUE(remote.take("BYE"));
  EXPECT_FALSE(alice.was_told("answered"));
  EXPECT_EQ(rig.wait(alice->answered()).error().code, Errc::MediaFailed);
}

TEST(Call, RingTimeoutCancels) {
  Rig rig;
  User alice(rig);
  alice.connected();
  Remote remote(alice);
  EXPECT_TRUE(rig.wait(alice->call("bob", {.ring_timeout = 20s})));
  remote.reply(remote.take("INVITE"), 180);
  const TimePoint begin = rig.executor.now();
  EXPECT_TRUE(rig.executor.run_until([&] { return alice.was_told("hangup(NoAnswer)"); }, 1min));
  EXPECT_EQ(rig.executor.now() - begin, 20s);
  EXPECT_TRUE(remote.take("CANCEL"));
  EXPECT_EQ(rig.wait(alice->answered()).error().code, Errc::NoAnswer);
}

// ---- answer, decline

TEST(Answer, FailsWithoutASessionForAnOutgoingAndForAnAnsweredOne) {
  Pair p;
  EXPECT_EQ(code_of(p.rig.wait(p.alice->answer())), Errc::NoSession);
  EXPECT_TRUE(p.rig.wait(p.alice->call("bob")));
  p.rig.executor.run_until_idle();
  EXPECT_EQ(code_of(p.rig.wait(p.alice->answer())), Errc::WrongState);
  EXPECT_TRUE(p.rig.wait(p.bob->answer()));
  EXPECT_EQ(code_of(p.rig.wait(p.bob->answer())), Errc::WrongState);
}

TEST(Answer, Sends200WithTheAnswer) {
  Rig rig;
  User alice(rig);
  alice.registered();
  Remote remote(alice);
  remote.invite();
  EXPECT_TRUE(rig.wait(alice->answer({.extra_headers = {{"X-Answer", "1"}}})));
  const auto ok = remote.take("SIP/2.0 200");
  ASSERT_TRUE(ok);
  EXPECT_THAT(std::string(ok.view().body()), HasSubstr("m=audio"));
  EXPECT_EQ(ok.view().header("X-Answer"), "1");
}

TEST(Answer, Sends200WithTheOfferWhenTheInviteHadNone) {
  Rig rig;
  User alice(rig);
  alice.registered();
  Remote remote(alice);
  remote.send(remote.request("INVITE"));
  EXPECT_TRUE(rig.wait(alice->answer()));
  const auto ok = remote.take("SIP/2.0 200");
  ASSERT_TRUE(ok);
  remote.acknowledge(ok, remote.make_answer(std::string(ok.view().body())));
  rig.executor.run_until_idle();
  EXPECT_TRUE(alice.was_told("answered"));
  EXPECT_EQ(rig.media.sessions.at(0)->agreed().direction, media::Direction::SendRecv);
}

TEST(Answer, HeaderOfTheLibrarysOwnFailsAndLeavesTheCallRinging) {
  Rig rig;
  User alice(rig);
  alice.registered();
  Remote remote(alice);
  remote.invite();
  alice.take();
  for (const char* name : {"Contact", "Via", "no token"}) {
    EXPECT_EQ(code_of(rig.wait(alice->answer({.extra_headers = {{name, "x"}}}))), Errc::BadValue) << name;
  }
  EXPECT_EQ(code_of(rig.wait(alice->answer({.extra_headers = {{"X", "a\r\nb"}}}))), Errc::BadValue);
  EXPECT_THAT(alice.take(), IsEmpty());
  EXPECT_TRUE(rig.wait(alice->answer()));
  EXPECT_TRUE(remote.take("SIP/2.0 200"));
}

TEST(Call, HeaderOfTheLibrarysOwnFailsAtOnce) {
  Rig rig;
  User alice(rig);
  alice.registered();
  EXPECT_EQ(code_of(rig.wait(alice->call("bob", {.extra_headers = {{"Contact", "<sip:x@y>"}}}))), Errc::BadValue);
  EXPECT_THAT(alice.take(), IsEmpty());
}

TEST(Answer, MediaFailureSends480AndFails) {
  Rig rig;
  User alice(rig);
  alice.registered();
  Remote remote(alice);
  remote.invite();
  rig.media.fail_accept_offer = Error{.code = Errc::MediaFailed, .detail = "no microphone"};
  EXPECT_EQ(code_of(rig.wait(alice->answer())), Errc::MediaFailed);
  EXPECT_TRUE(remote.take("SIP/2.0 480"));
  EXPECT_TRUE(alice.was_told("hangup(MediaFailed 480)"));
}

TEST(Answer, OfferThatMediaRejectsGets488WithWarning) {
  Rig rig;
  User alice(rig);
  alice.registered();
  Remote remote(alice);
  remote.invite();
  rig.media.fail_accept_offer = Error{.code = Errc::MediaRejected, .status = 488, .detail = "no common codec"};
  EXPECT_EQ(code_of(rig.wait(alice->answer())), Errc::MediaRejected);
  const auto refusal = remote.take("SIP/2.0 488");
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal.view().header("Warning"), "305 parley \"no common codec\"");
}

TEST(Decline, FailsAsAnswerAndForAStatusThatRefusesNothing) {
  Pair p;
  EXPECT_EQ(code_of(p.rig.wait(p.alice->decline())), Errc::NoSession);
  EXPECT_TRUE(p.rig.wait(p.alice->call("bob")));
  p.rig.executor.run_until_idle();
  EXPECT_EQ(code_of(p.rig.wait(p.alice->decline())), Errc::WrongState);
  EXPECT_EQ(code_of(p.rig.wait(p.bob->decline(200))), Errc::BadValue);
  EXPECT_EQ(code_of(p.rig.wait(p.bob->decline(700))), Errc::BadValue);
  EXPECT_TRUE(p.rig.wait(p.bob->decline(603)));
  EXPECT_TRUE(p.alice.was_told("hangup(Rejected 603)"));
}

// ---- hangup

TEST(Hangup, FailsWithoutASession) {
  Rig rig;
  User alice(rig);
  EXPECT_EQ(code_of(rig.wait(alice->hangup())), Errc::NoSession);
}

TEST(Hangup, OfAnEstablishedCallSendsByeAndIsToldBeforeItCompletes) {
  Pair p;
  establish(p.alice, p.bob);
  p.alice->hangup().then([&](const Result<void>&) { p.alice.tell("completed"); });
  EXPECT_THAT(p.alice.take(), ElementsAre("hangup(LocalHangup)", "completed"));
  EXPECT_EQ(p.rig.sent("BYE").size(), 1u);
}

TEST(Hangup, OfACalleesCallWaitsForTheAck) {  // RFC 3261 s.15
  Rig rig;
  User alice(rig);
  alice.registered();
  Remote remote(alice);
  remote.invite();
  EXPECT_TRUE(rig.wait(alice->answer()));
  const auto ok = remote.take("SIP/2.0 200");
  EXPECT_TRUE(rig.wait(alice->hangup()));
  EXPECT_FALSE(remote.has("BYE"));
  remote.acknowledge(ok);
  EXPECT_TRUE(remote.take("BYE"));
}

TEST(Hangup, WhileItRingsOutSendsCancelAfterTheFirstProvisional) {
  Rig rig;
  User alice(rig);
  alice.connected();
  Remote remote(alice);
  EXPECT_TRUE(rig.wait(alice->call("bob")));
  const auto invite = remote.take("INVITE");
  EXPECT_TRUE(rig.wait(alice->hangup()));
  EXPECT_FALSE(remote.has("CANCEL"));
  EXPECT_TRUE(alice.was_told("hangup(Cancelled)"));
  remote.reply(invite, 180);
  EXPECT_TRUE(remote.take("CANCEL"));
}

TEST(Hangup, WhileItRingsInSends480) {
  Rig rig;
  User alice(rig);
  alice.registered();
  Remote remote(alice);
  remote.invite();
  EXPECT_TRUE(rig.wait(alice->hangup()));
  EXPECT_TRUE(remote.take("SIP/2.0 480"));
}

TEST(Hangup, BeforeTheInviteWentOutSendsNothingAndCallFailsWithCancelled) {
  Rig rig;
  User alice(rig);
  alice.connected();
  alice.take();
  auto sent = alice->call("bob");
  auto gone = alice->hangup();
  EXPECT_EQ(code_of(rig.wait(std::move(sent))), Errc::Cancelled);
  EXPECT_TRUE(rig.wait(std::move(gone)));
  EXPECT_THAT(rig.sent("INVITE"), IsEmpty());
  EXPECT_THAT(alice.take(), ElementsAre("created", "hangup(Cancelled)"));
}

TEST(Hangup, WithoutAConnectionIsToldAtOnceAndTheByeFollows) {
  Pair p({.reconnection_delay = 10s});
  establish(p.alice, p.bob);
  p.rig.net.refuse = Error{.code = Errc::Refused};
  p.rig.net.cut(*p.rig.proxy.wire_of("alice"));
  p.rig.executor.advance(1s);
  EXPECT_TRUE(p.rig.wait(p.alice->hangup()));
  EXPECT_TRUE(p.alice.was_told("hangup(LocalHangup)"));
  EXPECT_EQ(p.rig.media.sessions.size(), 1u);  // ours has stopped
  EXPECT_FALSE(p.bob.was_told("hangup(RemoteHangup)"));
  p.rig.net.refuse.reset();
  p.rig.executor.advance(12s);
  EXPECT_TRUE(p.bob.was_told("hangup(RemoteHangup)"));
}

// ---- send_dtmf

TEST(SendDtmf, TakesOneToneOfTheList) {
  Pair p;
  for (const char* bad : {"", "x", "a", "55", "E", "-"}) EXPECT_EQ(code_of(p.rig.wait(p.alice->send_dtmf(bad))), Errc::BadValue) << bad;
  EXPECT_EQ(code_of(p.rig.wait(p.alice->send_dtmf("5"))), Errc::NoSession);
  EXPECT_TRUE(p.rig.wait(p.alice->call("bob")));
  EXPECT_EQ(code_of(p.rig.wait(p.alice->send_dtmf("5"))), Errc::WrongState);
}

TEST(SendDtmf, SendsInfoOfTheDtmfRelayType) {
  Pair p({.dtmf_duration = 250ms});
  establish(p.alice, p.bob);
  for (const char* tone : {"5", "*", "#", "D"}) EXPECT_TRUE(p.rig.wait(p.alice->send_dtmf(tone)));
  EXPECT_THAT(p.bob.take(), ElementsAre("dtmf(5 250)", "dtmf(* 250)", "dtmf(# 250)", "dtmf(D 250)"));
  const std::string info = p.rig.sent("INFO").at(0);
  EXPECT_EQ(header_of(info, "Content-Type"), "application/dtmf-relay");
  EXPECT_TRUE(info.ends_with("\r\n\r\nSignal=5\r\nDuration=250")) << info;
}

TEST(SendDtmf, CommaIsAPauseOfTwoSecondsAndSendsNothing) {
  Pair p;
  establish(p.alice, p.bob);
  const TimePoint begin = p.rig.executor.now();
  auto one = p.alice->send_dtmf("1");
  auto pause = p.alice->send_dtmf(",");
  auto two = p.alice->send_dtmf("2");
  EXPECT_TRUE(p.rig.wait(std::move(one)));
  EXPECT_EQ(p.rig.executor.now(), begin);
  EXPECT_TRUE(p.rig.wait(std::move(pause)));
  EXPECT_TRUE(p.rig.wait(std::move(two)));
  EXPECT_EQ(p.rig.executor.now() - begin, 2s);
  EXPECT_EQ(p.rig.sent("INFO").size(), 2u);
}

// ---- message

TEST(Message, FailsForABadUriAndWhenNotConnected) {
  Rig rig;
  User alice(rig);
  EXPECT_EQ(code_of(rig.wait(alice->message("http://x", "hi"))), Errc::BadSyntax);
  EXPECT_EQ(code_of(rig.wait(alice->message("sip:bob@example.com", "hi"))), Errc::NotConnected);
}

TEST(Message, M12IsPlainTextAndItsOutcomeIsTold) {
  Rig rig;
  User alice(rig);
  alice.connected();
  alice.take();
  Remote remote(alice);
  EXPECT_TRUE(rig.wait(alice->message("sip:bob@example.com", "hi")));
  EXPECT_THAT(alice.take(), IsEmpty());
  const auto message = remote.take("MESSAGE");
  ASSERT_TRUE(message);
  EXPECT_EQ(message.view().header("Content-Type"), "text/plain;charset=UTF-8");
  remote.reply(message, 404);
  EXPECT_THAT(alice.take(), ElementsAre("message_failed(404 Not Found)"));
}

// ---- mute

TEST(Mute, BeforeTheCallIsAnsweredTheWishIsRemembered) {
  Pair p;
  EXPECT_TRUE(p.rig.wait(p.alice->call("bob")));
  p.rig.executor.run_until_idle();
  p.bob->mute();
  EXPECT_TRUE(p.bob->is_muted());
  EXPECT_TRUE(p.rig.wait(p.bob->answer()));
  EXPECT_TRUE(p.bob->is_muted());
  EXPECT_TRUE(p.rig.media.sessions.at(1)->muted);
}

TEST(Mute, RightBehindCallIsRemembered) {
  Rig rig;
  User alice(rig);
  alice.connected();
  Remote remote(alice);  // does not answer
  auto sent = alice->call("bob");
  alice->mute();
  EXPECT_TRUE(rig.wait(std::move(sent)));
  EXPECT_TRUE(alice->is_muted());
  EXPECT_TRUE(rig.media.sessions.at(0)->muted);
}

TEST(Mute, SurvivesHold) {
  Pair p;
  establish(p.alice, p.bob);
  p.alice->mute();
  EXPECT_TRUE(p.rig.wait(p.alice->hold()));
  EXPECT_TRUE(p.rig.wait(p.alice->unhold()));
  p.rig.executor.run_until_idle();
  EXPECT_TRUE(p.alice->is_muted());
  EXPECT_TRUE(p.rig.media.sessions.at(0)->muted);
}

TEST(Mute, WithoutASessionHasNoEffect) {
  Pair p;
  p.alice->mute();
  p.rig.executor.run_until_idle();
  EXPECT_FALSE(p.alice->is_muted());
  establish(p.alice, p.bob);
  EXPECT_FALSE(p.alice->is_muted());
}

}  // namespace
}  // namespace parley::test
