// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace parley {

/// Why something failed: one small list for the whole library. `to_string` gives the sentence.
enum class Errc : std::uint8_t {
  // Text that cannot be read or written.
  BadSyntax,  ///< malformed message, header, URI or SDP; Error::offset is the first bad octet
  TooLong,    ///< over a limit of limits.hpp
  BadValue,   ///< an option or argument that makes no sense; also CR, LF or NUL in a value to be written
  // The state of things forbids it.
  NotConnected,  ///< no transport connection
  NotRegistered,
  NoSession,      ///< no such call
  SessionExists,  ///< SimpleUser holds one call at a time
  WrongState,     ///< e.g. hold before the call is established, answer of an outgoing call
  Busy,           ///< the opposite operation or another offer is in flight
  // It was tried and did not work.
  Cancelled,          ///< given up by our side before it was done
  Declined,           ///< refused by a final SIP response; Error::status holds it
  Timeout,            ///< no answer in time (RFC 3261 timers B, F, H; connect_timeout; ...)
  NoAnswer,           ///< nobody picked up: ring_timeout, no_answer_timeout
  Unauthorized,       ///< wrong or missing credentials
  Unresolved,         ///< host name without address
  Refused,            ///< connection refused, or HTTP upgrade refused
  TlsFailed,          ///< handshake failed or certificate not acceptable
  ConnectionLost,     ///< an open connection broke
  ProtocolViolation,  ///< the peer does what its protocol forbids
  MediaFailed,        ///< device, pipeline, ICE or DTLS failed
  MediaRejected,      ///< no common codec, unusable SDP or profile (488)
  NotSupported,       ///< in the contract, not built (yet)
  OutOfMemory,
  // The end of things.
  Destroyed,      ///< the object went away first
  WouldDeadlock,  ///< Async::get on the thread that runs the callbacks
};

/// The sentence of a code. Static storage.
PARLEY_EXPORT std::string_view to_string(Errc code) noexcept;

/// A failure: what kind, the SIP status where there is one, where in the text, and in words. Value type.
struct PARLEY_EXPORT Error {
  static constexpr std::uint32_t no_offset = 0xFFFFFFFF;

  Errc code = Errc::BadValue;
  std::uint16_t status = 0;          ///< SIP status code 300..699 that came or that should be answered; 0: none
  std::uint32_t offset = no_offset;  ///< octets from the start of the text that was read
  const char* reason = nullptr;      ///< static sentence that refines `code`; makes an Error free of allocation
  std::string detail{};              ///< words of this one case: reason phrase, host name, ...

  /// One sentence for a person: "486 Busy Here", "connection refused: 127.0.0.1:5060". Never empty. Holds no secrets.
  std::string text() const;
};

}  // namespace parley
