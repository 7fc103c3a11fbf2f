// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

/// Bounds of what is read. Exceeding one is an ordinary error with the status that the comment names.
namespace parley::limits {

inline constexpr std::size_t message = 65'535;  ///< octets of a whole message: 513 (413 for a body)
inline constexpr std::size_t headers = 128;     ///< header fields: 513
inline constexpr std::size_t vias = 70;         ///< Via values: 400
inline constexpr std::size_t contacts = 32;     ///< Contact values kept from one message
inline constexpr std::size_t routes = 32;       ///< Route / Record-Route values
inline constexpr std::size_t uri = 8'192;       ///< octets of one URI: 414

}  // namespace parley::limits
