// SPDX-License-Identifier: MIT
// Every allocation of what user agents do fails once, and with it all that follow until memory is back: nothing crashes, nothing is
// kept, each call and each request still ends once, and then the next call works.
#include "arguments.hpp"
#include "heap.hpp"
#include "odd_peer.hpp"
#include "registrar.hpp"
#include "world.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <limits>
#include <memory>

namespace parley::simulation {
namespace {

using namespace std::chrono_literals;

constexpr const char* forked = R"(
expect INVITE as invite
send 180 to invite tag left
send 180 to invite tag right
send 200 to invite tag left with sdp
send 200 to invite tag right with sdp
expect ACK
expect ACK|BYE
expect ACK|BYE
send 200
expect BYE
send 200
)";
constexpr const char* challenging = R"(
expect INVITE
send 407
  Proxy-Authenticate: Digest realm="example.com", nonce="n1", qop="auth"
expect ACK
expect INVITE
send 180
send 200 with sdp
expect ACK
expect BYE
send 200
)";
constexpr const char* redirecting = R"(
expect INVITE
send 302
  Contact: <sip:p1@example.com>
expect ACK
)";

/// What is done while memory fails. The caller is p0, the callee p1.
struct Scenario {
  const char* name;
  Manners caller{};
  Manners callee{};
  const char* odd = nullptr;  ///< calls go to a peer that plays this script
  bool registers = false;
  bool breaks = false;  ///< the caller's connection, in the call
};

Manners prompt() {
  Manners manners;
  manners.soonest_answer = manners.latest_answer = 1s;
  manners.shortest_talk = manners.longest_talk = 4s;
  return manners;
}

Scenario scenario(const char* name, double Manners::*of_caller, double Manners::*of_callee) {
  Scenario made{name, prompt(), prompt()};
  if (of_caller != nullptr) made.caller.*of_caller = 1;
  if (of_callee != nullptr) made.callee.*of_callee = 1;
  return made;
}

Scenario with_odd_peer(const char* name, const char* script) {
  Scenario made = scenario(name, nullptr, nullptr);
  made.odd = script;
  return made;
}

sip::UserAgentOptions caller_options() {
  sip::UserAgentOptions options;
  options.identity.username = "p0";
  options.identity.password = "secret";
  options.most_redirects = 1;
  return options;
}

/// One scenario on a stage of its own.
class Stage {
 public:
  explicit Stage(const Scenario& scenario, Ladder::Keep keep = Ladder::Keep::Hash)
      : scenario_(scenario),
        registrar_("secret", 60s),
        world_(7, keep),
        caller_(world_.add_phone("p0", scenario.caller, access(scenario), caller_options())),
        callee_(world_.add_phone("p1", scenario.callee, access(scenario))) {
    world_.add(registrar_, "example.com", {});
    if (scenario.odd == nullptr) return;
    world_.diary().expect_agreement(false);  // it keeps no diary
    odd_ = std::make_unique<OddPeer>("odd", scenario.odd);
    world_.add(*odd_, "odd", {});
  }

  void begin() {
    if (scenario_.registers) {
      caller_.stay_registered(60s);
      caller_.register_at(world_.now());
    } else {
      caller_.dial_at(world_.now(), scenario_.odd == nullptr ? "p1" : "odd");
    }
    if (scenario_.breaks) {
      run_for(3s);
      world_.network().interrupt(0, 2s);
    }
  }
  void run_for(Duration length) { world_.run_for(length); }
  void run_out() {
    if (scenario_.registers) {
      run_for(100s);
      caller_.stop_registering(world_.network().local_time(0));
      world_.network().drain(0);
    }
    world_.network().run_until_idle(world_.now() + 600s);
  }

  /// Memory is back.
  Outcome finish() {
    caller_.behave(prompt());
    callee_.behave(prompt());
    const auto before = world_.diary().calls();
    caller_.dial_at(world_.now() + 1s, "p1");
    run_for(3s);
    const CallStory& next = world_.diary().story(before + 1);
    EXPECT_TRUE(next.caller.established && next.callee.established) << "the next call does not work";
    if (scenario_.registers) {
      caller_.stay_registered(60s);
      caller_.register_at(world_.now());
      run_for(2s);
      EXPECT_TRUE(caller_.ua().is_registered());
    }
    return world_.finish();
  }

