// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/gst/meter.hpp>
#include <parley/sip/core/unique_function.hpp>

#include <gst/gst.h>

#include <memory>

namespace parley::media::gst {

/// Feeds a meter with the raw 16-bit mono sound that passes `pad`, as long as the pad lives.
/// @param on_first  called once, when the first sound passes, on the thread that carries it; may be empty
void feed_from(GstPad* pad, std::shared_ptr<Meter> meter, UniqueFunction<void()> on_first);

}  // namespace parley::media::gst
