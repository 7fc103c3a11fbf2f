// SPDX-License-Identifier: MIT
#pragma once

#include "world.hpp"

#include <cstdint>

namespace parley::simulation {

inline constexpr std::uint64_t calls_in_a_mix = 10;

/// Ten calls between two to four phones on links with faults of every kind: which, how many and who behaves how comes from the seed.
Outcome mixed_faults(std::uint64_t seed, Ladder::Keep keep = Ladder::Keep::Hash);

/// One call over one faulty link, picked up after a few seconds, ended by the caller.
Outcome single_call(std::uint64_t seed, const Faults& faults, Ladder::Keep keep = Ladder::Keep::Hash);

}  // namespace parley::simulation
