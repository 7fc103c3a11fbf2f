// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/time.hpp>
#include <parley/sip/transaction/timer_wheel.hpp>

#include <algorithm>
#include <vector>

namespace parley::sip {

/// The named deadlines of one object, on one timer of the wheel: a table of (which, when). Idle it costs no heap.
/// The owner has `void on_deadline(Which which)` and must not destroy itself inside. Loop thread only.
template <class Owner, class Which>
class Deadlines final : private Timer {
 public:
  Deadlines(TimerWheel& wheel, Owner& owner) noexcept : target_wheel_(wheel), owner_(owner) {}

  /// Sets or moves one.
  void set(Which which, TimePoint due) {
    if (Entry* entry = find(which)) {
      entry->due = due;
    } else {
      entries_.push_back({which, due});
    }
    arm();
  }

  void clear(Which which) noexcept {
    Entry* const entry = find(which);
    if (entry == nullptr) return;
    entries_.erase(entries_.begin() + (entry - entries_.data()));
    if (entries_.empty()) std::vector<Entry>().swap(entries_);
    arm();
  }

  bool is_set(Which which) const noexcept {
    return std::any_of(entries_.begin(), entries_.end(), [which](const Entry& entry) { return entry.which == which; });
  }

 private:
  struct Entry {
    Which which;
    TimePoint due;
  };

  Entry* find(Which which) noexcept {
    const auto found = std::find_if(entries_.begin(), entries_.end(), [which](const Entry& entry) { return entry.which == which; });
    return found == entries_.end() ? nullptr : &*found;
  }

  typename std::vector<Entry>::iterator earliest() noexcept {
    return std::min_element(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.due < b.due; });
  }

  void arm() noexcept {
    if (entries_.empty()) return stop();
    target_wheel_.start(*this, earliest()->due);
  }

  /// One at a time: what the owner does at the first may clear the second.
  void on_due(TimePoint now) override {
    while (!entries_.empty()) {
      const Entry entry = *earliest();
      if (entry.due > now) return arm();
      clear(entry.which);
      owner_.on_deadline(entry.which);
    }
  }

  TimerWheel& target_wheel_;
  Owner& owner_;
  std::vector<Entry> entries_;
};

}  // namespace parley::sip
