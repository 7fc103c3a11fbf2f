// SPDX-License-Identifier: MIT
// What each verb checks, sends, and when it completes.
#include "remote.hpp"

#include <gtest/gtest.h>

namespace parley::test {
namespace {

Errc code_of(const Result<void>& result) { return result ? Errc::Destroyed : result.error().code; }

// ---- connect, disconnect

TEST(Connect, CompletesWhenConnectedAlready) {
  Rig rig;
  User alice(rig);
  alice.connected();
  EXPECT_TRUE(rig.wait(alice->connect()));
  EXPECT_EQ(rig.net.attempts().size(), 1u);
}

TEST(Connect, WhileConnectingHasTheSameCompletion) {
  Rig rig;
  User alice(rig);
  auto first = alice->connect();
  auto second = alice->connect();
  EXPECT_TRUE(rig.wait(std::move(first)));
  EXPECT_TRUE(rig.wait(std::move(second)));
  EXPECT_EQ(rig.net.attempts().size(), 1u);
}

TEST(Connect, FailsWithTheReason) {
  Rig rig;
  rig.net.refuse = Error{.code = Errc::TlsFailed, .detail = "hostname mismatch"};
  User alice(rig);
  const auto failed = rig.wait(alice->connect());
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::TlsFailed);
  EXPECT_THAT(failed.error().text(), HasSubstr("hostname mismatch"));
}

TEST(Connect, FailsAfterConnectTimeout) {
  Rig rig;
  rig.net.silent = true;
  User alice(rig, "alice", {.connect_timeout = 3s});
  const TimePoint begin = rig.executor.now();
  EXPECT_EQ(code_of(rig.wait(alice->connect())), Errc::Timeout);
  EXPECT_EQ(rig.executor.now() - begin, 3s);
}

TEST(Connect, IsNeverCompletedInsideTheCall) {
  Rig rig;
  User alice(rig);
  alice.connected();
  const auto again = alice->connect();
  EXPECT_FALSE(again.is_done());
}

TEST(Connect, ServerConnectIsToldBeforeItCompletes) {
  Rig rig;
  User alice(rig);
  alice->connect().then([&](const Result<void>&) { alice.tell("completed"); });
  EXPECT_THAT(alice.take(), ElementsAre("server_connect", "completed"));
}

TEST(Disconnect, CompletesWhenNotConnected) {
  Rig rig;
  User alice(rig);
  EXPECT_TRUE(rig.wait(alice->disconnect()));
  EXPECT_THAT(alice.take(), IsEmpty());
}

TEST(Disconnect, N09SaysByeUnregistersAndCloses) {
  Pair p;
  establish(p.alice, p.bob);
  const TimePoint begin = p.rig.executor.now();
  EXPECT_TRUE(p.rig.wait(p.alice->disconnect()));
  EXPECT_LT(p.rig.executor.now() - begin, 100ms);
  EXPECT_EQ(p.rig.sent("BYE").size(), 1u);
  ASSERT_EQ(p.rig.sent("REGISTER").size(), 1u);
  EXPECT_THAT(header_of(p.rig.sent("REGISTER")[0], "Contact"), HasSubstr(";expires=0"));
  EXPECT_THAT(p.alice.take(), ElementsAre("hangup(LocalHangup)", "unregistered", "server_disconnect"));
  EXPECT_THAT(p.bob.take(), ElementsAre("hangup(RemoteHangup)"));
}

TEST(Disconnect, CancelsACallThatRingsOutAndRefusesOneThatRingsIn) {
  Pair p;
  EXPECT_TRUE(p.rig.wait(p.alice->call("bob")));
  p.rig.executor.run_until_idle();
  EXPECT_TRUE(p.rig.wait(p.alice->disconnect()));
  EXPECT_EQ(p.rig.sent("CANCEL").size(), 1u);
  EXPECT_TRUE(p.bob.was_told("hangup(Cancelled 487)") || p.bob.was_told("hangup(Cancelled)"));
  p.alice.registered();
  EXPECT_TRUE(p.rig.wait(p.alice->call("bob")));
  p.rig.executor.run_until_idle();
  EXPECT_TRUE(p.rig.wait(p.bob->disconnect()));
  EXPECT_TRUE(p.alice.was_told("hangup(Rejected 480)"));
}

TEST(Disconnect, UnregistersAlsoWithACallThatRings) {
  Pair p;
  EXPECT_TRUE(p.rig.wait(p.alice->call("bob")));
  p.rig.executor.run_until_idle();
  p.rig.net.clear_log();
  EXPECT_TRUE(p.rig.wait(p.bob->disconnect()));
  EXPECT_EQ(p.rig.sent("REGISTER").size(), 1u);
  EXPECT_FALSE(p.rig.proxy.wire_of("bob"));
  EXPECT_TRUE(p.bob.was_told("unregistered"));
}

TEST(Disconnect, TakesFiveSecondsAtMost) {
  Pair p;
  establish(p.alice, p.bob);
  p.rig.proxy.intercept = [](WireId, const sip::MessageView&) { return true; };  // nobody answers any more
  p.rig.net.never_says_goodbye = true;
  const TimePoint begin = p.rig.executor.now();
  EXPECT_TRUE(p.rig.wait(p.alice->disconnect()));
  EXPECT_EQ(p.rig.executor.now() - begin, 5s);
  EXPECT_FALSE(p.alice->is_connected());
}

TEST(Disconnect, NoReconnectFollowsAndRegistrationMustBeAskedForAgain) {
  Rig rig;
  User alice(rig);
  alice.registered();
  EXPECT_TRUE(rig.wait(alice->disconnect()));
  rig.executor.advance(2h);
  EXPECT_EQ(rig.net.attempts().size(), 1u);
  rig.net.clear_log();
  alice.connected();
  rig.executor.advance(1min);
  EXPECT_THAT(rig.sent("REGISTER"), IsEmpty());
}

TEST(Disconnect, StopsReconnecting) {
  Rig rig;
  rig.net.refuse = Error{.code = Errc::Refused};
  User alice(rig);
  EXPECT_FALSE(rig.wait(alice->connect()));
  EXPECT_TRUE(rig.wait(alice->disconnect()));
  const auto attempts = rig.net.attempts().size();
  rig.executor.advance(2h);
  EXPECT_EQ(rig.net.attempts().size(), attempts);
}

TEST(Disconnect, EndsAConnectThatIsOnItsWay) {
  Rig rig;
  rig.net.silent = true;
  User alice(rig);
  auto connecting = alice->connect();
  EXPECT_TRUE(rig.wait(alice->disconnect()));
  EXPECT_EQ(code_of(rig.wait(std::move(connecting))), Errc::Cancelled);
}

TEST(Disconnect, ConnectDuringItFollowsIt) {
  Rig rig;
  User alice(rig);
  alice.registered();
  auto leaving = alice->disconnect();
  auto coming = alice->connect();
  EXPECT_TRUE(rig.wait(std::move(leaving)));
  EXPECT_TRUE(rig.wait(std::move(coming)));
  EXPECT_THAT(alice.take(), ElementsAre("unregistered", "server_disconnect", "server_connect"));
}

// ---- register, unregister

TEST(Register, FailsWhenNotConnected) {
  Rig rig;
  User alice(rig);
  EXPECT_EQ(code_of(rig.wait(alice->register_())), Errc::NotConnected);
}

TEST(Register, IsSentToTheDomainAndCompletesWhenHandedOver) {
  Rig rig;
  User alice(rig);
  alice.connected();
  rig.proxy.intercept = [](WireId, const sip::MessageView&) { return true; };
  EXPECT_TRUE(rig.wait(alice->register_()));
  const std::string request = rig.sent("REGISTER sip:example.com SIP/2.0").at(0);
  EXPECT_THAT(header_of(request, "Contact"), HasSubstr(";expires=600"));
  EXPECT_THAT(header_of(request, "Contact"), HasSubstr("+sip.instance=\"<urn:uuid:"));
  EXPECT_THAT(header_of(request, "Supported"), HasSubstr("path"));
  EXPECT_THAT(header_of(request, "Supported"), HasSubstr("gruu"));
  EXPECT_NE(header_of(request, "Allow"), "");
  EXPECT_FALSE(alice->is_registered());
}

TEST(Register, JoinsOneThatIsInFlight) {
  Rig rig;
  User alice(rig);
  alice.connected();
  auto first = alice->register_();
  auto second = alice->register_();
  EXPECT_TRUE(rig.wait(std::move(first)));
  EXPECT_TRUE(rig.wait(std::move(second)));
  rig.executor.run_until_idle();
  EXPECT_EQ(rig.sent("REGISTER").size(), 1u);
}

TEST(Register, FollowsAnUnregisterThatIsInFlight) {
  Rig rig;
  User alice(rig);
  alice.registered();
  rig.net.clear_log();
  alice->unregister();
  EXPECT_TRUE(rig.wait(alice->register_()));
  EXPECT_THAT(alice.take(), ElementsAre("unregistered", "registered"));
  EXPECT_TRUE(alice->is_registered());
  EXPECT_EQ(rig.sent("REGISTER").size(), 2u);
}

TEST(Register, FollowsARefusedUnregisterAndIsNotRepeated) {
  Rig rig;
  User alice(rig);
  alice.registered();
  rig.net.clear_log();
  bool broken = true;
  rig.proxy.intercept = [&](WireId wire, const sip::MessageView& request) {
    if (!std::exchange(broken, false)) return false;
    rig.proxy.reply(wire, request, 503);
    return true;
  };
  alice->unregister();
  EXPECT_TRUE(rig.wait(alice->register_()));
  rig.executor.advance(1min);
  EXPECT_THAT(alice.take(), ElementsAre("unregistered(503 Service Unavailable)", "registered"));
  EXPECT_EQ(rig.sent("REGISTER").size(), 2u);
}

TEST(Register, BackToBackWithUnregisterEndsWithTheLastWord) {
  Rig rig;
  User alice(rig);
  alice.connected();
  alice->register_();
  alice->unregister();
  EXPECT_TRUE(rig.wait(alice->register_()));
  rig.executor.run_until_idle();
  EXPECT_TRUE(alice->is_registered());
  rig.executor.advance(1h);
  EXPECT_TRUE(alice->is_registered());
  alice->unregister();
  alice->register_();
  EXPECT_TRUE(rig.wait(alice->unregister()));
  rig.executor.advance(1h);
  EXPECT_FALSE(alice->is_registered());
}

TEST(Register, DisconnectTakesBackOneThatFollowsAnUnregister) {
  Rig rig;
  User alice(rig);
  alice.registered();
  alice->unregister();
  std::vector<std::string> asked;
  rig.proxy.intercept = [&](WireId, const sip::MessageView& request) {
    const auto expires = request.contact(0).params.find("expires").value_or("");
    asked.emplace_back(expires);
    if (asked.size() == 2) alice->disconnect();  // while the new binding is in flight
    return false;
  };
  alice->register_();
  rig.executor.advance(10s);
  EXPECT_THAT(asked, ElementsAre("0", "600", "0"));
  EXPECT_FALSE(alice->is_connected());
}

TEST(Register, BadOptionsFailWithASentence) {
  Rig rig;
  User alice(rig);
  alice.connected();
  EXPECT_EQ(code_of(rig.wait(alice->register_({.expires = 0s}))), Errc::BadValue);
  EXPECT_EQ(code_of(rig.wait(alice->register_({.extra_headers = {{"X", "a\nb"}}}))), Errc::BadValue);
}

TEST(Register, WrongPasswordEndsAfterOneTryAndIsTold) {
  Rig rig;
  rig.proxy.password = "right";
  User alice(rig, "alice", {.authorization_password = "wrong"});
  alice.connected();
  alice.take();
  EXPECT_TRUE(rig.wait(alice->register_()));
  rig.executor.advance(1min);
  EXPECT_EQ(rig.sent("REGISTER").size(), 2u);
  ASSERT_EQ(alice.events.size(), 1u);
  EXPECT_THAT(alice.events[0], HasSubstr("unregistered("));
}

TEST(Unregister, FailsWhenNotConnected) {
  Rig rig;
  User alice(rig);
  EXPECT_EQ(code_of(rig.wait(alice->unregister())), Errc::NotConnected);
}

TEST(Unregister, SendsContactThatExpiresAtOnce) {
  Rig rig;
  User alice(rig);
  alice.registered();
  rig.net.clear_log();
  EXPECT_TRUE(rig.wait(alice->unregister()));
  EXPECT_THAT(header_of(rig.sent("REGISTER").at(0), "Contact"), HasSubstr(";expires=0"));
  EXPECT_THAT(alice.take(), ElementsAre("unregistered"));
}

}  // namespace
}  // namespace parley::test
