// SPDX-License-Identifier: MIT
// What happens by itself: incoming calls, requests, DTMF.
#include "remote.hpp"

#include <gtest/gtest.h>

namespace parley::test {
namespace {

using Callee = WithRemote;

TEST_F(Callee, InviteGets100And180AtOnce) {
  remote->invite();
  EXPECT_TRUE(remote->has("SIP/2.0 100"));
  EXPECT_TRUE(remote->has("SIP/2.0 180"));
  EXPECT_THAT(alice.take(), ElementsAre("created", "received(sip:remote@example.com)"));
}

TEST_F(Callee, NoAnswerGets480) {
  remote->invite();
  const TimePoint begin = rig.executor.now();
  EXPECT_TRUE(rig.executor.run_until([&] { return remote->has("SIP/2.0 480"); }, 2min));
  EXPECT_EQ(rig.executor.now() - begin, 60s);
  EXPECT_TRUE(alice.was_told("hangup(NoAnswer 480)"));
  EXPECT_EQ(rig.wait(alice->answered()).error().code, Errc::NoAnswer);
}

TEST_F(Callee, CancelGets200And487) {
  remote->invite();
  remote->send(remote->request("CANCEL"));
  const auto ok = remote->take("SIP/2.0 200");
  ASSERT_TRUE(ok);
  EXPECT_EQ(ok.view().method(), sip::Method::Cancel);
  EXPECT_TRUE(remote->take("SIP/2.0 487"));
  EXPECT_EQ(alice.last_cause->kind, Cause::Kind::Cancelled);
}

TEST_F(Callee, ExpiresOverGets487) {
  remote->invite({{"Expires", "10"}});
  rig.executor.advance(11s);
  EXPECT_TRUE(remote->take("SIP/2.0 487"));
  EXPECT_EQ(alice.last_cause->kind, Cause::Kind::NoAnswer);
}

TEST_F(Callee, NoHandlerGets480AndTellsNothing) {
  SimpleUserDelegate deaf = alice.make_delegate();
  deaf.on_call_received = nullptr;
  alice->set_delegate(std::move(deaf));
  remote->invite();
  EXPECT_TRUE(remote->take("SIP/2.0 480"));
  EXPECT_FALSE(remote->has("SIP/2.0 180"));
  EXPECT_THAT(alice.take(), IsEmpty());
}

TEST_F(Callee, OfferThatMediaCanNeverAnswerGets488BeforeItRings) {
  rig.media.refuse_offers = Error{.code = Errc::MediaRejected, .status = 488, .detail = "plain RTP"};
  remote->invite();
  const auto refusal = remote->take("SIP/2.0 488");
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal.view().header("Warning"), "305 parley \"plain RTP\"");
  EXPECT_FALSE(remote->has("SIP/2.0 180"));
  EXPECT_THAT(alice.take(), IsEmpty());
}

TEST_F(Callee, UnknownUserGets404) {
  std::string invite = remote->request("INVITE", {}, "application/sdp", remote->make_offer());
  invite.replace(invite.find("sip:alice@example.com"), 21, "sip:stranger@example.com");
  remote->send(std::move(invite));
  EXPECT_TRUE(remote->take("SIP/2.0 404"));
}

TEST_F(Callee, UnsupportedRequireGets420) {
  remote->invite({{"Require", "unheard-of"}});
  const auto refusal = remote->take("SIP/2.0 420");
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal.view().header("Unsupported"), "unheard-of");
}

TEST_F(Callee, OptionsGets200InAndOutOfADialog) {
  remote->send(remote->request("OPTIONS"));
  auto ok = remote->take("SIP/2.0 200");
  ASSERT_TRUE(ok);
  for (const char* name : {"Allow", "Accept", "Supported"}) EXPECT_TRUE(ok.view().header(name)) << name;
  call_by_remote(alice, *remote);
  remote->send(remote->request("OPTIONS"));
  EXPECT_TRUE(remote->take("SIP/2.0 200"));
  EXPECT_THAT(alice.take(), IsEmpty());
}

