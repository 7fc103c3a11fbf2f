// SPDX-License-Identifier: MIT
// The connection breaks: what is told, when it is tried again, and what becomes of registration and call.
#include "remote.hpp"

#include <gtest/gtest.h>

namespace parley::test {
namespace {

std::vector<Duration> offsets(const Rig& rig, std::size_t first, TimePoint zero) {
  std::vector<Duration> out;
  for (std::size_t i = first; i < rig.net.attempts().size(); ++i) out.push_back(rig.net.attempts()[i] - zero);
  return out;
}

TEST(Reconnect, QuickAttemptsAt0And4And8SecondsThenBackOff) {
  Rig rig;
  User alice(rig);
  alice.registered();
  rig.executor.advance(1min);
  const TimePoint zero = rig.executor.now();
  rig.go_away();
  rig.executor.advance(9s);
  EXPECT_THAT(offsets(rig, 1, zero), ElementsAre(0s, 4s, 8s));
  rig.executor.advance(24h);
  const auto all = offsets(rig, 1, zero);
  ASSERT_GT(all.size(), 20u);  // it never gives up
  EXPECT_GE(all[3], 8s + 4s);
  EXPECT_LE(all[3], 8s + 8s);
  for (std::size_t i = 4; i < all.size(); ++i) EXPECT_LE(all[i] - all[i - 1], 30min);
  EXPECT_GE(all.back() - all[all.size() - 2], 15min);
}

TEST(Reconnect, EachAttemptIsToldWithItsNumber) {
  Rig rig;
  User alice(rig);
  alice.connected();
  alice.take();
  rig.go_away();
  rig.executor.advance(5s);
  rig.come_back();
  rig.executor.advance(5s);
  EXPECT_THAT(alice.take(),
              ElementsAre("server_disconnect(cut by the test)", "reconnecting(1)", "reconnecting(2)", "reconnecting(3)", "server_connect"));
  EXPECT_EQ(alice->state().reconnecting, 0u);
}

TEST(Reconnect, SecondLossWithinMomentsIsMetQuicklyToo) {
  Rig rig;
  User alice(rig);
  alice.registered();
  for (int loss = 0; loss < 2; ++loss) {
    rig.executor.advance(3s);
    alice.take();
    const std::size_t before = rig.net.attempts().size();
    const TimePoint zero = rig.executor.now();
    rig.net.cut_all();
    rig.executor.advance(1ms);
    EXPECT_THAT(offsets(rig, before, zero), ElementsAre(0s)) << loss;
    EXPECT_TRUE(alice.was_told("reconnecting(1)")) << loss;
    EXPECT_TRUE(alice->is_registered());
  }
}

TEST(Reconnect, AnsweredRequestShowsThatTheConnectionIsGood) {
  Rig rig;
  User alice(rig);
  alice.connected();
  rig.proxy.intercept = [&](WireId wire, const sip::MessageView& request) {
    rig.proxy.reply(wire, request, 200);
    return true;
  };
  rig.executor.advance(1min);
  for (int loss = 0; loss < 2; ++loss) {
    rig.net.cut_all();
    rig.executor.advance(1ms);
    EXPECT_TRUE(alice->is_connected()) << loss;
    EXPECT_TRUE(rig.wait(alice->message("bob", "hello")));
    EXPECT_TRUE(alice.was_told("message_sent(200)"));
    alice.take();
  }
}

TEST(Reconnect, ServerThatRegistersAndDropsIsNotHammered) {
  Rig rig;
  User alice(rig);
  alice.registered();
  rig.executor.advance(1min);
  const std::size_t before = rig.net.attempts().size();
  alice.on_event = [&](const std::string& word) {
    if (word == "registered") rig.net.cut_all();
  };
  rig.net.cut_all();
  rig.executor.advance(1min);
  EXPECT_LE(rig.net.attempts().size() - before, 10u);
}

TEST(Reconnect, ConnectBeginsTheQuickAttemptsAnew) {
  Rig rig;
  User alice(rig);
  alice.connected();
  rig.go_away();
  rig.executor.advance(1h);
  const TimePoint zero = rig.executor.now();
  const std::size_t before = rig.net.attempts().size();
  EXPECT_FALSE(rig.wait(alice->connect()));
  rig.executor.advance(9s);
  EXPECT_THAT(offsets(rig, before, zero), ElementsAre(0s, 4s, 8s));
}

TEST(Reconnect, NotForeverGivesUpWithAWord) {
  Rig rig;
  std::vector<std::string> log;
  User alice(rig, "alice", {.reconnect_forever = false, .log = [&](LogLevel, std::string_view text) { log.emplace_back(text); }});
  alice.connected();
  rig.go_away();
  rig.executor.advance(24h);
  EXPECT_EQ(rig.net.attempts().size(), 4u);
  EXPECT_THAT(log.back(), HasSubstr("no further attempt"));
  EXPECT_THAT(alice.take(), Contains(HasSubstr("given_up(")).Times(1));
  rig.come_back();
  EXPECT_TRUE(rig.wait(alice->connect()));
}

TEST(Reconnect, ZeroQuickAttemptsGoStraightToBackOff) {
  Rig rig;
  User alice(rig, "alice", {.reconnection_attempts = 0});
  alice.connected();
  const TimePoint zero = rig.executor.now();
  rig.go_away();
  rig.executor.advance(9s);
  const auto all = offsets(rig, 1, zero);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_GE(all[0], 4s);
}

TEST(Reconnect, KeepTryingGoesOnAfterAFailedFirstConnect) {
  Rig rig;
  rig.net.refuse = Error{.code = Errc::Refused};
  User alice(rig);
  EXPECT_EQ(rig.wait(alice->connect()).error().code, Errc::Refused);
  rig.come_back();
  rig.executor.advance(5s);
  EXPECT_TRUE(alice->is_connected());
  EXPECT_TRUE(alice.was_told("server_connect"));
}

TEST(Reconnect, WithoutKeepTryingAFailedFirstConnectIsTheEnd) {
  Rig rig;
  rig.net.refuse = Error{.code = Errc::Refused};
  User alice(rig, "alice", {.keep_trying = false});
  EXPECT_FALSE(rig.wait(alice->connect()));
  rig.executor.advance(24h);
  EXPECT_EQ(rig.net.attempts().size(), 1u);
}

TEST(Reconnect, ConnectWhileWaitingTriesAtOnce) {
  Rig rig;
  User alice(rig);
  alice.connected();
  rig.go_away();
  rig.executor.advance(1h);
  rig.come_back();
  const TimePoint now = rig.executor.now();
  EXPECT_TRUE(rig.wait(alice->connect()));
  EXPECT_EQ(rig.executor.now(), now);
}

TEST(Registration, F09LossIsToldAndRegisterFollowsAtOnce) {
  Rig rig;
  User alice(rig);
  alice.registered();
  const std::string before = rig.sent("REGISTER").back();
  rig.net.cut_all();
  rig.executor.advance(1ms);
  EXPECT_THAT(alice.take(), ElementsAre("server_disconnect(cut by the test)", "unregistered(cut by the test)", "reconnecting(1)",
                                        "server_connect", "registered"));
  const std::string after = rig.sent("REGISTER").back();
  EXPECT_EQ(header_of(after, "Call-ID"), header_of(before, "Call-ID"));
  EXPECT_EQ(header_of(after, "CSeq"), "2 REGISTER");
}

TEST(Registration, RefreshIsNotTold) {
  Rig rig;
  User alice(rig);
  alice.registered();
  rig.executor.advance(30min);
  EXPECT_GE(rig.sent("REGISTER").size(), 3u);
  EXPECT_THAT(alice.take(), IsEmpty());
}

TEST(Registration, F04RefreshFollowsThePolicyOfTheOptions) {
  Rig rig;
  User alice(rig, "alice", {.registration = {.refresh = {.share = 50, .least_share = 50, .jitter_share = 0}}});
  alice.registered();
  rig.executor.advance(299s);
  EXPECT_EQ(rig.sent("REGISTER").size(), 1u);
  rig.executor.advance(1s);
  EXPECT_EQ(rig.sent("REGISTER").size(), 2u);
}

TEST(Registration, F08RegistrarInTroubleIsAskedAgainLater) {
  Rig rig;
  User alice(rig);
  alice.connected();
  bool broken = true;
  rig.proxy.intercept = [&](WireId wire, const sip::MessageView& request) {
    if (broken) rig.proxy.reply(wire, request, 503);
    return broken;
  };
  EXPECT_TRUE(rig.wait(alice->register_()));
  EXPECT_TRUE(alice.was_told("unregistered(503 Service Unavailable)"));
  broken = false;
  rig.executor.advance(31s);
  EXPECT_TRUE(alice.was_told("registered"));
}

// ---- A call that is up survives

void expect_same_session(const std::string& before, const std::string& after) {
  const auto body = [](const std::string& text) { return text.substr(text.find("\r\n\r\n") + 4); };
  const auto line = [&](const std::string& text, const char* start) {
    const auto at = text.find(start);
    return text.substr(at, text.find("\r\n", at) - at);
  };
  EXPECT_EQ(line(body(before), "m=audio"), line(body(after), "m=audio"));
  EXPECT_EQ(line(body(before), "a=fingerprint"), line(body(after), "a=fingerprint"));
  EXPECT_EQ(line(body(before), "a=ice-ufrag"), line(body(after), "a=ice-ufrag"));
}

TEST(Survival, CutConnectionIsRepairedByAReinviteWithTheSameSdpAndTheNewContact) {
  Pair p;
  EXPECT_TRUE(p.rig.wait(p.alice->call("bob")));
  p.rig.executor.run_until_idle();
  const std::string first = p.rig.sent("INVITE").at(0);
  EXPECT_TRUE(p.rig.wait(p.bob->answer()));
  EXPECT_TRUE(p.rig.wait(p.alice->answered()));
  p.rig.executor.advance(1s);
  p.alice.take();
  p.bob.take();
  p.rig.net.clear_log();
  p.rig.go_away([&] { p.rig.net.cut(*p.rig.proxy.wire_of("alice")); });
  p.rig.executor.advance(6s);
  p.rig.come_back();
  p.rig.executor.advance(4s);
  const auto reinvites = p.rig.sent("INVITE");
  ASSERT_EQ(reinvites.size(), 1u);
  EXPECT_NE(header_of(reinvites[0], "Contact"), header_of(first, "Contact"));
  expect_same_session(first, reinvites[0]);
  // After the REGISTER's 200, not before.
  std::size_t registered_at = 0;
  std::size_t reinvited_at = 0;
  for (std::size_t i = 0; i < p.rig.net.log().size(); ++i) {
    const auto& entry = p.rig.net.log()[i];
    if (!entry.to_server && entry.text.starts_with("SIP/2.0 200") && header_of(entry.text, "CSeq").ends_with("REGISTER")) registered_at = i;
    if (entry.to_server && entry.text.starts_with("INVITE")) reinvited_at = i;
  }
  EXPECT_LT(registered_at, reinvited_at);
  EXPECT_EQ(p.rig.media.sessions.size(), 2u);
  EXPECT_THAT(p.alice.take(), Not(Contains(HasSubstr("hangup"))));
  EXPECT_THAT(p.bob.take(), IsEmpty());  // nothing to be noticed
  // Everything works afterwards.
  EXPECT_TRUE(p.rig.wait(p.bob->hold()));
  EXPECT_THAT(p.bob.take(), ElementsAre("hold"));
  EXPECT_THAT(p.alice.take(), ElementsAre("remote_hold"));
  EXPECT_TRUE(p.rig.wait(p.bob->hangup()));
  EXPECT_THAT(p.alice.take(), ElementsAre("hangup(RemoteHangup)"));
}

TEST(Survival, GruuIsTheContactWhereOneWasGranted) {
  Rig rig;
  rig.proxy.gruu = true;
  User alice(rig, "alice");
  User bob(rig, "bob");
  alice.registered();
  bob.registered();
  ASSERT_TRUE(rig.wait(alice->call("bob")));
  EXPECT_THAT(header_of(rig.sent("INVITE").at(0), "Contact"), HasSubstr("sip:alice@example.com;gr="));
}

TEST(Survival, RestartedProxyLeavesTheCallOfBothSidesUsable) {
  Rig rig;
  rig.proxy.gruu = true;
  User alice(rig, "alice");
  User bob(rig, "bob");
  alice.registered();
  bob.registered();
  establish(alice, bob);
  rig.go_away([&] { rig.proxy.restart(); });
  rig.executor.advance(5s);
  rig.come_back();
  rig.executor.advance(40s);  // both re-INVITE: glare is likely, and is solved
  for (User* user : {&alice, &bob}) {
    EXPECT_TRUE((*user)->is_registered());
    EXPECT_THAT(user->take(), Not(Contains(HasSubstr("hangup"))));
  }
  EXPECT_TRUE(rig.wait(alice->hold()));
  rig.executor.advance(5s);
  EXPECT_TRUE(alice.was_told("hold"));
  EXPECT_TRUE(bob.was_told("remote_hold"));
  EXPECT_TRUE(rig.wait(alice->hangup()));
  EXPECT_TRUE(bob.was_told("hangup(RemoteHangup)"));
}

/// A call of alice's with a scripted peer, whose connection breaks and comes back; then the repair's first re-INVITE is there.
struct Repair : CallWithRemote {
  void SetUp() override {
    CallWithRemote::SetUp();
    rig.executor.advance(10s);
    rig.net.cut_all();
    rig.executor.advance(1ms);
    ASSERT_TRUE(alice->is_connected());
  }
  void accept(const sip::Message& invite) { remote->reply(invite, 200, {}, remote->make_answer(std::string(invite.view().body()))); }
};

TEST_F(Repair, DeadFlowAnswersAreRetried) {
  for (const sip::StatusCode status : std::initializer_list<sip::StatusCode>{404, 477, 478, 480, 500, 503}) {
    const auto invite = remote->take("INVITE");
    ASSERT_TRUE(invite) << status;
    remote->reply(invite, status);
    EXPECT_FALSE(remote->has("INVITE"));
    EXPECT_TRUE(rig.executor.run_until([&] { return remote->has("INVITE"); }, 5s)) << status;
  }
  accept(remote->take("INVITE"));
  EXPECT_FALSE(alice.last_cause);
  rig.executor.advance(2min);
  EXPECT_FALSE(remote->has("INVITE"));  // repaired, once
  EXPECT_TRUE(rig.wait(alice->hold()));
  EXPECT_TRUE(remote->has("INVITE"));
}

TEST_F(Repair, IsGivenUpAfter30Seconds) {
  const TimePoint begin = rig.executor.now();
  EXPECT_TRUE(rig.executor.run_until(
      [&] {
        if (const auto invite = remote->take("INVITE")) remote->reply(invite, 480);
        return alice.last_cause.has_value();
      },
      2min));
  EXPECT_GE(rig.executor.now() - begin, 26s);
  EXPECT_LE(rig.executor.now() - begin, 31s);
  EXPECT_EQ(alice.last_cause->kind, Cause::Kind::ConnectionLost);
}

TEST_F(Repair, SilenceEndsInTheEnd) {
  rig.executor.advance(70s);
  ASSERT_TRUE(alice.last_cause);
  EXPECT_EQ(alice.last_cause->kind, Cause::Kind::ConnectionLost);
}

TEST_F(Repair, Answer481IsFinal) {
  remote->reply(remote->take("INVITE"), 481);
  rig.executor.run_until_idle();
  ASSERT_TRUE(alice.last_cause);
  EXPECT_EQ(alice.last_cause->kind, Cause::Kind::Gone);
}

TEST_F(Repair, RefusalByThePeerItselfLeavesTheCall) {
  remote->reply(remote->take("INVITE"), 488);
  rig.executor.advance(2min);
  EXPECT_FALSE(alice.last_cause);
  EXPECT_FALSE(remote->has("INVITE"));
}

TEST_F(Repair, GlareIsRetried) {
  remote->reply(remote->take("INVITE"), 491);
  EXPECT_TRUE(rig.executor.run_until([&] { return remote->has("INVITE"); }, 5s));
  accept(remote->take("INVITE"));
  rig.executor.advance(1min);
  EXPECT_FALSE(alice.last_cause);
}

TEST_F(Repair, HoldDuringItIsCarriedByTheNextTry) {
  remote->reply(remote->take("INVITE"), 480);
  auto held = alice->hold();
  EXPECT_TRUE(rig.wait(std::move(held)));
  const auto invite = remote->take("INVITE");
  ASSERT_TRUE(invite);
  EXPECT_THAT(std::string(invite.view().body()), HasSubstr("a=sendonly"));
  accept(invite);
  EXPECT_TRUE(alice.was_told("hold"));
}

TEST_F(Repair, HoldWhileItIsUnansweredFollowsItsAnswer) {
  auto held = alice->hold();
  rig.executor.run_until_idle();
  accept(remote->take("INVITE"));
  EXPECT_TRUE(remote->take("ACK"));
  EXPECT_FALSE(alice.was_told("hold"));
  EXPECT_FALSE(alice->is_held());
  const auto invite = remote->take("INVITE");
  ASSERT_TRUE(invite);
  EXPECT_THAT(std::string(invite.view().body()), HasSubstr("a=sendonly"));
  EXPECT_TRUE(rig.now(std::move(held)));
  accept(invite);
  EXPECT_THAT(alice.take(), Contains("hold").Times(1));
  EXPECT_TRUE(alice->is_held());
}

TEST_F(Repair, HoldWhileItIsUnansweredFollowsItsRefusal) {
  auto held = alice->hold();
  rig.executor.run_until_idle();
  remote->reply(remote->take("INVITE"), 488);
  const auto invite = remote->take("INVITE");
  ASSERT_TRUE(invite);
  EXPECT_THAT(std::string(invite.view().body()), HasSubstr("a=sendonly"));
  EXPECT_TRUE(rig.wait(std::move(held)));
  accept(invite);
  EXPECT_THAT(alice.take(), Contains("hold").Times(1));
}

TEST_F(Repair, UnholdWhileItIsUnansweredOpensTheCallAfterwards) {
  accept(remote->take("INVITE"));
  EXPECT_TRUE(rig.wait(alice->hold()));
  accept(remote->take("INVITE"));
  EXPECT_TRUE(alice.was_told("hold"));
  rig.net.cut_all();
  rig.executor.advance(10s);
  auto unheld = alice->unhold();
  rig.executor.run_until_idle();
  const auto repair = remote->take("INVITE");
  ASSERT_TRUE(repair);
  EXPECT_THAT(std::string(repair.view().body()), HasSubstr("a=sendonly"));
  accept(repair);
  EXPECT_TRUE(alice->is_held());
  const auto invite = remote->take("INVITE");
  ASSERT_TRUE(invite);
  EXPECT_THAT(std::string(invite.view().body()), HasSubstr("a=sendrecv"));
  accept(invite);
  EXPECT_TRUE(rig.wait(std::move(unheld)));
  EXPECT_FALSE(alice->is_held());
  EXPECT_FALSE(rig.media.sessions.front()->held);
}

struct SurvivalWithRemote : CallWithRemote {
  void cut() {
    rig.net.cut_all();
    rig.executor.advance(1ms);
    ASSERT_TRUE(alice->is_connected());
  }
  void accept_repair() {
    const auto repair = remote->take("INVITE");
    ASSERT_TRUE(repair);
    remote->reply(repair, 200, {}, remote->make_answer(std::string(repair.view().body())));
    EXPECT_TRUE(remote->take("ACK"));
  }
  void expect_usable() {
    rig.executor.advance(2min);
    EXPECT_FALSE(alice.last_cause);
    EXPECT_TRUE(rig.wait(alice->hold()));
    EXPECT_TRUE(remote->take("INVITE"));
  }
};

TEST_F(SurvivalWithRemote, ReinviteWithoutOfferThatWasCutBeforeItsAck) {
  rig.executor.advance(10s);
  remote->send(remote->request("INVITE"));
  ASSERT_TRUE(remote->take("SIP/2.0 200"));
  cut();
  accept_repair();
  expect_usable();
}

TEST_F(SurvivalWithRemote, ReinviteThatWasCutWhileMediaMakesItsAnswer) {
  for (const bool with_offer : {false, true}) {
    rig.executor.advance(10s);
    rig.net.deliver(rig.net.open_wires().back(),
                    with_offer ? remote->request("INVITE", {}, "application/sdp", remote->make_offer()) : remote->request("INVITE"));
    rig.media.sessions.front()->before_next_step = [this] { rig.net.cut_all(); };
    rig.executor.run_until_idle();
    rig.executor.advance(1ms);
    EXPECT_FALSE(remote->has("SIP/2.0 200"));
    remote->media().rollback();
    accept_repair();
  }
  expect_usable();
}

TEST_F(WithRemote, CallThatIsCutWhileMediaReadsItsAnswerIsRepaired) {
  EXPECT_TRUE(rig.wait(alice->call("remote")));
  const auto invite = remote->take("INVITE");
  ASSERT_TRUE(invite);
  rig.media.sessions.front()->before_next_step = [this] { rig.net.cut_all(); };
  remote->reply(invite, 200, {}, remote->make_answer(std::string(invite.view().body())));
  rig.executor.advance(1ms);
  EXPECT_TRUE(alice.was_told("answered"));
  const auto repair = remote->take("INVITE");
  ASSERT_TRUE(repair);
  EXPECT_NE(repair.view().to_tag(), "");
}

TEST_F(Repair, ConnectionThatBreaksAgainIsRepairedAgain) {
  EXPECT_TRUE(remote->take("INVITE"));
  rig.net.cut_all();
  rig.executor.advance(9s);
  const auto invite = remote->take("INVITE");
  ASSERT_TRUE(invite);
  accept(invite);
  rig.executor.advance(1min);
  EXPECT_FALSE(alice.last_cause);
}

TEST_F(Repair, CallIsHeldUpByTheByeOfThePeerOnTheNewConnection) {
  accept(remote->take("INVITE"));
  remote->send(remote->request("BYE"));
  EXPECT_TRUE(remote->take("SIP/2.0 200"));
  EXPECT_TRUE(alice.was_told("hangup(RemoteHangup)"));
}

TEST(Survival, ReinviteThatWasPendingIsSentAnewWithAHigherCSeq) {
  Rig rig;
  User alice(rig);
  alice.registered();
  Remote remote(alice);
  answer_by_remote(alice, remote);
  EXPECT_TRUE(rig.wait(alice->hold()));
  const auto lost = remote.take("INVITE");
  ASSERT_TRUE(lost);
  rig.net.cut_all();
  rig.executor.advance(1ms);
  const auto again = remote.take("INVITE");
  ASSERT_TRUE(again);
  EXPECT_GT(again.view().cseq().number, lost.view().cseq().number);
  EXPECT_THAT(std::string(again.view().body()), HasSubstr("a=sendonly"));
  remote.reply(again, 200, {}, remote.make_answer(std::string(again.view().body())));
  EXPECT_TRUE(alice.was_told("hold"));
}

TEST(Survival, CallThatIsNotUpYetEndsWithTheConnection) {
  Pair p;
  EXPECT_TRUE(p.rig.wait(p.alice->call("bob")));
  p.rig.executor.run_until_idle();
  p.alice.take();
  p.rig.net.cut(*p.rig.proxy.wire_of("alice"));
  p.rig.executor.run_until_idle();
  EXPECT_TRUE(p.alice.was_told("hangup(ConnectionLost)"));
  EXPECT_EQ(p.rig.wait(p.alice->answered()).error().code, Errc::ConnectionLost);
}

TEST(Survival, HoldWithoutAConnectionIsCarriedByTheRepair) {
  Pair p;
  establish(p.alice, p.bob);
  p.rig.go_away([&] { p.rig.net.cut(*p.rig.proxy.wire_of("alice")); });
  p.rig.executor.advance(1s);
  auto held = p.alice->hold();
  p.rig.executor.advance(1s);
  EXPECT_FALSE(p.alice->is_held());
  p.rig.come_back();
  p.rig.executor.advance(4s);
  EXPECT_TRUE(p.rig.now(std::move(held)));
  EXPECT_TRUE(p.alice.was_told("hold"));
  EXPECT_TRUE(p.bob.was_told("remote_hold"));
  EXPECT_EQ(p.rig.sent("INVITE").size(), 1u);
}

TEST(Survival, HoldWithoutAConnectionEndsWithTheCall) {
  Pair p;
  establish(p.alice, p.bob);
  p.rig.go_away([&] { p.rig.net.cut(*p.rig.proxy.wire_of("alice")); });
  auto held = p.alice->hold();
  p.rig.executor.advance(1s);
  EXPECT_TRUE(p.rig.wait(p.alice->hangup()));
  const auto outcome = p.rig.wait(std::move(held));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Errc::NoSession);
}

}  // namespace
}  // namespace parley::test
