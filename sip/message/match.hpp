// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/message.hpp>

#include <optional>
#include <string_view>

namespace parley::sip {

/// What a message is matched to a transaction by (RFC 3261 s.17.1.3, s.17.2.3). Lives as long as the bytes. Value type.
struct MatchView {
  bool is_request = false;
  std::string_view method_text;  ///< of the request line; of a response: the CSeq's
  ViaView via;                   ///< the topmost: branch and sent-by
  std::string_view call_id;
  CSeqView cseq;
};

/// Reads no more of a message than that, and stops as soon as it is found: about a third of a parse. For those who look a transaction
/// up before they decide what to do with a message; a message that is used needs parse().
/// For each message that parse() accepts, the same values. Nothing is checked beyond them: not the Request-URI, the version, the status
/// code, the other Vias or any other header, no header that stands twice, not that CSeq and request line name one method, not that head
/// and body are whole. So it may well match what parse() refuses.
/// @param bytes  as for parse(): leading CRLFs are skipped.
/// @return nullopt: no start line, or one of Via, Call-ID and CSeq is missing or cannot be read. Does not throw, does not allocate.
/// Value function: callable from any thread.
PARLEY_EXPORT std::optional<MatchView> match(std::string_view bytes) noexcept;

}  // namespace parley::sip
