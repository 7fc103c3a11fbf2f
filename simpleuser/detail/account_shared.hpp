// SPDX-License-Identifier: MIT
#pragma once

#include <parley/simpleuser/account.hpp>
#include <parley/simpleuser/async.hpp>
#include <parley/simpleuser/detail/settings.hpp>
#include <parley/sip/core/unique_function.hpp>
#include <parley/sip/executor.hpp>

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace parley::detail {

class AccountCore;
struct CallShared;

/// What stands between an Account's users, on any thread, and its core, on the loop: the door in (tasks), the door out (callbacks and
/// completions, in order), and snapshots.
///
/// Users' code runs from a task of its own on the executor, with nothing of ours, of the transport or of media on the stack:
/// so it may destroy anything. Closing drops what waits at either door; an Async that waited completes with Errc::Destroyed.
class AccountShared {
 public:
  using Task = UniqueFunction<void(AccountCore&)>;

  AccountShared(Settings settings, const Ports& ports);
  AccountShared(const AccountShared&) = delete;
  AccountShared& operator=(const AccountShared&) = delete;
  ~AccountShared();

  // Any thread.
  /// Hands a task to the core; one that comes too late is destroyed, and an AsyncSource in it completes with Destroyed.
  static void post(const std::shared_ptr<AccountShared>& self, Task task);
  /// Ends everything, in silence on the wire; returns when no callback runs any more (on the loop thread: runs inside one).
  static void close(const std::shared_ptr<AccountShared>& self);

  const CallbackContext& context() const noexcept { return context_; }
  const std::string& id() const noexcept { return settings_.id; }
  const std::string& aor() const noexcept { return settings_.agent.aor; }

  void set_delegate(AccountDelegate delegate);
  /// Never null; whoever calls a member holds it meanwhile, so that it outlives its own destruction in the call.
  std::shared_ptr<const AccountDelegate> delegate() const;
  AccountState state() const;
  /// Null: no call. With several: the oldest.
  std::shared_ptr<CallShared> current_call() const;

  // Loop thread.
  /// Queues a callback: it runs after all that were queued before, soon, and never inside this call.
  void notify(UniqueFunction<void()> callback);
  template <class T>
  void complete(AsyncSource<T> source, Result<T> outcome) {
    notify([source = std::move(source), outcome = std::move(outcome)]() mutable { source.complete(std::move(outcome)); });
  }
  void log(LogLevel level, std::string text);
  void trace(Traffic direction, std::string_view bytes);
  void publish(AccountState state, std::shared_ptr<CallShared> current);
  /// How the core's objects reach this one from a posted task.
  void set_self(const std::shared_ptr<AccountShared>& self) { self_ = self; }
  std::shared_ptr<AccountShared> self() const { return self_.lock(); }

 private:
  void schedule();
  void turn();
  std::optional<Task> take_task();
  void run_callbacks();
  void close_here();

  const Settings settings_;
  const Ports ports_;
  std::shared_ptr<CallbackLoop> own_loop_;  // null where the ports bring one
  std::shared_ptr<const Complaints> complaints_;
  CallbackContext context_;
  std::weak_ptr<AccountShared> self_;

  mutable std::mutex mutex_;  // down to current_
  std::deque<Task> tasks_;
  bool scheduled_ = false;
  bool closed_ = false;
  std::shared_ptr<const AccountDelegate> delegate_;
  AccountState state_;
  std::shared_ptr<CallShared> current_;

  // Loop thread only.
  std::unique_ptr<AccountCore> core_;
  std::deque<UniqueFunction<void()>> callbacks_;
};

}  // namespace parley::detail
