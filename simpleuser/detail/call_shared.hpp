// SPDX-License-Identifier: MIT
#pragma once

#include <parley/simpleuser/async.hpp>
#include <parley/simpleuser/call.hpp>
#include <parley/simpleuser/detail/account_shared.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace parley::detail {

/// An outcome that any number of Asyncs may wait for, or ask about later. Loop thread only.
class Outcome {
 public:
  /// Completes `source` through the account's queue of callbacks, now or when it is settled.
  void ask(AsyncSource<void> source, AccountShared& account) {
    if (!result_) return waiting_.push_back(std::move(source));
    account.complete(std::move(source), Result<void>(*result_));
  }
  /// The first one counts.
  void settle(const Result<void>& result, AccountShared& account) {
    if (result_) return;
    result_ = result;
    for (AsyncSource<void>& source : std::exchange(waiting_, {})) account.complete(std::move(source), Result<void>(result));
  }
  /// The object that would have settled it is gone: what waits completes with Destroyed.
  void abandon() { waiting_.clear(); }

 private:
  std::optional<Result<void>> result_;
  std::vector<AsyncSource<void>> waiting_;
};

/// What the handles of a call and its core share. Outlives both.
struct CallShared {
  CallShared(std::uint64_t number, const std::shared_ptr<AccountShared>& owner)
      : id(number), account(owner), context(owner->context()), delegate(std::make_shared<const CallDelegate>()) {}

  const std::uint64_t id;
  const std::weak_ptr<AccountShared> account;
  const CallbackContext context;

  mutable std::mutex mutex;                      // down to delegate
  CallState state;                               // `muted` is the user's wish, set at once by mute(); the core obeys it
  std::shared_ptr<const CallDelegate> delegate;  // never null

  // Loop thread only.
  Outcome sent;
  Outcome answered;

  CallState snapshot() const {
    const std::lock_guard lock(mutex);
    return state;
  }
  std::shared_ptr<const CallDelegate> current_delegate() const {
    const std::lock_guard lock(mutex);
    return delegate;
  }
  bool is_muted() const {
    const std::lock_guard lock(mutex);
    return state.muted;
  }
  /// Without effect on a call that has ended. @return whether it took effect.
  bool set_muted(bool muted) {
    const std::lock_guard lock(mutex);
    if (state.phase == CallPhase::Ended) return false;
    state.muted = muted;
    return true;
  }
};

/// Unique within the process.
std::uint64_t next_call_number();

}  // namespace parley::detail
