// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/time.hpp>
#include <parley/sip/core/unique_function.hpp>

#include <memory>
#include <optional>

namespace parley {

/// A single alarm on an Executor's loop. Loop thread only. Destroying it disarms it.
class Deadline {
 public:
  virtual ~Deadline() = default;
  /// Arms, moves or (nullopt) disarms. A point in the past fires as soon as the loop comes round, never inside set().
  virtual void set(std::optional<TimePoint> due) = 0;
};

/// Port: where callbacks run and what time it is. Implemented by transport::Loop, in tests by a virtual-time executor.
class Executor {
 public:
  virtual ~Executor() = default;
  /// Runs `task` on the loop thread, after all tasks posted before. Thread-safe, never runs it inside the call.
  /// @return false when the loop has ended: the task is destroyed unrun.
  virtual bool post(UniqueFunction<void()> task) = 0;
  /// Monotonic time. Thread-safe.
  virtual TimePoint now() const = 0;
  /// Makes a disarmed alarm that calls `on_due` on the loop thread. Loop thread only; must not outlive the executor.
  virtual std::unique_ptr<Deadline> make_deadline(UniqueFunction<void()> on_due) = 0;
  /// True on the thread that runs tasks, alarms and callbacks. Thread-safe.
  virtual bool is_loop_thread() const = 0;
};

}  // namespace parley
