// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/transport.hpp>

#include <optional>
#include <string>

namespace parley::program {

/// "scheme://host[:port]", IPv6 in brackets; the port may be 0 and is by default. nullopt: something else. Value function.
std::optional<sip::ListenOptions> parse_listen_uri(const std::string& text);

}  // namespace parley::program
