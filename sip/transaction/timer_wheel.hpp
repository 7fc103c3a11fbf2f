// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/core/time.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace parley::sip {

class TimerWheel;

/// An alarm that is a member (or a base) of the object it wakes. It takes itself out of the wheel when it dies, so no alarm
/// outlives its object. Neither copied nor moved; it may outlive the wheel, which stops it. Loop thread only.
class PARLEY_EXPORT Timer {
 public:
  Timer() = default;
  virtual ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  /// Waiting in a wheel. Still true inside on_due(), until that returns or restarts it.
  bool is_running() const noexcept { return wheel_ != nullptr; }
  /// When it rings. Meaningful while it runs.
  TimePoint due() const noexcept { return due_; }
  /// Takes it out of the wheel. Harmless when it is not running.
  void stop() noexcept;

 private:
  friend class TimerWheel;
  /// Called by TimerWheel::run(). May start and stop any timer and destroy any, this one too. Where it is not started again it
  /// has stopped afterwards; where it throws it rings again after TimerWheel::second_try, when there may be memory for it.
  virtual void on_due(TimePoint now) = 0;

  TimerWheel* wheel_ = nullptr;
  Timer* next_ = nullptr;
  Timer* previous_ = nullptr;
  TimePoint due_{};
};

/// A timer that calls a member function of its owner, which holds it as a member and is not moved:
/// `MemberTimer<Session, &Session::on_ring_timeout> ring_timer_{*this};`
template <class Owner, void (Owner::*Action)(TimePoint now)>
class MemberTimer final : public Timer {
 public:
  explicit MemberTimer(Owner& owner) noexcept : owner_(&owner) {}

 private:
  void on_due(TimePoint now) override { (owner_->*Action)(now); }

  Owner* owner_;
};

/// Any number of timers in ticks of 1 ms: a hierarchical wheel of eleven levels with 64 slots, each level with a bitmap of its
/// occupied slots. Starting and stopping are O(1) and allocate nothing; nothing rings early; timers of the same tick ring in the
/// order they were started. A jump in time, however long, costs the levels and what became due.
/// Loop thread only; must not be moved (timers point to it).
class PARLEY_EXPORT TimerWheel {
 public:
  static constexpr Duration second_try{100};  ///< after a timer that threw

  TimerWheel() = default;
  ~TimerWheel();  ///< stops all timers
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  /// Starts or moves `timer`. A time that is over already rings at the next run().
  void start(Timer& timer, TimePoint due) noexcept;

  /// Exactly when the next timer rings; nullopt: none runs.
  std::optional<TimePoint> next_timeout() const noexcept;

  /// Rings all timers with due() <= now, in order of time; also those which are started meanwhile for a time not after `now`, so a
  /// timer that restarts itself must ask for a later one. `now` does not go back (if it does, nothing rings until it has caught up).
  void run(TimePoint now);

  bool empty() const noexcept { return levels_in_use_ == 0; }

 private:
  friend class Timer;
  using Tick = std::uint64_t;
  static constexpr unsigned slot_bits = 6;
  static constexpr unsigned slots = 1U << slot_bits;
  static constexpr unsigned levels = 11;  ///< 66 bits: every TimePoint there is

  /// Where a timer sits: at the highest group of six bits in which its time differs from the wheel's.
  struct Place {
    unsigned level;
    unsigned slot;
  };
  struct Level {
    std::uint64_t occupied = 0;         ///< bit i: slot i holds a timer
    std::uint64_t unordered = 0;        ///< bit i: slot i is not sorted by time, its first timer need not be its earliest
    std::array<Timer*, slots> first{};  ///< ring of timers: first->previous_ is the last
  };

  static Tick tick_of(TimePoint time) noexcept;
  Place place_of(TimePoint due) const noexcept;
  Place first_place() const noexcept;
  Tick start_of(Place place) const noexcept;
  void link(Timer& timer) noexcept;
  void unlink(Timer& timer) noexcept;
  void stop(Timer& timer) noexcept;
  void ring(Timer& timer, TimePoint now);
  void refile(Place place) noexcept;
  Timer* first_due(Tick now) noexcept;
  TimePoint earliest_in(Place place) const noexcept;

  Tick current_ = 0;                       ///< no timer sits before it; every timer's place follows from it
  std::uint16_t levels_in_use_ = 0;        ///< bit i: level i has an occupied slot
  Timer* ringing_ = nullptr;               ///< the one whose on_due() runs, until it is stopped, started or destroyed
  mutable std::optional<TimePoint> next_;  ///< what next_timeout() found, while it holds
  std::array<Level, levels> level_{};
};

}  // namespace parley::sip
