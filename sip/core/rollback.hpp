// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

namespace parley {

/// Undoes half of a change where memory runs out before the other half: runs `undo`, which must not throw, unless done() was called.
///
///     Rollback forget([&]() noexcept { table.erase(entry); });
///     ... what may throw ...
///     forget.done();
template <class Undo>
class Rollback {
 public:
  explicit Rollback(Undo undo) noexcept : undo_(std::move(undo)) { static_assert(noexcept(undo_())); }
  ~Rollback() {
    if (!done_) undo_();
  }
  Rollback(const Rollback&) = delete;
  Rollback& operator=(const Rollback&) = delete;

  void done() noexcept { done_ = true; }

 private:
  Undo undo_;
  bool done_ = false;
};

}  // namespace parley
