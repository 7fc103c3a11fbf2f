// SPDX-License-Identifier: MIT
#include <parley/transport/deadline.hpp>

#include <algorithm>
#include <chrono>
#include <type_traits>
#include <utility>

namespace parley::transport {

Alarm::Alarm(std::shared_ptr<LoopCore> core, UniqueFunction<void()> on_due)
    : Guest(std::move(core)), on_due_(std::make_shared<UniqueFunction<void()>>(std::move(on_due))) {
  static_assert(std::is_standard_layout_v<Entry>);
  entry_.owner = this;
}

Alarm::~Alarm() { set(std::nullopt); }

void Alarm::set(std::optional<TimePoint> due) {
  if (core().context() == nullptr) return;
  if (due_) lws_sul_cancel(&entry_.sul);
  due_ = due;
  if (due_) arm();
}

void Alarm::arm() {
  constexpr Duration longest = std::chrono::hours(24);  // a far alarm is armed anew each day: no sum overflows
  const auto wait = std::clamp<Duration>(*due_ - core().now(), Duration(0), longest);
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(wait).count();
  lws_sul_schedule(core().context(), 0, &entry_.sul, &Alarm::ring, std::max<lws_usec_t>(us, 1));
}

void Alarm::ring(lws_sorted_usec_list_t* sul) {
  Alarm& alarm = *reinterpret_cast<Entry*>(sul)->owner;
  if (alarm.core().now() < *alarm.due_) {  // now() is rounded down to milliseconds, and long waits come in parts
    alarm.arm();
    return;
  }
  alarm.due_.reset();
  const auto on_due = alarm.on_due_;
  run_guarded([&] { (*on_due)(); });
}

void Alarm::loop_ended() {
  lws_sul_cancel(&entry_.sul);
  due_.reset();
}

}  // namespace parley::transport
