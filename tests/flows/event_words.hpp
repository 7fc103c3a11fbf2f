// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/user_agent_events.hpp>

#include <functional>
#include <string>

namespace parley::test {

/// An event of a UserAgent in a few words, for a log; `call` gives the number that a session has there.
std::string in_words(const sip::UserAgentEvent& event, const std::function<unsigned(sip::SessionId)>& call);

}  // namespace parley::test
