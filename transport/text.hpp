// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace parley::transport {

/// Whether the octets are well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view octets);

/// A piece of what a peer sent, fit for an error text: at most `most` octets, everything but printable ASCII as '?'.
std::string printable(std::string_view octets, std::size_t most = 120);

}  // namespace parley::transport
