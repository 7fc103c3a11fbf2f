// SPDX-License-Identifier: MIT
// A process that makes call after call ends as it began: threads, descriptors and (under LeakSanitizer) memory. Real loop, real sockets,
// real sound; the loopback only.
#include <parley/simpleuser/program/actor.hpp>
#include <parley/simpleuser/program/embedded_switch.hpp>

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace parley::program {
namespace {

constexpr int calls = 100;
constexpr int first_calls = 5;  // by then GLib's and GStreamer's pools have what they keep

std::size_t entries(const char* folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& each : std::filesystem::directory_iterator(folder)) ++count;
  return count;
}

struct Level {
  std::size_t threads = entries("/proc/self/task");
  std::size_t descriptors = entries("/proc/self/fd");
};

void expect(const Result<void>& outcome) { ASSERT_TRUE(outcome) << outcome.error().text(); }

class HundredCalls : public ::testing::Test {
 protected:
  void SetUp() override {
    runtime_ = make_runtime().value();
    hub_ = std::make_unique<EmbeddedSwitch>(runtime_, SwitchOptions{.domain = "example.com", .users = {}, .log = {}});
    stage_ = {.server = hub_->listen({}).value(),
              .domain = "example.com",
              .password = "",
              .runtime = runtime_,
              .media = nullptr,
              .ladder = nullptr};
  }

  std::unique_ptr<Actor> enter(const std::string& name, double tone_hz) {
    auto actor = Actor::create(name, tone_hz, stage_, 0).value();
    expect(actor->done(actor->user().connect()));
    expect(actor->done(actor->user().register_()));
    expect(actor->saw("registered"));
    return actor;
  }

  static void call(Actor& alice, Actor& bob) {
    expect(alice.done(alice.user().call(bob.uri())));
    expect(bob.saw("call_received"));
    expect(bob.done(bob.user().answer()));
    expect(alice.saw("call_answered"));
    expect(alice.hears(880));
    expect(alice.done(alice.user().hangup()));
    expect(bob.saw("call_hangup"));
    expect(alice.saw("call_hangup"));
  }

  std::shared_ptr<Runtime> runtime_;
  std::unique_ptr<EmbeddedSwitch> hub_;
  Stage stage_;
};

TEST_F(HundredCalls, LeaveThreadsAndDescriptorsAsTheyWere) {
  const auto alice = enter("alice", 440);
  const auto bob = enter("bob", 880);
  for (int i = 0; i < first_calls && !HasFatalFailure(); ++i) call(*alice, *bob);
  const Level before;
  for (int i = first_calls; i < calls && !HasFatalFailure(); ++i) call(*alice, *bob);
  const Level after;
  std::printf("after %d calls: %zu threads (%zu before), %zu descriptors (%zu before)\n", calls, after.threads, before.threads,
              after.descriptors, before.descriptors);
  EXPECT_LE(after.threads, before.threads + 2);  // a pool's thread more or less: it comes and goes
  EXPECT_LE(after.descriptors, before.descriptors + 4);
}

TEST_F(HundredCalls, UsersComeAndGo) {
  enter("alice", 440);
  const Level before;
  for (int i = 0; i < calls && !HasFatalFailure(); ++i) enter("alice", 440);
  const Level after;
  EXPECT_LE(after.threads, before.threads);
  EXPECT_LE(after.descriptors, before.descriptors + 2);  // the last sockets close behind the test's back
}

}  // namespace
}  // namespace parley::program
