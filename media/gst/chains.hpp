// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/gst/handle.hpp>
#include <parley/media/session.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

/// What stands between raw sound and RTP, for each codec. Engine's thread only.
namespace parley::media::gst {

/// Whether the elements that code and decode it are installed (G.722 sits in Debian's gstreamer1.0-libav).
bool is_available(Codec codec);

/// Caps of RTP that carries `codec` under `payload_type`.
CapsPtr rtp_caps(Codec codec, std::uint8_t payload_type);

/// The codec of RTP caps by their encoding-name, in any case.
std::optional<Codec> codec_of(const GstCaps* caps);

/// Raw sound in at "sink", RTP out at "src". Inside: volume "mute" (silence, RTP goes on), valve "gate" before the coder (hold: no RTP)
/// and valve "trust" behind it, shut at first: what was coded meanwhile goes out the moment it opens.
Result<ElementPtr> make_send_chain(Codec codec, std::uint8_t payload_type);

/// RTP in at "sink", raw mono out at "src". Inside: volume "gate" (what is dropped on hold becomes silence).
Result<ElementPtr> make_receive_chain(Codec codec);

}  // namespace parley::media::gst
