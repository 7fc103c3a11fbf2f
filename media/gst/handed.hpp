// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <utility>

namespace parley::media::gst {

/// What a callback of GStreamer carries as its user data. Made on the engine's thread, read on any of GStreamer's, which gets the pointer
/// through GLib's locks; the hand-over is repeated here with an atomic, so that it is also ours, and race detectors see it.
template <class T>
class Handed {
 public:
  explicit Handed(T value) : value_(std::move(value)) { is_ready_.store(true, std::memory_order_release); }

  /// The value behind a user-data pointer.
  static T& from(void* pointer) {
    auto& handed = *static_cast<Handed*>(pointer);
    handed.is_ready_.load(std::memory_order_acquire);
    return handed.value_;
  }
  static void release(void* pointer) { delete static_cast<Handed*>(pointer); }

 private:
  T value_;
  std::atomic<bool> is_ready_{false};
};

}  // namespace parley::media::gst
