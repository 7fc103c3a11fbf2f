// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/headers/reading.hpp>
#include <parley/sip/message/message.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

/// Numbers in headers: seconds, q, and Retry-After, which is seconds with more to say.
namespace parley::sip {

/// delta-seconds of Expires, Min-Expires, ...: beyond 2**32-1 it counts as 2**32-1 (RFC 3261 s.25.1, A17). nullopt: not digits.
PARLEY_EXPORT std::optional<std::uint32_t> parse_delta_seconds(std::string_view text) noexcept;

/// The same of the first field of that name (Expires, Min-SE, Flow-Timer, ...), whatever parameters it has; nullopt also where there is
/// none.
PARLEY_EXPORT std::optional<std::uint32_t> delta_seconds(const MessageView& message, HeaderId id) noexcept;

/// The expires parameter of a Contact (RFC 3261 s.10.2.1.1).
PARLEY_EXPORT std::optional<std::uint32_t> contact_expires(const NameAddrView& contact) noexcept;

/// qvalue in thousandths, 0..1000: at most three decimals, at most 1 (RFC 3261 s.25.1). nullopt: none.
PARLEY_EXPORT std::optional<std::uint16_t> parse_qvalue(std::string_view text) noexcept;
/// q of an Accept-*, Contact or Security-* value in thousandths, 1000 where it has none (s.20.1, s.16.6). nullopt: none that can be read.
PARLEY_EXPORT std::optional<std::uint16_t> quality(const ParamsView& params) noexcept;

/// Retry-After: delta-seconds [comment] *( ;param ) (s.20.33).
struct RetryAfterView {
  std::uint32_t seconds = 0;
  std::string_view comment;               ///< with its parentheses; empty: none
  std::optional<std::uint32_t> duration;  ///< how long they can be called then
};
PARLEY_EXPORT Reading<RetryAfterView> parse_retry_after(std::string_view text) noexcept;

}  // namespace parley::sip
