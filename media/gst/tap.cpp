// SPDX-License-Identifier: MIT
#include <parley/media/gst/tap.hpp>

#include <parley/media/gst/handed.hpp>
#include <parley/media/gst/handle.hpp>

#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

namespace parley::media::gst {
namespace {

/// Used by one streaming thread at a time: that of its pad.
struct Tap {
  std::shared_ptr<Meter> meter;
  UniqueFunction<void()> on_first;
  std::vector<std::int16_t> samples;
};

int rate_of(GstPad* pad) {
  const CapsPtr caps(gst_pad_get_current_caps(pad));
  int rate = 0;
  if (caps != nullptr) gst_structure_get_int(gst_caps_get_structure(caps.get(), 0), "rate", &rate);
  return rate;
}

GstPadProbeReturn on_buffer(GstPad* pad, GstPadProbeInfo* info, gpointer pointer) {
  auto& tap = Handed<Tap>::from(pointer);
  GstMapInfo map;
  const int rate = rate_of(pad);
  if (rate <= 0 || gst_buffer_map(GST_PAD_PROBE_INFO_BUFFER(info), &map, GST_MAP_READ) == FALSE) return GST_PAD_PROBE_OK;
  tap.samples.resize(map.size / sizeof(std::int16_t));
  std::memcpy(tap.samples.data(), map.data, tap.samples.size() * sizeof(std::int16_t));
  gst_buffer_unmap(GST_PAD_PROBE_INFO_BUFFER(info), &map);
  tap.meter->feed(tap.samples, rate, std::chrono::steady_clock::now());
  if (tap.on_first) std::exchange(tap.on_first, nullptr)();
  return GST_PAD_PROBE_OK;
}

}  // namespace

void feed_from(GstPad* pad, std::shared_ptr<Meter> meter, UniqueFunction<void()> on_first) {
  auto* tap = new Handed<Tap>(Tap{std::move(meter), std::move(on_first), {}});
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, &on_buffer, tap, &Handed<Tap>::release);
}

}  // namespace parley::media::gst
