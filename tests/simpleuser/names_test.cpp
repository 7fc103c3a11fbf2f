// SPDX-License-Identifier: MIT
// One test for each row of the names of SIP.js's SimpleUser.
#include "remote.hpp"

#include <gtest/gtest.h>

#include <set>

namespace parley::test {
namespace {

TEST(SimpleUserNames, CreateGivesAUserOrASentence) {
  Rig rig;
  EXPECT_TRUE(SimpleUser::create("ws://example.com", {.aor = "sip:alice@example.com", .authorization_password = "secret"}, rig.ports()));
  const auto bad = SimpleUser::create("nonsense", {}, rig.ports());
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, Errc::BadSyntax);
  EXPECT_THAT(bad.error().text(), HasSubstr("ws://"));
}

TEST(SimpleUserNames, DelegateOfTheOptionsAndSetDelegate) {
  Rig rig;
  User alice(rig);
  alice.connected();
  EXPECT_THAT(alice.take(), ElementsAre("server_connect"));
  bool told = false;
  SimpleUserDelegate other;
  other.on_server_disconnect = [&](const std::optional<Error>&) { told = true; };
  alice->set_delegate(std::move(other));
  EXPECT_TRUE(rig.wait(alice->disconnect()));
  EXPECT_TRUE(told);
  EXPECT_THAT(alice.take(), IsEmpty());
}

TEST(SimpleUserNames, SetDelegateReachesTheCallThatIsUp) {
  Pair p;
  establish(p.alice, p.bob);
  std::optional<Cause> cause;
  SimpleUserDelegate other;
  other.on_call_hangup = [&](const Cause& why) { cause = why; };
  p.alice->set_delegate(std::move(other));
  EXPECT_TRUE(p.rig.wait(p.alice->hangup()));
  ASSERT_TRUE(cause);
  EXPECT_EQ(cause->kind, Cause::Kind::LocalHangup);
}

TEST(SimpleUserNames, IdIsRandomUniqueAndStable) {
  Rig rig;
  std::set<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    User user(rig);
    EXPECT_GE(user->id().size(), 16u);
    EXPECT_EQ(user->id(), user->id());
    ids.insert(user->id());
  }
  EXPECT_EQ(ids.size(), 20u);
}

TEST(SimpleUserNames, MediaStreamsAreThereDuringACallOnly) {
  Pair p;
  EXPECT_FALSE(p.alice->local_media_stream());
  EXPECT_FALSE(p.alice->remote_media_stream());
  establish(p.alice, p.bob);
  EXPECT_TRUE(p.alice->local_media_stream());
  EXPECT_TRUE(p.alice->remote_media_stream());
  EXPECT_TRUE(p.rig.wait(p.alice->hangup()));
  EXPECT_FALSE(p.alice->local_media_stream());
  EXPECT_FALSE(p.alice->remote_media_stream());
}

TEST(SimpleUserNames, AudioTracksOfTheStreamsAndNoVideoTracks) {
  Pair p;
  EXPECT_FALSE(p.alice->local_audio_track());
  establish(p.alice, p.bob);
  ASSERT_TRUE(p.alice->local_audio_track());
  EXPECT_EQ(p.alice->local_audio_track()->kind, media::TrackKind::Audio);
  EXPECT_TRUE(p.alice->remote_audio_track());
  EXPECT_FALSE(p.alice->local_video_track());
  EXPECT_FALSE(p.alice->remote_video_track());
}

TEST(SimpleUserNames, ConnectDisconnectIsConnected) {
  Rig rig;
  User alice(rig);
  EXPECT_FALSE(alice->is_connected());
  EXPECT_TRUE(rig.wait(alice->connect()));
  EXPECT_TRUE(alice->is_connected());
  EXPECT_TRUE(rig.wait(alice->disconnect()));
  EXPECT_FALSE(alice->is_connected());
  EXPECT_THAT(alice.take(), ElementsAre("server_connect", "server_disconnect"));
}

