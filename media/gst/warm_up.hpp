// SPDX-License-Identifier: MIT
#pragma once

namespace parley::media::gst {

/// Loads the plugins of a call and has the process's DTLS key made, by an offer that nobody gets. Engine's thread only.
void warm_up();

}  // namespace parley::media::gst
