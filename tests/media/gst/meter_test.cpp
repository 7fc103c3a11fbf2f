// SPDX-License-Identifier: MIT
#include <parley/media/gst/meter.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace parley::media::gst {
namespace {

using namespace std::chrono_literals;

/// Feeds tones in chunks of 20 ms, at moments of its own making.
struct Feeder {
  Meter meter;
  Meter::Instant now{};
  double phase = 0.0;

  void tone(double hertz, double amplitude, int rate, std::chrono::milliseconds length) {
    for (auto fed = 0ms; fed < length; fed += 20ms) {
      std::vector<std::int16_t> chunk(static_cast<std::size_t>(rate / 50));
      for (auto& sample : chunk) {
        sample = static_cast<std::int16_t>(std::lround(amplitude * 32'767.0 * std::sin(phase)));
        phase += 2.0 * std::numbers::pi * hertz / rate;
      }
      now += 20ms;
      meter.feed(chunk, rate, now);
    }
  }
};

TEST(Meter, FindsFrequencyAndLevelAtEveryRate) {
  for (const int rate : {8'000, 16'000, 48'000}) {
    for (const double hertz : {100.0, 440.0, 880.0, 1'234.5, 3'100.0}) {
      Feeder feeder;
      feeder.tone(hertz, 0.5, rate, 600ms);
      const auto heard = feeder.meter.read(feeder.now);
      EXPECT_NEAR(heard.peak_hz, hertz, 0.5) << rate;
      EXPECT_NEAR(heard.level_db, -9.03, 0.1) << rate;
    }
  }
}

TEST(Meter, IsSilentBeforeAnythingCame) {
  const Meter meter;
  EXPECT_EQ(meter.read(Meter::Instant{}).level_db, -120.0);
  EXPECT_EQ(meter.read(Meter::Instant{}).peak_hz, 0.0);
}

TEST(Meter, ForgetsWhatStoppedComing) {
  Feeder feeder;
  feeder.tone(440.0, 0.5, 8'000, 600ms);
  EXPECT_GT(feeder.meter.read(feeder.now + 400ms).level_db, -20.0);
  EXPECT_EQ(feeder.meter.read(feeder.now + 501ms).level_db, -120.0);
}

TEST(Meter, HearsOnlyTheLastHalfSecond) {
  Feeder feeder;
  feeder.tone(440.0, 0.5, 48'000, 1s);
  feeder.tone(880.0, 0.1, 48'000, 520ms);
  const auto heard = feeder.meter.read(feeder.now);
  EXPECT_NEAR(heard.peak_hz, 880.0, 1.0);
  EXPECT_NEAR(heard.level_db, -23.0, 0.3);
}

TEST(Meter, TakesShortSound) {
  Feeder feeder;
  feeder.tone(440.0, 0.5, 8'000, 60ms);
  EXPECT_NEAR(feeder.meter.read(feeder.now).peak_hz, 440.0, 5.0);
}

TEST(Meter, TakesConstantAndFaintestSoundForSilence) {
  Meter meter;
  const std::vector<std::int16_t> constant(160, 8);  // how A-law says nothing
  meter.feed(constant, 8'000, Meter::Instant{});
  EXPECT_EQ(meter.read(Meter::Instant{}).level_db, -120.0);
  Feeder faint;
  faint.tone(440.0, 0.0002, 8'000, 500ms);
  EXPECT_EQ(faint.meter.read(faint.now).level_db, -120.0);
}

TEST(Meter, StartsAnewAtAnotherRate) {
  Feeder feeder;
  feeder.tone(440.0, 0.5, 48'000, 500ms);
  feeder.tone(880.0, 0.5, 8'000, 100ms);
  EXPECT_NEAR(feeder.meter.read(feeder.now).peak_hz, 880.0, 2.0);
}

TEST(Meter, TakesEmptyChunks) {
  Meter meter;
  meter.feed({}, 8'000, Meter::Instant{});
  EXPECT_EQ(meter.read(Meter::Instant{}).level_db, -120.0);
}

}  // namespace
}  // namespace parley::media::gst
