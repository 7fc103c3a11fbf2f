// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

/// Counts what a program takes from the heap, its C libraries' share too: allocation_meter.cpp defines malloc and its kin.
namespace parley::bench {

std::size_t allocations();  ///< so far

}  // namespace parley::bench
