// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

/// Stands in for what sip/config makes: all limits lower, and none where it was.
namespace parley::configured {

inline constexpr std::size_t message = 30'000;
inline constexpr std::size_t headers = 40;
inline constexpr std::size_t vias = 7;
inline constexpr std::size_t contacts = 5;
inline constexpr std::size_t routes = 6;
inline constexpr std::size_t uri = 5'000;
inline constexpr std::size_t body_depth = 2;

}  // namespace parley::configured
