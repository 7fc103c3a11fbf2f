// SPDX-License-Identifier: MIT
#include <parley/media/gst/numbers.hpp>

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>

#include <algorithm>

namespace parley::media::gst {
namespace {

constexpr double ms_per_s = 1'000.0;

void add_sent(const GstStructure* stream, Numbers& numbers) {
  guint64 packets = 0;
  if (gst_structure_get_uint64(stream, "packets-sent", &packets) != FALSE) numbers.packets_sent += packets;
}

void add_received(const GstStructure* stream, Numbers& numbers) {
  guint64 packets = 0;
  gint64 lost = 0;
  double jitter = 0.0;
  if (gst_structure_get_uint64(stream, "packets-received", &packets) != FALSE) numbers.packets_received += packets;
  if (gst_structure_get_int64(stream, "packets-lost", &lost) != FALSE) numbers.packets_lost += lost;
  if (gst_structure_get_double(stream, "jitter", &jitter) != FALSE) numbers.jitter_ms = std::max(numbers.jitter_ms, jitter * ms_per_s);
}

/// What the peer reports of our stream (RFC 3550 s.6.4.1): the only place where the round trip shows.
void add_remote_report(const GstStructure* stream, Numbers& numbers) {
  double round_trip = 0.0;
  if (gst_structure_get_double(stream, "round-trip-time", &round_trip) != FALSE) numbers.rtt_ms = round_trip * ms_per_s;
}

gboolean add_stream(GQuark /*name*/, const GValue* value, gpointer numbers_pointer) {
  if (!GST_VALUE_HOLDS_STRUCTURE(value)) return TRUE;
  auto& numbers = *static_cast<Numbers*>(numbers_pointer);
  const GstStructure* stream = gst_value_get_structure(value);
  GstWebRTCStatsType type{};
  if (gst_structure_get(stream, "type", GST_TYPE_WEBRTC_STATS_TYPE, &type, nullptr) == FALSE) return TRUE;
  if (type == GST_WEBRTC_STATS_OUTBOUND_RTP) add_sent(stream, numbers);
  if (type == GST_WEBRTC_STATS_INBOUND_RTP) add_received(stream, numbers);
  if (type == GST_WEBRTC_STATS_REMOTE_INBOUND_RTP) add_remote_report(stream, numbers);
  return TRUE;
}

}  // namespace

Numbers read_numbers(const GstStructure* reply) {
  Numbers numbers;
  if (reply != nullptr) gst_structure_foreach(reply, add_stream, &numbers);
  return numbers;
}

}  // namespace parley::media::gst
