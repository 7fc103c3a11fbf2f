// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/time.hpp>
#include <parley/sip/transaction/timer_wheel.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace parley::sip {

/// When `wait` is over: as late as a clock can tell where it never is.
constexpr TimePoint after(TimePoint now, Duration wait) noexcept {
  return now > TimePoint{} && wait > TimePoint::max() - now ? TimePoint::max() : now + wait;
}

/// The named deadlines of one object, on one timer of the wheel: a table of (which, when). Needs no heap and does not fail.
/// The owner has `void on_deadline(Which which)` and must not destroy itself inside. Where that throws, it is called again a moment
/// later. Loop thread only.
/// @tparam last  the last enumerator of Which, whose values count from 0.
template <class Owner, class Which, Which last>
class Deadlines final : private Timer {
 public:
  Deadlines(TimerWheel& wheel, Owner& owner) noexcept : target_wheel_(wheel), owner_(owner) {}

  /// Sets or moves one.
  void set(Which which, TimePoint due) noexcept {
    due_[index(which)] = due;
    set_ |= bit(which);
    ringing_ &= ~bit(which);
    arm();
  }

  void clear(Which which) noexcept {
    if ((set_ & bit(which)) == 0) return;
    set_ &= ~bit(which);
    arm();
  }

  bool is_set(Which which) const noexcept { return (set_ & ~ringing_ & bit(which)) != 0; }

 private:
  using Bits = std::uint32_t;
  static constexpr std::size_t count = static_cast<std::size_t>(last) + 1;
  static_assert(count <= 32);

  static constexpr std::size_t index(Which which) noexcept { return static_cast<std::size_t>(which); }
  static constexpr Bits bit(Which which) noexcept { return Bits{1} << index(which); }

  /// While one is set.
  Which earliest() const noexcept {
    std::size_t found = count;
    for (Bits left = set_; left != 0; left &= left - 1) {
      const auto each = static_cast<std::size_t>(std::countr_zero(left));
      if (found == count || due_[each] < due_[found]) found = each;
    }
    return static_cast<Which>(found);
  }

  void arm() noexcept {
    if (set_ == 0) return stop();
    target_wheel_.start(*this, due_[index(earliest())]);
  }

  /// One at a time: what the owner does at the first may clear the second.
  void on_due(TimePoint now) override {
    while (set_ != 0) {
      const Which which = earliest();
      if (due_[index(which)] > now) break;
      due_[index(which)] = now + TimerWheel::second_try;  // stands where the owner throws
      ringing_ |= bit(which);
      owner_.on_deadline(which);
      if ((ringing_ & bit(which)) != 0) set_ &= ~bit(which);
    }
    arm();
  }

  TimerWheel& target_wheel_;
  Owner& owner_;
  Bits set_ = 0;
  Bits ringing_ = 0;  ///< of those that are set: the owner has been called and has not come back
  std::array<TimePoint, count> due_{};
};

}  // namespace parley::sip
