// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>
#include <parley/sip/message/headers/reading.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Why something went wrong, in the words of the peer: Warning and Reason.
namespace parley::sip {

/// One warning-value (RFC 3261 s.20.43).
struct WarningView {
  std::uint16_t code = 0;  ///< 300..399 in use; three digits
  std::string_view agent;
  std::string_view text;  ///< as written, with its quotes: unquote()
};
PARLEY_EXPORT Reading<WarningView> parse_warning(std::string_view element) noexcept;
/// `304 agent "text"`, ready for the header. BadValue: not 300..399, an agent that is neither host[:port] nor token, CR, LF or NUL.
PARLEY_EXPORT Result<std::string> format_warning(std::uint16_t code, std::string_view agent, std::string_view text);

/// One reason-value of Reason (RFC 3326).
struct ReasonView {
  std::string_view protocol;
  std::optional<std::uint16_t> cause;
  std::string_view text;  ///< as written, with its quotes: unquote()
};
PARLEY_EXPORT Reading<ReasonView> parse_reason(std::string_view element) noexcept;
/// `SIP;cause=486;text="Busy Here"`. BadValue: protocol no token, CR, LF or NUL in the text.
PARLEY_EXPORT Result<std::string> format_reason(std::string_view protocol, std::uint16_t cause, std::string_view text);

}  // namespace parley::sip
