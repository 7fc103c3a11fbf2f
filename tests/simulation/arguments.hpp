// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace parley::simulation {

/// How this program was started.
struct Arguments {
  std::uint64_t share = 1;              ///< --share=N: an Nth of the runs, where an instrumented build is slow
  std::uint64_t first_seed = 1;         ///< --first-seed=N
  std::uint64_t mixed_calls = 100'000;  ///< --calls=N: over mixed faults
  std::optional<std::uint64_t> replay;  ///< --seed=N: this run alone, with its ladder
  std::optional<std::uint64_t> row;     ///< --row=N: of the loss table, instead of mixed faults
};
inline Arguments arguments;

inline std::uint64_t share_of(std::uint64_t whole) { return whole / arguments.share > 0 ? whole / arguments.share : 1; }

}  // namespace parley::simulation