TEST(SimpleUserNames, RegisterWithOptions) {
  Rig rig;
  User alice(rig);
  alice.connected();
  EXPECT_TRUE(rig.wait(alice->register_({.expires = 120s, .extra_headers = {{"X-Test", "1"}}, .contact_params = ";q=0.7"})));
  rig.executor.run_until_idle();
  EXPECT_TRUE(alice->is_registered());
  const auto requests = rig.sent("REGISTER");
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_THAT(header_of(requests[0], "Contact"), HasSubstr(";expires=120"));
  EXPECT_THAT(header_of(requests[0], "Contact"), HasSubstr(";q=0.7"));
  EXPECT_EQ(header_of(requests[0], "X-Test"), "1");
}

TEST(SimpleUserNames, UnregisterWithOptions) {
  Rig rig;
  User alice(rig);
  alice.registered();
  rig.net.clear_log();
  EXPECT_TRUE(rig.wait(alice->unregister({.all = true})));
  EXPECT_THAT(alice.take(), ElementsAre("unregistered"));
  EXPECT_FALSE(alice->is_registered());
  EXPECT_EQ(header_of(rig.sent("REGISTER").at(0), "Contact"), "*");
  EXPECT_EQ(header_of(rig.sent("REGISTER").at(0), "Expires"), "0");
}

TEST(SimpleUserNames, AnsweredTellsTheOutcomeOfTheCurrentOrLastCall) {
  Pair p;
  EXPECT_EQ(p.rig.wait(p.alice->answered()).error().code, Errc::NoSession);
  EXPECT_TRUE(p.rig.wait(p.alice->call("bob")));
  EXPECT_FALSE(p.rig.now(p.alice->answered()));
  EXPECT_TRUE(p.rig.wait(p.bob->decline(486)));
  p.rig.executor.run_until_idle();
  const auto refused = p.rig.wait(p.alice->answered());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::Declined);
  EXPECT_EQ(refused.error().status, 486);
  EXPECT_EQ(refused.error().text(), "486 Busy Here");
  establish(p.alice, p.bob);
  EXPECT_TRUE(p.rig.wait(p.alice->answered()));
  EXPECT_TRUE(p.rig.wait(p.alice->hangup()));
  EXPECT_TRUE(p.rig.wait(p.alice->answered()));  // it was established
}

TEST(SimpleUserNames, HoldUnholdIsHeld) {
  Pair p;
  establish(p.alice, p.bob);
  EXPECT_FALSE(p.alice->is_held());
  EXPECT_TRUE(p.rig.wait(p.alice->hold()));
  EXPECT_THAT(p.alice.take(), ElementsAre("hold"));
  EXPECT_TRUE(p.alice->is_held());
  EXPECT_TRUE(p.rig.wait(p.alice->unhold()));
  EXPECT_THAT(p.alice.take(), ElementsAre("unhold"));
  EXPECT_FALSE(p.alice->is_held());
  EXPECT_THAT(p.bob.take(), ElementsAre("remote_hold", "remote_unhold"));
}

TEST(SimpleUserNames, MuteUnmuteIsMuted) {
  Pair p;
  establish(p.alice, p.bob);
  p.alice->mute();
  EXPECT_TRUE(p.alice->is_muted());  // at once
  p.rig.executor.run_until_idle();
  EXPECT_TRUE(p.rig.media.sessions[0]->muted);
  EXPECT_FALSE(p.alice->local_audio_track()->enabled);
  p.alice->unmute();
  EXPECT_FALSE(p.alice->is_muted());
  p.rig.executor.run_until_idle();
  EXPECT_FALSE(p.rig.media.sessions[0]->muted);
  EXPECT_TRUE(p.alice->local_audio_track()->enabled);
}

TEST(SimpleUserNames, SendDtmfReachesThePeer) {
  Pair p;
  establish(p.alice, p.bob);
  EXPECT_TRUE(p.rig.wait(p.alice->send_dtmf("5")));
  EXPECT_THAT(p.bob.take(), ElementsAre("dtmf(5 2000)"));
}

TEST(SimpleUserNames, MessageReachesThePeer) {
  Pair p;
  EXPECT_TRUE(p.rig.wait(p.alice->message("sip:bob@example.com", "gr\xc3\xbc\xc3\x9f dich")));
  EXPECT_THAT(p.bob.take(), ElementsAre("message(sip:alice@example.com: gr\xc3\xbc\xc3\x9f dich)"));
  EXPECT_THAT(p.alice.take(), ElementsAre("message_sent(200)"));
}

