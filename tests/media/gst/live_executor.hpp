// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/executor.hpp>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace parley::testing {

/// An Executor on the real clock, for what real media threads post to. Its loop is the test's own thread, inside run_until().
class LiveExecutor final : public Executor {
 public:
  LiveExecutor() = default;
  LiveExecutor(const LiveExecutor&) = delete;
  LiveExecutor& operator=(const LiveExecutor&) = delete;
  ~LiveExecutor() override = default;

  bool post(UniqueFunction<void()> task) override {
    {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
    return true;
  }

  TimePoint now() const override {
    return TimePoint(std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())) + skipped_;
  }

  /// So much time has passed at once; for limits that no test waits for.
  void skip(Duration time) { skipped_ += time; }

  std::unique_ptr<Deadline> make_deadline(UniqueFunction<void()> on_due) override {
    return std::make_unique<Alarm>(*this, std::move(on_due));
  }

  bool is_loop_thread() const override { return std::this_thread::get_id() == thread_; }

  /// Runs tasks and alarms until `done()` holds, for at most `limit`. @return whether it holds.
  template <class Predicate>
  bool run_until(Predicate done, Duration limit) {
    const TimePoint end = now() + limit;
    while (!done()) {
      if (now() >= end) return false;
      run_one(end);
    }
    return true;
  }

  void run_for(Duration duration) {
    run_until([] { return false; }, duration);
  }

 private:
  class Alarm final : public Deadline {
   public:
    Alarm(LiveExecutor& executor, UniqueFunction<void()> on_due) : executor_(executor), on_due_(std::move(on_due)) {
      executor_.alarms_.push_back(this);
    }
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;
    ~Alarm() override { std::erase(executor_.alarms_, this); }
    void set(std::optional<TimePoint> due) override { due_ = due; }
    std::optional<TimePoint> due() const { return due_; }
    void fire() {
      due_.reset();
      on_due_();
    }

   private:
    LiveExecutor& executor_;
    UniqueFunction<void()> on_due_;
    std::optional<TimePoint> due_;
  };

  Alarm* earliest() const {
    Alarm* first = nullptr;
    for (Alarm* alarm : alarms_) {
      if (alarm->due() && (first == nullptr || *alarm->due() < *first->due())) first = alarm;
    }
    return first;
  }

  void run_one(TimePoint end) {
    Alarm* alarm = earliest();
    if (alarm != nullptr && *alarm->due() <= now()) return alarm->fire();
    const TimePoint until = alarm != nullptr ? std::min(end, *alarm->due()) : end;
    UniqueFunction<void()> task;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_until(lock, std::chrono::steady_clock::time_point((until - skipped_).time_since_epoch()),
                       [this] { return !tasks_.empty(); });
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }

  Duration skipped_{0};
  const std::thread::id thread_ = std::this_thread::get_id();
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<UniqueFunction<void()>> tasks_;  // guarded by mutex_
  std::vector<Alarm*> alarms_;
};

}  // namespace parley::testing
