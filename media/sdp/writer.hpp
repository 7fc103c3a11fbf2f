// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/sdp/description.hpp>
#include <parley/sip/core/result.hpp>

#include <string>

namespace parley::media::sdp {

/// Writes a description with the lines in the order of RFC 8866 s.9, each ended by CRLF.
/// What was parsed and not changed is written as it came, line ends and order of letters apart.
/// @return Errc::BadValue when a value holds CR, LF or NUL, a token holds a blank, or a number is none; the text never
///         says something else than the description does.
PARLEY_EXPORT Result<std::string> write(const SessionDescription& description);

}  // namespace parley::media::sdp
