// SPDX-License-Identifier: MIT
#include <parley/sip/transaction/timer_wheel.hpp>

#include <parley/sip/core/rollback.hpp>

#include <algorithm>
#include <bit>

namespace parley::sip {

// Why places need not be stored: a timer's level is that of the highest six-bit digit in which its tick differs from current_.
// current_ moves only forward and never past the start of an occupied slot, and a slot is filed anew when current_ reaches its
// start. Between the two the highest differing digit stays the same, so place_of() finds every timer where link() put it.

Timer::~Timer() { stop(); }

void Timer::stop() noexcept {
  if (wheel_) wheel_->stop(*this);
}

TimerWheel::~TimerWheel() {
  while (levels_in_use_ != 0) {
    const Place place = first_place();
    stop(*level_[place.level].first[place.slot]);
  }
}

void TimerWheel::start(Timer& timer, TimePoint due) noexcept {
  timer.stop();
  timer.wheel_ = this;
  timer.due_ = due;
  link(timer);
  if (next_ && due < *next_) next_ = due;
}

void TimerWheel::stop(Timer& timer) noexcept {
  if (ringing_ == &timer) ringing_ = nullptr;
  if (next_ == timer.due_) next_.reset();
  unlink(timer);
  timer.wheel_ = nullptr;
}

std::optional<TimePoint> TimerWheel::next_timeout() const noexcept {
  if (levels_in_use_ == 0) return std::nullopt;
  if (!next_) next_ = earliest_in(first_place());
  return next_;
}

void TimerWheel::run(TimePoint now) {
  while (Timer* timer = first_due(tick_of(now))) ring(*timer, now);
}

void TimerWheel::ring(Timer& timer, TimePoint now) {
  ringing_ = &timer;
  Rollback again([this, now, &timer]() noexcept {
    if (ringing_ == &timer) start(timer, now + second_try);
  });
  timer.on_due(now);
  again.done();
  if (ringing_ == &timer) timer.stop();
}

/// Ticks are unsigned, in the order of time.
TimerWheel::Tick TimerWheel::tick_of(TimePoint time) noexcept {
  return static_cast<Tick>(time.time_since_epoch().count()) ^ (Tick{1} << 63);
}

TimerWheel::Place TimerWheel::place_of(TimePoint due) const noexcept {
  const Tick tick = std::max(tick_of(due), current_);
  const Tick differing = tick ^ current_;
  const unsigned level = differing == 0 ? 0 : (63U - static_cast<unsigned>(std::countl_zero(differing))) / slot_bits;
  return {level, static_cast<unsigned>(tick >> (level * slot_bits)) % slots};
}

/// The occupied slot that begins first: higher levels begin where the lower ones end. Only while a timer runs.
TimerWheel::Place TimerWheel::first_place() const noexcept {
  const auto level = static_cast<unsigned>(std::countr_zero(levels_in_use_));
  return {level, static_cast<unsigned>(std::countr_zero(level_[level].occupied))};
}

TimerWheel::Tick TimerWheel::start_of(Place place) const noexcept {
  const unsigned shift = place.level * slot_bits;
  const Tick above = shift + slot_bits < 64 ? current_ >> (shift + slot_bits) << (shift + slot_bits) : 0;
  return above | (Tick{place.slot} << shift);
}

void TimerWheel::link(Timer& timer) noexcept {
  const Place place = place_of(timer.due_);
  Level& level = level_[place.level];
  const std::uint64_t bit = std::uint64_t{1} << place.slot;
  Timer*& first = level.first[place.slot];
  if (!first) {
    first = timer.next_ = timer.previous_ = &timer;
    level.occupied |= bit;
    levels_in_use_ = static_cast<std::uint16_t>(levels_in_use_ | (1U << place.level));
    return;
  }
  Timer& last = *first->previous_;
  if (timer.due_ < last.due_) level.unordered |= bit;
  timer.previous_ = &last;
  timer.next_ = first;
  last.next_ = first->previous_ = &timer;
}

void TimerWheel::unlink(Timer& timer) noexcept {
  const Place place = place_of(timer.due_);
  Level& level = level_[place.level];
  Timer*& first = level.first[place.slot];
  if (timer.next_ != &timer) {
    timer.previous_->next_ = timer.next_;
    timer.next_->previous_ = timer.previous_;
    if (first == &timer) first = timer.next_;
    return;
  }
  const std::uint64_t bit = std::uint64_t{1} << place.slot;
  first = nullptr;
  level.occupied &= ~bit;
  level.unordered &= ~bit;
  if (level.occupied == 0) levels_in_use_ = static_cast<std::uint16_t>(levels_in_use_ & ~(1U << place.level));
}

/// current_ has reached the start of this slot: its timers now differ from it in a lower digit, or not at all.
void TimerWheel::refile(Place place) noexcept {
  Level& level = level_[place.level];
  const std::uint64_t bit = std::uint64_t{1} << place.slot;
  Timer* timer = level.first[place.slot];
  Timer* const last = timer->previous_;
  level.first[place.slot] = nullptr;
  level.occupied &= ~bit;
  level.unordered &= ~bit;
  if (level.occupied == 0) levels_in_use_ = static_cast<std::uint16_t>(levels_in_use_ & ~(1U << place.level));
  for (;;) {
    Timer* const next = timer->next_;
    const bool done = timer == last;
    link(*timer);
    if (done) return;
    timer = next;
  }
}

/// The next timer that is due, left where it is; nullptr: none, and the wheel stands at `now`.
Timer* TimerWheel::first_due(Tick now) noexcept {
  while (levels_in_use_ != 0) {
    const Place place = first_place();
    const Tick start = start_of(place);
    if (start > now) break;
    current_ = start;
    if (place.level == 0) return level_[0].first[place.slot];
    refile(place);
  }
  current_ = std::max(current_, now);
  return nullptr;
}

/// Slots of level 0 are one tick; timers of equal length, the usual case, make sorted slots: only mixed ones are searched.
TimePoint TimerWheel::earliest_in(Place place) const noexcept {
  const Level& level = level_[place.level];
  const Timer* const first = level.first[place.slot];
  TimePoint earliest = first->due_;
  if (level.unordered >> place.slot & 1U) {
    for (const Timer* timer = first->next_; timer != first; timer = timer->next_) earliest = std::min(earliest, timer->due_);
  }
  return earliest;
}

}  // namespace parley::sip
