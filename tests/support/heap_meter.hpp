// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace parley::test {

/// What operator new does in a program that is linked with heap_meter.cpp.
struct HeapMeter {
  std::size_t live = 0;         ///< bytes
  std::size_t allocations = 0;  ///< while armed
  std::size_t fail_from = 0;    ///< the first allocation that fails while armed; 0: none
  std::size_t fail_to = 0;      ///< the last one
  bool armed = false;
};
extern HeapMeter meter;

}  // namespace parley::test