TEST_F(Callee, OtherMethodsAndReferGet405AndReferIsNotInAllow) {
  for (const char* method : {"PUBLISH", "SUBSCRIBE", "REFER"}) {
    remote->send(remote->request(method, {{"Refer-To", "<sip:thief@example.com>"}}));
    const auto refusal = remote->take("SIP/2.0 405");
    ASSERT_TRUE(refusal) << method;
    EXPECT_THAT(std::string(refusal.view().header("Allow").value()), Not(HasSubstr("REFER")));
    remote->forget();
  }
  EXPECT_FALSE(remote->has("INVITE"));
}

TEST_F(Callee, MessageIsToldWithItsSender) {
  remote->send(remote->request("MESSAGE", {}, "text/plain;charset=UTF-8", "hello"));
  EXPECT_TRUE(remote->take("SIP/2.0 200"));
  EXPECT_THAT(alice.take(), ElementsAre("message(sip:remote@example.com: hello)"));
}

TEST_F(Callee, MessageOfAnotherTypeGets415) {
  remote->send(remote->request("MESSAGE", {}, "text/html", "<p>"));
  const auto refusal = remote->take("SIP/2.0 415");
  ASSERT_TRUE(refusal);
  EXPECT_TRUE(refusal.view().header("Accept"));
  EXPECT_THAT(alice.take(), IsEmpty());
}

TEST_F(Callee, DtmfByInfoInAllItsSpellings) {
  call_by_remote(alice, *remote);
  const auto info = [&](std::string_view type, std::string_view body) {
    remote->send(remote->request("INFO", {}, type, body));
    return alice.take();
  };
  EXPECT_THAT(info("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n"), ElementsAre("dtmf(5 160)"));
  EXPECT_THAT(info("Application/DTMF-Relay", "duration= 250\nSIGNAL= #\n"), ElementsAre("dtmf(# 250)"));
  EXPECT_THAT(info("application/dtmf-relay", "Signal=10\r\nDuration=100"), ElementsAre("dtmf(* 100)"));
  EXPECT_THAT(info("application/dtmf-relay", "Signal=11\r\nDuration=100"), ElementsAre("dtmf(# 100)"));
  EXPECT_THAT(info("application/dtmf-relay", "Signal=d\r\nDuration=100"), ElementsAre("dtmf(D 100)"));
  EXPECT_THAT(info("application/dtmf", "7"), Contains(HasSubstr("dtmf(7 ")));
  remote->forget();
  EXPECT_THAT(info("application/dtmf-relay", "nonsense"), IsEmpty());
  EXPECT_TRUE(remote->take("SIP/2.0 400"));
  EXPECT_THAT(info("application/x-other", "Signal=5"), IsEmpty());
  const auto refusal = remote->take("SIP/2.0 415");
  ASSERT_TRUE(refusal);
  EXPECT_THAT(std::string(refusal.view().header("Accept").value()), HasSubstr("application/dtmf-relay"));
}

TEST_F(Callee, H12ReinviteIsAnsweredByItself) {
  call_by_remote(alice, *remote);
  remote->media().set_held(true);
  remote->invite();
  const auto ok = remote->take("SIP/2.0 200");
  ASSERT_TRUE(ok);
  EXPECT_THAT(std::string(ok.view().body()), HasSubstr("a=recvonly"));
  remote->accept_answer(std::string(ok.view().body()));
  remote->acknowledge(ok);
  EXPECT_THAT(alice.take(), ElementsAre("remote_hold"));
  remote->media().set_held(false);
  remote->invite();
  EXPECT_THAT(alice.take(), ElementsAre("remote_unhold"));
}

