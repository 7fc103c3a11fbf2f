// SPDX-License-Identifier: MIT
#include <parley/simpleuser/async.hpp>

#include <exception>
#include <string>

namespace parley {

bool CallbackLoop::post(UniqueFunction<void()> task) {
  const std::lock_guard lock(mutex_);
  return executor_ != nullptr && executor_->post(std::move(task));
}

bool CallbackLoop::is_loop_thread() const {
  const std::lock_guard lock(mutex_);
  return executor_ != nullptr && executor_->is_loop_thread();
}

void CallbackLoop::cut() {
  const std::lock_guard lock(mutex_);
  executor_ = nullptr;
}

namespace {

/// To be called while an exception is being handled.
std::string describe_exception() {
  try {
    throw;
  } catch (const std::exception& e) {
    return std::string("a callback threw: ") + e.what();
  } catch (...) {
    return "a callback threw something that is no std::exception";
  }
}

}  // namespace

void run_guarded(const CallbackContext& context, const UniqueFunction<void()>& callback) noexcept {
  try {
    callback();
    return;
  } catch (...) {
    try {
      const auto complaints = context.complaints.lock();
      if (complaints && *complaints) (*complaints)(describe_exception());
    } catch (...) {  // not even a place for the complaint: nothing may unwind into the loop
    }
  }
}

}  // namespace parley
