// SPDX-License-Identifier: MIT
#pragma once

#include "world.hpp"

#include <array>
#include <cstdint>

namespace parley::simulation {

inline constexpr std::uint64_t calls_in_a_mix = 10;

/// Ten calls between two to four phones on links with faults of every kind, at times with an odd peer among them, at times short of
/// memory: which, how many and who behaves how comes from the seed.
Outcome mixed_faults(std::uint64_t seed, Ladder::Keep keep = Ladder::Keep::Hash);

/// A row of the loss table.
struct LossRow {
  const char* name;
  double loss;
  bool shuffles;  ///< 20 % copies, 20 % late
  double least;   ///< share of calls that are set up and whose BYE is answered
};
inline constexpr std::array loss_rows{
    LossRow{"no loss", 0, false, 1},         LossRow{"10 % loss", 0.1, false, 0.9999}, LossRow{"20 % loss", 0.2, false, 0.999},
    LossRow{"30 % loss", 0.3, false, 0.995}, LossRow{"50 % loss", 0.5, false, 0.88},   LossRow{"20 % copies, 20 % late", 0, true, 1},
};
Outcome call_of_row(const LossRow& row, std::uint64_t seed, Ladder::Keep keep = Ladder::Keep::Hash);

/// One call over one faulty link, picked up after a few seconds, ended by the caller.
Outcome single_call(std::uint64_t seed, const Faults& faults, Ladder::Keep keep = Ladder::Keep::Hash);

}  // namespace parley::simulation
