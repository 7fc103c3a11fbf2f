// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

/// Descriptions in the shape that common peers give them, with made-up values.
namespace parley::media::samples {

std::string chromium_offer();              ///< sound; gathered; opus as 111
std::string chromium_audio_video_offer();  ///< BUNDLE 0 1, the second section bundle-only with port 0
std::string firefox_offer();               ///< opus as 109; fingerprint and ice-options at session level
std::string baresip_offer();               ///< opus as 96 with sprop-stereo; setup and fingerprint at session level, no mid
std::string asterisk_offer();              ///< PCMU and PCMA with telephone-event; LF alone would do as well
std::string plain_rtp_offer();             ///< RTP/AVP, as a desk phone makes it
std::string sdes_offer();                  ///< RTP/SAVP with a=crypto
std::string webrtcbin_offer();             ///< as the gst backend's library makes it: o= and address not filled in, TCP candidates
std::string answer_to_webrtcbin_offer();   ///< of a browser: PCMU chosen

/// The text with the first `what` replaced; a test that changes nothing would prove nothing, so it must be there.
std::string replaced(std::string text, std::string_view what, std::string_view with);
/// Without the first line that begins with `beginning`.
std::string without_line(std::string text, std::string_view beginning);
/// Without all of them.
std::string without_lines(std::string text, std::string_view beginning);

}  // namespace parley::media::samples
