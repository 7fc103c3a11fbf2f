// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>
#include <parley/sip/core/shared_bytes.hpp>
#include <parley/sip/message/message.hpp>

#include <string>
#include <string_view>

/// Messages that the transaction layer writes by itself, derived from a request it keeps.
namespace parley::sip::derived {

/// ACK of a 300..699 (RFC 3261 s.17.1.1.3), with the INVITE's credentials (s.22.1). Empty if `invite` is not a readable INVITE.
SharedBytes ack_of_refusal(std::string_view invite, const MessageView& response);

/// CANCEL of a running INVITE (RFC 3261 s.9.1). `reason`: value of a Reason header (RFC 3326); empty: none. Errc::BadValue: unfit reason.
Result<std::string> cancel(std::string_view invite, std::string_view reason);

/// 100 Trying to a request (RFC 3261 s.8.2.6.1). Empty if `request` is not readable.
SharedBytes trying(std::string_view request);

}  // namespace parley::sip::derived
