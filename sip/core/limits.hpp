// SPDX-License-Identifier: MIT
#pragma once

#include <parley-config/limits.hpp>

#include <cstddef>
#include <cstdint>

/// Bounds of what is read, each an option of the build (max_message and so on). Exceeding one is an ordinary error with the status that
/// the comment names.
namespace parley::limits {

inline constexpr std::size_t message = configured::message;        ///< octets of a whole message: 513 (413 for a body)
inline constexpr std::size_t headers = configured::headers;        ///< header fields: 513
inline constexpr std::size_t vias = configured::vias;              ///< Via values: 400
inline constexpr std::size_t contacts = configured::contacts;      ///< Contact values kept from one message; further ones are left out
inline constexpr std::size_t routes = configured::routes;          ///< Route values, and Record-Route values: 400
inline constexpr std::size_t uri = configured::uri;                ///< octets of one URI: 414 for the Request-URI, 400 elsewhere
inline constexpr std::size_t body_depth = configured::body_depth;  ///< multiparts within each other that are opened; deeper ones come whole

// An index has 16 bits for an offset and 8 for a count.
static_assert(message <= UINT16_MAX && uri <= message);
static_assert(headers <= UINT8_MAX && vias <= UINT8_MAX && contacts <= UINT8_MAX && routes <= UINT8_MAX);

}  // namespace parley::limits
