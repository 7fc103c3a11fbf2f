// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>
#include <parley/sip/message/message.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Typed readers and writers of headers that are not read with every message. Pure and without caches: views live as long as the text.
/// Take the elements of comma lists from MessageView::for_each() or next_element().
namespace parley::sip {

/// delta-seconds of Expires, Min-Expires, ...: beyond 2**32-1 it counts as 2**32-1 (RFC 3261 s.25.1, A17). nullopt: not digits.
PARLEY_EXPORT std::optional<std::uint32_t> parse_delta_seconds(std::string_view text) noexcept;

/// The same of the first field of that name; nullopt also where there is none.
PARLEY_EXPORT std::optional<std::uint32_t> delta_seconds(const MessageView& message, HeaderId id) noexcept;

/// The expires parameter of a Contact (RFC 3261 s.10.2.1.1).
PARLEY_EXPORT std::optional<std::uint32_t> contact_expires(const NameAddrView& contact) noexcept;

/// qvalue in thousandths, 0..1000: at most three decimals, at most 1 (RFC 3261 s.25.1). nullopt: none.
PARLEY_EXPORT std::optional<std::uint16_t> parse_qvalue(std::string_view text) noexcept;

/// Retry-After: delta-seconds [comment] *( ;param ) (s.20.33).
struct RetryAfterView {
  std::uint32_t seconds = 0;
  std::string_view comment;               ///< with its parentheses; empty: none
  std::optional<std::uint32_t> duration;  ///< how long they can be called then
};
PARLEY_EXPORT Result<RetryAfterView> parse_retry_after(std::string_view text);

/// One warning-value (s.20.43).
struct WarningView {
  std::uint16_t code = 0;  ///< 300..399 in use; three digits
  std::string_view agent;
  std::string_view text;  ///< as written, with its quotes: unquote()
};
PARLEY_EXPORT Result<WarningView> parse_warning(std::string_view element);
/// `304 agent "text"`, ready for the header. BadValue: not 300..399, an agent that is neither host[:port] nor token, CR, LF or NUL.
PARLEY_EXPORT Result<std::string> format_warning(std::uint16_t code, std::string_view agent, std::string_view text);

/// One reason-value of Reason (RFC 3326).
struct ReasonView {
  std::string_view protocol;
  std::optional<std::uint16_t> cause;
  std::string_view text;  ///< as written, with its quotes: unquote()
};
PARLEY_EXPORT Result<ReasonView> parse_reason(std::string_view element);
/// `SIP ;cause=486 ;text="Busy Here"`. BadValue: protocol no token, CR, LF or NUL in the text.
PARLEY_EXPORT Result<std::string> format_reason(std::string_view protocol, std::uint16_t cause, std::string_view text);

/// One media-range of Accept (s.20.1).
struct AcceptView {
  std::string_view type;     ///< may be "*"
  std::string_view subtype;  ///< may be "*"
  ParamsView params;         ///< those of the range and q together
  std::uint16_t q = 1000;    ///< thousandths
};
PARLEY_EXPORT Result<AcceptView> parse_accept(std::string_view element);

/// Whether the sender takes a body of that type ("application/sdp"). Without Accept it takes application/sdp; with an empty one, nothing
/// (s.20.1).
PARLEY_EXPORT bool accepts(const MessageView& message, std::string_view type_and_subtype) noexcept;

/// GRUUs and instance of a Contact, without quotes (RFC 5627 s.4.2, s.5.3). Empty: not there.
PARLEY_EXPORT std::string public_gruu(const NameAddrView& contact);
PARLEY_EXPORT std::string temporary_gruu(const NameAddrView& contact);
PARLEY_EXPORT std::string instance_id(const NameAddrView& contact);

}  // namespace parley::sip
