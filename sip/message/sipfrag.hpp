// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>
#include <parley/sip/message/head.hpp>
#include <parley/sip/message/headers/reading.hpp>
#include <parley/sip/message/message.hpp>

#include <string>
#include <string_view>

namespace parley::sip {

/// message/sipfrag (RFC 3420): the beginning of a SIP message, of which any part may be missing. In the NOTIFY that follows a REFER it is
/// the status line of the call that was made (RFC 3515 s.2.4.5). Lives as long as the bytes.
struct SipfragView {
  StatusCode status = 0;         ///< 0: no status line
  std::string_view reason;       ///< of the status line
  std::string_view method;       ///< empty: no request line
  std::string_view request_uri;  ///< as written: parse_uri()
  HeadView head;
  std::string_view body;
};

/// Lenient: the last line may lack its CRLF, and an empty text is a fragment of nothing. BadSyntax: the first line is neither a start line
/// nor a header field. Does not allocate.
PARLEY_EXPORT Reading<SipfragView> parse_sipfrag(std::string_view text) noexcept;

/// `SIP/2.0 200 OK` and CRLF. Empty reason: the RFC's phrase. BadValue: not 100..699; CR, LF or NUL in the reason.
PARLEY_EXPORT Result<std::string> format_sipfrag(StatusCode status, std::string_view reason = {});

}  // namespace parley::sip
