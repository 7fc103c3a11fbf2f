// SPDX-License-Identifier: MIT
#include <parley/media/gst/meter.hpp>

#include <gst/fft/gstfftf32.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

namespace parley::media::gst {
namespace {

constexpr double silence_db = -120.0;

/// A-law has no zero: silence comes as steps of 8 (-72 dB); G.722 idles with a few units of noise. Below is nobody's sound.
constexpr double floor_db = -70.0;
constexpr double lowest_hz = 20.0;

struct FreeFft {
  void operator()(GstFFTF32* fft) const noexcept { gst_fft_f32_free(fft); }
};

/// Without its constant part, which is no sound.
std::vector<float> centred(const std::vector<std::int16_t>& samples) {
  const double mean = std::accumulate(samples.begin(), samples.end(), 0.0) / static_cast<double>(std::max<std::size_t>(samples.size(), 1));
  std::vector<float> result(samples.size());
  std::transform(samples.begin(), samples.end(), result.begin(),
                 [mean](std::int16_t sample) { return static_cast<float>((sample - mean) / 32'768.0); });
  return result;
}

double level_of(const std::vector<float>& sound) {
  const double energy = std::inner_product(sound.begin(), sound.end(), sound.begin(), 0.0);
  const double level = 10.0 * std::log10(energy / static_cast<double>(std::max<std::size_t>(sound.size(), 1)));
  return level < floor_db ? silence_db : level;  // the logarithm of nothing lies below, too
}

std::vector<double> magnitudes(std::vector<float> sound) {
  const int length = gst_fft_next_fast_length(static_cast<int>(sound.size()));
  const std::unique_ptr<GstFFTF32, FreeFft> fft(gst_fft_f32_new(length, FALSE));
  sound.resize(static_cast<std::size_t>(length), 0.0F);
  gst_fft_f32_window(fft.get(), sound.data(), GST_FFT_WINDOW_HANN);
  std::vector<GstFFTF32Complex> bins(sound.size() / 2 + 1);
  gst_fft_f32_fft(fft.get(), sound.data(), bins.data());
  std::vector<double> result(bins.size());
  std::transform(bins.begin(), bins.end(), result.begin(), [](const GstFFTF32Complex& bin) {
    return std::log(1e-12 + static_cast<double>(bin.r) * bin.r + static_cast<double>(bin.i) * bin.i);
  });
  return result;
}

/// The peak lies between bins: a parabola through the logarithms of the highest and its neighbours finds it.
double peak_of(const std::vector<float>& sound, int rate) {
  const auto spectrum = magnitudes(sound);
  const double hz_per_bin = rate / (2.0 * static_cast<double>(spectrum.size() - 1));
  const auto first = static_cast<std::size_t>(std::ceil(lowest_hz / hz_per_bin));
  if (spectrum.size() < first + 3) return 0.0;
  const auto highest = std::max_element(spectrum.begin() + static_cast<std::ptrdiff_t>(first), spectrum.end() - 1);
  const double left = *(highest - 1);
  const double right = *(highest + 1);
  const double curve = left - 2.0 * *highest + right;
  const double shift = curve < 0.0 ? 0.5 * (left - right) / curve : 0.0;
  return (static_cast<double>(highest - spectrum.begin()) + shift) * hz_per_bin;
}

}  // namespace

void Meter::feed(std::span<const std::int16_t> samples, int rate, Instant now) {
  const std::lock_guard lock(mutex_);
  if (rate != rate_) {
    chunks_.clear();
    samples_.clear();
    rate_ = rate;
  }
  chunks_.push_back({now, samples.size()});
  samples_.insert(samples_.end(), samples.begin(), samples.end());
  const auto capacity = static_cast<std::size_t>(rate) * window.count() / 1000;
  while (!chunks_.empty() && (chunks_.front().arrival + window < now || samples_.size() - chunks_.front().size >= capacity)) {
    samples_.erase(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(chunks_.front().size));
    chunks_.pop_front();
  }
}

std::pair<std::vector<std::int16_t>, int> Meter::recent(Instant now) const {
  const std::lock_guard lock(mutex_);
  const auto fresh = std::find_if(chunks_.begin(), chunks_.end(), [now](const Chunk& chunk) { return chunk.arrival + window >= now; });
  const auto count =
      std::accumulate(fresh, chunks_.end(), std::size_t{0}, [](std::size_t sum, const Chunk& chunk) { return sum + chunk.size; });
  return {{samples_.end() - static_cast<std::ptrdiff_t>(count), samples_.end()}, rate_};
}

Heard Meter::read(Instant now) const {
  const auto [samples, rate] = recent(now);
  const auto sound = centred(samples);
  const double level = level_of(sound);
  if (level <= silence_db) return {};
  return {level, peak_of(sound, rate)};
}

double Meter::level(Instant now) const { return level_of(centred(recent(now).first)); }

}  // namespace parley::media::gst
