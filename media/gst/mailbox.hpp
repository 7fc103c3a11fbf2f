// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/executor.hpp>

#include <memory>
#include <mutex>
#include <utility>

namespace parley::media::gst {

/// The way from the engine's thread to an object of the loop thread that may be gone by then. Owned by shared_ptr on both sides.
///
/// The receiver closes it before it dies; afterwards nothing is delivered and the executor is not touched, which may then die too.
template <class Receiver>
class Mailbox {
 public:
  Mailbox(Executor& executor, Receiver& receiver) : executor_(&executor), receiver_(&receiver) {}

  /// Runs `action(receiver)` on the loop thread, never inside this call. Thread-safe.
  template <class F>
  static void post(const std::shared_ptr<Mailbox>& box, F action) {
    const std::lock_guard lock(box->mutex_);
    if (box->executor_ == nullptr) return;
    box->executor_->post([box, action = std::move(action)]() mutable {
      if (box->receiver_ != nullptr) action(*box->receiver_);
    });
  }

  /// Loop thread only.
  void close() {
    receiver_ = nullptr;
    const std::lock_guard lock(mutex_);
    executor_ = nullptr;
  }

 private:
  std::mutex mutex_;
  Executor* executor_;  // guarded by mutex_
  Receiver* receiver_;  // loop thread only
};

}  // namespace parley::media::gst
