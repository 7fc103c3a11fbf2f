// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/message.hpp>
#include <parley/sip/transport.hpp>

#include <string>

namespace parley::sip {

/// Notes in the top Via of a request where it really came from: `received=` where sent-by says something else (RFC 3261 s.18.2.1), and
/// where `rport` asks for it (RFC 3581 s.4). What the sender put there itself is replaced.
/// @return true: `bytes` holds the whole request with the note. False: nothing is to be noted, or there is no room for it.
bool write_source(std::string& bytes, const MessageView& request, const FlowInfo& flow);

}  // namespace parley::sip