  const OddPeer* odd() const { return odd_.get(); }

 private:
  static Access access(const Scenario& scenario) {
    Access access;
    access.reliable = scenario.breaks ? sip::Reliable::Yes : sip::Reliable::No;
    return access;
  }

  const Scenario& scenario_;
  Registrar registrar_;
  std::unique_ptr<OddPeer> odd_;
  World world_;
  Phone& caller_;
  Phone& callee_;
};

enum class Back : bool { SoonAfter, AfterAWhile };

/// @return allocations that were tried, and so how many points there are.
std::size_t play(const Scenario& scenario, std::size_t first, std::size_t last, Back back, Ladder::Keep keep = Ladder::Keep::Hash) {
  const std::size_t before = heap::live();
  std::size_t points = 0;
  Outcome outcome;
  {
    Stage stage(scenario, keep);
    heap::Shortage shortage(first, last);
    stage.begin();
    if (back == Back::AfterAWhile) {
      for (int step = 0; step < 4'000 && heap::Shortage::failed() == 0; ++step) stage.run_for(50ms);
      stage.run_for(3s);
      shortage.end();
    }
    stage.run_out();
    points = heap::Shortage::tried();
    shortage.end();
    outcome = stage.finish();
    if (first == 0 && stage.odd() != nullptr) {
      EXPECT_TRUE(stage.odd()->has_passed()) << stage.odd()->failure();
    }
  }
  for (const std::string& problem : outcome.problems) ADD_FAILURE() << "allocation " << first << ": " << problem;
  if (keep == Ladder::Keep::Text) std::fputs(outcome.ladder.c_str(), stdout);
  outcome = {};
  EXPECT_EQ(heap::live(), before) << "octets kept after allocation " << first << " failed";
  return points;
}

class AllocationFailure : public ::testing::TestWithParam<Scenario> {
 protected:
  /// `length` allocations fail from each point on.
  void fail_each(std::size_t length, Back back) {
    const std::size_t points = play(GetParam(), 0, 0, Back::SoonAfter);
    EXPECT_GT(points, 50U);
    const std::size_t step = arguments.share > 1 ? 7 : 1;
    for (std::size_t point = 1; point <= points && !HasFailure(); point += step) {
      play(GetParam(), point, point + length - 1, back);
      if (HasFailure()) play(GetParam(), point, point + length - 1, back, Ladder::Keep::Text);
    }
    std::printf("%s: %zu allocations\n", GetParam().name, points);
  }
};

TEST_P(AllocationFailure, EachFailsOnce) { fail_each(1, Back::SoonAfter); }
TEST_P(AllocationFailure, EachFailsWithThoseThatFollow) { fail_each(20, Back::SoonAfter); }
TEST_P(AllocationFailure, EachFailsAndMemoryIsGoneForThreeSeconds) {
  fail_each(std::numeric_limits<std::size_t>::max() / 2, Back::AfterAWhile);
}

Scenario registration() {
  Scenario made{"Register", prompt(), prompt()};
  made.registers = true;
  return made;
}

Scenario broken_connection() {
  Scenario made{"BrokenConnection", prompt(), prompt()};
  made.breaks = true;
  return made;
}

INSTANTIATE_TEST_SUITE_P(
    Of, AllocationFailure,
    ::testing::Values(registration(), scenario("Call", nullptr, nullptr), scenario("CalleeHangsUp", nullptr, &Manners::hangs_up_first),
                      scenario("Cancel", &Manners::cancels, &Manners::ignores), scenario("Decline", nullptr, &Manners::rejects),
                      scenario("NoAnswer", nullptr, &Manners::ignores), scenario("OfferInThe200", &Manners::offers_late, nullptr),
                      scenario("Reinvite", &Manners::changes, nullptr),
                      scenario("ReinviteRefused", &Manners::changes, &Manners::refuses_change),
                      scenario("MessageOptionsInfo", &Manners::chats, &Manners::chats), with_odd_peer("Fork", forked),
                      with_odd_peer("Challenge", challenging), with_odd_peer("Redirect", redirecting), broken_connection()),
    [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace parley::simulation
