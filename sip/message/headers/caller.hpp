// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/headers/reading.hpp>
#include <parley/sip/message/message.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

/// Who calls, and who wants to hide it: P-Asserted-Identity (RFC 3325), Privacy (RFC 3323), Identity (RFC 8224).
namespace parley::sip {

/// Whether a message came from a next hop of our own trust domain (RFC 3325 s.2.4): the application knows, the wire does not.
enum class NextHop : std::uint8_t { Untrusted, Trusted };

/// The first P-Asserted-Identity that can be read; from an untrusted next hop: none, whatever stands there (RFC 3325 s.5, s.9.1).
PARLEY_EXPORT std::optional<NameAddrView> asserted_identity(const MessageView& message, NextHop from) noexcept;

/// Privacy asks for this kind ("id", "header", "user", "session"; RFC 3323 s.4.2, RFC 3325 s.9.3), in any case.
PARLEY_EXPORT bool wants_privacy(const MessageView& message, std::string_view kind) noexcept;

/// Host anonymous.invalid (RFC 3323 s.4.1.1.3).
PARLEY_EXPORT bool is_anonymous(const NameAddrView& address) noexcept;

/// The address that may be shown to a person.
struct ShownCaller {
  NameAddrView address;
  bool asserted = false;  ///< vouched for by the network; else it is what the caller says of itself
  bool withheld = false;  ///< the caller does not want to be named: show "anonymous", whatever address says
};
/// P-Asserted-Identity where the next hop is trusted and the caller does not hide behind Privacy: id; else From.
PARLEY_EXPORT ShownCaller caller_to_show(const MessageView& request, NextHop from) noexcept;

/// Identity: signed and to be verified elsewhere; here it is data (RFC 8224 s.4; the quoted form of RFC 4474 too).
struct IdentityView {
  std::string_view digest;  ///< PASSporT, or the signature with its quotes
  std::string_view info;    ///< URI of the certificate without <>; empty: none
  std::string_view params;  ///< all of them as written, from the first ';' on
};
PARLEY_EXPORT Reading<IdentityView> parse_identity(std::string_view text) noexcept;

}  // namespace parley::sip
