// SPDX-License-Identifier: MIT
// How many calls stand and end well over an unreliable link that loses messages, against what the timers of RFC 3261 allow.
#include "arguments.hpp"
#include "report.hpp"
#include "scenario.hpp"

#include <gtest/gtest.h>

#include <cstdio>

namespace parley::simulation {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t calls_in_a_row = 10'000;
constexpr Duration timeout{32'000};  // 64·T1

class LossTable : public ::testing::TestWithParam<LossRow> {};

TEST_P(LossTable, N02CallsStandAndFailuresEndInTime) {
  const LossRow& row = GetParam();
  const std::uint64_t calls = share_of(calls_in_a_row);
  std::uint64_t good = 0;
  Duration longest{0};
  for (std::uint64_t seed = 1; seed <= calls && !HasFailure(); ++seed) {
    const Outcome outcome = expect_sound(seed, [&](std::uint64_t each) { return call_of_row(row, each); });
    good += outcome.established == 1 && outcome.answered_byes > 0 ? 1 : 0;
    longest = std::max(longest, outcome.longest_end);
    EXPECT_LE(outcome.longest_end, timeout) << "seed " << seed;
    if (HasFailure()) {
      std::fputs(call_of_row(row, seed, Ladder::Keep::Text).ladder.c_str(), stdout);
      std::printf("again: test-simulation --row=%td --seed=%llu\n", &row - loss_rows.data(), static_cast<unsigned long long>(seed));
    }
  }
  const double share = static_cast<double>(good) / static_cast<double>(calls);
  std::printf("%-28s %6.3f %% of %llu calls (at least %.2f %%), longest end %lld ms after the last step\n", row.name, 100 * share,
              static_cast<unsigned long long>(calls), 100 * row.least, static_cast<long long>(longest.count()));
  EXPECT_GE(share, row.least);
}

INSTANTIATE_TEST_SUITE_P(Rows, LossTable, ::testing::ValuesIn(loss_rows),
                         [](const auto& row) { return "Row" + std::to_string(row.index); });

TEST(Simulation, D13CallLeftInProceedingEndsByRingTimeout) {
  Faults faults;
  faults.loss = 0.3;
  World world(1, Ladder::Keep::Hash);
  Manners deaf;
  deaf.ignores = 1;
  sip::UserAgentOptions patient;
  patient.no_answer_timeout = Duration{3'600'000};
  Phone& caller = world.add_phone("p0", {}, Access{sip::Reliable::No, faults, faults});
  world.add_phone("p1", deaf, {}, patient);
  caller.dial_at(world.now(), "p1");
  world.run_for(179s);
  EXPECT_FALSE(world.diary().story(1).caller.cause);
  world.run_for(2s);
  ASSERT_TRUE(world.diary().story(1).caller.cause);
  EXPECT_EQ(world.diary().story(1).caller.cause->kind, sip::EndCause::Kind::NoAnswer);
  for (const std::string& problem : world.look().problems) ADD_FAILURE() << problem;
  EXPECT_LE(caller.longest_end(), timeout);
}

}  // namespace
}  // namespace parley::simulation
