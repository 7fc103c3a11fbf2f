// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/core/result.hpp>
#include <parley/sip/core/time.hpp>
#include <parley/sip/core/unique_function.hpp>
#include <parley/sip/executor.hpp>

#include <condition_variable>
#include <coroutine>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

namespace parley {

/// The loop that runs callbacks, as seen by Asyncs, which may outlive it. Shared. Thread-safe.
class PARLEY_EXPORT CallbackLoop {
 public:
  /// `executor` lives at least until cut().
  explicit CallbackLoop(Executor& executor) : executor_(&executor) {}

  /// @return false when the loop is gone: the task is destroyed unrun.
  bool post(UniqueFunction<void()> task);
  bool is_loop_thread() const;
  /// The loop is about to go: nothing is posted any more.
  void cut();

 private:
  mutable std::mutex mutex_;
  Executor* executor_;
};

/// Where complaints about a user's callback go ("threw an exception: ..."). Called on the loop thread.
using Complaints = std::function<void(std::string_view)>;

/// What an Async needs to know of the place where callbacks run. Value type.
struct CallbackContext {
  std::shared_ptr<CallbackLoop> loop;
  std::weak_ptr<const Complaints> complaints;
};

/// Runs a user's callback; what it throws ends here, with a word to `complaints`.
PARLEY_EXPORT void run_guarded(const CallbackContext& context, const UniqueFunction<void()>& callback) noexcept;

template <class T>
class AsyncSource;

namespace detail {

/// What an Async and its source share.
template <class T>
struct AsyncState {
  using Continuation = UniqueFunction<void(Result<T>)>;

  explicit AsyncState(CallbackContext c) : context(std::move(c)) {}

  const CallbackContext context;
  std::mutex mutex;  // all below
  std::condition_variable completed;
  bool done = false;
  std::optional<Result<T>> result;  // done and not taken yet
  Continuation continuation;

  void complete(Result<T> outcome) {
    std::unique_lock lock(mutex);
    if (std::exchange(done, true)) return;
    completed.notify_all();
    if (!continuation) {
      result.emplace(std::move(outcome));
      return;
    }
    const Continuation f = std::move(continuation);
    lock.unlock();
    run_guarded(context, [&] { f(std::move(outcome)); });
  }
};

}  // namespace detail

/// The outcome of an operation that has already begun (eager): a Result that comes later.
///
///     user->connect().then([](parley::Result<void> up) { ... });   // runs where callbacks run
///     auto up = user->connect().get(5s);                           // for main() and tests
///     auto up = co_await user->connect();                          // resumes where callbacks run
///
/// It completes exactly once, from the loop, never inside the call that made it. One consumer: then(), get() or co_await.
/// May be dropped: the operation goes on. When its object is destroyed first it completes with Errc::Destroyed.
/// Thread-safe against its completion; itself used by one thread at a time. Movable.
template <class T>
class Async {
 public:
  Async(Async&&) noexcept = default;
  Async& operator=(Async&&) noexcept = default;

  /// Runs `f(Result<T>)` where callbacks run, now or later, once; at once in the caller when the loop is gone.
  template <class F>
  void then(F f) {
    std::optional<Result<T>> early;
    {
      const std::lock_guard lock(state_->mutex);
      if (!state_->done) {
        state_->continuation = std::move(f);
        return;
      }
      early = take(*state_);
    }
    // Late: the same place, and never inside this call while there is a loop.
    auto late = std::make_shared<std::pair<F, Result<T>>>(std::move(f), std::move(*early));
    auto run = [late, context = state_->context] { run_guarded(context, [&] { late->first(std::move(late->second)); }); };
    if (!state_->context.loop->post(run)) run();
  }

  /// Waits for the outcome. Errc::Timeout: not yet, ask again. Errc::WouldDeadlock: not yet, and this thread is the one that
  /// runs the callbacks.
  Result<T> get(Duration timeout) {
    std::unique_lock lock(state_->mutex);
    if (!state_->done && state_->context.loop->is_loop_thread()) return Errc::WouldDeadlock;
    if (!state_->completed.wait_for(lock, timeout, [&] { return state_->done; })) return Errc::Timeout;
    return take(*state_);
  }

  bool is_done() const {
    const std::lock_guard lock(state_->mutex);
    return state_->done;
  }

  /// Gives a Result<T>; the coroutine goes on where callbacks run.
  auto operator co_await() && { return Awaiter{std::move(*this), std::nullopt}; }
  auto operator co_await() & { return Awaiter{std::move(*this), std::nullopt}; }

 private:
  friend class AsyncSource<T>;

  struct Awaiter {
    Async async;
    std::optional<Result<T>> outcome;

    bool await_ready() const noexcept { return false; }  // always by way of the loop: the place where it goes on is certain
    void await_suspend(std::coroutine_handle<> coroutine) {
      // `*this` lives in the coroutine's frame and may be gone as soon as it has been resumed.
      Async moved = std::move(async);
      moved.then([this, coroutine](Result<T> result) {
        outcome.emplace(std::move(result));
        coroutine.resume();
      });
    }
    Result<T> await_resume() { return std::move(*outcome); }
  };

  explicit Async(std::shared_ptr<detail::AsyncState<T>> state) : state_(std::move(state)) {}

  static Result<T> take(detail::AsyncState<T>& state) {
    if (!state.result) return Error{.code = Errc::WrongState, .reason = "the outcome has been taken already"};
    Result<T> taken = std::move(*state.result);
    state.result.reset();
    return taken;
  }

  std::shared_ptr<detail::AsyncState<T>> state_;
};

/// The other end of an Async: whoever carries the operation out holds it. Dropping it completes with Errc::Destroyed,
/// so "exactly once" holds whatever happens to the operation. Complete it on the loop thread. Movable.
template <class T>
class AsyncSource {
 public:
  explicit AsyncSource(CallbackContext context) : state_(std::make_shared<detail::AsyncState<T>>(std::move(context))) {}
  AsyncSource(AsyncSource&&) noexcept = default;
  AsyncSource& operator=(AsyncSource&& other) noexcept {
    std::swap(state_, other.state_);  // what was held completes when `other` goes
    return *this;
  }
  ~AsyncSource() { complete(Errc::Destroyed); }

  /// The end for the user; once.
  Async<T> async() { return Async<T>(state_); }
  /// The first call counts.
  void complete(Result<T> outcome) {
    if (state_) std::exchange(state_, nullptr)->complete(std::move(outcome));
  }
  explicit operator bool() const noexcept { return state_ != nullptr; }

 private:
  std::shared_ptr<detail::AsyncState<T>> state_;
};

}  // namespace parley
