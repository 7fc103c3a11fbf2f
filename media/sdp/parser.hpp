// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/sdp/description.hpp>
#include <parley/sip/core/result.hpp>

namespace parley::media::sdp {

/// Parses one session description (RFC 8866 s.5, grammar s.9).
///
/// Lines end with CRLF or LF alone; the last one may lack its end. v=, o= and s= come first and t= is there; the other letters
/// are taken in any order within their level, because deployed writers disagree. An unknown letter refuses the description
/// (s.5); unknown attributes are kept. Ports are 0..65535; every m= section has a connection, its own or the session's,
/// or is port 0. Linear time.
/// @return an owning value. Errc::BadSyntax with Error::offset at the first bad octet and a sentence in Error::reason;
///         Errc::TooLong over a limit.
PARLEY_EXPORT Result<SessionDescription> parse(std::string_view text);

}  // namespace parley::media::sdp
