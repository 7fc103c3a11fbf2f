// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/core/result.hpp>
#include <parley/sip/core/time.hpp>
#include <parley/sip/user_agent.hpp>

#include <string_view>

namespace parley::sip {

/// One key that was pressed.
struct DtmfTone {
  char tone = 0;  ///< 0-9 A-D * #
  Duration duration{250};
};

/// Reads the body of an INFO that carries DTMF: application/dtmf-relay (lines Signal= and Duration=, any order, any case, CRLF or LF)
/// or application/dtmf (the key alone). 10 and 11 read as * and #, a-d as A-D. Without Duration: 250 ms.
/// Error::status is the answer: 415 for another type (any case; RFC 6086 s.4.2.2), 400 for nonsense. Value function.
PARLEY_EXPORT Result<DtmfTone> parse_dtmf_info(std::string_view content_type, std::string_view body);

/// The application/dtmf-relay body of one key. Errc::BadValue: not one of 0-9 A-D a-d # *.
PARLEY_EXPORT Result<Body> write_dtmf_info(char tone, Duration duration);

}  // namespace parley::sip
