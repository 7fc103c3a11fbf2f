// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/gst/handle.hpp>
#include <parley/media/session.hpp>

namespace parley::media::gst {

/// Makes the live bin that `endpoint` describes, with one source pad "src" of raw audio, and opens its device (state READY).
/// Engine's thread only; may block as long as the device does. Errc::MediaFailed with the reason.
Result<ElementPtr> open_source(const AudioEndpoint& endpoint);

/// The same for a bin with one sink pad "sink".
Result<ElementPtr> open_sink(const AudioEndpoint& endpoint);

/// Parses a bin description whose only open pad becomes the bin's own. Errc::MediaFailed with GStreamer's words.
Result<ElementPtr> make_bin(const std::string& description);

}  // namespace parley::media::gst
