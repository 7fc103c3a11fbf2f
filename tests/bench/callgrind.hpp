// SPDX-License-Identifier: MIT
#pragma once

#include <valgrind/callgrind.h>

#include <string>

namespace parley::bench {

/// Under `valgrind --tool=callgrind --collect-atstart=no`: the instructions of `work` become one dump whose trigger line ends with
/// `label`. Elsewhere: plain work.
template <class Work>
auto counted(const std::string& label, Work&& work) {
  CALLGRIND_ZERO_STATS;
  CALLGRIND_TOGGLE_COLLECT;
  const auto result = work();
  CALLGRIND_TOGGLE_COLLECT;
  CALLGRIND_DUMP_STATS_AT(label.c_str());
  return result;
}

}  // namespace parley::bench
