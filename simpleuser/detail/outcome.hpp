// SPDX-License-Identifier: MIT
#pragma once

#include <parley/simpleuser/delegate.hpp>
#include <parley/sip/core/result.hpp>
#include <parley/sip/user_agent_events.hpp>

namespace parley::detail {

/// The user's word for the end of a SIP session.
Cause to_cause(const sip::EndCause& end);

/// What a refused request says: reason phrase and the texts of its Warnings.
Error to_error(const sip::MessageView& refusal);

/// What answered() says of a call that ended before it was answered: "486 Busy Here".
Error to_error(const Cause& cause);

}  // namespace parley::detail
