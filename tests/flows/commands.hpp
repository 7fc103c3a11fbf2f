// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/user_agent.hpp>

#include <string_view>

namespace parley::test {

/// One command to a user agent in words: "hangup", "invite sip:bob@example.com without offer", ... on `session`, where it is for a call.
/// @return the session that it began; SessionId{} for the others. Errc::BadValue "no such command": not understood.
Result<sip::SessionId> command(sip::UserAgent& ua, std::string_view words, sip::SessionId session, TimePoint now);

}  // namespace parley::test
