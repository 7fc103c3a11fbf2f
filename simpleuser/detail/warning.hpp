// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/error.hpp>

#include <string>

namespace parley::detail {

/// Value of the Warning header of a 488 (RFC 3261 s.20.43): what media did not like about the peer's description.
std::string warning_of(const Error& error);

}  // namespace parley::detail