TEST_F(Callee, UnusableReinviteGets488AndTheDialogIsUnharmed) {
  call_by_remote(alice, *remote);
  remote->send(remote->request("INVITE", {}, "application/sdp", "v=0\r\nnonsense"));
  const auto refusal = remote->take("SIP/2.0 488");
  ASSERT_TRUE(refusal);
  EXPECT_TRUE(refusal.view().header("Warning"));
  remote->send(remote->request("ACK"));
  EXPECT_TRUE(rig.wait(alice->hold()));
  EXPECT_TRUE(remote->has("INVITE"));
}

TEST_F(Callee, H11ReinviteWithoutSdpGetsAnOfferInThe200) {
  call_by_remote(alice, *remote);
  remote->send(remote->request("INVITE"));
  const auto ok = remote->take("SIP/2.0 200");
  ASSERT_TRUE(ok);
  EXPECT_THAT(std::string(ok.view().body()), HasSubstr("m=audio"));
  remote->acknowledge(ok, remote->make_answer(std::string(ok.view().body())));
  EXPECT_TRUE(rig.wait(alice->hold()));
  EXPECT_TRUE(remote->take("INVITE"));
}

TEST_F(Callee, AnswerDirectionsFollowTheOfferAndOurHold) {
  call_by_remote(alice, *remote);
  EXPECT_TRUE(rig.wait(alice->hold()));
  const auto hold = remote->take("INVITE");
  EXPECT_THAT(std::string(hold.view().body()), HasSubstr("a=sendonly"));
  remote->reply(hold, 200, {}, remote->make_answer(std::string(hold.view().body())));
  EXPECT_THAT(alice.take(), ElementsAre("hold"));
  remote->invite();  // sendrecv, and we hold
  auto ok = remote->take("SIP/2.0 200");
  ASSERT_TRUE(ok);
  EXPECT_THAT(std::string(ok.view().body()), HasSubstr("a=sendonly"));
  remote->accept_answer(std::string(ok.view().body()));
  remote->acknowledge(ok);
  remote->media().set_held(true);
  remote->invite();  // sendonly, and we hold
  ok = remote->take("SIP/2.0 200");
  ASSERT_TRUE(ok);
  EXPECT_THAT(std::string(ok.view().body()), HasSubstr("a=inactive"));
}

TEST_F(Callee, ByeEndsTheCallWithTheReasonOfThePeer) {
  call_by_remote(alice, *remote);
  remote->send(remote->request("BYE", {{"Reason", "SIP;cause=200;text=\"gone home\""}}));
  EXPECT_TRUE(remote->take("SIP/2.0 200"));
  ASSERT_TRUE(alice.last_cause);
  EXPECT_EQ(alice.last_cause->kind, Cause::Kind::RemoteHangup);
  EXPECT_EQ(alice.last_cause->reason, "gone home");
}

TEST(Challenges, InviteIsTriedAgainWithCredentialsOnce) {
  Rig rig;
  User alice(rig, "alice", {.authorization_password = "secret"});
  alice.connected();
  Remote remote(alice);
  EXPECT_TRUE(rig.wait(alice->call("bob")));
  const auto first = remote.take("INVITE");
  const Remote::Fields challenge{{"Proxy-Authenticate", "Digest realm=\"example.com\", nonce=\"abc\", algorithm=SHA-256, qop=\"auth\""},
                                 {"Proxy-Authenticate", "Digest realm=\"example.com\", nonce=\"abc\", algorithm=MD5, qop=\"auth\""}};
  remote.reply(first, 407, challenge);
  const auto second = remote.take("INVITE");
  ASSERT_TRUE(second);
  EXPECT_THAT(std::string(second.view().header("Proxy-Authorization").value_or("")), HasSubstr("SHA-256"));  // the strongest
  EXPECT_GT(second.view().cseq().number, first.view().cseq().number);
  remote.reply(second, 407, challenge);
  EXPECT_FALSE(remote.has("INVITE"));
  rig.executor.run_until_idle();
  EXPECT_TRUE(alice.last_cause);
}

// ---- our own re-INVITE

struct Caller : CallWithRemote {
  sip::Message hold() {
    EXPECT_TRUE(rig.wait(alice->hold()));
    return remote->take("INVITE");
  }
};

