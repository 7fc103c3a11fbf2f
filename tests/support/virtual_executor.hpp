// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/executor.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace parley::testing {

/// An Executor whose clock moves only when a test says so. Tasks and alarms run inside run_until_idle(), advance()
/// and run_until(), on the thread that made it. post() is thread-safe, as the port asks; all else is for that thread.
///
///     VirtualExecutor executor;
///     executor.post([&] { ... });
///     executor.run_until_idle();     // what is posted, and what that posts
///     executor.advance(500ms);       // every alarm on the way, each at its own time
class VirtualExecutor final : public Executor {
 public:
  explicit VirtualExecutor(TimePoint start = TimePoint{} + Duration{1'000'000}) : now_(start) {}
  ~VirtualExecutor() override { close(); }
  VirtualExecutor(const VirtualExecutor&) = delete;
  VirtualExecutor& operator=(const VirtualExecutor&) = delete;

  bool post(UniqueFunction<void()> task) override {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    tasks_.push_back(std::move(task));
    return true;
  }

  TimePoint now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }

  std::unique_ptr<Deadline> make_deadline(UniqueFunction<void()> on_due) override {
    return std::make_unique<Alarm>(*this, std::move(on_due));
  }

  bool is_loop_thread() const override { return std::this_thread::get_id() == thread_; }

  /// Runs tasks and due alarms until none is left at the present time. @return how many ran.
  std::size_t run_until_idle() {
    std::size_t count = 0;
    while (run_task() || fire_due()) {
      // Something that posts itself for ever would hang the test: better an end with a word.
      if (++count == runaway) end_process("VirtualExecutor: one million tasks without time passing\n");
    }
    return count;
  }

  /// Moves the clock, stopping at every alarm on the way, and leaves nothing due undone.
  void advance(Duration duration) {
    const TimePoint target = now() + duration;
    run_until_idle();
    while (!alarms_.empty() && alarms_.begin()->first.first <= target) {
      set_now(alarms_.begin()->first.first);
      run_until_idle();
    }
    set_now(target);
    run_until_idle();
  }

  /// Advances from alarm to alarm until `done()` holds, for at most `limit`. @return whether it holds.
  template <class Predicate>
  bool run_until(Predicate done, Duration limit) {
    const TimePoint target = now() + limit;
    run_until_idle();
    while (!done()) {
      if (alarms_.empty() || alarms_.begin()->first.first > target) {
        set_now(target);
        return false;
      }
      set_now(alarms_.begin()->first.first);
      run_until_idle();
    }
    return true;
  }

  /// When the next alarm is due; nullopt if none is armed.
  std::optional<TimePoint> next_due() const {
    if (alarms_.empty()) return std::nullopt;
    return alarms_.begin()->first.first;
  }

  /// The loop ends: tasks are destroyed unrun, post() gives false from now on.
  void close() {
    std::deque<UniqueFunction<void()>> dropped;
    const std::lock_guard lock(mutex_);
    closed_ = true;
    dropped.swap(tasks_);
  }

 private:
  using Key = std::pair<TimePoint, std::uint64_t>;  // the serial keeps alarms of one time in the order they were set
  using Action = std::shared_ptr<UniqueFunction<void()>>;
  static constexpr std::size_t runaway = 1'000'000;

  class Alarm final : public Deadline {
   public:
    Alarm(VirtualExecutor& owner, UniqueFunction<void()> on_due)
        : owner_(owner), action_(std::make_shared<UniqueFunction<void()>>(std::move(on_due))) {}
    ~Alarm() override { disarm(); }
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;

    void set(std::optional<TimePoint> due) override {
      disarm();
      if (!due) return;
      key_ = Key{*due, ++owner_.serial_};
      owner_.alarms_.emplace(*key_, action_);
    }

   private:
    void disarm() {
      if (key_) owner_.alarms_.erase(*key_);
      key_.reset();
    }

    VirtualExecutor& owner_;
    Action action_;  // shared: it may destroy its own Alarm while it runs
    std::optional<Key> key_;
  };

  bool run_task() {
    UniqueFunction<void()> task;
    {
      const std::lock_guard lock(mutex_);
      if (tasks_.empty()) return false;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
    return true;
  }

  bool fire_due() {
    if (alarms_.empty() || alarms_.begin()->first.first > now()) return false;
    const Action action = alarms_.begin()->second;
    alarms_.erase(alarms_.begin());
    (*action)();
    return true;
  }

  void set_now(TimePoint time) {
    const std::lock_guard lock(mutex_);
    if (time > now_) now_ = time;
  }

  [[noreturn]] static void end_process(const char* why) {
    std::fputs(why, stderr);
    std::abort();
  }

  const std::thread::id thread_ = std::this_thread::get_id();
  mutable std::mutex mutex_;  // now_, tasks_, closed_
  TimePoint now_;
  std::deque<UniqueFunction<void()>> tasks_;
  bool closed_ = false;
  std::map<Key, Action> alarms_;
  std::uint64_t serial_ = 0;
};

}  // namespace parley::testing
