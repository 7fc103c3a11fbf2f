// SPDX-License-Identifier: MIT
#pragma once

#include <parley/simpleuser/delegate.hpp>
#include <parley/sip/message/headers/caller.hpp>
#include <parley/sip/message/message.hpp>

namespace parley::detail {

/// Who calls, as an application is told it: what may be shown, and what was said (RFC 3323, RFC 3325; M15).
Caller caller_of(const sip::MessageView& invite, sip::NextHop from);

/// Who wrote a MESSAGE, by the same rule.
MessageInfo message_info_of(const sip::MessageView& message, sip::NextHop from);

}  // namespace parley::detail
