// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/time.hpp>

#include <cstdint>

namespace parley::simulation {

/// Chance from a seed (splitmix64): the same seed gives the same run on every machine. Value type.
class Random {
 public:
  explicit Random(std::uint64_t seed) noexcept : state_(seed) {}

  std::uint64_t next() noexcept {
    std::uint64_t x = state_ += 0x9E3779B97F4A7C15;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
    return x ^ (x >> 31);
  }
  /// 0 .. limit - 1; the bias of the remainder is of no weight here.
  std::uint64_t below(std::uint64_t limit) noexcept { return next() % limit; }
  /// True with this probability, 0 .. 1. Zero costs no number, so a fault that is off leaves all others as they were.
  bool chance(double share) noexcept { return share > 0 && static_cast<double>(next() >> 11) * 0x1.0p-53 < share; }
  /// From `low` up to and including `high`.
  Duration between(Duration low, Duration high) noexcept {
    return low + Duration{static_cast<Duration::rep>(below(static_cast<std::uint64_t>((high - low).count()) + 1))};
  }

 private:
  std::uint64_t state_;
};

}  // namespace parley::simulation
