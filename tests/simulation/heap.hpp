// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

/// The heap of this program, whose operator new it replaces: how much is in use, and memory that runs out when a test says so.
namespace parley::simulation::heap {

/// Bytes in use now.
std::size_t live() noexcept;

/// While one lives, memory is short: of the allocations that count, some throw bad_alloc. One at a time.
class Shortage {
 public:
  /// The allocations from `first` to `last`, counted from 1.
  Shortage(std::size_t first, std::size_t last) noexcept;
  /// Each with this probability.
  Shortage(std::uint64_t seed, double share) noexcept;
  ~Shortage();
  Shortage(const Shortage&) = delete;
  Shortage& operator=(const Shortage&) = delete;

  void end() noexcept;                   ///< memory is back
  static std::size_t tried() noexcept;   ///< allocations that counted since the last one was made
  static std::size_t failed() noexcept;  ///< of them
};

/// While one lives, allocations count: those of what is tested, not of the test around it.
class Counted {
 public:
  Counted() noexcept;
  ~Counted();
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
};

}  // namespace parley::simulation::heap
