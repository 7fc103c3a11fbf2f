// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace parley {

/// All durations are milliseconds; "s", "ms" literals of <chrono> convert.
using Duration = std::chrono::milliseconds;

/// The caller's monotonic clock. It deliberately has no now(): protocol code gets the time as an argument,
/// and asking for it inside sip/ does not compile.
struct Clock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<Clock, duration>;
  static constexpr bool is_steady = true;
};

using TimePoint = Clock::time_point;

}  // namespace parley
