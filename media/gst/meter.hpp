// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

namespace parley::media::gst {

/// What is heard, in two numbers.
struct Heard {
  double level_db = -120.0;  ///< RMS over the window, 0 dB: full scale; -120: silence
  double peak_hz = 0.0;      ///< strongest frequency; 0: silence
};

/// Keeps the last 500 ms of decoded sound; computes level and frequency only when asked. Thread-safe.
///
/// Fed by the thread that decodes: one copy of some hundred samples each 20 ms. Chunks age by their time of arrival, so that sound
/// that stopped coming falls out of the window too.
class Meter {
 public:
  using Clock = std::chrono::steady_clock;
  using Instant = Clock::time_point;
  static constexpr std::chrono::milliseconds window{500};

  /// Mono samples of `rate` Hz that arrived at `now`. Another rate than before starts anew.
  void feed(std::span<const std::int16_t> samples, int rate, Instant now);

  /// Level and frequency of what arrived in the 500 ms before `now`.
  Heard read(Instant now) const;
  /// Level alone.
  double level(Instant now) const;

 private:
  /// The samples of the window, and their rate.
  std::pair<std::vector<std::int16_t>, int> recent(Instant now) const;

  struct Chunk {
    Instant arrival;
    std::size_t size;
  };

  mutable std::mutex mutex_;
  std::deque<Chunk> chunks_;          // guarded by mutex_, oldest first
  std::deque<std::int16_t> samples_;  // guarded by mutex_, those of chunks_ in a row
  int rate_ = 0;                      // guarded by mutex_
};

}  // namespace parley::media::gst
