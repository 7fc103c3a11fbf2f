// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>
#include <parley/sip/transport.hpp>

#include <string_view>

namespace parley::detail {

/// Reads `ws://host[:port][/path[?query]]` or `wss://...`: ports default to 80 and 443. Nothing else is taken: no user, no fragment,
/// no blanks. Errc::BadSyntax with offset and a sentence; NotSupported for udp, tcp, tls. Value function, pure.
Result<sip::Server> parse_server_url(std::string_view url);

}  // namespace parley::detail
