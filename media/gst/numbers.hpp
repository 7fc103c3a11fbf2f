// SPDX-License-Identifier: MIT
#pragma once

#include <gst/gst.h>

#include <cstdint>

namespace parley::media::gst {

/// What webrtcbin counts of one call's sound.
struct Numbers {
  std::uint64_t packets_sent = 0;
  std::uint64_t packets_received = 0;
  std::int64_t packets_lost = 0;
  double rtt_ms = 0.0;
  double jitter_ms = 0.0;
};

/// Reads the reply to webrtcbin's get-stats (a structure of structures, named as in W3C webrtc-stats).
Numbers read_numbers(const GstStructure* reply);

}  // namespace parley::media::gst
