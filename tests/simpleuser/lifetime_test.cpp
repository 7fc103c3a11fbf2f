// SPDX-License-Identifier: MIT
// Users destroy anything anywhere, and throw.
#include "rig.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

namespace parley::test {
namespace {

/// A life with everything in it, as seen by alice; `watch` is told every event in its callback.
void live_through_everything(Rig& rig, User& alice, User& bob) {
  const auto alive = [&] { return alice.user != nullptr; };
  const auto step = [&](auto verb) {
    if (alive()) verb();
    rig.executor.advance(20ms);
  };
  step([&] { alice->connect(); });
  step([&] { alice->register_(); });
  step([&] { alice->message("bob", "hi"); });
  step([&] { bob->message("alice", "hi"); });
  step([&] { alice->call("bob"); });
  step([&] { bob->answer(); });
  step([&] { alice->hold(); });
  step([&] { alice->unhold(); });
  step([&] { bob->hold(); });
  step([&] { bob->unhold(); });
  step([&] { bob->send_dtmf("5"); });
  step([&] { alice->hangup(); });
  step([&] { bob->call("alice"); });
  step([&] { bob->hangup(); });
  step([&] { bob->call("alice"); });
  step([&] { alice->answer(); });
  if (const auto wire = rig.proxy.wire_of("alice"); wire && alive()) rig.net.cut(*wire);
  rig.executor.advance(5s);
  step([&] { alice->hangup(); });
  step([&] { alice->unregister(); });
  step([&] { alice->disconnect(); });
  rig.executor.advance(1min);
}

std::vector<std::string> events_of_a_life() {
  Rig rig;
  User alice(rig, "alice");
  User bob(rig, "bob");
  bob.registered();
  live_through_everything(rig, alice, bob);
  return alice.events;
}

TEST(Lifetime, ALifeHasEveryKindOfEvent) {
  const auto events = events_of_a_life();
  for (const char* start :
       {"server_connect", "server_disconnect", "registered", "unregistered", "created", "received", "answered", "hangup", "hold", "unhold",
        "remote_hold", "remote_unhold", "dtmf", "message(", "message_sent", "progress", "reconnecting"}) {
    EXPECT_THAT(events, Contains(::testing::StartsWith(start)));
  }
}

TEST(Lifetime, Sec78N07UserIsDestroyedInEveryCallback) {
  const std::size_t count = events_of_a_life().size();
  ASSERT_GT(count, 20u);
  for (std::size_t nth = 0; nth < count; ++nth) {
    Rig rig;
    User alice(rig, "alice");
    User bob(rig, "bob");
    bob.registered();
    std::size_t seen = 0;
    alice.on_event = [&](const std::string&) {
      ASSERT_NE(alice.user, nullptr) << "a callback after the end";
      if (seen++ == nth) alice.user.reset();
    };
    live_through_everything(rig, alice, bob);
    EXPECT_EQ(alice.user, nullptr);
    EXPECT_EQ(alice.events.size(), nth + 1);
  }
}

TEST(Lifetime, N07EveryVerbInEveryCallback) {
  Rig rig;
  User alice(rig, "alice");
  User bob(rig, "bob");
  bob.registered();
  std::size_t completed = 0;
  std::size_t asked = 0;
  const auto count = [&](Async<void> async) {
    ++asked;
    async.then([&](const Result<void>&) { ++completed; });
  };
  std::size_t rounds = 0;
  alice.on_event = [&](const std::string&) {
    if (++rounds > 60) return;  // each verb may cause an event
    count(alice->hold());
    count(alice->unhold());
    count(alice->send_dtmf("1"));
    count(alice->answered());
    count(alice->register_());
    alice->mute();
    alice->unmute();
    alice->state();
  };
  live_through_everything(rig, alice, bob);
  rig.executor.advance(5min);
  EXPECT_EQ(completed, asked);
}

TEST(Lifetime, DestroyedInItsOwnContinuation) {
  Rig rig;
  User alice(rig);
  alice->connect().then([&](const Result<void>&) { alice.user.reset(); });
  rig.executor.advance(1min);
  EXPECT_EQ(alice.user, nullptr);
}

TEST(Lifetime, DestroyedInTheLogAndTheTrace) {
  for (const bool in_trace : {true, false}) {
    Rig rig;
    SimpleUserOptions options{.aor = "sip:alice@example.com"};
    std::unique_ptr<SimpleUser> user;
    if (in_trace) {
      options.trace = [&](const TraceRecord&) { user.reset(); };
    } else {
      rig.net.refuse = Error{.code = Errc::Refused};
      options.log = [&](LogLevel, std::string_view) { user.reset(); };
    }
    user = SimpleUser::create("ws://example.com", options, rig.ports()).value();
    user->connect();
    user->register_();
    rig.executor.advance(1min);
    if (user) user->register_();
    rig.executor.advance(1min);
    EXPECT_EQ(user, nullptr);
  }
}

TEST(Lifetime, PendingAsyncsCompleteWithDestroyedBeforeTheDestructorReturns) {
  Pair p;
  EXPECT_TRUE(p.rig.wait(p.alice->call("bob")));
  p.rig.executor.run_until_idle();
  std::vector<Errc> codes;
  const auto note = [&](const Result<void>& result) { codes.push_back(result.error().code); };
  p.alice->answered().then(note);
  p.rig.executor.run_until_idle();
  p.alice->hold().then(note);  // still on its way in
  p.bob.user.reset();
  EXPECT_THAT(codes, IsEmpty());
  p.alice.user.reset();
  EXPECT_THAT(codes, ElementsAre(Errc::Destroyed, Errc::Destroyed));
}

/// Hangs up when the last copy of what holds it goes.
struct HangsUp {
  explicit HangsUp(Call call_in) : call(std::move(call_in)) {}
  ~HangsUp() { call.hangup(); }
  HangsUp(const HangsUp&) = delete;
  HangsUp& operator=(const HangsUp&) = delete;
  Call call;
};

TEST(Lifetime, CapturesOfTheLastDelegateMayCallVerbsAsTheyGo) {
  Rig rig;
  User bob(rig, "bob");
  bob.registered();
  AccountDelegate d;
  auto account =
      Account::create("ws://example.com", {}, {.aor = "sip:alice@example.com"}, Account::MaxCalls::Unlimited, rig.ports()).value();
  EXPECT_TRUE(rig.wait(account->connect()));
  Call call = account->call("bob");
  d.on_server_connect = [guard = std::make_shared<HangsUp>(call)] {};
  account->set_delegate(std::move(d));
  d = {};
  rig.executor.run_until_idle();
  account.reset();
  EXPECT_EQ(call.state().phase, CallPhase::Ended);
}

TEST(Lifetime, StatsThatAreOvertakenByTheEndHaveNoSession) {
  Pair p;
  establish(p.alice, p.bob);
  for (WatchedSession* session : p.rig.media.sessions) session->slow_stats = true;
  auto stats = p.alice->stats();
  p.alice->hangup();
  const auto outcome = p.rig.wait(std::move(stats));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Errc::NoSession);
}

TEST(Lifetime, DestructorSendsNothing) {
  Pair p;
  establish(p.alice, p.bob);
  p.alice.user.reset();
  p.rig.executor.run_until_idle();
  EXPECT_THAT(p.rig.sent("BYE"), IsEmpty());
  EXPECT_THAT(p.rig.sent("REGISTER"), IsEmpty());
  EXPECT_THAT(p.alice.events, IsEmpty());
}

TEST(Lifetime, CallbacksThatThrowAreCaughtAndLogged) {
  Rig rig;
  std::vector<std::string> log;
  User alice(rig, "alice", {.log = [&](LogLevel level, std::string_view text) {
               if (level == LogLevel::Error) log.emplace_back(text);
             }});
  User bob(rig, "bob");
  bob.registered();
  alice.on_event = [](const std::string& word) { throw std::runtime_error("thrown in " + word); };
  live_through_everything(rig, alice, bob);
  EXPECT_EQ(log.size(), alice.events.size());
  EXPECT_THAT(log, Contains(HasSubstr("thrown in answered")));
  EXPECT_EQ(alice.events, events_of_a_life());
}

TEST(Lifetime, LogThatThrowsIsSwallowed) {
  Rig rig;
  rig.net.refuse = Error{.code = Errc::Refused};
  User alice(rig, "alice", {.log = [](LogLevel, std::string_view) { throw 42; }});
  EXPECT_FALSE(rig.wait(alice->connect(), 1s));
  rig.net.refuse.reset();
  EXPECT_TRUE(rig.wait(alice->connect(), 1min));
}

TEST(Lifetime, DestroyedOnAnotherThreadWaitsForTheLoop) {
  Rig rig;
  User alice(rig);
  alice.connected();
  std::atomic<bool> gone{false};
  std::thread other([&] {
    alice.user.reset();
    gone = true;
  });
  while (!gone) rig.executor.run_until_idle();
  other.join();
  EXPECT_THAT(rig.net.open_wires(), IsEmpty());
}

TEST(Lifetime, LoopThatEndsFirstIsSurvived) {
  std::vector<Errc> codes;
  Rig rig;
  User alice(rig);
  alice->connect().then([&](const Result<void>& result) { codes.push_back(result.error().code); });
  rig.executor.close();
  alice.user.reset();
  EXPECT_THAT(codes, ElementsAre(Errc::Destroyed));
}

TEST(Lifetime, N04NothingStaysAfterManyCalls) {
  Pair p;
  for (int i = 0; i < 50; ++i) {
    establish(p.alice, p.bob);
    EXPECT_TRUE(p.rig.wait(p.alice->hangup()));
    p.rig.executor.run_until_idle();
    p.alice.take();
    p.bob.take();
  }
  EXPECT_THAT(p.rig.media.sessions, IsEmpty());
  EXPECT_EQ(p.rig.media.created, 100);
}

}  // namespace
}  // namespace parley::test