TEST_F(Caller, HoldIsAReinviteWithFullSdpAndTheNextVersion) {
  const auto invite = hold();
  ASSERT_TRUE(invite);
  const std::string body(invite.view().body());
  EXPECT_THAT(body, HasSubstr("a=sendonly"));
  EXPECT_THAT(body, HasSubstr("m=audio"));
  EXPECT_THAT(alice.take(), IsEmpty());  // the outcome is not known yet
  remote->reply(invite, 200, {}, remote->make_answer(body));
  EXPECT_THAT(alice.take(), ElementsAre("hold"));
  EXPECT_TRUE(rig.media.sessions.at(0)->held);
}

TEST_F(Caller, H10RefusedHoldLeavesTheSessionAndALaterOneWorks) {
  for (const sip::StatusCode status : std::initializer_list<sip::StatusCode>{488, 403, 500, 603}) {
    const auto invite = hold();
    ASSERT_TRUE(invite) << status;
    remote->reply(invite, status);
    EXPECT_THAT(alice.take(), ElementsAre("unhold")) << status;
    EXPECT_FALSE(alice->is_held());
  }
  EXPECT_EQ(rig.media.sessions.at(0)->rollbacks, 4);
  const auto invite = hold();
  remote->reply(invite, 200, {}, remote->make_answer(std::string(invite.view().body())));
  EXPECT_THAT(alice.take(), ElementsAre("hold"));
}

TEST_F(Caller, H09GlareIsRetriedAfterTheDelayAndToldOnce) {
  remote->reply(hold(), 491);
  EXPECT_THAT(alice.take(), IsEmpty());
  const TimePoint begin = rig.executor.now();
  EXPECT_TRUE(rig.executor.run_until([&] { return remote->has("INVITE"); }, 10s));
  EXPECT_GE(rig.executor.now() - begin, 2100ms);  // we own the Call-ID
  EXPECT_LE(rig.executor.now() - begin, 4000ms);
  const auto again = remote->take("INVITE");
  remote->reply(again, 200, {}, remote->make_answer(std::string(again.view().body())));
  EXPECT_THAT(alice.take(), ElementsAre("hold"));
}

TEST_F(Caller, H08ReinviteOfThePeerDuringOursGets491) {
  const auto ours = hold();
  remote->invite();
  EXPECT_TRUE(remote->take("SIP/2.0 491"));
  remote->media().rollback();
  remote->reply(ours, 200, {}, remote->make_answer(std::string(ours.view().body())));
  EXPECT_THAT(alice.take(), ElementsAre("hold"));
}

TEST_F(Caller, PeersReinviteDuringTheGlareDelayIsAnswered) {
  remote->reply(hold(), 491);
  remote->invite();
  const auto ok = remote->take("SIP/2.0 200");
  ASSERT_TRUE(ok);
  EXPECT_THAT(std::string(ok.view().body()), HasSubstr("a=sendrecv"));  // our hold is not agreed yet
  remote->accept_answer(std::string(ok.view().body()));
  remote->acknowledge(ok);
  EXPECT_TRUE(rig.executor.run_until([&] { return remote->has("INVITE"); }, 10s));
  const auto again = remote->take("INVITE");
  EXPECT_THAT(std::string(again.view().body()), HasSubstr("a=sendonly"));
}

TEST_F(Caller, OppositeInFlightFailsBusyAndTheSameCompletes) {
  const auto invite = hold();
  EXPECT_EQ(rig.wait(alice->unhold()).error().code, Errc::Busy);
  EXPECT_TRUE(rig.wait(alice->hold()));
  remote->reply(invite, 200, {}, remote->make_answer(std::string(invite.view().body())));
  EXPECT_THAT(alice.take(), ElementsAre("hold"));
  EXPECT_TRUE(rig.wait(alice->hold()));  // in that state already
  EXPECT_FALSE(remote->has("INVITE"));
}