TEST(SimpleUserNames, CallWithOptions) {
  Rig rig;
  User alice(rig);
  alice.connected();
  Remote remote(alice);
  EXPECT_TRUE(
      rig.wait(alice->call("sip:bob@example.com", {.extra_headers = {{"X-Test", "yes"}}, .display_name = "Al", .anonymous = false})));
  const auto invite = remote.take("INVITE");
  ASSERT_TRUE(invite);
  EXPECT_EQ(invite.view().header("X-Test"), "yes");
  EXPECT_EQ(invite.view().from().display_text(), "Al");
}

TEST(SimpleUserNames, AnonymousCallHidesWhoCalls) {  // RFC 3323 s.4.1
  Rig rig;
  User alice(rig);
  alice.connected();
  Remote remote(alice);
  EXPECT_TRUE(rig.wait(alice->call("bob", {.anonymous = true})));
  const auto invite = remote.take("INVITE");
  ASSERT_TRUE(invite);
  EXPECT_EQ(invite.view().from().uri.text, "sip:anonymous@anonymous.invalid");
  EXPECT_EQ(invite.view().header("Privacy"), "id");
}

TEST(SimpleUserNames, HangupAnswerDecline) {
  Pair p;
  EXPECT_TRUE(p.rig.wait(p.alice->call("bob")));
  p.rig.executor.run_until_idle();
  EXPECT_TRUE(p.rig.wait(p.bob->decline()));
  EXPECT_THAT(p.alice.take(), ElementsAre("created", "progress(180)", "hangup(Rejected 480)"));
  EXPECT_THAT(p.bob.take(), ElementsAre("created", "received(sip:alice@example.com)", "hangup(Rejected 480)"));
  EXPECT_TRUE(p.rig.wait(p.alice->call("bob")));
  p.rig.executor.run_until_idle();
  EXPECT_TRUE(p.rig.wait(p.bob->answer()));
  EXPECT_TRUE(p.rig.wait(p.alice->answered()));
  EXPECT_TRUE(p.rig.wait(p.bob->hangup()));
  EXPECT_THAT(p.alice.take(), ElementsAre("created", "progress(180)", "answered", "hangup(RemoteHangup)"));
  EXPECT_THAT(p.bob.take(), ElementsAre("created", "received(sip:alice@example.com)", "answered", "hangup(LocalHangup)"));
}

TEST(SimpleUserNames, StateIsASnapshotOfEverything) {
  Pair p;
  auto state = p.alice->state();
  EXPECT_EQ(state.id, p.alice->id());
  EXPECT_TRUE(state.connected);
  EXPECT_TRUE(state.registered);
  EXPECT_EQ(state.call.phase, CallPhase::None);
  EXPECT_TRUE(p.rig.wait(p.alice->call("bob")));
  p.rig.executor.run_until_idle();
  EXPECT_EQ(p.alice->state().call.phase, CallPhase::Calling);
  EXPECT_TRUE(p.alice->state().call.outgoing);
  EXPECT_EQ(p.bob->state().call.phase, CallPhase::Ringing);
  EXPECT_EQ(p.bob->state().call.remote_uri, "sip:alice@example.com");
  EXPECT_TRUE(p.rig.wait(p.bob->answer()));
  EXPECT_TRUE(p.rig.wait(p.alice->answered()));
  EXPECT_TRUE(p.rig.wait(p.bob->hold()));
  p.rig.executor.run_until_idle();
  EXPECT_EQ(p.alice->state().call.phase, CallPhase::Established);
  EXPECT_TRUE(p.bob->state().held);
  EXPECT_TRUE(p.alice->state().call.remote_held);
  EXPECT_TRUE(p.alice->state().call.local_stream);
  EXPECT_TRUE(p.rig.wait(p.alice->hangup()));
  EXPECT_EQ(p.alice->state().call.phase, CallPhase::None);
}

TEST(SimpleUserNames, StatsOfTheCall) {
  Pair p;
  EXPECT_EQ(p.rig.wait(p.alice->stats()).error().code, Errc::NoSession);
  establish(p.alice, p.bob);
  EXPECT_TRUE(p.rig.wait(p.alice->stats()));
}

}  // namespace
}  // namespace parley::test
