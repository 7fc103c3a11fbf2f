// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/sdp/description.hpp>
#include <parley/media/session.hpp>

#include <cstddef>
#include <string_view>

namespace parley::media::gst {

/// The stream of one track, named as the description names it (a=msid, RFC 8830), else by `fallback`.
MediaStream stream_of(const sdp::SessionDescription& description, std::size_t section, std::string_view fallback, Track track);

}  // namespace parley::media::gst
