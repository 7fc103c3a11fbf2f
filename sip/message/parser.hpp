// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/message.hpp>
#include <parley/sip/message/message_index.hpp>

namespace parley::sip {

/// How a parse ended.
enum class Verdict : std::uint8_t {
  Ok,    ///< fine
  Bad,   ///< broken, but a request with a Via that was read: answer with the status and what there is of From, To, Call-ID, CSeq
  Drop,  ///< not a message, a broken response, or a request that cannot be answered
};

struct ParseResult {
  Verdict verdict = Verdict::Drop;
  /// When not Ok: code, octet offset, sentence; Error::status is what a request is answered with (400, 413, 414, 505, 513).
  Error error;
};

/// Reads one whole message (RFC 3261 s.7, s.25): one forward pass, no allocation.
/// Without Content-Length the body runs to the end of `bytes`; octets beyond Content-Length are left out (s.18.3).
/// @param bytes  leading CRLFs are skipped; of more than limits::message octets only so many are read.
/// @param index  written; then MessageView{bytes, index} reads the message. After Bad only what Verdict::Bad promises may be used:
///               Via (all that parsed), raw From, To, Call-ID, CSeq and method text.
PARLEY_EXPORT ParseResult parse(std::string_view bytes, MessageIndex& index) noexcept;

}  // namespace parley::sip
