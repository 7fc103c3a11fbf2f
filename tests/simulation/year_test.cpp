// SPDX-License-Identifier: MIT
// A year in the life of a door phone: one registered user, half of it over datagrams, half over streams that break.
#include "arguments.hpp"
#include "heap.hpp"
#include "registrar.hpp"
#include "report.hpp"
#include "world.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>

namespace parley::simulation {
namespace {

using namespace std::chrono_literals;

constexpr Duration year = 365 * 24h;
constexpr std::uint64_t months = 12;
constexpr std::uint64_t outages = 10'000;
constexpr std::uint64_t suspensions = 1'000;  // jumps of the clock against the world's
constexpr std::uint64_t calls = 100'000;
constexpr std::uint64_t registrations = 500'000;
constexpr std::uint64_t memory_slack = 16 * 1024;  // tables that have grown once and the calls of the moment

sip::UserAgentOptions door_phone() {
  sip::UserAgentOptions options;
  options.identity.username = "door";
  options.identity.password = "secret";
  return options;
}

/// What the year holds in this month's part of it.
Access access_of(std::uint64_t month) {
  Access access;
  access.reliable = month % 2 == 0 ? sip::Reliable::No : sip::Reliable::Yes;
  access.up.loss = access.down.loss = 0.01;
  access.up.split = access.down.split = 0.1;
  access.up.half_open = 0.0005;
  access.up.jitter = access.down.jitter = 20ms;
  return access;
}

class Year {
 public:
  Year()
      : registrar_("secret", 103s),
        world_(2026, Ladder::Keep::Hash),
        door_(world_.add_phone("door", quick(), access_of(0), door_phone())),
        flat_(world_.add_phone("flat", quick(), {})) {
    world_.add(registrar_, "example.com", {});
    door_.stay_registered(103s);
    door_.register_at(world_.now());
  }

  /// `part` of the year's events in `length`, evenly spread.
  void live(Duration length, std::uint64_t part) {
    const Duration pace = length / static_cast<Duration::rep>(calls / part);
    for (std::uint64_t call = 0; call < calls / part; ++call) {
      Phone& from = call % 2 == 0 ? door_ : flat_;
      from.dial_at(from.clock() + 1ms, call % 2 == 0 ? "flat" : "door");
      if (call % (calls / outages) == 3) world_.network().interrupt(0, world_.chance().between(1s, 120s));
      if (call % (calls / suspensions) == 57) {
        jump(world_.chance().between(1s, 600s));
      }
      world_.run_for(pace);
    }
  }
  void begin_month(std::uint64_t month) { world_.network().reattach(0, access_of(month), 1s); }

  Outcome finish() {
    world_.run_for(10min);
    EXPECT_TRUE(door_.ua().is_registered());
    return world_.finish();
  }
  const Phone& door() const { return door_; }
  const Registrar& registrar() const { return registrar_; }

 private:
  /// Its clock against the world's: late by a sleep in which it stood or went on, or ahead at once.
  void jump(Duration length) {
    Network& network = world_.network();
    switch (world_.chance().below(3)) {
      case 0: return network.suspend(0, length, Network::Clock::Runs);
      case 1: return network.suspend(0, length, Network::Clock::Stands);
      default: return network.jump_clock(0, length);
    }
  }
  static Manners quick() {
    Manners manners;
    manners.cancels = 0.1;
    manners.rejects = 0.05;
    manners.changes = 0.1;
    return manners;
  }

  Registrar registrar_;
  World world_;
  Phone& door_;
  Phone& flat_;
};

TEST(Simulation, N04N08AYearOfOneRegisteredUser) {
  const std::uint64_t parts = months * arguments.share;
  const std::size_t before = heap::live();
  std::size_t after_first = 0;
  auto whole = std::make_unique<Year>();
  Year& life = *whole;
  for (std::uint64_t month = 0; month < months; ++month) {
    if (month > 0) life.begin_month(month);
    life.live(year / static_cast<Duration::rep>(parts), parts);
    if (month == 1) after_first = heap::live();
  }
  EXPECT_LE(heap::live(), after_first + memory_slack);
  const Outcome outcome = life.finish();
  for (const std::string& problem : outcome.problems) ADD_FAILURE() << problem;
  std::printf("%llu REGISTERs granted, %llu challenged, %llu times without registration, %llu calls, %llu established, trace %016llx\n",
              static_cast<unsigned long long>(life.registrar().accepted()), static_cast<unsigned long long>(life.registrar().challenged()),
              static_cast<unsigned long long>(life.door().unregistered()), static_cast<unsigned long long>(outcome.calls),
              static_cast<unsigned long long>(outcome.established), static_cast<unsigned long long>(outcome.hash));
  const auto asked = life.registrar().accepted() + life.registrar().challenged();
  const bool is_sound = outcome.problems.empty();
  EXPECT_GE(outcome.calls, calls / parts * months);
  EXPECT_GE(outcome.established, outcome.calls / 2);
  EXPECT_GE(asked, registrations / arguments.share);
  whole.reset();
  if (is_sound) {
    EXPECT_EQ(heap::live(), before);
  }
}

}  // namespace
}  // namespace parley::simulation
