// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

/// The heap of this program, whose operator new it replaces: how much is in use, and allocations that fail when a test says so.
namespace parley::simulation::heap {

/// Bytes in use now.
std::size_t live() noexcept;

/// While one lives, allocations are counted and those from `first` to `last` (from 1; 0: none) throw bad_alloc. One at a time.
class Failing {
 public:
  Failing(std::size_t first, std::size_t last) noexcept;
  ~Failing();
  Failing(const Failing&) = delete;
  Failing& operator=(const Failing&) = delete;

  static std::size_t count() noexcept;  ///< allocations tried since the last one was made
};

/// While one lives, the test's own allocations neither count nor fail.
class Spared {
 public:
  Spared() noexcept;
  ~Spared();
  Spared(const Spared&) = delete;
  Spared& operator=(const Spared&) = delete;

 private:
  bool was_armed_;
};

}  // namespace parley::simulation::heap
