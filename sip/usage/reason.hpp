// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/core/ids.hpp>
#include <parley/sip/message/message.hpp>

#include <string>

namespace parley::sip {

/// Why a call was ended, as the peer says it (RFC 3326 s.2). Value type.
struct Reason {
  StatusCode status = 0;  ///< cause of protocol SIP; 0: none, or another protocol
  std::string text;
};

/// The Reason header of a BYE or CANCEL: the value with protocol SIP where there are several, else the first. Empty: none.
PARLEY_EXPORT Reason reason_of(const MessageView& message);

}  // namespace parley::sip
