// SPDX-License-Identifier: MIT
// What is known to be wrong in the model and must not be here: one test each.
#include "remote.hpp"

#include <gtest/gtest.h>

#include <set>

namespace parley::test {
namespace {

TEST(KnownFaults, RefusedReinviteBarsNoLaterOne) {
  Rig rig;
  User alice(rig);
  alice.registered();
  Remote remote(alice);
  answer_by_remote(alice, remote);
  EXPECT_TRUE(rig.wait(alice->hold()));
  remote.reply(remote.take("INVITE"), 488);
  EXPECT_TRUE(rig.wait(alice->hold()));
  EXPECT_TRUE(remote.take("INVITE"));
}

TEST(KnownFaults, SecondIncomingCallDoesNotReplaceTheFirst) {
  Pair p;
  User carol(p.rig, "carol");
  carol.registered();
  establish(p.alice, p.bob);
  EXPECT_TRUE(p.rig.wait(carol->call("bob")));
  EXPECT_EQ(p.rig.wait(carol->answered()).error().status, 486);
  EXPECT_THAT(p.bob.take(), IsEmpty());
  EXPECT_EQ(p.bob->state().call.phase, CallPhase::Established);
  EXPECT_TRUE(p.rig.wait(p.bob->hangup()));
  EXPECT_THAT(p.alice.take(), ElementsAre("hangup(RemoteHangup)"));
}

TEST(KnownFaults, No180BeforeABusyRefusal) {
  Rig rig;
  User alice(rig, "alice", {.busy_status = 600});
  alice.registered();
  Remote remote(alice);
  EXPECT_TRUE(rig.wait(alice->call("remote")));
  remote.invite();
  EXPECT_TRUE(remote.take("SIP/2.0 600"));
  EXPECT_FALSE(remote.has("SIP/2.0 180"));
}

TEST(KnownFaults, HeldAndMutedAreNotCarriedIntoTheNextCall) {
  Pair p;
  establish(p.alice, p.bob);
  p.alice->mute();
  EXPECT_TRUE(p.rig.wait(p.alice->hold()));
  EXPECT_TRUE(p.alice.was_told("hold"));
  EXPECT_TRUE(p.rig.wait(p.alice->hangup()));
  EXPECT_FALSE(p.alice->is_held());
  EXPECT_FALSE(p.alice->is_muted());
  establish(p.alice, p.bob);
  EXPECT_FALSE(p.alice->is_held());
  EXPECT_FALSE(p.alice->is_muted());
  EXPECT_FALSE(p.rig.media.sessions.at(0)->held);
  EXPECT_FALSE(p.rig.media.sessions.at(0)->muted);
}

TEST(KnownFaults, NoSuccessWithoutAConnection) {
  Rig rig;
  User alice(rig);
  EXPECT_EQ(rig.wait(alice->call("bob")).error().code, Errc::NotConnected);
  EXPECT_EQ(rig.wait(alice->message("bob", "hi")).error().code, Errc::NotConnected);
  EXPECT_EQ(rig.wait(alice->register_()).error().code, Errc::NotConnected);
  EXPECT_FALSE(rig.wait(alice->answered()));
}

TEST(KnownFaults, HangupHasItsCause) {
  Pair p;
  EXPECT_TRUE(p.rig.wait(p.alice->call("bob")));
  p.rig.executor.run_until_idle();
  EXPECT_TRUE(p.rig.wait(p.bob->decline(603)));
  p.rig.executor.run_until_idle();
  ASSERT_TRUE(p.alice.last_cause);
  EXPECT_EQ(p.alice.last_cause->kind, Cause::Kind::Rejected);
  EXPECT_EQ(p.alice.last_cause->status, 603);
  EXPECT_EQ(p.alice.last_cause->reason, "Decline");
}

TEST(KnownFaults, ServerDisconnectHasItsError) {
  Rig rig;
  User alice(rig);
  alice.connected();
  alice.take();
  rig.net.cut(rig.net.open_wires().at(0), Error{.code = Errc::Timeout, .reason = "no pong"});
  rig.executor.run_until_idle();
  EXPECT_EQ(alice.events.at(0), "server_disconnect(no pong)");
}

TEST(KnownFaults, ReRegisterDoesNotWaitAfterAReconnect) {
  Rig rig;
  User alice(rig);
  alice.registered();
  const TimePoint cut = rig.executor.now();
  rig.net.cut_all();
  rig.executor.run_until_idle();
  EXPECT_TRUE(alice->is_registered());
  EXPECT_EQ(rig.executor.now(), cut);
}

TEST(KnownFaults, ReconnectingDoesNotSilentlyGiveUp) {
  Rig rig;
  User alice(rig);
  alice.registered();
  rig.go_away();
  rig.executor.advance(72h);
  rig.come_back();
  rig.executor.advance(31min);
  EXPECT_TRUE(alice->is_registered());
}

TEST(KnownFaults, ReferIsNotObeyed) {
  Rig rig;
  User alice(rig);
  alice.registered();
  Remote remote(alice);
  call_by_remote(alice, remote);
  remote.send(remote.request("REFER", {{"Refer-To", "<sip:premium@example.com>"}}));
  EXPECT_TRUE(remote.take("SIP/2.0 405"));
  rig.executor.advance(1min);
  EXPECT_FALSE(remote.has("INVITE"));
  EXPECT_FALSE(remote.has("NOTIFY"));
  EXPECT_FALSE(alice.last_cause);
}

TEST(KnownFaults, StrayPrackIsRefusedAndHarmless) {
  Rig rig;
  User alice(rig);
  alice.registered();
  Remote remote(alice);
  call_by_remote(alice, remote);
  remote.send(remote.request("PRACK", {{"RAck", "1 1 INVITE"}}));
  EXPECT_TRUE(remote.has("SIP/2.0 4"));
  EXPECT_EQ(alice->state().call.phase, CallPhase::Established);
}

TEST(KnownFaults, Signal11IsTheHash) {
  Rig rig;
  User alice(rig);
  alice.registered();
  Remote remote(alice);
  call_by_remote(alice, remote);
  remote.send(remote.request("INFO", {}, "application/dtmf-relay", "Signal=11\r\nDuration=160\r\n"));
  EXPECT_THAT(alice.take(), ElementsAre("dtmf(# 160)"));
}

TEST(KnownFaults, N10BranchAndTagAreNotPredictable) {
  Rig rig;
  User alice(rig);
  alice.connected();
  std::set<std::string> branches;
  std::set<std::string> tags;
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(rig.wait(alice->message("bob", "hi")));
  for (const std::string& text : rig.sent("MESSAGE")) {
    const auto message = sip::Message::parse(text).value();
    branches.emplace(message.view().via().branch);
    tags.emplace(message.view().from_tag());
    EXPECT_GE(message.view().via().branch.size(), 7u + 11u);  // the cookie and 64 bits at least
    EXPECT_GE(message.view().from_tag().size(), 8u);
  }
  EXPECT_EQ(branches.size(), 20u);
  EXPECT_EQ(tags.size(), 20u);
}

TEST(KnownFaults, UnparsableHeaderGets400) {
  Rig rig;
  User alice(rig);
  alice.registered();
  Remote remote(alice);
  std::string invite = remote.request("INVITE");
  invite.replace(invite.find("Contact: <"), 10, "Contact: ><");
  remote.send(std::move(invite));
  EXPECT_TRUE(remote.take("SIP/2.0 400"));
}

TEST(KnownFaults, Sha256ChallengeIsAnswered) {
  Rig rig;
  User alice(rig, "alice", {.authorization_password = "secret"});
  alice.connected();
  rig.proxy.intercept = [&](WireId wire, const sip::MessageView& request) {
    if (request.header(sip::HeaderId::Authorization)) return false;
    rig.proxy.reply(wire, request, 401,
                    {{"WWW-Authenticate", "Digest realm=\"example.com\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\""}});
    return true;
  };
  EXPECT_TRUE(rig.wait(alice->register_()));
  EXPECT_TRUE(alice.was_told("registered"));
  EXPECT_THAT(header_of(rig.sent("REGISTER").at(1), "Authorization"), HasSubstr("algorithm=SHA-256"));
}

TEST(KnownFaults, RetryAfter401InADialogUsesTheNextCSeq) {
  Rig rig;
  User alice(rig, "alice", {.authorization_password = "secret"});
  alice.registered();
  Remote remote(alice);
  // The account's own proxy has challenged before: its realm is known, and asked for again in the dialog.
  EXPECT_TRUE(rig.wait(alice->call("remote")));
  const auto first = remote.take("INVITE");
  remote.reply(first, 407, {{"Proxy-Authenticate", "Digest realm=\"example.com\", nonce=\"a\", qop=\"auth\""}});
  const auto invite = remote.take("INVITE");
  ASSERT_TRUE(invite);
  remote.reply(invite, 200, {}, remote.make_answer(std::string(invite.view().body())));
  EXPECT_TRUE(rig.wait(alice->answered()));
  EXPECT_TRUE(rig.wait(alice->hold()));
  const auto hold = remote.take("INVITE");
  ASSERT_TRUE(hold);
  remote.reply(hold, 407, {{"Proxy-Authenticate", "Digest realm=\"example.com\", nonce=\"b\", stale=true, qop=\"auth\""}});
  const auto again = remote.take("INVITE");
  ASSERT_TRUE(again);
  EXPECT_EQ(again.view().cseq().number, hold.view().cseq().number + 1);
}

TEST(KnownFaults, RegisterOkWithoutContactDoesNotWaitForEver) {
  Rig rig;
  User alice(rig);
  alice.connected();
  rig.proxy.intercept = [&](WireId wire, const sip::MessageView& request) {
    rig.proxy.reply(wire, request, 200);
    return true;
  };
  EXPECT_TRUE(rig.wait(alice->register_()));
  EXPECT_TRUE(alice.was_told("registered"));
  rig.executor.advance(20min);
  EXPECT_GE(rig.sent("REGISTER").size(), 2u);  // and it is refreshed
}

}  // namespace
}  // namespace parley::test
