// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/sdp/description.hpp>
#include <parley/media/session.hpp>

#include <optional>
#include <string>
#include <vector>

namespace parley::media::sdp {

/// An RTP payload format of a section: its m= line, rtpmap (or RFC 3551's static table) and fmtp put together.
struct PayloadFormat {
  std::uint8_t payload_type = 0;  ///< 0..127
  std::string encoding;           ///< as written; compare without case
  std::uint32_t clock_rate = 8'000;
  std::uint16_t channels = 1;
  std::string parameters;  ///< of a=fmtp; empty: none

  friend bool operator==(const PayloadFormat&, const PayloadFormat&) = default;
};

/// The formats of a section in its order. What is no payload type, or a dynamic one without rtpmap, or comes twice is left out.
PARLEY_EXPORT std::vector<PayloadFormat> formats_of(const MediaSection& section);

/// Which of our codecs a format is: name without case, clock rate and channels (RFC 7587 s.7, RFC 3551 s.6).
PARLEY_EXPORT std::optional<Codec> codec_of(const PayloadFormat& format) noexcept;

/// How we offer a codec: opus as 111, the others under their static numbers. With the name in RFC spelling.
PARLEY_EXPORT PayloadFormat format_of(Codec codec);

/// telephone-event (RFC 4733): no codec, cannot carry a call alone.
PARLEY_EXPORT bool is_telephone_event(const PayloadFormat& format) noexcept;

/// Puts the format into the section: m= line, a=rtpmap, a=fmtp.
PARLEY_EXPORT void add_format(MediaSection& section, const PayloadFormat& format);
/// Takes every format but `payload_type` out of the section, with its rtpmap, fmtp and rtcp-fb.
PARLEY_EXPORT void keep_only_format(MediaSection& section, std::uint8_t payload_type);

}  // namespace parley::media::sdp
