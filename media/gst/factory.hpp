// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/session.hpp>
#include <parley/sip/core/export.hpp>

#include <memory>

namespace parley::media {

/// Makes the factory of sessions whose sound goes over WebRTC (ICE, DTLS-SRTP) by GStreamer's webrtcbin.
///
/// Loop thread only, as its sessions; it and the sessions may be destroyed in any order. All sessions of a process share one media
/// thread, which starts with the first warm_up() or create() and ends with the last factory and session; letting go of the last one
/// waits some milliseconds until its sound has stopped and its files are complete.
///
/// create(): Errc::BadValue when no codec of the list is installed, neither sound nor picture is wanted, or a tone is to be a sink;
/// NotSupported for video; MediaFailed when GStreamer does not start. Sources and sinks are opened by the session's first operation,
/// which then fails with MediaFailed and the reason.
PARLEY_EXPORT std::unique_ptr<Factory> make_gst_factory();

}  // namespace parley::media
