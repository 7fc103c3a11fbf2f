// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

namespace parley {

/// A queue that keeps its memory, so that what goes through it now and then needs none; push() after reserve() cannot fail.
/// Loop thread only.
template <class T>
class ReservedQueue {
 public:
  static_assert(std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T>);

  /// Makes room for `more`.
  void reserve(std::size_t more) {
    constexpr std::size_t smallest = 8;  // what one input causes fits without growing
    if (next_ > items_.size() / 2) {     // never taken to the end: what was taken gives its place back
      items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(next_));
      next_ = 0;
    }
    const std::size_t wanted = items_.size() + more;
    if (wanted > items_.capacity()) items_.reserve(std::max({smallest, wanted, 2 * items_.capacity()}));
  }
  void push(T item) noexcept { items_.push_back(std::move(item)); }

  bool empty() const noexcept { return next_ == items_.size(); }
  T pop() noexcept {
    constexpr std::size_t kept = 64;  // a burst's memory is given back
    T item = std::move(items_[next_++]);
    if (empty()) {
      next_ = 0;
      items_.clear();
      if (items_.capacity() > kept) std::vector<T>().swap(items_);
    }
    return item;
  }

 private:
  std::vector<T> items_;
  std::size_t next_ = 0;  ///< those before it were taken
};

}  // namespace parley