TEST_F(Caller, HoldAndUnholdAreRefusedBeforeTheCallIsEstablished) {
  EXPECT_TRUE(rig.wait(alice->hangup()));
  EXPECT_EQ(rig.wait(alice->hold()).error().code, Errc::NoSession);
  EXPECT_TRUE(rig.wait(alice->call("remote")));
  EXPECT_EQ(rig.wait(alice->hold()).error().code, Errc::WrongState);
  EXPECT_EQ(rig.wait(alice->unhold()).error().code, Errc::WrongState);
}

TEST_F(Caller, Answer481ToAReinviteEndsTheCallOnceWithItsCause) {
  remote->reply(hold(), 481);
  EXPECT_THAT(alice.take(), ElementsAre("hangup(Gone 481)"));
  EXPECT_FALSE(remote->has("BYE"));
}

TEST_F(Caller, NoAnswerToAReinviteEndsTheCallOnceWithItsCause) {
  hold();
  rig.executor.advance(40s);
  EXPECT_THAT(alice.take(), ElementsAre("hangup(Gone 408)"));
}

TEST_F(Caller, MediaFailureOfTheOfferFailsHoldAndLeavesTheCall) {
  rig.media.fail_offer = Error{.code = Errc::MediaFailed};
  EXPECT_EQ(rig.wait(alice->hold()).error().code, Errc::MediaFailed);
  EXPECT_THAT(alice.take(), IsEmpty());
  EXPECT_FALSE(alice->is_held());
  EXPECT_TRUE(hold());
}

TEST_F(Caller, PeersReinviteWhileMediaMakesOursGoesFirst) {
  const std::string theirs = remote->request("INVITE", {}, "application/sdp", remote->make_offer());
  auto held = alice->hold();
  rig.net.deliver(rig.net.open_wires().back(), theirs);
  const auto ok = remote->take("SIP/2.0 200");
  ASSERT_TRUE(ok);
  EXPECT_FALSE(remote->has("INVITE"));
  remote->accept_answer(std::string(ok.view().body()));
  remote->acknowledge(ok);
  EXPECT_TRUE(rig.wait(std::move(held)));
  const auto ours = remote->take("INVITE");
  ASSERT_TRUE(ours);
  EXPECT_THAT(std::string(ours.view().body()), HasSubstr("a=sendonly"));
}

TEST_F(Caller, Sec87MediaFailureIsToldAndDoesNotHangUp) {
  rig.media.sessions.at(0)->observer.on_media_state(media::State::Failed, Error{.code = Errc::MediaFailed});
  rig.executor.advance(1min);
  EXPECT_EQ(alice.media_states.back(), "failed");
  EXPECT_FALSE(remote->has("BYE"));
}

TEST_F(Caller, FirstMediaIsTold) {
  std::optional<MediaState> state;
  SimpleUserDelegate d;
  d.on_media_state = [&](const MediaState& told) { state = told; };
  alice->set_delegate(std::move(d));
  rig.media.sessions.at(0)->observer.on_first_media();
  rig.executor.run_until_idle();
  ASSERT_TRUE(state);
  EXPECT_TRUE(state->receiving);
}

TEST(Forks, H02SecondAnswerIsAckedAndEnded) {  // RFC 3261 s.13.2.2.4
  Rig rig;
  User alice(rig);
  alice.connected();
  Remote remote(alice);
  const auto invite = answer_by_remote(alice, remote);
  auto fork = sip::MessageBuilder::response_to(invite.view(), 200, "othertag");
  fork.header("Contact", "<sip:other@other.invalid;transport=ws>").body("application/sdp", remote.make_offer());
  remote.send(std::move(fork).finish().value());
  const auto ack = remote.take("ACK");
  const auto bye = remote.take("BYE");
  ASSERT_TRUE(ack && bye);
  EXPECT_EQ(bye.view().to_tag(), "othertag");
  EXPECT_THAT(alice.take(), IsEmpty());
}

}  // namespace
}  // namespace parley::test
