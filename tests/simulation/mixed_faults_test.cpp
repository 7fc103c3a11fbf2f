// SPDX-License-Identifier: MIT
// N02: whatever links do to messages, nothing gets stuck, everything ends once, both ends agree, no memory stays.
#include "arguments.hpp"
#include "report.hpp"
#include "scenario.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdio>

namespace parley::simulation {
namespace {

TEST(Simulation, SameSeedGivesSameTrace) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Outcome first = mixed_faults(seed);
    const Outcome second = mixed_faults(seed, Ladder::Keep::Text);
    EXPECT_EQ(first.hash, second.hash) << seed;
    EXPECT_NE(first.hash, mixed_faults(seed + 1).hash) << seed;
    EXPECT_FALSE(second.ladder.empty());
  }
}

TEST(Simulation, N02MixedFaultsLeaveNothingStuck) {
  std::uint64_t calls = 0;
  std::uint64_t established = 0;
  std::uint64_t hung_up = 0;
  const std::uint64_t worlds = share_of(arguments.mixed_calls) / calls_in_a_mix;
  for (std::uint64_t seed = arguments.first_seed; seed < arguments.first_seed + worlds && !::testing::Test::HasFailure(); ++seed) {
    const Outcome outcome = expect_sound(seed, [](std::uint64_t each) { return mixed_faults(each); });
    calls += outcome.calls;
    established += outcome.established;
    hung_up += outcome.hung_up;
    if (::testing::Test::HasFailure()) {
      std::fputs(mixed_faults(seed, Ladder::Keep::Text).ladder.c_str(), stdout);
      std::printf("again: test-simulation --seed=%llu\n", static_cast<unsigned long long>(seed));
    }
  }
  std::printf("%llu calls, %llu established, %llu of them hung up so that both ends knew; seeds from %llu\n",
              static_cast<unsigned long long>(calls), static_cast<unsigned long long>(established),
              static_cast<unsigned long long>(hung_up), static_cast<unsigned long long>(arguments.first_seed));
  EXPECT_GT(established, calls / 3);  // the mix is no desert
}

TEST(Simulation, N02SeedsThatOnceFailed) {
  constexpr std::array<std::uint64_t, 2> seeds{
      1'008'457,  // a flipped bit makes a 200 a redirection: the call is tried elsewhere and comes a second time
      1'010'173,  // a copy of a refused INVITE, sent as a datagram, comes on a WebSocket after the ACK
  };
  for (const std::uint64_t seed : seeds) expect_sound(seed, [](std::uint64_t each) { return mixed_faults(each); });
}

}  // namespace
}  // namespace parley::simulation
