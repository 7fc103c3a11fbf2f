// SPDX-License-Identifier: MIT
#include <parley/media/gst/tracks.hpp>

#include <parley/media/sdp/attributes.hpp>

#include <utility>

namespace parley::media::gst {

MediaStream stream_of(const sdp::SessionDescription& description, std::size_t section, std::string_view fallback, Track track) {
  MediaStream stream;
  stream.id = fallback;
  track.id = std::string(fallback) + "-audio";
  const auto text = section < description.sections.size() ? description.sections[section].attributes.value("msid") : std::nullopt;
  if (const auto msid = text ? sdp::parse_msid(*text) : Result<sdp::Msid>(Errc::BadSyntax)) {
    if (msid->stream != "-") stream.id = msid->stream;  // "-": a track without a stream
    if (!msid->track.empty()) track.id = msid->track;
  }
  stream.tracks.push_back(std::move(track));
  return stream;
}

}  // namespace parley::media::gst
